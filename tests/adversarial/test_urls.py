"""A URL is fetched with the user's own means, and no secret is shown or kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conway.mining import hardening
from conway.mining.miner import mine_facts
from tests.adversarial.lab import clean

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("url", ["ssh://git@host.invalid/org/shop.git", "git@host.invalid:shop"])
def test_ssh_goes_through_the_users_own_program(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user's settings name a program for ssh; here it serves a local repository."""
    served = clean().build(tmp_path / "served.git")
    told = tmp_path / "told"
    program = tmp_path / "my-ssh"
    program.write_text(f'#!/bin/sh\necho "$@" > {told}\nexec git-upload-pack {served}\n')
    program.chmod(0o755)
    (tmp_path / ".gitconfig").write_text(f"[core]\n\tsshCommand = {program}\n")
    monkeypatch.setenv("HOME", str(tmp_path))

    facts = mine_facts([url], key=b"key")

    assert facts.repositories[0].name == "shop"
    assert len(facts.tables["changes"]) == 5
    assert "host.invalid" in told.read_text()


def test_a_fetch_may_use_one_protocol_and_nothing_of_gits_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where git works and what it loads is ours; how it reaches servers is the user's."""
    monkeypatch.setenv("GIT_DIR", "/elsewhere")
    monkeypatch.setenv("LD_PRELOAD", "/evil.so")
    monkeypatch.setenv("SSH_AUTH_SOCK", "/agent")

    seen = hardening.as_user(protocol="https")

    assert "GIT_DIR" not in seen
    assert "LD_PRELOAD" not in seen
    assert seen["SSH_AUTH_SOCK"] == "/agent"
    assert (seen["GIT_ALLOW_PROTOCOL"], seen["GIT_TERMINAL_PROMPT"]) == ("https", "0")


def test_a_password_is_not_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody on the machine may read a command line, but not another's environment."""
    from conway.errors import RepositoryError

    seen = tmp_path / "seen"
    fake = tmp_path / "git"
    fake.write_text(f'#!/bin/sh\necho "$@" >> {seen}\nenv >> {tmp_path}/env\n'
                    'echo "fatal: https://ann:hunter2@h/r.git is gone" >&2\n'
                    'echo git version 2.39.5\nexit 1\n')  # fmt: skip
    fake.chmod(0o755)
    monkeypatch.setattr("conway.mining.git.version", lambda: "2.39.5")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    with pytest.raises(RepositoryError, match="cannot be cloned") as refusal:
        mine_facts(["https://ann:hunter2@h.invalid/org/r.git"], key=b"key")

    assert "hunter2" not in seen.read_text()
    assert "https://h.invalid/org/r.git" in seen.read_text()
    assert "hunter2" in (tmp_path / "env").read_text()
    assert "hunter2" not in str(refusal.value)
