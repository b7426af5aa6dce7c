"""Each command on one small repository: what it writes, what it prints, and that they agree."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from sample_repos import ANA, BEN
from tests.cli_runs import config_in, conway

Capture = pytest.CaptureFixture[str]
_ROOT = Path(__file__).parents[1]
_RESULTS = ("assess", "recommend", "backtest", "lookback")


@pytest.fixture(scope="session")
def done(tmp_path_factory: pytest.TempPathFactory, good: Path) -> Path:
    """Return the OUT of one whole job, run in a process of its own."""
    folder = tmp_path_factory.mktemp("done")
    config_in(folder)
    run_apart(good, "-b", folder / "conway.toml", "-o", folder / "out")
    return folder / "out"


def run_apart(*arguments: object, **environment: str) -> None:
    """Run ``conway run`` in a new process; nothing may appear on its outputs but one line."""
    script = "from conway.cli import main; main()"
    shown = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, "run", *map(str, arguments)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        cwd=_ROOT,
    )
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout == ""
    assert shown.stderr.splitlines() == [f"wrote {arguments[-1]}/review.html"]


def content(folder: Path) -> dict[str, bytes]:
    """Every result file of OUT but the store."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".conway" not in str(path.relative_to(folder))
    }


def test_run_fills_out(done: Path) -> None:
    """Exactly the documented files, and the store."""
    assert sorted(content(done)) == [
        ".gitignore", "assess.json", "backtest.json", "forecast.json", "lookback.json", "plan.toml",
        "recommend.json", "review.html", "tables/coupling.csv", "tables/coverage.csv",
        "tables/gaps.csv", "tables/handoffs.csv", "tables/handoffs_by_quarter.csv",
        "tables/lockstep.csv", "tables/sensitivity.csv",
    ]  # fmt: skip
    assert (done / "shop.conway" / "manifest.json").is_file()


@pytest.mark.parametrize("name", _RESULTS)
def test_json_is_what_run_writes(done: Path, capsys: Capture, good: Path, name: str) -> None:
    """``--json`` prints the bytes of the file, also when read from the store.

    But for functions behind moves: a store holds no contents, so they need the repository.
    """
    config = done.parent / "conway.toml"
    source = good if name == "recommend" else done / "shop.conway"
    shown = conway(name, source, "-b", config, "--json", capture=capsys)

    assert shown.code == 0, shown.err
    assert shown.out == (done / f"{name}.json").read_text()
    assert json.loads(shown.out)["schema"] == f"conway.{name}/1"


@pytest.mark.parametrize("name", _RESULTS)
def test_without_json_a_person_reads_lines(done: Path, capsys: Capture, name: str) -> None:
    """A few lines on stdout, nothing on stderr."""
    config = done.parent / "conway.toml"
    shown = conway(name, done / "shop.conway", "-b", config, capture=capsys)

    assert shown.code == 0, shown.err
    assert 0 < len(shown.out.splitlines()) < 30
    assert shown.err == ""


def test_a_result_can_be_kept(done: Path, capsys: Capture, good: Path, tmp_path: Path) -> None:
    """``assess -o OUT`` keeps the store and the JSON file that ``run`` writes."""
    config, out = done.parent / "conway.toml", tmp_path / "out"
    shown = conway("assess", good, "-b", config, "-o", out, capture=capsys)

    assert (shown.code, shown.out) == (0, "")
    assert content(out) == {
        ".gitignore": b"*\n",
        "assess.json": (done / "assess.json").read_bytes(),
    }
    assert (out / "shop.conway" / "manifest.json").is_file()


def test_a_second_run_replaces_the_first(
    done: Path, capsys: Capture, good: Path, tmp_path: Path
) -> None:
    """Over its own output, from its own store, and quietly: the same bytes.

    From the store alone without the functions behind moves, which it does not hold.
    """
    config, out = done.parent / "conway.toml", tmp_path / "out"
    for source in (good, good, out / "shop.conway"):
        shown = conway("run", source, "-b", config, "-o", out, "-q", capture=capsys)
        assert (shown.code, shown.out, shown.err) == (0, "", "")
        changed = {name for name, text in content(out).items() if text != content(done)[name]}
        assert changed <= ({"recommend.json", "review.html"} if source != good else set())


@pytest.mark.slow
def test_results_depend_on_nothing_but_the_input(done: Path, good: Path, tmp_path: Path) -> None:
    """Another hash seed, time zone, locale and home: the same bytes."""
    for number, zone in enumerate(("Asia/Tokyo", "America/Los_Angeles")):
        out = tmp_path / f"out{number}"
        places = (good, "-b", done.parent / "conway.toml", "-o", out)
        home = str(tmp_path / f"home{number}")
        run_apart(*places, PYTHONHASHSEED=str(number), TZ=zone, LC_ALL="C", HOME=home)
        assert content(out) == content(done)


def test_no_person_is_named(done: Path) -> None:
    """Neither names nor addresses of authors leave the store."""
    secrets = [part.encode() for person in (ANA, BEN) for part in (person.name, person.email)]
    told = [name for name, text in content(done).items() if any(word in text for word in secrets)]

    assert told == []


def test_mine_then_report(done: Path, capsys: Capture, good: Path, tmp_path: Path) -> None:
    """A store first, the report from it."""
    store, page = tmp_path / "shop.conway", tmp_path / "review.html"
    mined = conway("mine", good, "-o", store, capture=capsys)
    assert (mined.code, mined.out) == (0, "")
    config = done.parent / "conway.toml"
    shown = conway("report", store, "-b", config, "-o", page, capture=capsys)

    assert (shown.code, shown.out) == (0, "")
    assert page.read_bytes() == (done / "review.html").read_bytes()


