"""Which URLs may be read: https and ssh, and nothing that looks like an option.

In:  what a user typed.
Out: its protocol, and the name of the repository behind it.
"""

from __future__ import annotations

import re

_ANY = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*::?//|^[A-Za-z0-9+-]+::|^[\w.-]+@[\w.-]+:")
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?::\d{1,5})?"
_PATH = r"[^\x00-\x20\x7f\\]+"
_HTTPS = re.compile(rf"https://(?:[^/@\s\x00-\x20]+@)?{_HOST}/{_PATH}")
_SSH = re.compile(rf"ssh://(?:[A-Za-z0-9_][\w.-]*@)?{_HOST}/{_PATH}")
_SCP = re.compile(rf"[A-Za-z0-9_][\w.-]*@[A-Za-z0-9][A-Za-z0-9._-]*:(?!:)(?!-){_PATH}")


def is_url(given: str) -> bool:
    """Return whether a user means a URL, of whatever protocol.

    Examples
    --------
    >>> is_url("git@example.org:org/r.git"), is_url("ext::sh"), is_url("work/r.git")
    (True, True, False)
    """
    return bool(_ANY.match(given))


def protocol_of(url: str) -> str | None:
    """Return the protocol of a URL that may be read, else None.

    Examples
    --------
    >>> protocol_of("https://example.org/org/r.git"), protocol_of("git@example.org:org/r")
    ('https', 'ssh')
    >>> protocol_of("file:///etc") is protocol_of("ssh://-oProxyCommand=x/r") is None
    True
    """
    if _HTTPS.fullmatch(url):
        return "https"
    return "ssh" if _SSH.fullmatch(url) or _SCP.fullmatch(url) else None


def last_part(url: str) -> str:
    """Return the last part of a URL's path.

    Examples
    --------
    >>> last_part("git@example.org:r.git"), last_part("https://example.org/org/r/")
    ('r.git', 'r')
    """
    return re.split(r"[/:]", url.split("?", maxsplit=1)[0].rstrip("/"))[-1]
