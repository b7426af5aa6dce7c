r"""Bytes of a repository as text, one to one.

In:  bytes of a path, or of a message with its declared encoding.
Out: text. In a path a byte that is not UTF-8 reads ``\xNN`` and a backslash ``\\``, so
     that two different paths stay different.
"""

from __future__ import annotations

from functools import lru_cache

_ALLOWED = frozenset(
    {"utf-8", "utf8", "us-ascii", "ascii", "latin-1", "latin1", "cp1252", "windows-1252", "cp1251",
     "windows-1251", "koi8-r", "koi8-u", "euc-jp", "shift_jis", "shift-jis", "sjis", "iso-2022-jp",
     "gbk", "gb18030", "gb2312", "big5", "euc-kr", "utf-16", "utf-16le", "utf-16be",
     "iso8859-1", "iso8859-15", *(f"iso-8859-{number}" for number in range(1, 17))}
)  # fmt: skip


@lru_cache(maxsize=1 << 16)
def path_text(raw: bytes) -> str:
    r"""Return the text of a path.

    Examples
    --------
    >>> path_text(b"caf\xe9"), path_text(b"a\\b"), path_text("é".encode())
    ('caf\\xe9', 'a\\\\b', 'é')
    """
    return raw.replace(b"\\", b"\\\\").decode("utf-8", "backslashreplace")


def path_bytes(text: str) -> bytes:
    r"""Return the path that a text stands for; the inverse of ``path_text``."""
    pieces = text.encode("utf-8").split(b"\\\\")
    return b"\\".join(_unescaped(piece) for piece in pieces)


def message_text(raw: bytes, encoding: str | None = None) -> str:
    """Return a message as text: by its declared encoding, else UTF-8, else Latin-1.

    Only encodings of text are tried: Python also has "encodings" that decompress.
    """
    for codec in (encoding, "utf-8"):
        if codec is not None and codec.lower() in _ALLOWED:
            try:
                return raw.decode(codec)
            except (UnicodeDecodeError, LookupError):
                continue
    return raw.decode("latin-1")


def _unescaped(piece: bytes) -> bytes:
    first, *rest = piece.split(b"\\x")
    return first + b"".join(bytes([int(part[:2], 16)]) + part[2:] for part in rest)
