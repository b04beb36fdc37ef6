"""How much of a table is read: more than any standard has, and little enough to hold in memory."""

from __future__ import annotations

MOST_ROWS = 50_000
MOST_COLUMNS = 2_000
MOST_CELLS = 1_000_000
