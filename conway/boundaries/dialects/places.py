"""Which ownership format a repository is written in.

In:  ``[teams] source`` and ``dialect``, and the paths of the ownership files of a history.
Out: the ``Dialect`` of each repository.

``.github/CODEOWNERS`` is GitHub's, ``.gitlab/CODEOWNERS`` GitLab's, ``.bitbucket/CODEOWNERS``
Bitbucket's; at the root or in ``docs/`` it is GitHub's unless ``dialect`` says otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.boundaries.codeowners import GITHUB
from conway.boundaries.dialects.backstage import BACKSTAGE
from conway.boundaries.dialects.bitbucket import BITBUCKET
from conway.boundaries.dialects.gitlab import GITLAB
from conway.boundaries.dialects.maintainers import LINUX
from conway.boundaries.dialects.owners_files import KUBERNETES

if TYPE_CHECKING:
    from collections.abc import Collection

    from conway.boundaries.requirements import Dialect

CODEOWNERS = "CODEOWNERS"
HOSTS = {dialect.name: dialect for dialect in (GITHUB, GITLAB, BITBUCKET)}
OTHERS = {dialect.name: dialect for dialect in (KUBERNETES, LINUX, BACKSTAGE)}
_BY_FOLDER = ((".github/", GITHUB), (".gitlab/", GITLAB), (".bitbucket/", BITBUCKET))


def source_name(text: str) -> str | None:
    """Return the in-repository source that ``[teams] source`` means, None for another.

    Examples
    --------
    >>> source_name(".github/CODEOWNERS"), source_name("catalog-info.yml"), source_name("t.csv")
    ('CODEOWNERS', 'catalog-info.yaml', None)
    """
    plain = text.removeprefix("./")
    if plain == CODEOWNERS or any(dialect.holds(plain) for dialect in HOSTS.values()):
        return CODEOWNERS
    found = (dialect.name for dialect in OTHERS.values() if dialect.holds(plain))
    return next(found, None)


def dialect_for(source: str, paths: Collection[str], *, named: str | None = None) -> Dialect:
    """Return the dialect of one repository.

    Parameters
    ----------
    source
        What ``source_name`` returned.
    paths
        Every ownership file that the repository ever had.
    named
        ``[teams] dialect``.

    Examples
    --------
    >>> dialect_for("CODEOWNERS", [".gitlab/CODEOWNERS"]).name
    'gitlab'
    """
    if source in OTHERS:
        return OTHERS[source]
    if named is not None:
        return HOSTS[named]
    for folder, dialect in _BY_FOLDER:
        if folder + CODEOWNERS in paths:
            return dialect
    return GITHUB
