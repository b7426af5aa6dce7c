"""Times in the JSON form: days in UTC.

In:  seconds.
Out: text.
"""

from __future__ import annotations

import pandas as pd


def day(seconds: int) -> str:
    """Return a time as its UTC date.

    Examples
    --------
    >>> day(1_704_067_200)
    '2024-01-01'
    """
    return pd.Timestamp(seconds, unit="s").date().isoformat()
