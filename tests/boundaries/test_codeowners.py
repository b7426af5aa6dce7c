from __future__ import annotations

import pytest

from conway.boundaries.codeowners import LARGEST_FILE, MOST_RULES, effective, parse

DOCUMENTED = """\
# This is a comment.
*       @global-owner1 @global-owner2

*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/* docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/ @octocat
/apps/github
"""

OWNED = [
    ("README.md", ("@global-owner1", "@global-owner2")),
    ("src/app.js", ("@js-owner",)),
    ("src/main.go", ("docs@example.com",)),
    ("a/b.txt", ("@octo-org/octocats",)),
    ("build/logs/x.log", ("@octocat",)),
    ("docs/getting-started.md", ("@doctocat",)),
    ("x/apps/y", ("@octocat",)),
    ("scripts/run", ("@doctocat", "@octocat")),
    ("deeply/nested/logs/x", ("@octocat",)),
    ("apps/github", ()),
    ("apps/github/readme", ()),
    ("apps/gitlab", ("@octocat",)),
]


@pytest.mark.parametrize(("path", "owners"), OWNED)
def test_the_documented_example(path: str, owners: tuple[str, ...]) -> None:
    """The file of "About code owners": the last match wins, no owner clears."""
    assert parse(DOCUMENTED).owners(path) == owners


def test_docs_star_is_one_level() -> None:
    """As in the documentation: not ``docs/build-app/troubleshooting.md``."""
    rules = parse("docs/* docs@example.com\n")

    assert rules.owners("docs/getting-started.md") == ("docs@example.com",)
    assert rules.owners("docs/build-app/troubleshooting.md") == ()


def test_the_rule_that_decides_is_known() -> None:
    """Its line counts comments and blanks."""
    rule = parse(DOCUMENTED).rule("src/app.js")

    assert rule is not None
    assert (rule.pattern, rule.line) == ("*.js", 4)


BAD = """\
* @acme/all
!src/ @acme/a
[ab].py @acme/b
\\#x @acme/c
/d @acme/d not-an-owner
/e @acme/
/f @@admin
"""


def test_bad_lines_are_skipped_and_recorded() -> None:
    """A path of a skipped line keeps its earlier owners."""
    rules = parse(BAD)

    assert [fault.line for fault in rules.faults] == [2, 3, 4, 5, 6, 7]
    assert len(rules.rules) == 1
    assert rules.owners("d") == ("@acme/all",)
    assert not any("not-an-owner" in fault.reason for fault in rules.faults)


LINES = [
    ("/a\\ b/ @x", "a b/c", ("@x",)),
    ("  /a   @x\t@y  ", "a", ("@x", "@y")),
    ("/a @x @x", "a", ("@x",)),
    ("/c# @x", "c#", ("@x",)),
    ("/a @x#note", "a", ("@x",)),
    ("/a # @x", "a", ()),
    ("/A @x", "a", ()),
    ("\ufeff/a @x", "a", ("@x",)),
    ("/a @x\r", "a", ("@x",)),
    ("/a @emu_short", "a", ("@emu_short",)),
]


@pytest.mark.parametrize(("line", "path", "owners"), LINES)
def test_how_a_line_is_split(line: str, path: str, owners: tuple[str, ...]) -> None:
    """Escaped spaces, inline comments, case, line ends."""
    rules = parse(line + "\n")

    assert rules.faults == ()
    assert rules.owners(path) == owners


def test_too_large_a_file_is_not_read() -> None:
    """GitHub does not load 3 MB; more rules than the cap are refused whole."""
    assert parse("#" * (LARGEST_FILE + 1)).faults[0].line == 0
    many = parse("a @x\n" * (MOST_RULES + 1))
    assert (many.rules, many.faults[0].line) == ((), 0)


def test_the_first_place_counts() -> None:
    """``.github/``, then the root, then ``docs/``."""
    files = {"docs/CODEOWNERS": "d", "CODEOWNERS": "r", ".gitlab/CODEOWNERS": "l"}

    assert effective(files) == ("CODEOWNERS", "r")
    assert effective({**files, ".github/CODEOWNERS": ""}) == (".github/CODEOWNERS", "")
    assert effective({".gitlab/CODEOWNERS": "l"}) is None
