"""Keyed pseudonyms of people.

In:  a key, and proper names and addresses.
Out: pseudonyms that nobody can reverse without the key: e-mail addresses can be guessed,
     so a plain hash of one would name its owner.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_BYTES = 32
_LETTERS = 16
_HIDDEN_ADDRESS = re.compile(r"^\d+\+(.+@users\.noreply\.github\.com)$")


@dataclass(frozen=True, slots=True, repr=False)
class Pseudonyms:
    """Gives people their pseudonyms; its own text never shows the key."""

    key: bytes

    def of(self, name: str, email: str) -> str:
        """Return the pseudonym of one person: by address, or by name where there is none."""
        who = email.strip().casefold() or name.strip().casefold()
        hidden = _HIDDEN_ADDRESS.match(who)
        return self._mac(hidden[1] if hidden else who)

    @property
    def mark(self) -> str:
        """Tell this key from another one, without telling what it is."""
        return self._mac("\0which key")

    def _mac(self, text: str) -> str:
        raw = text.encode("utf-8", "surrogatepass")
        return hmac.new(self.key, raw, hashlib.sha256).hexdigest()[:_LETTERS]


def find_key() -> bytes:
    """Return the user's key, made on first use; a passing one where none can be kept.

    ``CONWAY_KEY`` goes first. The file stands in the user's configuration directory,
    apart from every store and report, and only its owner may read it.
    """
    given = os.environ.get("CONWAY_KEY")
    if given:
        return given.encode("utf-8", "surrogateescape")
    try:
        return _kept(_key_file())
    except (OSError, RuntimeError):  # no home, or one that cannot be written to
        return secrets.token_bytes(_BYTES)


def _key_file() -> Path:
    configured = os.environ.get("XDG_CONFIG_HOME")
    home = Path(configured) if configured else Path.home() / ".config"
    return home / "conway" / "key"


def _kept(file: Path) -> bytes:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(secrets.token_hex(_BYTES) + "\n")
        with suppress(FileExistsError):  # another process was quicker: its key holds
            os.link(draft, file)
        draft.unlink()
    return file.read_text(encoding="ascii").strip().encode("ascii")
