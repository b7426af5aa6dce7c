"""Tables from elsewhere: every format gives the same rows, and bad ones say all that is wrong."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from conway.boundaries.reading import read_boundaries
from conway.errors import BoundariesError
from conway.history.imports.columns import TABLES
from conway.history.imports.imported import pull_requests
from conway.tables import CHANGES, COMMITS
from tests.boundaries.histories import WEEK, histories_of

if TYPE_CHECKING:
    from conway.boundaries.boundaries import Boundaries
    from conway.history.imports.imported import Imported
    from conway.history.record import History

YEARS = 1_600_000_000
PEOPLE = [
    ("p1", "Ann Lee", "ann@example.com"),
    ("p2", "Bo Ek", "77+boek@users.noreply.github.com"),
]


def commit(position: int) -> str:
    """Return the object id of a change."""
    return f"{position:040x}"


def branch_commit(position: int) -> str:
    """Return the object id of a commit that a change merged."""
    return f"b{position:039x}"


def history(*names: str, changes: int = 3) -> History:
    """Return repositories of some changes a week apart, each with a pull request and a branch."""
    found = histories_of(
        {name: [{f"{n}.py": ""} for n in range(changes)] for name in names}, people=PEOPLE
    )
    rows = found.changes.assign(
        pull_request=found.changes["position"] + 10,
        committer_time=YEARS + found.changes["position"] * WEEK,
    )
    commits = [
        (name, branch_commit(n), commit(n), 1, "p1", YEARS, YEARS, True, False, False)
        for name in names
        for n in range(changes)
    ]
    return replace(
        found,
        changes=CHANGES.check(rows),
        commits=COMMITS.check(pd.DataFrame(commits, columns=COMMITS.names)),
    )


@dataclass(frozen=True)
class Given:
    """Files of a folder, and what ``conway.toml`` says of them."""

    folder: Path

    def file(self, name: str, content: object) -> str:
        """Write a file and return its name."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, encoding="utf-8")
        return name

    def boundaries(self, toml: str, *names: str) -> Boundaries:
        """Read boundaries over the repositories of these names."""
        (self.folder / "conway.toml").write_text(toml, encoding="utf-8")
        return read_boundaries(self.folder / "conway.toml", history(*names or ("shop",)))

    def read(self, toml: str, *names: str) -> Imported:
        """Read the imported tables."""
        return self.boundaries(toml, *names).imported

    def refused(self, toml: str, *names: str) -> str:
        """Return the message of what is refused."""
        with pytest.raises(BoundariesError) as caught:
            self.read(toml, *names)
        return str(caught.value)


@pytest.fixture
def given(tmp_path: Path) -> Given:
    """An empty folder for tables."""
    return Given(tmp_path)


REVIEWS = """\
pull_request,opened,merged,closed,author,reviewer,reviewed,state
11,2020-09-13T12:00:00Z,2020-09-20T12:00:00Z,,ann@example.com,boek,2020-09-14T12:00:00Z,commented
11,2020-09-13T12:00:00Z,2020-09-20T12:00:00Z,,ann@example.com,boek,2020-09-15T14:00:00+02:00,approved
11,2020-09-13T12:00:00Z,2020-09-20T12:00:00Z,,ann@example.com,Ann Lee,2020-09-13T13:00:00Z,commented
11,2020-09-13T12:00:00Z,2020-09-20T12:00:00Z,,ann@example.com,ci[bot],2020-09-13T12:01:00Z,approved
19,2020-09-21T12:00:00Z,,,boek,,,
"""
OPENED = 1_599_998_400
DAY = 24 * 3600


def requests(imported: Imported) -> list[tuple[object, ...]]:
    """Return number, change, and days from opening to review, approval and merge."""
    found = pull_requests(imported.reviews)
    return [
        (
            row.pull_request,
            None if pd.isna(row.change) else row.change,
            *(
                None if pd.isna(at) else (at - row.opened) / DAY
                for at in (row.first_review, row.approved, row.merged)
            ),
            row.approvals,
        )
        for row in found.itertuples()
    ]


EXPECTED = [(11, commit(1), 1.0, 2.0, 7.0, 1), (19, None, None, None, None, 0)]


def test_reviews_of_a_csv_file(given: Given) -> None:
    """Own and robots' reviews are none; an open pull request stays, without a change."""
    imported = given.read(f'[tables]\nreviews = "{given.file("r.csv", REVIEWS)}"\n')

    assert requests(imported) == EXPECTED
    assert set(imported.reviews["reviewer"].dropna()) == {"p2"}
    assert [(row.what, row.count, row.of) for row in imported.counted] == [
        ("rows of reviews that join to a change", 2, 3),
        ("rows of reviews that are by the author or a robot, left out", 2, 3),
        ("rows of reviews that are of pull requests that were not merged", 1, 3),
    ]


