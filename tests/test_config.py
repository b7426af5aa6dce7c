from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conway.config import Config, Selection, config_schema, parse_config, read_config, seconds
from conway.errors import BoundariesError

if TYPE_CHECKING:
    from pathlib import Path

FULL = """
[services]
"{package}" = "packages/*/**"
tools = ["scripts/**", "ci/**"]
[releases]
trains = { core = ["packages/*"], apps = "web" }
[teams]
source = "CODEOWNERS"
members = "people.csv"
[teams.map]
"@octocat" = "platform"
[window]
since = "2025-01-01"
until = 2025-07-01
[changes]
unit = "ticket"
bots = "include"
exclude = ["**/CHANGELOG.md"]
releases = "include"
[limits]
moves = 3
affinity = 0
pinned = ["billing"]
"""


def test_everything_that_can_be_said() -> None:
    """One text or several, text or TOML dates; the order of services is kept."""
    config = parse_config(FULL)

    assert list(config.services.items()) == [
        ("{package}", ("packages/*/**",)),
        ("tools", ("scripts/**", "ci/**")),
    ]
    assert config.releases.trains == {"core": ("packages/*",), "apps": ("web",)}
    assert config.teams.map == {"@octocat": "platform"}
    assert config.selection == Selection(
        since=1735689600,
        until=1751328000,
        unit="ticket",
        bots="include",
        exclude=("**/CHANGELOG.md",),
        releases="include",
    )
    assert (config.limits.moves, config.limits.affinity, config.limits.pinned) == (
        3,
        0.0,
        ("billing",),
    )


def test_the_defaults() -> None:
    """Mainline, robots excluded, nothing excluded, releases separate."""
    config = Config()

    assert config == parse_config("")
    assert config.selection == Selection(
        unit="mainline", bots="exclude", exclude=(), releases="separate"
    )
    limits = config.limits
    assert (limits.moves, limits.affinity, limits.min_people) == (5, 0.15, 2)
    assert (limits.max_load_growth, limits.max_services_growth) == (1.5, 1.5)


FAULTY = """
servces = 3
[services]
a = 1
b = []
c = ["x", 3]
[teams]
sorce = "x"
[window]
since = "2025-13-01"
[changes]
unit = "mainlin"
bots = true
exclude = 7
[limits]
moves = "5"
affinity = 3
"""

FAULTS = [
    "conway.toml: 11 problems",
    "unknown key 'servces'; did you mean 'services'? valid: services, releases, teams",
    "[services] a = 1 must be a text or a list of texts",
    "[services] b = [] must not be empty",
    "[services] c[1] = 3 must be a text in quotes",
    "[teams] unknown key 'sorce'; did you mean 'source'? valid: source, dialect, owners",
    "[window] since: '2025-13-01' is not a day such as '2025-01-31'",
    "[changes] unit = 'mainlin' is not possible; did you mean 'mainline'? valid: mainline, commit,",
    "[changes] bots = True is not possible; valid: exclude, include",
    "[changes] exclude = 7 must be a text or a list of texts",
    "[limits] moves = '5' must be a whole number",
    "[limits] affinity = 3 input should be less than or equal to 1",
]


def test_all_faults_in_one_message() -> None:
    """Each with its place; misspelt words with the nearest and all valid ones."""
    with pytest.raises(BoundariesError) as raised:
        parse_config(FAULTY)

    assert [line for line in FAULTS if line not in str(raised.value)] == []


def test_an_empty_window() -> None:
    """Since must come before until."""
    with pytest.raises(BoundariesError, match="since must come before until"):
        parse_config("[window]\nsince = 2025-02-01\nuntil = 2025-02-01\n")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[services", "is not valid TOML"),
        (b"a = 1\na = 2\n", "is not valid TOML"),
        (b"a = " + b"[" * 50_000, "is not valid TOML"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"#" * (3 * 1024 * 1024 + 1), "is larger"),
    ],
)
def test_files_that_are_not_a_configuration(tmp_path: Path, content: bytes, reason: str) -> None:
    """One message with the path."""
    path = tmp_path / "conway.toml"
    path.write_bytes(content)

    with pytest.raises(BoundariesError, match=reason) as raised:
        read_config(path)

    assert str(path) in str(raised.value)


def test_a_missing_file(tmp_path: Path) -> None:
    """Says how to write one; a folder is not a file either."""
    for path in (tmp_path / "conway.toml", tmp_path):
        with pytest.raises(BoundariesError, match="conway init REPO"):
            read_config(path)


def test_control_characters_are_spelt_out() -> None:
    """A key cannot colour the terminal."""
    with pytest.raises(BoundariesError) as raised:
        parse_config('"\\u001b[31m" = 1\n')

    assert "\x1b" not in str(raised.value)


@pytest.mark.parametrize("day", ["", "2025", "20250131", "31.1.2025", 5, None, "2025-02-30"])
def test_what_is_not_a_day(day: object) -> None:
    """A value that is not a day is named."""
    with pytest.raises(ValueError, match="is not a day"):
        seconds(day)


def test_times_carry_their_zone() -> None:
    """Without a zone a time is UTC."""
    assert seconds("2025-01-01T01:00:00+01:00") == seconds("2025-01-01") == 1735689600


def test_the_schema_is_closed() -> None:
    """Every table forbids other keys, and a service may be one glob or several."""
    schema = config_schema()
    tables = schema["$defs"]

    assert isinstance(tables, dict)
    assert all(table["additionalProperties"] is False for table in tables.values())
    assert schema["additionalProperties"] is False
