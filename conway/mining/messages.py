"""What a commit message says beyond its prose.

In:  a commit message.
Out: ``Message``: its branch, pull request, tickets, links, co-authors, whether an AI
     agent helped, and what it reverts or was picked from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from conway.mining.agents import is_agent, mentions_agent

_CO_AUTHOR = re.compile(r"^co-?authored[- ]by\s*:[ \t]*(.*)$", re.IGNORECASE | re.MULTILINE)
_FOLDED = re.compile(r"\r?\n[ \t]+(?=\S)")
_ADDRESS = re.compile(r"^(.*?)\s*<([^<>]*)>?.*$")

_NUMBERED = (
    re.compile(r"^Merge pull request #(\d+) (?:from|in)\b"),
    re.compile(r"^Merged in .+ \(pull request #(\d+)\)"),
    re.compile(r"^Merged PR (\d+)\b"),
)
_BRANCHES = (
    re.compile(r"^Merge pull request #\d+ from [^/\s]+/(\S+)"),
    re.compile(r"^Merge pull request #\d+ (?:in|from) .*?\bfrom (\S+) to \S+"),
    re.compile(r"^Merge pull request #\d+ from (\S+)"),
    re.compile(r"^Merged in (\S+) \(pull request #\d+\)"),
    re.compile(r"^Merge remote-tracking branch ['\"][^/'\"]+/([^'\"]+)['\"]"),
    re.compile(r"^Merge branch(?:es)? ['\"]([^'\"]+)['\"]"),
    re.compile(r"^Merge branch (\S+) (?:into|to) \S+"),
)
_SQUASHED = re.compile(r"\(#(\d+)\)")
_QUOTING = re.compile(r'^(?:Revert|Reapply|Reland|Cherry-pick)\b[^"]*"(?P<quoted>.*)"')
_GITLAB = re.compile(r"^See merge request \S*!(\d+)\s*$", re.MULTILINE)
_MOST_DIGITS = 12

_TICKET = re.compile(r"(?<![A-Za-z0-9])([A-Z][A-Z0-9]{1,9})-([1-9]\d*)(?![A-Za-z0-9_]|\.\d)")
_NOT_TICKETS = frozenset(
    {"ADR", "AES", "ARM", "BASE", "CP", "COVID", "CSS", "CVE", "CWE", "ECMA", "ES", "GCM", "GH",
     "GHSA", "GMT", "GPT", "HTML", "HTTP", "HTTPS", "HTTP2", "IEEE", "IPV", "ISO", "ISSUE", "JDK",
     "JSR", "KOI8", "LATIN", "LTS", "MD", "MR", "MSC", "MVP", "P", "PEP", "PHP", "PR", "PSR", "PY",
     "RC", "RFC", "RSA", "SHA", "SHA1", "SHA2", "SHA3", "SSL", "TLS", "UCS", "UTC", "UTF", "UUID",
     "VERSION", "WCAG", "WIN", "X86"}
)  # fmt: skip
_TRAILER = re.compile(
    r"^(?:refs?|references|fixes|closes|resolves|jira|issues?|tickets?|task|story|related(?:-to)?"
    r"|part-of|change-set)\s*:\s*(.+)$",
    re.IGNORECASE | re.MULTILINE,
)
_SHORT_LINK = re.compile(r"(?<![\w/.-])[\w.-]+/([\w.-]+)[#!](\d{1,12})\b")
_LONG_LINK = re.compile(
    r"https?://[^\s/]+/(?:[\w.-]+/)+([\w.-]+)/(?:-/)?"
    r"(?:pulls?|merge_requests|pull-requests|pullrequest)/(\d{1,12})\b"
)
_REVERTS = re.compile(r"This reverts commit ([0-9a-f]{7,64})\b")
_REVERTS_REQUEST = re.compile(r"^Reverts (?:[\w.-]+/)*[\w.-]*[#!](\d{1,12})\s*$", re.MULTILINE)
_REVERT_BRANCH = re.compile(r"^revert-(\d{1,12})-")
_PICKED = re.compile(r"\(cherry picked from commit ([0-9a-f]{7,64})\)")
_ROBOT_BRANCHES = ("dependabot/", "renovate/")


@dataclass(frozen=True, slots=True)
class Message:
    """What a commit message says.

    Attributes
    ----------
    branch, pull_request
        What it merges, as GitHub, GitLab, Bitbucket, Azure and git itself write it.
    tickets
        Such as ``PAY-12``, in its subject, its trailers or its branch; sorted.
    links
        Such as ``repository#12``; sorted.
    co_authors
        Names and addresses, in order; an address may be empty.
    ai
        Whether a trailer names an AI agent.
    reverts, picked_from
        Object ids as written, perhaps shortened.
    reverts_request
        The pull request that it takes back, as GitHub's and GitLab's buttons write it.
    """

    branch: str | None
    pull_request: int | None
    tickets: tuple[str, ...]
    links: tuple[str, ...]
    co_authors: tuple[tuple[str, str], ...]
    ai: bool
    reverts: str | None
    picked_from: str | None
    reverts_request: int | None


def read_message(message: str) -> Message:
    """Return what a commit message says."""
    text = message.replace("\r\n", "\n").replace("\r", "\n").lstrip()
    subject = text.split("\n", 1)[0].strip()
    branch = _branch(subject)
    co_authors = _co_authors(text)
    reverts, picked = _REVERTS.search(text), _PICKED.search(text)
    return Message(
        branch=branch,
        pull_request=_pull_request(subject, text),
        tickets=_tickets(subject, text, branch=branch),
        links=_links(text),
        co_authors=co_authors,
        ai=any(is_agent(*co_author) for co_author in co_authors) or mentions_agent(text),
        reverts=reverts[1] if reverts else None,
        picked_from=picked[1] if picked else None,
        reverts_request=_reverts_request(text, branch=branch),
    )


def is_robot_branch(branch: str | None) -> bool:
    """Return whether a branch is one that only robots make."""
    return branch is not None and branch.startswith(_ROBOT_BRANCHES)


def _branch(subject: str) -> str | None:
    if not subject.startswith("Merge"):
        return None
    for pattern in _BRANCHES:
        found = pattern.match(subject)
        if found:
            return found[1]
    return None


def _pull_request(subject: str, text: str) -> int | None:
    for pattern in _NUMBERED if subject.startswith("Merge") else ():
        found = pattern.match(subject)
        if found:
            return _number(found[1])
    squashed = _SQUASHED.findall(_own_words(subject)) if "(#" in subject else ()
    if squashed:
        return _number(squashed[-1])
    merged = _GITLAB.findall(text) if "See merge request" in text else ()
    return _number(merged[-1]) if merged else None


def _own_words(subject: str) -> str:
    """Return a subject without the one that it quotes, whose number is another change's."""
    found = _QUOTING.match(subject)
    return subject if found is None else subject[found.end("quoted") :]


