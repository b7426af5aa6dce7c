"""What changes together, how surely, and how often it will again.

In:  ``conway.boundaries.work.Work``.
Out: pairs of services and files, their graph, its clusters, and congruence.
"""