def test_reviews_of_github(given: Given) -> None:
    """``gh pr list --json number,url,createdAt,mergedAt,closedAt,author,mergeCommit,reviews``."""
    ann, bo = {"login": "ann@example.com"}, {"login": "BoEk"}
    prs = [
        {
            "number": 11,
            "url": "https://github.com/acme/shop/pull/11",
            "createdAt": "2020-09-13T12:00:00Z",
            "mergedAt": "2020-09-20T12:00:00Z",
            "closedAt": "2020-09-20T12:00:00Z",
            "author": ann,
            "mergeCommit": {"oid": commit(1)},
            "reviews": [
                {"author": ann, "state": "COMMENTED", "submittedAt": "2020-09-13T13:00:00Z"},
                {"author": bo, "state": "COMMENTED", "submittedAt": "2020-09-14T12:00:00Z"},
                {"author": bo, "state": "APPROVED", "submittedAt": "2020-09-15T12:00:00Z"},
                {"author": bo, "state": "PENDING", "submittedAt": None},
                {
                    "author": {"login": "ci", "is_bot": True},
                    "state": "APPROVED",
                    "submittedAt": "2020-09-13T12:01:00Z",
                },
            ],
        },
        {
            "number": 19,
            "url": "https://github.com/acme/shop/pull/19",
            "createdAt": "2020-09-21T12:00:00Z",
            "mergedAt": None,
            "author": bo,
            "mergeCommit": None,
            "reviews": [],
        },
    ]
    toml = f'[tables]\nreviews = "{given.file("prs.json", prs)}"\n'

    assert requests(given.read(toml, "shop", "web")) == EXPECTED


def test_reviews_of_gitlab(given: Given) -> None:
    """Merge requests, with their approvals beside them; a list alone gives no reviews."""
    one = {
        "iid": 11,
        "web_url": "https://gitlab.example/acme/sub/shop/-/merge_requests/11",
        "created_at": "2020-09-13T12:00:00.000Z",
        "merged_at": "2020-09-20T12:00:00.000Z",
        "merge_commit_sha": commit(1),
        "author": {"username": "ann@example.com"},
        "approved_by": [{"user": {"username": "boek"}, "approved_at": "2020-09-15T12:00:00Z"}],
    }
    bare = {"iid": 19, "web_url": one["web_url"], "created_at": "2020-09-21T12:00:00Z"}
    toml = f'[tables]\nreviews = "{given.file("mrs.json", [one, bare])}"\n'

    assert requests(given.read(toml)) == [(11, commit(1), 2.0, 2.0, 7.0, 1), EXPECTED[1]]


def test_reviews_of_parquet_and_json_lines(given: Given) -> None:
    """The same columns; a time with a zone is its moment."""
    frame = pd.read_csv(given.folder / given.file("r.csv", REVIEWS))
    times = ["opened", "merged", "reviewed"]
    for name in times:
        frame[name] = pd.to_datetime(frame[name], utc=True, format="ISO8601")
    import duckdb

    with duckdb.connect(":memory:") as con:
        con.execute("SET TimeZone = 'UTC'")
        con.register("rows", frame.astype({"closed": "str"}).assign(closed=None))
        con.execute(f"COPY rows TO '{given.folder / 'r.parquet'}' (FORMAT parquet)")
    lines = [
        {key: str(cell) for key, cell in row.items() if not pd.isna(cell)}
        for row in frame.to_dict("records")
    ]
    given.file("r.jsonl", "\n".join(json.dumps(line) for line in lines))

    for name in ("r.parquet", "r.jsonl"):
        assert requests(given.read(f'[tables]\nreviews = "{name}"\n')) == EXPECTED


def runs(imported: Imported) -> list[tuple[object, ...]]:
    """Return suite, change, attempt, seconds of wait and run, result, tests, flaky tests."""
    return [
        (
            row.suite,
            None if pd.isna(row.change) else row.change,
            row.attempt,
            *(None if pd.isna(one) else one for one in (row.wait, row.run)),
            row.result,
            *(None if pd.isna(one) else one for one in (row.tests, row.flaky)),
        )
        for row in imported.pipeline_runs.assign(
            wait=lambda rows: rows["started"] - rows["queued"],
            run=lambda rows: rows["finished"] - rows["started"],
        ).itertuples()
    ]


