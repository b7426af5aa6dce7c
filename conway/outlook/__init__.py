"""What happens when changes come faster."""

from __future__ import annotations

from conway.outlook.outlook import Outlook, forecast

__all__ = ["Outlook", "forecast"]
