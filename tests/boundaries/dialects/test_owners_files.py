from __future__ import annotations

import pytest

from conway.boundaries.dialects.owners_files import KUBERNETES, parse

TYPICAL = """\
approvers:
  - alice
  - bob     # this is a comment
reviewers:
  - alice
  - carol   # this is another comment
  - sig-foo # this is an alias
security_contacts:
  - github: alice
    email: alice@mail.com
  - github: dan
    email: null
"""
ALIASES = "aliases:\n  sig-foo:\n    - david\n    - erin\n  sig-bar:\n    - bob\n    - frank\n"
FILES = {
    "OWNERS": TYPICAL,
    "OWNERS_ALIASES": ALIASES,
    "a/OWNERS": "approvers: [Sig-Foo]\n",
    "a/deep/nested/OWNERS": "options:\n  no_parent_owners: true\napprovers:\n- emily\n",
    "b/OWNERS": 'filters:\n  "\\\\.go$":\n    approvers: [gopher]\n  ".*":\n    labels: [x]\n',
    "c/OWNERS": "emeritus_approvers:\n- david    # 2018-05-02\n- emily    # 2019-01-05\n",
}


@pytest.mark.parametrize(
    ("path", "owners", "rule"),
    [
        ("x", ("@alice", "@bob"), "/"),
        ("a/OWNERS", ("sig-foo", "@alice", "@bob"), "/a/"),
        ("a/deep/x", ("sig-foo", "@alice", "@bob"), "/a/"),
        ("a/deep/nested/bit/of/code", ("@emily",), "/a/deep/nested/"),
        ("b/x.go", ("@gopher", "@alice", "@bob"), "/b/"),
        ("b/x.py", ("@alice", "@bob"), "/"),
        ("c/x", ("@alice", "@bob"), "/"),
    ],
)
def test_the_documented_examples(path: str, owners: tuple[str, ...], rule: str) -> None:
    """Approvers add up towards the root; an alias is a team; emeriti may not approve."""
    (demand,) = KUBERNETES.read(FILES).demands(path)

    assert (demand.owners, demand.rule) == (owners, rule)


def test_nobody_owns_what_no_file_names() -> None:
    """Also under a file that cuts off its parents and names nobody."""
    files = {"a/OWNERS": "approvers: [x]\n", "a/b/OWNERS": "options: {no_parent_owners: true}\n"}

    assert KUBERNETES.read(files).demands("a/b/c") == ()
    assert KUBERNETES.read(files).demands("x") == ()


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("labels:\n- re/all\nfilters:\n  x:\n    labels: []\n", [1]),
        ("approvers: [a]\napprovrs: [b]\n", [2]),
        ("filters:\n  '[':\n    approvers: [a]\n  ok:\n  'x':\n    approvers: [b]\n", [2, 4]),
        ("approvers: &a [x]\nreviewers: *a\n", [2]),
        ("[" * 30_000, [1]),
        ("approvers: [a]\napprovers: [b]\n", [2]),
        ("- a\n", [1]),
        ("", []),
    ],
)
def test_what_is_not_read_is_said(text: str, lines: list[int]) -> None:
    """By line; hostile and ambiguous files are refused, not guessed at."""
    assert [line for line, _ in parse(text).faults] == lines