def test_runs_of_github(given: Given) -> None:
    """A wait is known from jobs alone; a run belongs to the change that merged its commit."""
    base = {
        "headSha": branch_commit(2),
        "workflowName": "CI",
        "createdAt": "2020-09-13T12:00:00Z",
        "startedAt": "2020-09-13T12:00:00Z",
        "updatedAt": "2020-09-13T12:10:00Z",
        "status": "completed",
        "url": "https://github.com/acme/shop/actions/runs/1",
    }
    job = {"startedAt": "2020-09-13T12:02:00Z", "completedAt": "2020-09-13T12:09:00Z"}
    again = {
        "attempt": 2,
        "startedAt": "2020-09-13T14:00:00Z",
        "updatedAt": "2020-09-13T14:10:00Z",
        "conclusion": "success",
    }
    running = {
        "headSha": commit(1),
        "status": "in_progress",
        "conclusion": "",
        "startedAt": "0001-01-01T00:00:00Z",
    }
    given_runs = [
        base | {"attempt": 1, "conclusion": "failure", "jobs": [job]},
        base | again,
        base | running,
    ]
    toml = f'[tables]\npipeline_runs = "{given.file("runs.json", given_runs)}"\n'

    assert runs(given.read(toml)) == [
        ("CI", commit(1), 1, None, None, "other", None, None),
        ("CI", commit(2), 1, 120, 420, "failure", None, None),
        ("CI", commit(2), 2, None, 600, "success", None, None),
    ]


def test_runs_of_gitlab(given: Given) -> None:
    """A single pipeline has its wait; one of the list has neither start nor wait."""
    one = {
        "id": 1,
        "sha": commit(1),
        "ref": "main",
        "status": "success",
        "web_url": "https://gitlab.example/acme/shop/-/pipelines/1",
        "created_at": "2020-09-13T12:00:00Z",
        "updated_at": "2020-09-13T12:10:00Z",
    }
    full = one | {
        "sha": commit(2),
        "started_at": "2020-09-13T12:01:00Z",
        "finished_at": "2020-09-13T12:06:00Z",
        "queued_duration": 60,
    }
    toml = f'[tables]\npipeline_runs = "{given.file("pipelines.json", [one, full])}"\n'

    assert runs(given.read(toml)) == [
        ("pipeline", commit(1), 1, None, None, "success", None, None),
        ("pipeline", commit(2), 1, 60, 300, "success", None, None),
    ]


JUNIT = """\
<testsuites><testsuite name="unit" timestamp="2020-09-13T12:00:00" time="1,500.5">
<properties><property name="commit" value="{commit}"/></properties>
<testcase name="a" time="1"/><testcase name="b"><flakyFailure/></testcase>
<testcase name="c"><skipped/></testcase>
</testsuite></testsuites>"""


def test_runs_of_junit(given: Given) -> None:
    """The commit is a property, or in the path."""
    given.file("xml/one.xml", JUNIT.format(commit=commit(1)))
    bad = "<testsuite name='web'><testcase name='a'><failure/></testcase></testsuite>"
    given.file(f"xml/{commit(2)}/two.xml", bad)
    toml = '[tables]\npipeline_runs = "xml"\n'

    assert runs(given.read(toml)) == [
        ("unit", commit(1), 1, None, 1500, "success", 2, 1),
        ("web", commit(2), 1, None, None, "failure", 1, 0),
    ]


@pytest.mark.parametrize(
    "bomb",
    [
        '<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;">]><a>&z;</a>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        "<a>" * 70 + "</a>" * 70,
    ],
)
def test_xml_that_plays_tricks_is_refused(given: Given, bomb: str) -> None:
    """Entities, documents elsewhere, deep nesting; in UTF-16 as well."""
    given.file("a.xml", bomb)
    (given.folder / "b.xml").write_bytes(bomb.encode("utf-16"))
    message = given.refused('[tables]\npipeline_runs = ["a.xml", "b.xml"]\n')

    assert message.count("a.xml: ") == 1
    assert message.count("b.xml: ") == 1


