"""The year of the page on the programme is lived through, command by command, on the days that it names."""

from __future__ import annotations

import re
import shlex
from datetime import date
from pathlib import Path

from .builders.workspaces import Workspace

PAGE = Path(__file__).parents[1] / "docs" / "programme.md"
_BLOCK = re.compile(r"^```sh (?P<day>\S+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_ID = re.compile(r"\b[A-Z]-[0-9A-Z]{8}\b")


def test_every_command_of_the_page_does_what_it_says(tmp_path, monkeypatch):
    today = [date(2026, 1, 12)]
    monkeypatch.setattr("compliance.cli.session.today", lambda ledger: today[0])
    (tmp_path / "leavers-2026-05-06.csv").write_text("leaver,account\nInvented Person,closed\n")
    top = tmp_path / "work"
    top.mkdir()
    workspace = Workspace(top)
    begun = workspace.run("init", "--organisation", "Example Council", "-s", "iso27001", "-s", "psn-coco")
    assert begun.code == 0, begun.err
    monkeypatch.chdir(top)
    ids: dict[str, str] = {}
    said = {}
    for block in _BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
        today[0] = date.fromisoformat(block["day"])
        for line in block["text"].splitlines():
            command, _, identifier = line.partition("  # ")
            words = shlex.split(_ID.sub(lambda found: ids[found[0]], command))
            answer = workspace.run(*words[1:])
            assert answer.code == 0, (line, answer.err)
            said[f"{block['day']} {' '.join(words[1:3])}"] = " ".join(answer.out.split())
            if identifier:
                ids[identifier] = answer.out.split()[1]
                assert ids[identifier][0] == identifier[0]
    assert workspace.run("check").out == "0 errors, 0 warnings\n"
    assert "is to be answered by 2026-03-16" in said["2026-02-16 renewals --within"]
    assert "open-major" in said["2026-03-02 gaps --only"]
    assert "+28" in said["2026-04-09 action list"]
    assert "certificate suspended since 2026-08-18" in said["2026-08-20 renewals --within"]
    assert "earlier:" in said["2026-07-20 finding show"]
    assert said["2026-10-02 finding list"].startswith("No finding is open; 1 recorded")
    assert "relied on" not in said["2026-10-02 provider list"]