def _reverts_request(text: str, *, branch: str | None) -> int | None:
    found = _REVERTS_REQUEST.search(text) or _REVERT_BRANCH.match(branch or "")
    return None if found is None else _number(found[1])


def _number(digits: str) -> int | None:
    return int(digits) if len(digits) <= _MOST_DIGITS else None


def _tickets(subject: str, text: str, *, branch: str | None) -> tuple[str, ...]:
    if "-" not in text:
        return ()
    places = [subject, branch or "", *(_TRAILER.findall(text) if ":" in text else ())]
    found = {
        f"{project}-{number}"
        for place in places
        for project, number in _TICKET.findall(place)
        if project not in _NOT_TICKETS
    }
    return tuple(sorted(found))


def _links(text: str) -> tuple[str, ...]:
    if "/" not in text:
        return ()
    pairs = [*_SHORT_LINK.findall(text), *_LONG_LINK.findall(text)]
    return tuple(sorted({f"{name.removesuffix('.git')}#{number}" for name, number in pairs}))


def _co_authors(text: str) -> tuple[tuple[str, str], ...]:
    if "uthored" not in text.lower():
        return ()
    unfolded = _FOLDED.sub(" ", text)
    found: dict[tuple[str, str], None] = {}
    for line in _CO_AUTHOR.findall(unfolded):
        address = _ADDRESS.match(line.strip())
        who = (address[1].strip(), address[2].strip()) if address else (line.strip(), "")
        if any(who):
            found[who] = None
    return tuple(found)