def test_tables_of_devlake(given: Given) -> None:
    """Every table by its name; repositories by ``repos.csv``; times without a zone are UTC."""
    given.file("lake/repos.csv", "id,name,url\ngithub:1,acme/shop,https://github.com/acme/shop\n")
    given.file(
        "lake/pull_requests.csv",
        "id,base_repo_id,pull_request_key,created_date,merged_date,closed_date,merge_commit_sha,"
        "author_id,title\n"
        f"pr1,github:1,11,2020-09-13 12:00:00.000,2020-09-20 12:00:00.000,,{commit(1)},a1,x\n"
        "pr2,github:1,19,2020-09-21 12:00:00.000,,,,a2,y\n",
    )
    given.file(
        "lake/pull_request_comments.csv",
        "pull_request_id,account_id,created_date,type,status\n"
        "pr1,a2,2020-09-14 12:00:00,REVIEW,\npr1,a2,2020-09-15 12:00:00,REVIEW,APPROVED\n"
        "pr1,a3,2020-09-13 12:30:00,NORMAL,\n",
    )
    given.file(
        "lake/cicd_pipelines.csv",
        "id,name,result,type,queued_date,started_date,finished_date\n"
        "c1,ci,SUCCESS,CI,2020-09-13 12:00:00,2020-09-13 12:01:00,2020-09-13 12:03:00\n"
        "c2,ship,SUCCESS,DEPLOYMENT,,,\n",
    )
    given.file(
        "lake/cicd_pipeline_commits.csv",
        f"pipeline_id,commit_sha,repo_id\nc1,{branch_commit(1)},github:1\n",
    )
    given.file(
        "lake/cicd_deployment_commits.csv",
        "commit_sha,repo_id,result,environment,finished_date\n"
        f"{commit(1)},github:1,SUCCESS,PRODUCTION,2020-09-21 12:00:00\n",
    )
    imported = given.read('[tables]\ndevlake = "lake"\n')

    assert requests(imported) == EXPECTED
    assert runs(imported) == [("ci", commit(1), 1, 60, 120, "success", None, None)]
    assert imported.deployments[["change", "environment", "result"]].to_numpy().tolist() == [
        [commit(1), "PRODUCTION", "success"]
    ]


def test_deployments_by_the_beginning_of_a_commit(given: Given) -> None:
    """Seven characters do where they name one commit; incidents and surveys need no change."""
    text = f"repository,commit,deployed\nshop,{branch_commit(1)[:7]},2020-10-20T12:00:00Z\n"
    whole = f"repository,commit,deployed\nshop,{branch_commit(1)},2020-10-20T12:00:00Z\n"
    given.file("d.csv", text)
    given.file("e.csv", whole)
    given.file("i.csv", "opened,resolved\n2020-10-20T12:00:00Z,2020-10-20T13:00:00Z\n")
    given.file(
        "s.csv",
        "constraint,question,answered,score,respondents\n"
        "coordination,How often do you wait?,2020-10-20,3.5,9\n",
    )
    toml = '[tables]\ndeployments = "{}"\nincidents = "i.csv"\nsurvey = "s.csv"\nzone = "UTC"\n'

    assert "none of 1 rows joins" in given.refused(toml.format("d.csv"))
    imported = given.read(toml.format("e.csv"))
    assert imported.deployments["position"].tolist() == [1]
    assert len(imported.incidents) == len(imported.survey) == 1


def test_everything_wrong_is_said_at_once(given: Given) -> None:
    """Of all files: cells, columns, missing files, what joins to nothing."""
    given.file(
        "r.csv",
        "pull_request,opened,merged,reviwer\n"
        "11,2020-09-13 12:00:00,,ann\n12,yesterday,,\nx,,1999,\n13,2020-09-13 12:00:00,,\n",
    )
    given.file(
        "runs.csv",
        "repository,commit,suite,result\nother,abc,ci,success\nshop,ffffffff,ci,passed\n"
        "shop,,ci,failed\n",
    )
    given.file("d.json", "{")
    message = given.refused(
        '[tables]\nreviews = "r.csv"\npipeline_runs = "runs.csv"\ndeployments = "d.json"\n'
        'incidents = "none.csv"\nsurvey = "s.xlsx"\n'
    )

    assert [line.strip() for line in message.splitlines()[1:]] == [
        (
            "r.csv: unknown column 'reviwer'; did you mean 'reviewer'? valid: repository, "
            "pull_request, commit, opened, merged, closed, author, reviewer, reviewed, state"
        ),
        (
            "r.csv: 'opened' names no zone; write 2025-01-31T12:00:00Z, or say [tables] zone = "
            '"UTC" (2 times, the first in line 2)'
        ),
        "r.csv: 'opened' is no time such as 2025-01-31T12:00:00Z (line 3)",
        "r.csv: 'pull_request' is not a whole number from 0 (line 4)",
        "r.csv: 'opened' is empty; each row needs it (line 4)",
        "r.csv: 'merged' is not between the years 1990 and 2100 (line 4)",
        (
            "runs.csv: none of 3 rows joins to a change: 1 are of a repository that is not read, "
            "1 are of a commit or pull request that is not in the history, 1 name neither a commit "
            "nor a pull request; repositories: shop"
        ),
        (
            "d.json: is not JSON: Expecting property name enclosed in double quotes: "
            "line 1 column 2 (char 1)"
        ),
        (
            "none.csv: cannot be read (No such file or directory); paths in conway.toml are "
            "relative to it"
        ),
        (
            "s.xlsx: has an unknown ending; valid: .csv, .json, .jsonl, .ndjson, .parquet, "
            "and .xml for JUnit"
        ),
    ]


