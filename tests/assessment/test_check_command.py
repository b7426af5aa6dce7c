"""The commands check and diff on one small repository."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conway.assessment import assess
from conway.pipeline import Job, result_of
from sample_repos import build_shop
from tests.cli_runs import CONFIG, config_in, conway

Capture = pytest.CaptureFixture[str]
SHOP = Path(__file__).parents[2] / "sample_repos" / "shop.toml"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a conway.toml that has limits, and one without."""
    folder = tmp_path_factory.mktemp("check")
    config_in(folder)
    (folder / "limits.toml").write_text(
        f"{CONFIG}[check]\nmax_teams = 1\nmax_handoffs = 0\n", encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="module")
def store(place: Path, good: Path) -> Path:
    """Return the store of the repository, and keep an assess.json beside it."""
    job = Job((str(good),), boundaries=place / "conway.toml", quiet=True)
    result_of(job, assess, name="assess", out=place / "out")
    return place / "out" / "shop.conway"


def test_check_breaks_and_keeps(capsys: Capture, place: Path, store: Path) -> None:
    """Exit code 1 with a line per limit; 0 once they are wide enough."""
    toml = place / "conway.toml"
    broken = conway(
        "check", store, "-b", toml, "--max-handoffs", 0, "--min-single-team", 0, capture=capsys
    )
    kept = conway("check", store, "-b", toml, "--max-handoffs", 100, capture=capsys)

    assert (broken.code, kept.code) == (1, 0)
    assert [line[:8].strip() for line in broken.out.splitlines()] == ["kept", "broken"]
    assert kept.out.startswith("kept     handoffs per 100 is ")


def test_limits_of_the_file_give_way(capsys: Capture, place: Path, store: Path) -> None:
    """[check] holds; the command line goes first."""
    toml = place / "limits.toml"

    assert conway("check", store, "-b", toml, capture=capsys).code == 1
    wide = conway("check", store, "-b", toml, "--max-handoffs", 100, "--json", capture=capsys)
    assert wide.code == 0
    assert json.loads(wide.out)["limits"][0]["bound"] == 100


def test_no_worse_than_itself(capsys: Capture, place: Path, store: Path) -> None:
    """The same history keeps all its figures."""
    shown = conway(
        "check", store, "-b", place / "conway.toml",
        "--no-worse-than", place / "out" / "assess.json", capture=capsys,
    )  # fmt: skip

    assert (shown.code, "broken" in shown.out) == (0, False)


def test_what_cannot_be_measured_is_no_pass(capsys: Capture, tmp_path: Path, store: Path) -> None:
    """Without teams there are no handoffs: exit code 3."""
    text = '[services]\n"{name}" = "{name}/**"\n[teams]\nsource = "none"\n'
    toml = config_in(tmp_path, text=text)

    shown = conway("check", store, "-b", toml, "--max-handoffs", 100, capture=capsys)

    assert shown.code == 3
    assert shown.out.startswith("unknown  handoffs per 100 is unknown (")
    assert "a limit cannot be measured" in shown.err


def test_check_of_a_change(capsys: Capture, place: Path, good: Path) -> None:
    """Change 252 of 260 touches both services: two teams."""
    toml = place / "limits.toml"
    shown = conway("check", good, "-b", toml, "--change", "HEAD~8..HEAD~7", capture=capsys)
    wide = conway(
        "check", good, "-b", toml, "--change", "HEAD~8..HEAD~7", "--max-teams", 2, "--json",
        capture=capsys,
    )  # fmt: skip

    assert (shown.code, wide.code) == (1, 0)
    assert shown.out.splitlines() == [
        "2 files need 2 teams: money, web",
        "/cart/  web", "  cart/b.py",
        "/pay/  money", "  pay/b.py",
        "broken: 2 teams, the limit is 1",
    ]  # fmt: skip
    assert json.loads(wide.out)["needed"] == [["money", "web"]]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "no limit is given"),
        (["--max-gap", "no_owner"], 2, "write it as no_owner=0"),
        (["--max-gap", "no_ownr=1"], 3, "did you mean 'no_owner'"),
        (["--min-autonomous", "7"], 2, "--min-autonomous"),
        (["--no-worse-than", "gone.json"], 3, "cannot be read"),
        (["--change", "HEAD"], 2, "BASE..HEAD"),
    ],
)
def test_bad_limits(
    capsys: Capture, good: Path, arguments: list[str], code: int, said: str
) -> None:
    """Each is said before anything is measured."""
    shown = conway("check", good, *arguments, capture=capsys)

    assert shown.code == code
    assert said in " ".join((shown.out + shown.err).split())


def test_too_little_history_before_a_day(capsys: Capture, place: Path, store: Path) -> None:
    """Fourteen weeks of a change a day are not measured, so they are not compared."""
    days = ("2024-05-20", "2024-09-01")
    shown = conway("diff", *days, store, "-b", place / "limits.toml", "--weeks", 14, capture=capsys)

    assert (shown.code, shown.out) == (3, "")
    assert "too little history" in shown.err


@pytest.mark.slow
def test_diff_of_two_days(capsys: Capture, tmp_path: Path) -> None:
    """Half a year before each, with intervals of the differences."""
    build_shop(tmp_path / "shop")
    shown = conway(
        "diff", "2024-07-01", "2025-01-01", tmp_path / "shop", "-b", SHOP, "--json", capture=capsys
    )

    document = json.loads(shown.out)
    assert document["old"]["window"] == {"since": "2024-01-01", "until": "2024-06-30", "weeks": 26}
    assert {one["note"] for one in document["figures"][:4]} == {
        "interval of the difference, by weeks"
    }
    for figure in document["figures"][:4]:
        low, high = figure["difference"]["low"], figure["difference"]["high"]
        assert figure["established"] is not (low <= 0 <= high)


def test_diff_of_files_and_stores(capsys: Capture, place: Path, store: Path) -> None:
    """A file against the store it was made from: nothing changed."""
    file = place / "out" / "assess.json"
    shown = conway("diff", file, store, "-b", place / "conway.toml", "--json", capture=capsys)
    document = json.loads(shown.out)

    assert shown.code == 0
    assert document["schema"] == "conway.diff/1"
    assert {figure["difference"] for figure in document["figures"]} == {0}
    assert document["gaps"]["gone"] == document["gaps"]["new"] == document["owners"] == []
    assert "findings in both: " in conway("diff", file, file, capture=capsys).out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["2024-01-01", "2024-07-01"], 2, "give two days and REPO"),
        (["2024-07-01", "2024-01-01", "REPO"], 2, "must come before"),
        (["2024-07-01", "x.json"], 2, "give two days and REPO"),
        (["gone.json", "gone.json"], 3, "cannot be read"),
        (["2024-02-31", "2024-07-01", "REPO"], 2, "is not a day"),
    ],
)
def test_bad_differences(
    capsys: Capture, good: Path, arguments: list[str], code: int, said: str
) -> None:
    """Days go with a repository, files and stores without."""
    given = [str(good) if word == "REPO" else word for word in arguments]
    shown = conway("diff", *given, capture=capsys)

    assert shown.code == code
    assert said in " ".join((shown.out + shown.err).split())


def test_a_file_that_conway_did_not_write(capsys: Capture, tmp_path: Path) -> None:
    """JSON of another kind, and no JSON."""
    for text in ('{"schema": "other"}', "no json", "[]", '{"schema": "conway.assess/1"}'):
        path = tmp_path / "x.json"
        path.write_text(text, encoding="utf-8")
        shown = conway("diff", path, path, capture=capsys)
        assert shown.code == 3
        assert "assess.json" in shown.err
