"""The quick benchmark measures every row and records it; what the figures are depends on the machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import quick


def test_every_row_is_measured_printed_and_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "results" / "quick.json"
    monkeypatch.setattr("sys.argv", ["quick", "--sizes", "20", "--runs", "1", "--output", str(target)])
    quick.main()
    figures = json.loads(target.read_text())
    rows = figures["measurements"]
    assert figures["format_version"] == 1
    assert {row["work"] for row in rows} >= {"--help", "gaps, warm", "gaps, cold", "evidence add"}
    for row in rows:
        assert row["pieces"] == 20
        assert row["ours_ms"] > 0
        assert row["floor_ms"] > 0
        assert row["ratio"] == pytest.approx(row["ours_ms"] / row["floor_ms"], rel=0.2)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(rows) + 2


def test_a_command_that_fails_is_not_measured(tmp_path: Path) -> None:
    bench = quick.Bench(tmp_path, 5)
    with pytest.raises(quick.subprocess.CalledProcessError, match="returned non-zero exit status 2"):
        bench.ours("gaps", "--on", "the day after")
