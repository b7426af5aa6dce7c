"""Where services, release units and teams are, and who must approve, as of a date.

In:  ``conway.toml`` or nothing, and the tables of a ``History``.
Out: ``Boundaries``; with a history, ``Work``: change sets labelled with them.
"""
