from __future__ import annotations

import time

import pytest

from conway.boundaries.dialects.maintainers import FilePattern, parse

HEAD = """\
List of maintainers
===================

Descriptions of section entries
-------------------------------

	M: *Mail* patches to: FullName <address@domain>
	F: *Files* and directories wildcard patterns.

Maintainers List
----------------

3C59X NETWORK DRIVER
M:	Steffen Klassert <klassert@kernel.org>
L:	netdev@vger.kernel.org
S:	Odd Fixes
F:	Documentation/networking/vortex.rst
F:	drivers/net/ethernet/3com/3c59x.c

NETWORKING [GENERAL]
M:	A <a@example.org>
S:	Maintained
F:	net/
X:	net/ipv6/

TEGRA ARCHITECTURE SUPPORT
M:	B <b@example.org>
S:	Supported
N:	[^a-z]tegra

ORPHANED THING
M:	C <c@example.org>
S:	Orphan
F:	old/

NOBODY'S THING
S:	Maintained
F:	nobody/

KEYWORDS ONLY
M:	D <d@example.org>
S:	Maintained
K:	zstd

THE REST
M:	E <e@example.org>
S:	Buried alive in reporters
F:	*
F:	*/
"""


@pytest.mark.parametrize(
    ("path", "teams"),
    [
        ("drivers/net/ethernet/3com/3c59x.c", ("3C59X NETWORK DRIVER",)),
        ("net/core/dev.c", ("NETWORKING [GENERAL]",)),
        ("net/ipv6/tcp.c", ("THE REST",)),
        ("drivers/x/tegra.c", ("TEGRA ARCHITECTURE SUPPORT",)),
        ("drivers/x/integra.c", ("THE REST",)),
        ("net/x-tegra.c", ("NETWORKING [GENERAL]", "TEGRA ARCHITECTURE SUPPORT")),
        ("old/x", ("THE REST",)),
        ("nobody/x", ("THE REST",)),
        ("Makefile", ("THE REST",)),
    ],
)
def test_sections(path: str, teams: tuple[str, ...]) -> None:
    """The last title before the fields names a section; several may name a path."""
    (demand,) = parse(HEAD).demands(path)

    assert demand.owners == teams


@pytest.mark.parametrize(
    ("pattern", "path", "named"),
    [
        ("drivers/net/", "drivers/net/a/b.c", True),
        ("drivers/net/*", "drivers/net/a.c", True),
        ("drivers/net/*", "drivers/net/a/b.c", False),
        ("*/net/*", "any/net/x", True),
        ("*/net/*", "any/thing/net/x", False),
        ("fs/**/*foo*.c", "fs/a/b/xfooy.c", True),
        ("fs/**/*foo*.c", "fs/xbary.c", False),
        ("net/ipv6/", "net/ipv4/x", False),
        ("Documentation/x", "Documentation/x/deep/file", True),
        ("Kconfig", "Kconfig.debug", True),
        ("lib/?.c", "lib/a.c", True),
        ("a.c", "abc", False),
    ],
)
def test_file_patterns(pattern: str, path: str, named: bool) -> None:  # noqa: FBT001
    """As the head of the file and ``get_maintainer.pl`` have them."""
    assert FilePattern.of(pattern).matches(path) == named


def test_what_is_not_read_is_said() -> None:
    """An expression that RE2 does not know, by its line."""
    rules = parse("A\nM:\tx\nN:\t(?=x)\nF:\ta/\n")

    assert [(fault.line, fault.reason) for fault in rules.faults] == [
        (3, "an expression that is not understood")
    ]
    assert rules.demands("a/b")[0].owners == ("A",)


def test_hostile_patterns_take_no_time() -> None:
    """Nested repetition and many stars; the bound is generous."""
    rules = parse("A\nM:\tx\nN:\t(a+)+$\nF:\t" + "*a" * 200 + "*b\nF:\t" + "**/a*" * 60 + "/b\n")
    begin = time.perf_counter()

    assert rules.demands("a" * 4000 + "!") == ()
    assert time.perf_counter() - begin < 2
