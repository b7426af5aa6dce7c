r"""The schemas of every table that crosses a module, and the check that holds them.

In:  a pandas DataFrame and the schema it claims to have.
Out: the same frame with exactly the schema's columns and types, or a ``TableError``.

Times are seconds since 1970-01-01 UTC. Paths are text in which a byte that is not
UTF-8 reads ``\xNN`` and a backslash reads ``\\``. People are keyed pseudonyms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from conway.errors import TableError, problems

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["text", "int", "float", "bool"]

_DTYPES: dict[tuple[Kind, bool], str] = {
    ("text", False): "str",
    ("text", True): "str",
    ("int", False): "int64",
    ("int", True): "Int64",
    ("float", False): "float64",
    ("float", True): "float64",
    ("bool", False): "bool",
    ("bool", True): "boolean",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, kind, meaning, and whether it may be empty."""

    name: str
    kind: Kind
    meaning: str
    nullable: bool = False

    @property
    def dtype(self) -> str:
        """The pandas type that holds this column."""
        return _DTYPES[self.kind, self.nullable]


@dataclass(frozen=True, slots=True)
class Schema:
    """A table's name, meaning and columns."""

    name: str
    meaning: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """The column names in order."""
        return [column.name for column in self.columns]

    def empty(self) -> pd.DataFrame:
        """Return a frame of this schema without rows."""
        import pandas as pd

        return pd.DataFrame({c.name: pd.Series([], dtype=c.dtype) for c in self.columns})

    def check(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return ``frame`` with this schema's columns, order and types.

        Raises
        ------
        TableError
            If a column is missing, has another kind of value, or is empty where it
            must not be; the message lists every fault.
        """
        faults: list[str] = []
        series: dict[str, pd.Series] = {}
        for column in self.columns:
            if column.name not in frame.columns:
                faults.append(f"column '{column.name}' is missing")
                continue
            values = frame[column.name]
            if not column.nullable and bool(values.isna().any()):
                faults.append(f"column '{column.name}' has empty values")
                continue
            try:
                series[column.name] = values.astype(_dtype(column.dtype))
            except (TypeError, ValueError) as fault:
                faults.append(f"column '{column.name}' is not {column.kind}: {fault}")
        if faults:
            raise TableError(problems(f"table {self.name}", faults))
        import pandas as pd

        return pd.DataFrame(series, columns=self.names).reset_index(drop=True)


def _dtype(name: str) -> Any:  # noqa: ANN401 - the stubs list every literal
    """Return a type's name where the stubs of pandas want one of their literals."""
    return name


def _c(  # noqa: PLR0917 - a row of a table
    name: str, kind: Kind, meaning: str, *, nullable: bool = False
) -> Column:
    return Column(name, kind, meaning, nullable)


_REPOSITORY = _c("repository", "text", "name of the repository")
_CHANGE = _c("change", "text", "object id of the mainline commit")

COMMITS = Schema(
    "commits",
    "One row per commit that the mainline reaches, also those that a merge brings.",
    (
        _REPOSITORY,
        _c("commit", "text", "object id"),
        _CHANGE,
        _c("parents", "int", "number of parents"),
        _c("author", "text", "person who wrote it; the human beside an AI agent", nullable=True),
        _c("author_time", "int", "author's clock"),
        _c("committer_time", "int", "committer's clock"),
        _c("time_valid", "bool", "whether both clocks could be read and are plausible"),
        _c("robot", "bool", "whether its author is a robot"),
        _c("ai", "bool", "whether an AI agent wrote or co-wrote it"),
    ),
)

CHANGES = Schema(
    "changes",
    "One row per step of the mainline (first-parent history, the root included).",
    (
        _REPOSITORY,
        _CHANGE,
        _c("position", "int", "place in mainline order, the root is 0"),
        _c("kind", "text", "root, direct or merge"),
        _c("commits", "int", "commits that the change brings, a merge commit itself left out"),
        _c(
            "author",
            "text",
            "author of most of its commits, robots aside (ties: the earliest)",
            nullable=True,
        ),
        _c("author_time", "int", "author's clock; one not plausible takes the committer's"),
        _c("committer_time", "int", "committer's clock; one not plausible takes the change before"),
        _c(
            "robot",
            "bool",
            "its author is a robot, every commit it merges is a robot's, or its branch is",
        ),
        _c("ai", "bool", "whether an AI agent wrote or co-wrote any of its commits"),
        _c("branch", "text", "branch that the merge names", nullable=True),
        _c("pull_request", "int", "number of its pull request", nullable=True),
        _c("reverts", "text", "object id of the commit that it reverts", nullable=True),
        _c("picked_from", "text", "object id that it was cherry-picked from", nullable=True),
        _c("paths", "int", "rows in change_files"),
        _c("skipped", "text", "why its files could not be read", nullable=True),
        _c(
            "patch",
            "text",
            "digest of the contents before and after; a revert and a second pick share it",
            nullable=True,
        ),
    ),
)

CHANGE_FILES = Schema(
    "change_files",
    "One row per path that a change touches, as its difference to its first parent.",
    (
        _REPOSITORY,
        _CHANGE,
        _c("position", "int", "the change's place in mainline order"),
        _c("path", "text", "path after the change (before it, where deleted)"),
        _c("old_path", "text", "path before a rename", nullable=True),
        _c("status", "text", "A added, M modified, D deleted, R renamed, T type changed"),
        _c("added", "int", "lines added; empty for binary files and submodules", nullable=True),
        _c("deleted", "int", "lines deleted; empty for binary files and submodules", nullable=True),
        _c("submodule", "bool", "whether the path is a submodule pointer"),
    ),
)

CHANGE_LINKS = Schema(
    "change_links",
    "What joins a change to changes elsewhere.",
    (
        _REPOSITORY,
        _CHANGE,
        _c("kind", "text", "branch, ticket, link or revert"),
        _c("key", "text", "the branch name, ticket, repository#number, or #number taken back"),
    ),
)

RELEASES = Schema(
    "releases",
    "One row per tag that peels to a commit.",
    (
        _REPOSITORY,
        _c("tag", "text", "name of the tag"),
        _c("commit", "text", "commit that it points to"),
        _c("change", "text", "newest mainline change that the tag contains", nullable=True),
        _c("time", "int", "tagger's clock, the committer's where the tag has none"),
        _c("target", "text", "service or package that the tag names", nullable=True),
        _c("version", "text", "version that the tag names", nullable=True),
    ),
)

PEOPLE = Schema(
    "people",
    "Who the pseudonyms are. Private: this table never leaves the store.",
    (
        _c("person", "text", "keyed pseudonym"),
        _c("name", "text", "name in git"),
        _c("email", "text", "e-mail address in git"),
    ),
)

BOUNDARY_FILES = Schema(
    "boundary_files",
    "Every mainline version of ownership files and manifests.",
    (
        _REPOSITORY,
        _CHANGE,
        _c("position", "int", "the change's place in mainline order"),
        _c("path", "text", "path of the file"),
        _c(
            "content",
            "text",
            "its text; empty where it is deleted, no regular file or too large",
            nullable=True,
        ),
    ),
)

TREE = Schema(
    "tree",
    "The files of the newest mainline commit.",
    (
        _REPOSITORY,
        _c("path", "text", "path of the file"),
        _c("submodule", "bool", "whether it is a submodule pointer"),
        _c(
            "marker", "text", "what its first lines say of the program that wrote it", nullable=True
        ),
    ),
)

IMPORTS = Schema(
    "imports",
    "One row per module that a Python file of the newest mainline commit imports.",
    (
        _REPOSITORY,
        _c("path", "text", "path of the file"),
        _c(
            "module",
            "text",
            "as the file names it, with what it takes from it: `from a import b` is a.b, which may "
            "be a module or a name in a; leading dots are relative to the file's package",
        ),
    ),
)

METHODS = Schema(
    "methods",
    "One row per change and function that it changed, in the files that a deep pass reads.",
    (
        _REPOSITORY,
        _CHANGE,
        _c("path", "text", "path of the file as of the change"),
        _c("method", "text", "name of the function"),
        _c("complexity", "int", "its cyclomatic complexity after the change"),
        _c("lines", "int", "its lines of code after the change"),
    ),
)

FACTS = (
    COMMITS, CHANGES, CHANGE_FILES, CHANGE_LINKS, RELEASES, PEOPLE, BOUNDARY_FILES, TREE,
    IMPORTS,
)  # fmt: skip

CHANGE_SETS = Schema(
    "change_sets",
    "One row per selected change set, in order; ``set`` in other tables is the row number.",
    (
        _c("change_set", "text", "repository@id of its first change"),
        _c("time", "int", "committer's clock of its last change"),
        _c("first_time", "int", "committer's clock of its first change"),
        _c("author", "int", "code of the person who wrote most of its commits, -1 unknown"),
        _c("author_team", "int", "code of that person's team as of the change, -1 unknown"),
        _c("repositories", "int", "repositories that it touches"),
        _c("changes", "int", "changes that it joins"),
        _c("paths", "int", "distinct paths that it touches after exclusion"),
        _c("ai", "bool", "whether an AI agent wrote or co-wrote any commit"),
        _c("huge", "bool", "more than 30 files: left out of pair graphs, nothing else"),
        _c("repeat", "bool", "reverts or picks work that counts: left out of pair graphs"),
    ),
)

TOUCHED = Schema(
    "touched",
    "One row per change set and path that it touches (both sides of a rename); a path that "
    "needs several approvals has a row for each.",
    (
        _c("set", "int", "row number of the change set"),
        _c("path", "int", "code of the path as of the change"),
        _c("entity", "int", "code of the same file's path today"),
        _c("service", "int", "code of its service, -1 none"),
        _c("unit", "int", "code of its release unit, -1 none"),
        _c("service_team", "int", "code of the team that owns the service then, -1 none"),
        _c("owners", "int", "code of the teams that may approve it, -1 not owned"),
        _c("rule", "int", "code of the approval rule that decides it, -1 none"),
    ),
)
