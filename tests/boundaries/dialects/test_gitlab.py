from __future__ import annotations

import pytest

from conway.boundaries.dialects.gitlab import GITLAB, effective, owners_in, parse

SECTIONS = """\
* @admin

[README Owners]
README.md @user1 @user2
internal/README.md @user4

[README other owners]
README.md @user3
"""
DEFAULTS = """\
[Documentation] @docs-team
docs/
README.md

[Database] @database-team @agarcia
model/db/
config/db/database-setup.md @docs-team
"""
REGULAR = """\
# Required for all files
* @general-approvers

[Documentation] @docs-team
docs/
README.md
*.txt

[Database] @database-team
model/db/
config/db/database-setup.md @docs-team
"""
DUPLICATES = """\
[Documentation]
ee/docs/    @docs
docs/       @docs

[Database]
README.md  @database
model/db/   @database

[DOCUMENTATION]
README.md  @docs
"""
EXCLUDED = """\
# All files require approval from @username
* @username

# Except pom.xml which needs no approval
!pom.xml

[Ruby]
# All ruby files require approval from @ruby-team
*.rb @ruby-team

# Except Ruby files in the config directory
!/config/**/*.rb
"""
FOR_GOOD = """\
* @default-owner
!*.rb                      # Excludes all Ruby files.
/special/*.rb @ruby-owner  # This won't take effect as *.rb is already excluded.
"""
SEPARATE = """\
[Ruby]
*.rb @ruby-team
!/config/**/*.rb        # Config Ruby files don't need Ruby team approval.

[Config]
/config/ @ops-team      # Config files still require ops-team approval.
"""
OPTIONAL = "[Documentation]\n*.md @root\n\n[Ruby]\n*.rb @root\n\n^[Go]\n*.go @root\n"
ORDER = "*.md @doc-team\nterms.md @legal-team\n"
UNPARSABLE = "[Docs]\ndocs/**/* @group\n\n[Section name\ndocs/ @docs_group\n"

