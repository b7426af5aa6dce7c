from __future__ import annotations

import itertools
import random
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conway.boundaries.patterns import (
    Matcher,
    PathPatterns,
    PatternIndex,
    github_matcher,
    gitlab_matcher,
    glob_matcher,
    qualified,
)
from conway.errors import BoundariesError

if TYPE_CHECKING:
    from pathlib import Path

GITHUB = [  # pattern, path, named: the examples of "About code owners"
    ("*", "README.md", True),
    ("*", "a/b/c.py", True),
    ("*.js", "app.js", True),
    ("*.js", "src/app.js", True),
    ("*.js", "src/app.jsx", False),
    ("/build/logs/", "build/logs/today/x.log", True),
    ("/build/logs/", "src/build/logs/x.log", False),
    ("/build/logs/", "build/logs", False),
    ("docs/*", "docs/getting-started.md", True),
    ("docs/*", "docs/build-app/troubleshooting.md", False),
    ("docs/*", "src/docs/a.md", False),
    ("apps/", "apps/a.go", True),
    ("apps/", "src/apps/b/c.go", True),
    ("/docs/", "docs/a/b.md", True),
    ("/docs/", "src/docs/a.md", False),
    ("/scripts/", "scripts/run.sh", True),
    ("**/logs", "build/logs/a.log", True),
    ("**/logs", "deeply/nested/logs/x", True),
    ("**/logs", "logs", True),
    ("**/logs", "catalogs/a", False),
    ("/apps/github", "apps/github/readme.md", True),
    ("/apps/github", "apps/githubber/readme.md", False),
    ("/packages/a/src/wallet.*", "packages/a/src/wallet.ts", True),
    ("/packages/a/src/wallet.*", "packages/a/src/wallet.d/x.ts", True),
    ("a/**/b", "a/b", True),
    ("a/**/b", "a/x/y/b", True),
    ("a/**/b", "a/xb", False),
    ("a/**", "a/b/c", True),
    ("a/**", "a", False),
    ("a/**/*", "a/b/c", True),
    ("/with\\ space/", "with space/a", True),
    ("Makefile", "sub/Makefile", True),
    ("Makefile", "sub/makefile", False),
    ("a?c", "x/abc", True),
    ("a?c", "a/c", False),
    ("/", "a", False),
    ("a//b", "a/b", False),
    ("**", "a/b", True),
]


@pytest.mark.parametrize(("pattern", "path", "named"), GITHUB)
def test_github_names_what_its_documentation_says(pattern: str, path: str, *, named: bool) -> None:
    """The pattern alone, and as the only one of an index."""
    matcher = github_matcher(pattern)

    assert matcher.matches(path) is named
    assert (PatternIndex((matcher,), "last").find(path) == 0) is named


@pytest.mark.parametrize("pattern", ["!src/", "[ab].py", "\\#a", "a***b", "x" * 1025])
def test_github_refuses(pattern: str) -> None:
    """What GitHub calls an invalid pattern."""
    with pytest.raises(BoundariesError, match="GitHub skips"):
        github_matcher(pattern)


GLOBS = [
    ("packages/*/**", "packages/a/src/x.ts", ("a",)),
    ("packages/*/**", "packages/a", None),
    ("packages/*/**", "packages/.hidden/x", None),
    ("packages/*/**", "packages/a/.eslintrc", ("a",)),
    ("packages/*/**", "src/packages/a/x", None),
    ("*/*/**", "libs/net/x.c", ("libs", "net")),
    ("/src/cart/", "src/cart/a/b.py", ()),
    ("src/cart", "src/cart/a.py", None),
    ("src/**/api/*.py", "src/x/y/api/v1.py", ()),
    ("src/**/api/*.py", "src/api/v1.py", ()),
    ("src/**/api/*.py", "src/api/v1/a.py", None),
    ("app/[id]/**", "app/[id]/page.tsx", ()),
    ("a/*.spec.*", "a/b.spec.c.ts", ()),
    ("line\nbreak/**", "line\nbreak/x\ny", ()),
]


@pytest.mark.parametrize(("glob", "path", "captured"), GLOBS)
def test_globs_capture_lone_stars(glob: str, path: str, captured: tuple[str, ...] | None) -> None:
    """A star alone in a segment is captured and does not take a leading dot."""
    matcher = glob_matcher(glob, hidden=False)

    assert matcher.captures(path) == captured
    assert matcher.matches(path) is (captured is not None)


@pytest.mark.parametrize("glob", ["a//b", "./a", "a/../b", "y" * 1025])
def test_globs_refuse_what_can_never_match(glob: str) -> None:
    """Paths have no empty, '.' or '..' segments."""
    with pytest.raises(BoundariesError):
        glob_matcher(glob)


HOSTILE = [  # threat S28 and worse
    ("*a" * 10 + "*b", "a" * 60),
    ("/".join(["**/a*"] * 8) + "/b", "/".join(["a"] * 60)),
    ("/".join(["**/a*"] * 8) + "/b", "/".join(["a" * 20] * 60)),
    ("**/" * 15 + "x", "/".join(["a"] * 60)),
    ("**/" * 15 + "x*y*z", "/".join(["xyxyxy"] * 60)),
    ("a*" * 400 + "b", "a" * 4000),
    ("*" + "a" * 1000 + "*b", "a" * 4000),
    ("?*" * 400 + "b", "a" * 4000),
    ("**/" + "a/" * 250 + "b", "a/" * 2000 + "c"),
]


