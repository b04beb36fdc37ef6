"""Reports and exports are written whole, to where their name leads."""

from __future__ import annotations

import os
from pathlib import Path

from compliance.reports.parts.files import write


def test_a_link_stays_a_link_and_what_it_leads_to_is_written(tmp_path: Path):
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "report.md"
    link.symlink_to("elsewhere/report.md")
    write(link, "one")
    write(link, b"two")
    assert link.is_symlink()
    assert (tmp_path / "elsewhere" / "report.md").read_text() == "two"
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["report.md"]


def test_a_pipe_is_written_into_and_not_replaced_by_a_file(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write(pipe, "said")
    assert os.read(reader, 100) == b"said"
    os.close(reader)
    assert pipe.is_fifo()
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


def test_what_a_killed_command_left_is_taken_away_and_what_is_being_written_is_not(tmp_path: Path):
    names = old, fresh, other = (f".compliance-{'0' * 16}.part", f".compliance-{'1' * 16}.part", ".compliance-x.part")
    for name in names:
        (tmp_path / name).write_text("half")
    for name in (old, other):
        os.utime(tmp_path / name, (1_700_000_000, 1_700_000_000))
    write(tmp_path / "report.md", "whole")
    assert {path.name for path in tmp_path.iterdir()} == {fresh, other, "report.md"}
