"""What happens when changes come faster."""

from __future__ import annotations

from conway.outlook.outlook import Outlook, forecast, read_rates

__all__ = ["Outlook", "forecast", "read_rates"]
