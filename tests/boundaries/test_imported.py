"""Imports between services: whose module a name is."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from conway.boundaries.dependencies import declared
from conway.boundaries.reading import read_boundaries
from conway.config import checked
from conway.tables import IMPORTS
from tests.boundaries.histories import histories_of

SERVICES = {"services": {"{s}": "services/*/**"}}
SHOP = [
    "services/cart/cart/__init__.py",
    "services/cart/cart/api.py",
    "services/cart/cart/rows/__init__.py",
    "services/cart/util.py",
    "services/mail/src/mail/send.py",
    "services/mail/util.py",
    "services/web/main.py",
    "services/web/util.py",
    "services/web/tests/test_main.py",
    "tools/run.py",
]

MODULES = [
    ("web/main.py", "cart.api", "cart"),
    ("web/main.py", "cart.api.total", "cart"),
    ("web/main.py", "cart", "cart"),
    ("web/main.py", "services.cart.cart.api", "cart"),
    ("web/main.py", "mail.send", "mail"),
    ("web/main.py", "cart.api.total.deeper", None),
    ("web/main.py", "util", None),
    ("web/main.py", "json", None),
    ("web/main.py", "tools.run", None),
    ("cart/cart/api.py", ".rows", None),
    ("cart/cart/api.py", "...mail.src.mail.send", "mail"),
    ("cart/cart/api.py", "....", None),
    ("cart/cart/api.py", "." * 50 + "x", None),
    ("cart/cart/api.py", "", None),
]


@pytest.mark.parametrize(("path", "module", "other"), MODULES)
def test_whose_module_it_is(path: str, module: str, other: str | None) -> None:
    """By package, root or source folder; a service's own goes first, several are nobody's."""
    history = histories_of({"shop": [dict.fromkeys(SHOP, "")]})
    rows = [("shop", f"services/{path}", module)]
    history = replace(history, imports=pd.DataFrame(rows, columns=IMPORTS.names, dtype="str"))

    found = declared(history, read_boundaries(checked(SERVICES), history))

    own = path.partition("/")[0]
    assert found.to_numpy().tolist() == (
        [] if other is None else [[own, other, "import", f"shop:services/{path}"]]
    )


def test_a_name_that_two_others_hold_is_nobodys() -> None:
    """Cart and mail have a module ``util``; the tests of web mean their own service's."""
    paths = [path for path in SHOP if path != "services/web/util.py"]
    history = histories_of({"shop": [dict.fromkeys(paths, "")]})
    rows = [
        ("shop", "services/web/main.py", "services.cart.util"),
        ("shop", "services/web/main.py", "util"),
        ("shop", "services/web/tests/test_main.py", "cart.api"),
    ]
    history = replace(history, imports=pd.DataFrame(rows, columns=IMPORTS.names, dtype="str"))

    found = declared(history, read_boundaries(checked(SERVICES), history))

    assert found[["from_service", "to_service", "kind"]].to_numpy().tolist() == [
        ["web", "cart", "import"],
        ["web", "cart", "import dev"],
    ]


def test_packages_of_other_repositories() -> None:
    """A package that one other repository has; no loose module, nothing of the library."""
    history = histories_of(
        {
            "core": [
                dict.fromkeys(["core/__init__.py", "core/a.py", "json/__init__.py", "b.py"], "")
            ],
            "web": [{"main.py": ""}],
        }
    )
    rows = [("web", "main.py", module) for module in ("core.a", "json", "b", "yaml")]
    history = replace(history, imports=pd.DataFrame(rows, columns=IMPORTS.names, dtype="str"))

    found = declared(history, read_boundaries(checked({}), history))

    assert found.to_numpy().tolist() == [["web", "core", "import", "web:main.py"]]
