"""Run every evaluation, print its table, and keep all in ``docs/evaluation.md``."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from conway import __version__
from tests.evaluations import advice

DOCUMENT = Path(__file__).parents[2] / "docs" / "evaluation.md"


def main() -> None:
    """Evaluate, print and write."""
    today = datetime.now(UTC).date().isoformat()
    works = advice.histories()
    tables = [advice.held_out(works), advice.without(works), advice.planted()]
    text = "\n".join(
        [
            "# How good the advice is",
            "",
            (
                f"Printed by `make evaluate` on {today}, version {__version__}. Real histories "
                "are public repositories of which only shapes are known; they are left out "
                "where they are absent."
            ),
            "",
            *(table.markdown() for table in tables),
        ]
    )
    sys.stdout.write(text)
    DOCUMENT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
