"""Ownership formats: each reads the files of one commit into ``PathRules``.

In:  texts by path.
Out: the approvals that a path needs, with the lines that are not read.
"""
