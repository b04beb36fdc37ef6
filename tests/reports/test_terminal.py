"""Tables keep to their width, and break lines as the library they are drawn with would."""

from __future__ import annotations

import tabulate
from hypothesis import given
from hypothesis import strategies as st

from compliance.reports.parts.terminal import table

WORDS = st.text("ab-é–_ ", max_size=60) | st.lists(st.text("abc-", min_size=1, max_size=30), max_size=12).map(" ".join)
CELLS = st.lists(WORDS, min_size=1, max_size=3).map(lambda lines: "a" + "\n".join(lines))


@given(st.lists(st.tuples(st.text("xyz", min_size=1, max_size=8), CELLS), min_size=1, max_size=4), st.integers(40, 100))
def test_lines_break_as_the_library_breaks_them(rows, width):
    first = max(len("Id"), *(len(row[0]) for row in rows))
    drawn = tabulate.tabulate(
        rows,
        headers=["Id", "What"],
        tablefmt="simple",
        disable_numparse=True,
        maxcolwidths=[None, max(20, width - first - 2)],
        break_on_hyphens=False,
        colalign=["left", "left"],
    )
    assert table(("Id", "What"), rows, width, flexible=1) == drawn


@given(st.lists(st.tuples(st.text("xyz", min_size=1, max_size=8), CELLS), min_size=1, max_size=4), st.integers(40, 100))
def test_a_table_is_never_wider_than_there_is_room(rows, width):
    assert max(len(line) for line in table(("Id", "What"), rows, width, flexible=1).split("\n")) <= width


def test_a_line_keeps_its_words_and_a_long_word_is_broken():
    text = "a sentence of several words " + "w" * 90
    drawn = table(("Id", "What"), [("x", text)], 40, flexible=1).split("\n")[2:]
    assert "".join("".join(line[4:].split()) for line in drawn) == text.replace(" ", "")