@pytest.mark.parametrize(("pattern", "path"), HOSTILE)
def test_hostile_patterns_end(pattern: str, path: str) -> None:
    """A matcher that tries things twice would not end: these took it minutes."""
    assert not github_matcher(pattern).matches(path)
    assert not gitlab_matcher(pattern).matches(path)


def test_classes_of_strangers_end() -> None:
    """Classes among stars, in the only dialect that has them."""
    assert not gitlab_matcher("*[a-z]" * 100 + "!").matches("a" * 4000)


_PIECES = st.sampled_from(["a", "b", "*", "?", "**", "a*", "*b", "a*b", "*a*", "ab"])
_PATHS = [
    "/".join(parts)
    for length in (1, 2, 3, 4)
    for parts in itertools.product(["a", "b", "ab", "aab"], repeat=length)
]


def _plain(segments: list[str], names: list[str]) -> bool:
    """Match by trying everything."""
    if not segments:
        return not names
    if segments[0] == "**":
        if len(segments) == 1:
            return bool(names)
        return any(_plain(segments[1:], names[start:]) for start in range(len(names) + 1))
    return bool(names) and _segment(segments[0], names[0]) and _plain(segments[1:], names[1:])


def _segment(pattern: str, name: str) -> bool:
    if not pattern:
        return not name
    if pattern[0] == "*":
        return any(_segment(pattern[1:], name[start:]) for start in range(len(name) + 1))
    return bool(name) and pattern[0] in {name[0], "?"} and _segment(pattern[1:], name[1:])


@given(st.lists(_PIECES, min_size=1, max_size=5))
def test_globs_agree_with_trying_everything(segments: list[str]) -> None:
    """Leftmost atomic matching finds a match whenever there is one."""
    matcher = glob_matcher("/".join(segments))

    assert [matcher.matches(path) for path in _PATHS] == [
        _plain(segments, path.split("/")) for path in _PATHS
    ]


@given(
    st.lists(st.lists(_PIECES, min_size=1, max_size=3), min_size=1, max_size=6),
    st.sampled_from(["first", "last"]),
)
def test_an_index_agrees_with_trying_each(patterns: list[list[str]], wins: str) -> None:
    """The dictionary of literal folders and the early end change nothing."""
    matchers = tuple(github_matcher("/" + "/".join(pattern)) for pattern in patterns)
    index = PatternIndex(matchers, "first" if wins == "first" else "last")

    for path in _PATHS[::7]:
        hits = [number for number, matcher in enumerate(matchers) if matcher.matches(path)]
        assert index.find(path) == ((hits[0] if wins == "first" else hits[-1]) if hits else -1)


@pytest.mark.parametrize("patterns", [100, pytest.param(500, marks=pytest.mark.slow)])
def test_git_agrees_on_the_common_subset(tmp_path: Path, patterns: int) -> None:
    """20,000 random pairs of pattern and path against ``git check-ignore``, slowly 100,000."""
    dice = random.Random(patterns)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    names = ["a", "b", "ab", "abc", ".a", "a.b", "Ab"]
    paths = sorted({"/".join(dice.choices(names, k=dice.randint(1, 5))) for _ in range(300)})[:200]
    assert len(paths) == 200
    for _ in range(patterns):
        pattern = _random_pattern(dice)
        ignored = _ignored(tmp_path, pattern=pattern, paths=paths)
        assert [path for path in paths if github_matcher(pattern).matches(path)] == ignored, pattern


def _random_pattern(dice: random.Random) -> str:
    """Leave out what differs: a star alone at the end of a path is one level for GitHub."""
    pieces = ["a", "b", "ab", "*", "**", "a*", "*b", "?b", "a?", "*.*", "a*c", ".a"]
    parts = dice.choices(pieces, k=dice.randint(1, 4))
    if len(parts) > 1 and parts[-1] == "*":
        parts[-1] = "*c"
    return (
        dice.choice(["", "/"] if parts != ["*"] else [""])
        + "/".join(parts)
        + dice.choice(["", "/"])
    )


def _ignored(repository: Path, *, pattern: str, paths: list[str]) -> list[str]:
    (repository / ".git" / "info" / "exclude").write_text(pattern + "\n")
    done = subprocess.run(
        ["git", "-C", str(repository), "check-ignore", "--no-index", "-z", "--stdin"],
        input="\0".join(paths).encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout.decode().split("\0")[:-1]


def test_qualified_globs_hold_in_one_repository() -> None:
    """A colon means a repository only where one has that name."""
    repositories = ("shop", "bank")
    patterns = PathPatterns(("shop:docs/**", "**/*.lock"), repositories)

    assert patterns.matches("docs/a", repository="shop")
    assert not patterns.matches("docs/a", repository="bank")
    assert patterns.matches("x/y.lock", repository="bank")
    assert qualified("c:docs/**", repositories=repositories) == (None, "c:docs/**")


def test_a_matcher_is_a_value() -> None:
    """Equal patterns are equal, and asking twice costs nothing."""
    assert github_matcher("/a/") is github_matcher("/a/")
    assert github_matcher("/a/") == Matcher(
        "/a/", github_matcher("/a/").regex, "a", exact=False, below=True
    )