def test_absurd_durations_are_counted_until_they_are_most(given: Given) -> None:
    """One run of three that ends before it begins is left out; two of three are refused."""
    head = "commit,suite,started,finished,result\n"
    good = f"{commit(1)},ci,2020-09-13T12:00:00Z,2020-09-13T12:05:00Z,success\n"
    back = f"{commit(1)},ci,2020-09-13T12:05:00Z,2020-09-13T12:00:00Z,success\n"
    long = f"{commit(1)},ci,2020-09-13T12:05:00Z,2020-12-13T12:00:00Z,success\n"
    given.file("a.csv", head + good + good + back)
    given.file("b.csv", head + good + long + back)
    imported = given.read('[tables]\npipeline_runs = "a.csv"\n')

    assert [(row.what, row.count) for row in imported.counted] == [
        ("rows of pipeline runs that join to a change", 2),
        ("rows of pipeline runs that end before they begin", 1),
    ]
    assert "2 of 3 rows cannot be" in given.refused('[tables]\npipeline_runs = "b.csv"\n')


def test_names_cannot_act(given: Given) -> None:
    """A suite's name with terminal codes and hidden direction is spelt out from the start."""
    given.file("a.json", [{"commit": commit(1), "suite": "\x1b[31mci\u202e", "result": "ok"}])
    imported = given.read('[tables]\npipeline_runs = "a.json"\n')

    assert imported.pipeline_runs["suite"].tolist() == ["\\u{1B}[31mci\\u{202E}"]


def test_capacities(given: Given) -> None:
    """None at all is refused by the form, one of a suite that nobody runs by the content."""
    given.file("a.csv", f"commit,suite,result\n{commit(1)},ci,success\n")
    table = '[tables]\npipeline_runs = "a.csv"\n'

    assert "ci" in given.refused(table + "[capacity]\nsuites = { ci = 0 }\n")
    message = given.refused(table + "[capacity]\nsuites = { unit = 4 }\n")
    assert "nobody runs 'unit'; suites of pipeline_runs: ci" in message
    assert given.read(table + "[capacity]\nsuites = { ci = 4 }\n").runners == {"ci": 4}


def test_files_of_several_repositories(given: Given) -> None:
    """The same number in two repositories: the file says which; two files of one table."""
    text = "pull_request,opened\n11,2020-09-13T12:00:00Z\n"
    given.file("a.csv", text)
    imported = given.read(
        '[tables]\nreviews = { shop = "a.csv", web = ["a.csv"] }\n', "shop", "web"
    )

    assert imported.reviews[["repository", "change"]].to_numpy().tolist() == [
        ["shop", commit(1)],
        ["web", commit(1)],
    ]
    message = given.refused('[tables]\nreviews = "a.csv"\n', "shop", "web")
    assert "1 do not say of which repository" in message


def test_the_page_lists_every_column() -> None:
    """As the reader knows them."""
    page = (Path(__file__).parents[3] / "docs" / "delivery-tables.md").read_text(encoding="utf-8")
    rows = [
        f"| `{name}` | {cell.kind} | {'yes' if cell.needed else ''} | {cell.meaning} |"
        for columns in TABLES.values()
        for name, cell in columns.items()
    ]

    assert [row for row in rows if row not in page] == []
    assert len(rows) == len(re.findall(r"^\| `\w+` \| \w+ \|", page, re.MULTILINE))


def test_nobody_is_named(given: Given) -> None:
    """Neither the frames nor what is shown hold a login, known or not."""
    text = REVIEWS.replace("boek,2020-09-15", "mallory,2020-09-15")
    boundaries = given.boundaries(f'[tables]\nreviews = "{given.file("r.csv", text)}"\n')
    shown = boundaries.imported.reviews.to_csv() + repr(boundaries.imported) + repr(boundaries)

    assert set(boundaries.imported.reviews["reviewer"].dropna()) == {"p2", "stranger 0"}
    assert "stranger" in shown
    assert not [name for name in ("mallory", "boek", "ann") if name in shown.casefold()]