DOCUMENTED = [
    (SECTIONS, "README.md", [("@admin",), ("@user1", "@user2"), ("@user3",)]),
    (SECTIONS, "internal/README.md", [("@admin",), ("@user4",), ("@user3",)]),
    (DEFAULTS, "docs/a.md", [("@docs-team",)]),
    (DEFAULTS, "model/db/x", [("@database-team", "@agarcia")]),
    (DEFAULTS, "config/db/database-setup.md", [("@docs-team",)]),
    (
        REGULAR,
        "model/db/CHANGELOG.txt",
        [("@general-approvers",), ("@docs-team",), ("@database-team",)],
    ),
    (DUPLICATES, "README.md", [("@docs",), ("@database",)]),
    (DUPLICATES, "ee/docs/x", [("@docs",)]),
    (EXCLUDED, "pom.xml", []),
    (EXCLUDED, "app/x.rb", [("@username",), ("@ruby-team",)]),
    (EXCLUDED, "config/a/x.rb", [("@username",)]),
    (FOR_GOOD, "special/x.rb", []),
    (FOR_GOOD, "special/x.py", [("@default-owner",)]),
    (SEPARATE, "config/x.rb", [("@ops-team",)]),
    (OPTIONAL, "a.go", []),
    (OPTIONAL, "a.rb", [("@root",)]),
    (OPTIONAL + "[GO]\n", "a.go", [("@root",)]),
    (ORDER, "terms.md", [("@legal-team",)]),
    (UNPARSABLE, "docs/a", [("@docs_group",)]),
    ("/path/* @group user_without @user_with\n", "path/x", [("@group", "@user_with")]),
    ("* @a\nx\n", "x", []),
    ("file.md @@developer @@maintainers\n", "a/file.md", [("role developer", "role maintainer")]),
    ("path\\ with\\ spaces/*.md @owner\n", "path with spaces/a.md", [("@owner",)]),
    ("\\#file_with_pound.rb @p\n", "#file_with_pound.rb", [("@p",)]),
    ("LICENSE @legal janedoe@gitlab.com\n", "LICENSE", [("@legal", "janedoe@gitlab.com")]),
    ("README @group @group/with-nested/subgroup\n", "README",
     [("@group", "@group/with-nested/subgroup")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "path", "demands"), DOCUMENTED)
def test_the_documented_examples(text: str, path: str, demands: list[tuple[str, ...]]) -> None:
    """Every section asks for itself; in it the last entry counts."""
    assert [demand.owners for demand in parse(text).demands(path)] == demands


PATHS = ("README.md", "docs/README.md", "docs/api/README.md", "docs/.hidden", "docs/qa_specs.rb")
PATTERNS = [
    ("/README.md", {"README.md"}),
    ("README.md", {"README.md", "docs/README.md", "docs/api/README.md"}),
    ("docs/README.md", {"docs/README.md"}),
    ("/docs/", {"docs/README.md", "docs/api/README.md", "docs/.hidden", "docs/qa_specs.rb"}),
    ("/docs", set()),
    ("/", set(PATHS)),
    ("**/", set(PATHS)),
    ("*", set(PATHS)),
    ("/docs/*.md", {"docs/README.md"}),
    ("/docs/*spec*", {"docs/qa_specs.rb"}),
    ("/docs/*/README.md", {"docs/api/README.md"}),
    ("/docs/**/README.md", {"docs/README.md", "docs/api/README.md"}),
    ("/docs/**", {"docs/README.md", "docs/.hidden", "docs/qa_specs.rb"}),
    ("[Dd]ocs/[!q]*", {"docs/README.md", "docs/.hidden"}),
]


@pytest.mark.parametrize(("pattern", "named"), PATTERNS)
def test_patterns_are_rubys(pattern: str, named: set[str]) -> None:
    """``*`` stays in a folder and names dotfiles; a pattern names whole paths only."""
    rules = parse(f"x @x\n{pattern} @owner\n")

    assert {path for path in PATHS if rules.demands(path)} == named


APPROVALS = [
    ("[D][2]\n* @a/team\n", [("@a/team",)]),
    ("[D][2] @a @b\n*\n", [("@a",), ("@b",)]),
    ("[D][2] @a @b @g/t\n*\n", [("@a", "@g/t"), ("@b", "@g/t")]),
    ("[D][2] @a @b @c\n*\n", [("@a", "@b"), ("@a", "@c"), ("@b", "@c")]),
    ("[D][9] @a\n*\n", [("@a",)]),
    ("[D][0] @a @b\n*\n", [("@a", "@b")]),
    ("[D][x] @a @b\n*\n", [("@a", "@b")]),
]


@pytest.mark.parametrize(("text", "demands"), APPROVALS)
def test_several_approvals(text: str, demands: list[tuple[str, ...]]) -> None:
    """A group can give all of them, a person one; more than there are persons: all."""
    assert [demand.owners for demand in parse(text).demands("x")] == demands


def test_rules_are_named_with_their_section() -> None:
    """So that a rule of the report is found in the file."""
    assert [one.rule for one in parse(SECTIONS).demands("README.md")] == [
        "*",
        "[README Owners] README.md",
        "[README other owners] README.md",
    ]


def test_the_first_place_counts() -> None:
    """The root, then ``docs/``, then ``.gitlab/``."""
    files = {".gitlab/CODEOWNERS": "l", "docs/CODEOWNERS": "d"}

    assert effective(files) == ("docs/CODEOWNERS", "d")
    assert GITLAB.read({}).demands("x") == ()


def test_what_is_not_read_is_said() -> None:
    """By line, and nobody is named."""
    rules = parse("[]\nx nobody\n* @a\n")

    assert [(fault.line, fault.reason) for fault in rules.faults] == [
        (1, "a section without a name"),
        (2, "none of its owners is one"),
    ]
    assert owners_in(["x@y", "@", "@@admin"]) == ()
