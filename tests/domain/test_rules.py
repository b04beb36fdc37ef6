"""Rules that map many files: globs, and dates read from names."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.ledger.rules import MappingRule, RuleFile, date_in_name, glob_pattern, name_pattern

from ..builders.ledgers import day, period


@pytest.mark.parametrize(
    ("glob", "path", "taken"),
    [
        ("*.pdf", "scan.pdf", True),
        ("*.pdf", "2026/scan.pdf", False),
        ("*.pdf", "scan.pdfx", False),
        ("**/*.pdf", "scan.pdf", True),
        ("**/*.pdf", "2026/q3/scan.pdf", True),
        ("2026/**", "2026/q3/scan.pdf", True),
        ("2026/**/scan.pdf", "2026/scan.pdf", True),
        ("2026/**/scan.pdf", "2026/q3/a/scan.pdf", True),
        ("2026/**/scan.pdf", "2026x/scan.pdf", False),
        ("**.pdf", "2026/scan.pdf", True),
        ("scan-?.pdf", "scan-1.pdf", True),
        ("scan-?.pdf", "scan-12.pdf", False),
        ("a?b", "a/b", False),
        ("scan-[0-9].pdf", "scan-7.pdf", True),
        ("scan-[0-9].pdf", "scan-x.pdf", False),
        ("scan-[!0-9].pdf", "scan-x.pdf", True),
        ("scan-[!0-9].pdf", "scan-7.pdf", False),
        ("a[!b]c", "a/c", False),
        ("a[+-9]c", "a/c", False),
        ("a[+-9]c", "a5c", True),
        ("a[z-a]c", "azc", False),
        ("a[!z-a]c", "azc", True),
        ("a[-]c", "a-c", True),
        ("a[[&~|^]c", "a^c", True),
        ("a[b", "a[b", True),
        ("a[]b", "a[]b", True),
        ("a+(b).c", "a+(b).c", True),
        ("line\n*", "line\nbreak", True),
    ],
)
def test_a_star_stays_in_a_folder_and_two_stars_cross(glob, path, taken):
    assert bool(glob_pattern(glob).fullmatch(path)) is taken


def test_a_rule_takes_what_any_of_its_globs_matches_besides_what_it_leaves_out():
    rule = MappingRule(match=("*.pdf", "*.txt"), besides=("draft*",))
    assert rule.takes("scan.pdf")
    assert rule.takes("scan.txt")
    assert not rule.takes("scan.doc")
    assert not rule.takes("draft.pdf")


def test_globs_are_relative_to_the_folder_of_their_map():
    below = RuleFile("evidence/scans", "evidence/scans/map.yaml", ())
    assert below.relative("evidence/scans/2026/a.pdf") == "2026/a.pdf"
    assert below.relative("evidence/scans2/a.pdf") is None
    assert RuleFile("", "map.yaml", ()).relative("evidence/a.pdf") == "evidence/a.pdf"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("2026-09-30-asv-scan-q3.pdf", "2026-09-30"),
        ("scan_20260930.pdf", "2026-09-30"),
        ("scan_2026_09_30.pdf", "2026-09-30"),
        ("scan 2026.09.30.pdf", "2026-09-30"),
        ("minutes-2026-02-30.pdf", None),
        ("minutes-2026-02-30, agreed 2026-03-02.pdf", "2026-03-02"),
        ("12026093011.pdf", None),
        ("policy.pdf", None),
        ("policy-1926.pdf", None),
    ],
)
def test_a_date_is_read_from_the_name(name, found):
    assert date_in_name(name) == ((day(found), None) if found else None)


@pytest.mark.parametrize(
    ("name", "covered"),
    [
        ("2026-09.pdf", "2026-09-01/2026-09-30"),
        ("2026-09-asv-scan.pdf", "2026-09-01/2026-09-30"),
        ("2028_02 report.pdf", "2028-02-01/2028-02-29"),
        ("report-2026-Q3.pdf", "2026-07-01/2026-09-30"),
        ("report 2026q4.pdf", "2026-10-01/2026-12-31"),
    ],
)
def test_a_month_or_quarter_in_the_name_gives_its_last_day_and_itself_as_the_period(name, covered):
    assert date_in_name(name) == (period(covered).end, period(covered))


@pytest.mark.parametrize(
    ("pattern", "name", "found"),
    [
        ("scan-{day}{month}{year}", "scan-30092026.pdf", (day("2026-09-30"), None)),
        ("{month}.{year}", "09.2026.pdf", (day("2026-09-30"), period("2026-09-01/2026-09-30"))),
        ("{year} {quarter}", "2026 q1", (day("2026-03-31"), period("2026-01-01/2026-03-31"))),
        ("FY{year}", "FY2026", (day("2026-12-31"), period("2026-01-01/2026-12-31"))),
        ("{year}-{month}", "2026-13 then 2026-12", (day("2026-12-31"), period("2026-12-01/2026-12-31"))),
        ("{year}", "0000", None),
    ],
)
def test_a_rule_may_say_how_its_names_are_written(pattern, name, found):
    assert date_in_name(name, pattern) == found


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        ("{week}", "is no placeholder; use {year}, {month}, {day} or {quarter}"),
        ("{month}", "a name pattern needs {year}"),
        ("{year}-{year}", "a placeholder is used twice"),
        ("{year}-{day}", "a name pattern with {day} needs {month}"),
    ],
)
def test_a_pattern_that_states_no_day_is_refused(pattern, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        name_pattern(pattern)


@given(st.text(alphabet="ab/*?[]!-^&~|\\.", max_size=8), st.text(alphabet="ab/-^.", max_size=6))
def test_any_text_is_a_glob_and_takes_whole_paths_only(glob, path):
    assert bool(glob_pattern(glob).fullmatch(path)) == bool(re.fullmatch(glob_pattern(glob).pattern, path, re.DOTALL))
    if "**" not in glob:
        taken = glob_pattern(glob).fullmatch(path)
        assert not taken or path.count("/") == glob.count("/") or "[" in glob
