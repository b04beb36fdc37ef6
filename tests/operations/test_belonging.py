"""Evidence that is filed for what nobody asks for: it is filed, and said."""

from __future__ import annotations

import pytest

from compliance.cli.main import run

from ..builders.running import run_here
from ..builders.town import CATALOGUE, CONFIGURATION, build, commit, write

ADD = ["evidence", "add", "scan.txt", "-d", "2024-12-31", "--dry-run", "-c"]


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    top = tmp_path / "work"
    build(top)
    monkeypatch.chdir(top)
    (top / "scan.txt").write_text("Nothing found.\n")
    return top


def warnings(*arguments: str) -> list[str]:
    outcome = run_here([*ADD, *arguments])
    assert outcome.code == 0, outcome.err
    lines = outcome.err.splitlines()
    return [f"{line} {lines[at + 1].strip()}" for at, line in enumerate(lines) if line.startswith("warning")]


def test_a_supplier_that_no_scope_lists(workspace):
    listed = CONFIGURATION.replace('id = "corporate"\n', 'id = "corporate"\nsuppliers = ["Acme Hosting"]\n', 1)
    write(workspace, {"compliance.toml": listed})
    commit(workspace)
    scan = ["town:T1.1", "-k", "scan", "-r", "pass"]
    assert warnings(*scan, "--per", "supplier=Acme Hosting") == []
    assert warnings(*scan, "--per", "site=Town hall") == [], "where none is listed, any will do"
    assert warnings(*scan, "--per", "supplier=Acme Hostings") == [
        "warning: no scope lists the supplier “Acme Hostings” hint: did you mean Acme Hosting?"
    ]
    assert warnings(*scan, "--per", "supplier=Pinewood") == [
        "warning: no scope lists the supplier “Pinewood” hint: listed are Acme Hosting; "
        "list it in compliance.toml, under “suppliers” of its scope"
    ]


def test_a_control_that_the_profile_in_use_does_not_ask_for(workspace):
    write(
        workspace, {"standards/town@2.yaml": CATALOGUE.replace("id: T2.1\n", "id: T2.1\n        profiles: [large]\n")}
    )
    commit(workspace)
    assert warnings("town:T2.1", "-k", "policy") == [
        "warning: town:T2.1 is not asked for by the profile in use (small): it serves nothing there "
        "hint: see what is: compliance standards list; or file it for a control of that profile"
    ]
    write(workspace, {"compliance.toml": f'{CONFIGURATION}profiles = ["small", "large"]\n'})
    commit(workspace)
    assert warnings("town:T2.1", "-k", "policy") == []


def test_a_date_in_a_name_written_twice_is_one(workspace):
    (workspace / "scan-2024-12-31-q4-20241231.txt").write_text("Nothing found.\n")
    arguments = [
        "evidence",
        "add",
        "scan-2024-12-31-q4-20241231.txt",
        "-c",
        "town:T1.1",
        "-k",
        "scan",
        "-r",
        "pass",
        "--dry-run",
    ]
    assert run_here(arguments).code == 0


def test_doctor_says_where_the_settings_are_wrong(workspace):
    write(workspace, {"compliance.toml": CONFIGURATION + "horizon = 60\n"})
    commit(workspace)
    outcome = run_here(["doctor"])
    assert outcome.code == 1
    assert "compliance.toml:13:1: standards[1].horizon: there is no field “horizon”" in outcome.out


def test_completion_for_a_shell_that_there_is_not_fails(workspace, monkeypatch):
    monkeypatch.setenv("_COMPLIANCE_COMPLETE", "fish_nonsense")
    assert run([]) == 1


def test_an_empty_holder_is_not_shown(workspace):
    record = 'id: E-XEVD0001\ntitle: Paper\nkind: contract\ndate: 2024-03-01\ncontrols: ["town:T2.1"]\n'
    record += "elsewhere: {location: Strong room}\n"
    write(workspace, {"evidence/2024/paper.XEVD0001.pdf.evidence.yaml": record})
    commit(workspace)
    shown = run_here(["evidence", "show", "E-XEVD0001"]).out
    assert "location Strong room" in shown
    assert "held" not in shown
