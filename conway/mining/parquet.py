"""Immutable Parquet files, each named by the SHA-256 of its bytes.

In:  rows and their schema.
Out: ``Piece``: a file's name and number of rows; and frames read back from pieces.

DuckDB writes and reads them: one thread, order kept, so equal rows have equal bytes.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from conway.display import visible
from conway.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import duckdb
    import pandas as pd

    from conway.tables import Column, Schema

_KINDS = {"text": "VARCHAR", "int": "BIGINT", "float": "DOUBLE", "bool": "BOOLEAN"}
_NUMBERS = {"int": "int64", "float": "float64", "bool": "bool"}
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a table: the SHA-256 of its file, and its rows."""

    sha256: str
    rows: int


class Pieces:
    """Reads and writes the Parquet files of one folder; a context manager.

    Parameters
    ----------
    folder
        Where the files are; it must exist.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._opened: duckdb.DuckDBPyConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def path(self, piece: Piece) -> Path:
        """Return where a piece is."""
        return self.folder / f"{piece.sha256}.parquet"

    def holds(self, piece: Piece) -> bool:
        """Return whether a piece is there, byte for byte."""
        path = self.path(piece)
        return path.is_file() and sha256_of(path) == piece.sha256

    def write(self, schema: Schema, rows: Sequence[Sequence[object]]) -> Piece:
        """Write rows as a file that appears complete or not at all.

        Raises
        ------
        StoreError
            If the disk does not hold them.
        """
        draft = self.folder / f"{secrets.token_hex(8)}.tmp"
        try:
            self._copy(schema, rows, to=draft)
            piece = Piece(sha256_of(draft), len(rows))
            draft.chmod(0o600)
            _flush(draft)
            if not self.holds(piece):
                draft.replace(self.path(piece))
        except OSError as fault:
            raise StoreError(
                f"{_shown(self.folder)}: cannot write the store: {fault}; make room or give "
                "another place with -o"
            ) from fault
        finally:
            with suppress(OSError):  # the next run removes it
                draft.unlink()
        return piece

    def read(self, schema: Schema, pieces: Sequence[Piece]) -> pd.DataFrame:
        """Return the rows of pieces, one after another, under a schema.

        Raises
        ------
        StoreError
            If a file is missing or was changed.
        """
        files = self._verified(pieces)
        if not files:
            return schema.empty()
        with self._connection() as con:
            frame = con.execute(f"SELECT * FROM read_parquet([{files}])").df()  # noqa: S608
        return schema.check(frame)

    def texts(self, schema: Schema, pieces: Sequence[Piece], *, column: str) -> list[str]:
        """Return one column of text of pieces; raises as ``read`` does."""
        files = self._verified(pieces)
        if column not in schema.names or not files:
            return []
        with self._connection() as con:
            found = con.execute(f'SELECT "{column}" FROM read_parquet([{files}])')  # noqa: S608
            return [text for (text,) in found.fetchall()]

    def _verified(self, pieces: Sequence[Piece]) -> str:
        """Return the files of pieces that have rows, as SQL, each verified first."""
        for piece in pieces:
            if not self.holds(piece):
                raise StoreError(
                    f"{_shown(self.path(piece))}: this file of the store is missing or was "
                    "changed; run `conway mine` on the repositories again"
                )
        return ", ".join(f"'{_literal(self.path(piece))}'" for piece in pieces if piece.rows)

    def _copy(self, schema: Schema, rows: Sequence[Sequence[object]], *, to: Path) -> None:
        """Write rows into a file and count them there."""
        with self._connection() as con:
            con.register("rows", _arrays(schema, rows))
            con.execute(
                f"COPY (SELECT {_casts(schema)} FROM rows) TO '{_literal(to)}' "  # noqa: S608
                "(FORMAT parquet, COMPRESSION zstd)"
            )
            con.unregister("rows")
            counted = con.execute(
                f"SELECT count(*) FROM read_parquet('{_literal(to)}')"  # noqa: S608
            ).fetchall()
        if counted != [(len(rows),)]:
            raise StoreError(
                f"{_shown(self.folder)}: a table was not written whole; check the disk and run "
                "again"
            )

    @contextmanager
    def _connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open a DuckDB in memory, once, that can reach this folder and nothing else."""
        import duckdb

        try:
            if self._opened is None:
                self._opened = duckdb.connect(":memory:", config={"threads": 1})
                for setting in _settings(self.folder):
                    self._opened.execute(f"SET {setting}")
            yield self._opened
        except duckdb.Error as fault:
            raise StoreError(
                f"{_shown(self.folder)}: {visible(str(fault).splitlines()[0])}; check that the "
                "disk has room and the store is readable"
            ) from fault


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _settings(folder: Path) -> Sequence[str]:
    return (
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        f"allowed_directories = ['{_literal(folder)}/']",
        "enable_external_access = false",
        "lock_configuration = true",
    )


def _casts(schema: Schema) -> str:
    return ", ".join(f'CAST("{c.name}" AS {_KINDS[c.kind]}) AS "{c.name}"' for c in schema.columns)


def _arrays(schema: Schema, rows: Sequence[Sequence[object]]) -> dict[str, Any]:
    """Return rows as columns that DuckDB reads without pandas."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema.columns)
    return {
        column.name: _array(column, values)
        for column, values in zip(schema.columns, columns, strict=True)
    }


def _array(column: Column, values: Sequence[Any]) -> Any:  # noqa: ANN401 - masked or not
    import numpy as np

    if column.kind == "text":
        texts = np.empty(len(values), dtype=object)
        texts[:] = values
        return texts
    if not column.nullable:
        return np.array(values, dtype=_NUMBERS[column.kind])
    empty = [value is None for value in values]
    filled = [0 if value is None else value for value in values]
    return np.ma.array(filled, mask=empty, dtype=_NUMBERS[column.kind])


def _literal(path: Path) -> str:
    return str(path.resolve()).replace("'", "''")


def _shown(path: Path) -> str:
    return visible(str(path))


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
