"""Every bad input gives one clear, located message with a hint, and leaves nothing half-done behind."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from .cases import FOLDER, all_cases, filled, prepare, read_case, run_case

CASES = all_cases()
REWRITE = "REWRITE_CASES" in os.environ
"""Set, the cases are given what the commands say now, for a person to read the difference."""
SAMPLE = 9 if "SOAK" in os.environ else 36
"""One case in so many is run as a process of its own as well, which takes ten times as long."""
_HEAD = re.compile(r"^(?:(?P<place>\S.*?): )??(?P<weight>error|warning): (?P<sentence>.+)$", re.MULTILINE)
_WORST = ("Traceback", "fault in compliance", "NoneType", "object at 0x", "msgspec", "sqlite")


def named(file: Path) -> str:
    return file.relative_to(FOLDER).with_suffix("").as_posix()


@pytest.mark.parametrize("file", CASES, ids=named)
def test_says_what_is_wrong_and_leaves_everything_as_it_was(file, bench):
    case = read_case(file)
    prepare(bench, case)
    before = bench.lies()
    answer = run_case(bench, case, apart=case.process)
    if REWRITE and answer != case.expected(answer):
        rewrite(file, answer.code, answer.out, answer.err)
    elif not REWRITE:
        assert answer == case.expected(answer)
    if not case.changes:
        assert bench.lies() == before


@pytest.mark.parametrize("file", CASES[::SAMPLE], ids=named)
def test_says_the_same_as_a_process_of_its_own(file, bench):
    case = read_case(file)
    prepare(bench, case)
    before = bench.lies()
    answer = run_case(bench, case, apart=True)
    assert answer == case.expected(answer)
    if not case.changes:
        assert bench.lies() == before


@pytest.mark.parametrize("file", CASES, ids=named)
def test_is_one_message_with_its_place_and_a_hint(file):
    case = read_case(file)
    said = case.out if is_check(case) else case.err
    assert not any(word in case.out + case.err for word in _WORST)
    heads = list(_HEAD.finditer(said))
    if case.exit == 0:
        assert not any(head["weight"] == "error" for head in heads)
        return
    assert case.exit == (1 if is_check(case) else 2)
    assert [head["weight"] for head in heads].count("error") == 1, "one cause, one message"
    ends = [head.start() for head in heads[1:]] + [len(said)]
    for head, end in zip(heads, ends, strict=True):
        rest = said[head.end() : end].splitlines()[1:]
        assert any(line.startswith("  hint: ") for line in rest)
        if re.search(r"\.(yaml|toml):\d+:\d+$", head["place"] or ""):
            assert rest[1].strip() == "^", "an excerpt, with a caret under the place"


def is_check(case) -> bool:
    """Whether the command's answer is the problems themselves; what it cannot look at, it refuses as any does."""
    return case.run == "check" or (case.run.startswith("standards check") and case.exit == 1)


def rewrite(file: Path, code: int, out: str, err: str) -> None:
    text = file.read_text(encoding="utf-8")
    text = re.sub(r"^(err|out) = '''\n.*?^'''\n", "", text, flags=re.MULTILINE | re.DOTALL)
    said = "".join(f"{name} = '''\n{words}'''\n" for name, words in (("out", out), ("err", err)) if words)
    text = re.sub(r"^exit = \d+\n", lambda _: f"exit = {code}\n{said}", text, flags=re.MULTILINE)
    file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("expected", "actual", "fits"),
    [
        ("hint: a, …, z\n", "hint: a, b-c, d, z\n", True),
        ("hint: a, …, z\n", "hint: a, z\n", True),
        ("hint: a, …, z\n", "hint: a, b, z; more\n", False),
        ("hint: a, …, z\n", "hint: a, b\nhint: z\n", False),
        ("hint: a, z\n", "hint: a, b, z\n", False),
        ("(a)\n", "(a)\n", True),
    ],
)
def test_choices_may_grow_and_nothing_else(expected, actual, fits):
    assert (filled(expected, actual) == actual) is fits