def test_the_window_goes_before_the_config(done: Path, capsys: Capture) -> None:
    """``--since`` and ``--until`` bound the committer's time."""
    config, store = done.parent / "conway.toml", done / "shop.conway"
    window = ("--since", "2024-01-08", "--until", "2024-09-02")
    shown = conway("assess", store, "-b", config, *window, "--json", capture=capsys)

    assert shown.code == 0, shown.err
    window_read = json.loads(shown.out)["window"]
    assert (window_read["since"], window_read["weeks"]) == ("2024-01-08", 34)


def test_init_writes_what_run_reads(capsys: Capture, good: Path, tmp_path: Path) -> None:
    """The written file is valid, and an existing one is never overwritten."""
    path = tmp_path / "conway.toml"
    assert conway("init", good, "-o", path, capture=capsys).code == 0
    assert "teams" in tomllib.loads(path.read_text())
    assert conway("assess", good, "-b", path, capture=capsys).code == 0

    again = conway("init", good, "-o", path, capture=capsys)
    assert again.code == 3
    assert "exists" in again.err


def test_simulate_a_plan(done: Path, capsys: Capture, tmp_path: Path) -> None:
    """The moves of plan.toml are replayed; a misspelt service is bad input."""
    config, store, plan = done.parent / "conway.toml", done / "shop.conway", tmp_path / "plan.toml"
    plan.write_text('[[move]]\nkind = "Reassign"\nservice = "pay"\nto = "web"\n')
    shown = conway("simulate", store, "-b", config, "--plan", plan, "--json", capture=capsys)
    assert shown.code == 0, shown.err
    assert json.loads(shown.out)["schema"] == "conway.simulate/1"

    plan.write_text('[[move]]\nkind = "Reassign"\nservice = "payy"\nto = "web"\n')
    wrong = conway("simulate", store, "-b", config, "--plan", plan, capture=capsys)
    assert wrong.code == 3
    assert "payy" in wrong.err


def test_plans_side_by_side_and_in_the_report(done: Path, capsys: Capture, tmp_path: Path) -> None:
    """Two files give a comparison; the report has a section about it."""
    config, store = done.parent / "conway.toml", done / "shop.conway"
    plans = []
    for name, to in (("a", "web"), ("b", "money")):
        plan = tmp_path / f"{name}.toml"
        plan.write_text(f'[[move]]\nkind = "Reassign"\nservice = "pay"\nto = "{to}"\n')
        plans += ["--plan", plan]
    shown = conway("simulate", store, "-b", config, *plans, "--json", capture=capsys)
    assert shown.code == 0, shown.err
    assert [one["name"] for one in json.loads(shown.out)["plans"]] == ["a", "b"]

    review = tmp_path / "review.html"
    assert conway("report", store, "-b", config, *plans, "-o", review, capture=capsys).code == 0
    assert "The plans side by side" in review.read_text(encoding="utf-8")


def test_owners(capsys: Capture, good: Path) -> None:
    """Who must approve, as text and as JSON."""
    lines = conway("owners", good, "pay/x.py", "README.md", capture=capsys)
    assert (lines.code, lines.out) == (0, "pay/x.py\t@shop/money\nREADME.md\tno owner\n")

    shown = conway("owners", good, "cart/a.py", "--json", capture=capsys)
    assert json.loads(shown.out) == {"cart/a.py": ["@shop/web"]}


def test_report_takes_a_format_a_title_and_the_last_review(
    done: Path, good: Path, tmp_path: Path, capsys: Capture
) -> None:
    """Markdown here; OLD is the folder of an earlier run."""
    place = tmp_path / "review.md"
    conway(
        "report", good, "-b", config_in(tmp_path), "-o", place, "--compare", done,
        "--title", "Third quarter", "--audience", "leadership",
        capture=capsys,
    )  # fmt: skip

    text = place.read_text(encoding="utf-8")
    assert text.startswith("# Third quarter\n")
    assert "## What changed since the last review" in text


def test_report_refuses_a_format_before_it_reads(tmp_path: Path, capsys: Capture) -> None:
    """Nothing is read: the repository is not even there."""
    place = tmp_path / "review.docx"

    shown = conway("report", tmp_path / "absent", "-o", place, capture=capsys)

    assert shown.code == 3
    assert "supported: .html, .md, .pdf, .pptx" in shown.err


def test_a_prediction_is_scored_when_its_quarter_is_over(
    good: Path, tmp_path: Path, capsys: Capture
) -> None:
    """What is over in the history is scored, what is not is refused."""
    config, path = config_in(tmp_path), tmp_path / "p.json"
    made = conway("predict", good, "-b", config, "-o", path, capture=capsys)
    refused = conway("score", path, good, "-b", config, capture=capsys)
    content = json.loads(path.read_text())
    for part, key in (("made", "until"), ("quarter", "since"), ("quarter", "until")):
        content[part][key] -= 100 * 24 * 3600
    path.write_text(json.dumps(content))
    scored = conway("score", path, good, "-b", config, "--json", capture=capsys)

    assert (made.code, made.err) == (0, f"wrote {path}\n")
    assert (refused.code, refused.out) == (3, "")
    assert "its quarter ends on" in refused.err
    assert json.loads(scored.out)["schema"] == "conway.score/1"
