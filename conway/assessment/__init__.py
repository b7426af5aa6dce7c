"""Assessment: one measurement of one organisation over one window.

In:  a ``History`` and ``Boundaries``.
Out: ``Assessment``: delivery, coupling, clusters, findings and coverage.
"""

from conway.assessment.assessment import Assessment, assess

__all__ = ["Assessment", "assess"]
