"""The histories that benchmarks run over: the sample shop, and the real ones where present.

In:  a scratch folder.
Out: repositories with the boundaries to read them by, the small ones first.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sample_repos import build_shop

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOT = Path(__file__).parents[2]
_HISTORIES = _ROOT.parent / "shared" / "histories"
_METAMASK = """[services]
"{package}" = "packages/*/**"
[teams]
source = "CODEOWNERS"
"""
_GOVUK = f"""[teams]
source = "{_HISTORIES / "govuk-teams.csv"}"
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """Repositories and the boundaries to read them by."""

    name: str
    repositories: tuple[Path, ...]
    config: Path


def samples(folder: Path) -> Iterator[Sample]:
    """Yield every history that is there."""
    yield Sample("shop", (build_shop(folder / "shop"),), _ROOT / "sample_repos" / "shop.toml")
    if not _HISTORIES.is_dir():
        return
    metamask = _written(folder / "metamask.toml", text=_METAMASK)
    yield Sample("metamask", (_HISTORIES / "metamask-core.bundle",), metamask)
    govuk = _written(folder / "govuk.toml", text=_GOVUK)
    yield Sample("govuk", tuple(sorted((_HISTORIES / "govuk").glob("*.bundle"))), govuk)


def _written(path: Path, *, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
