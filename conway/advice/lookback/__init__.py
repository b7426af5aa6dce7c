"""Look back: what past reorganisations changed, against services that stayed.

In:  a history and dated boundaries.
Out: ``LookBack``: events, the smallest detectable effect first, effects with intervals.
"""

from conway.advice.lookback.measuring import look_back
from conway.advice.lookback.options import LookBackOptions
from conway.advice.lookback.result import LookBack

__all__ = ["LookBack", "LookBackOptions", "look_back"]
