"""Which source speaks for a file, in real files: record, front matter, rules, nearest folder first."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ..builders.workspaces import CONFIGURATION, Workspace, described

PAGE = "evidence/policies/clear-desk.md"
RECORD = f"{PAGE}.evidence.yaml"
INNER, OUTER = "evidence/policies/map.yaml", "evidence/map.yaml"


def page(text: str) -> str:
    return f"---\nlayout: page\n{text}---\nDesks are clear at night.\n"


def rules(*lines: str) -> str:
    return "rules:\n" + "".join(f"  - {line}\n" for line in lines)


def origins(workspace: Workspace, path: str) -> dict[str, str]:
    shown: dict[str, str] = workspace.run("evidence", "show", path, "--json").json["origins"]
    return shown


SPEAKERS: dict[str, str] = {
    RECORD: described("E-7K2M9QXT", owner="the record"),
    PAGE: page("evidence: {owner: the front matter, kind: policy}\n"),
    INNER: rules("{match: '*.md', owner: the nearest rule}"),
    OUTER: rules("{match: '**/*.md', owner: the outer rule}"),
}


@pytest.mark.parametrize("silent", range(4))
def test_the_strongest_that_speaks_is_heard(workspace, silent):
    speaking = dict(list(SPEAKERS.items())[silent:])
    workspace.put({PAGE: page("evidence: {kind: policy}\n"), **speaking})
    said = next(iter(speaking.values())).partition("owner: ")[2].splitlines()[0].rstrip("}").partition(",")[0]
    assert workspace.evidence(PAGE).owner == said.strip('"')


def test_each_value_is_resolved_by_itself_and_remembers_who_said_it(workspace):
    workspace.put(
        {
            RECORD: described("E-7K2M9QXT", title="Clear desk policy"),
            PAGE: page("evidence: {title: Clear desk, date: 2025-11-20}\n"),
            INNER: rules("{match: '*.md', date: 2020-01-01, kind: policy}"),
            OUTER: rules("{match: '**', kind: record, owner: A. Keeper, controls: [acme:B.1]}"),
        }
    )
    piece = workspace.evidence(PAGE)
    assert (piece.title, str(piece.date), piece.owner) == ("Clear desk policy", "2025-11-20", "A. Keeper")
    assert piece.kind is not None
    assert piece.kind.value == "policy"
    assert origins(workspace, "E-7K2M9QXT") == {
        "id": RECORD,
        "title": RECORD,
        "date": f"{PAGE} (front matter)",
        "kind": f"{INNER}:2",
        "owner": f"{OUTER}:2",
        "controls": f"{OUTER}:2",
    }


def test_in_a_file_the_last_match_wins(workspace):
    lines = (
        "{match: '**', kind: policy, owner: first}",
        "{match: '**/*.md', owner: second}",
        "{match: 'x', owner: no}",
    )
    workspace.put({PAGE: "Text.\n", OUTER: rules(*lines)})
    assert workspace.evidence(PAGE).owner == "second"
    assert origins(workspace, PAGE)["kind"] == f"{OUTER}:2"


def test_controls_replace_and_also_adds(workspace):
    workspace.put(
        {
            PAGE: "Text.\n",
            OUTER: rules(
                "{match: '**', kind: policy, controls: [acme:A.1], also: [acme:A.2]}",
                "{match: '**', controls: [acme:B.1], also: [acme:B.3]}",
            ),
        }
    )
    assert controls(workspace) == ["acme:B.1", "acme:B.3"]
    workspace.put({INNER: rules("{match: '*', also: [acme:A.3]}")})
    assert controls(workspace) == ["acme:B.1", "acme:B.3", "acme:A.3"]
    workspace.put({RECORD: "id: E-7K2M9QXT\ncontrols: [acme:A.3]\n"})
    assert controls(workspace) == ["acme:A.3"]
    workspace.put({RECORD: "id: E-7K2M9QXT\ncontrols: []\n"})
    assert controls(workspace) == []


def controls(workspace: Workspace) -> list[str]:
    return [str(reference) for reference in workspace.evidence(PAGE).controls]


@pytest.mark.parametrize(
    ("outer", "inner", "record", "expected"),
    [
        ("date: 2020-01-01", "date: name", "", "2026-01-03"),
        ("date: name", "date: 2020-01-01", "", "2020-01-01"),
        ("date: 2020-01-01", "kind: policy", "", "2020-01-01"),
        ("date: 2020-01-01", "date: git", "", "None"),
        ("date: name", "date: git", "date: 2024-02-29\n", "2024-02-29"),
        ("date: git", "date: name", "period: 2025-01-01/2025-06-30\n", "2025-06-30"),
    ],
)
def test_where_a_date_comes_from_is_resolved_like_any_other_value(workspace, outer, inner, record, expected):
    path = "evidence/logs/access-2026-01-03.csv"
    given: dict[str, str | bytes] = {f"{path}.evidence.yaml": f"id: E-7K2M9QXT\n{record}"} if record else {}
    rule = f"{{match: '**', kind: configuration, {outer}}}"
    workspace.put(
        {path: "x\n", OUTER: rules(rule), "evidence/logs/map.yaml": rules(f"{{match: '*', {inner}}}"), **given}
    )
    assert str(workspace.evidence(path).date) == expected


def test_in_one_file_too_the_later_rule_says_where_the_date_comes_from(workspace):
    path = "evidence/logs/access-2026-01-03.csv"
    lines = ("{match: '**', kind: record, date: 2020-01-01}", "{match: 'logs/*', date: name}")
    workspace.put({path: "x\n", OUTER: rules(*lines)})
    assert workspace.evidence(path).date == date(2026, 1, 3)


def test_several_records_may_speak_of_one_file(workspace):
    workspace.put(
        {
            "evidence/report.pdf": b"%PDF-1.7",
            "evidence/report-a.7K2M9QXT.evidence.yaml": described("E-7K2M9QXT", file="report.pdf", kind="scan"),
            "evidence/report-b.2ABCDEFG.evidence.yaml": described("E-2ABCDEFG", file="report.pdf", kind="policy"),
            OUTER: rules("{match: '**', owner: A. Keeper, date: 2025-12-01}"),
        }
    )
    pieces = [item for item in workspace.ledger.evidence if item.path == "evidence/report.pdf"]
    assert [(item.id, item.owner, str(item.date)) for item in pieces] == [
        ("E-2ABCDEFG", "A. Keeper", "2025-12-01"),
        ("E-7K2M9QXT", "A. Keeper", "2025-12-01"),
    ]


def test_a_file_is_named_as_seen_from_its_record(workspace):
    workspace.put(
        {
            "evidence/2026/deep/report.pdf": b"%PDF-1.7",
            "evidence/2026/report.7K2M9QXT.evidence.yaml": described("E-7K2M9QXT", file="deep/report.pdf", kind="scan"),
        }
    )
    assert workspace.evidence("evidence/2026/deep/report.pdf").id == "E-7K2M9QXT"


@pytest.mark.parametrize("file", ["../other.pdf", "none.pdf", "/etc/passwd", "."])
def test_a_record_without_its_file_is_told_every_time(workspace, file):
    record = "evidence/2026/report.7K2M9QXT.evidence.yaml"
    workspace.put({record: described("E-7K2M9QXT", file=file, kind="scan"), "evidence/other.pdf": "x"})
    for _ in range(2):
        answer = workspace.run("gaps")
        assert answer.code == 2
        assert answer.err.startswith(record)


def test_two_records_of_one_id_are_told_because_only_one_could_be_counted(workspace):
    text = described("E-7K2M9QXT", kind="policy", date="2026-01-02", controls=["acme:B.1"])
    workspace.put(
        {
            "evidence/a.7K2M9QXT.txt": "a",
            "evidence/a.7K2M9QXT.txt.evidence.yaml": text,
            "evidence/b.7K2M9QXT.txt": "b",
            "evidence/b.7K2M9QXT.txt.evidence.yaml": text.replace("2026-01-02", "2019-01-02"),
        }
    )
    answer = workspace.run("gaps")
    assert answer.code == 2
    assert "evidence/b.7K2M9QXT.txt.evidence.yaml: error: has the id E-7K2M9QXT" in answer.err
    assert workspace.run("check").out.count("has the id E-7K2M9QXT") == 1


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: Clear desk\ntags: [a, b]\nevidence-of: nothing\n---\n",
        "---\nnot: [yaml\n---\n",
        "---\n- a\n- list\n---\n",
        "+++\nevidence = 'toml'\n+++\n",
        "Text.\n\n---\nevidence: {kind: policy}\n---\n",
        "---\nevidence: {kind: policy}\n",
        "",
    ],
    ids=["other-keys", "not-yaml", "a-list", "toml", "not-first", "not-closed", "empty"],
)
def test_front_matter_that_is_not_ours_is_nobodys_evidence(workspace, text):
    workspace.put({PAGE: text})
    assert [item for item in workspace.ledger.evidence if item.path == PAGE] == []


@pytest.mark.parametrize("opening", ["---\n", "\ufeff---\n", "---  \r\n"], ids=["plain", "marked", "windows"])
def test_front_matter_is_read_however_the_file_was_saved(workspace, opening):
    workspace.put({PAGE: f"{opening}evidence: {{kind: policy, date: 2025-12-01}}\n---\nText.\n"})
    assert workspace.evidence(PAGE).date == date(2025, 12, 1)


@pytest.mark.parametrize(
    "path",
    ["evidence/README.md", "evidence/deep/README.md", "evidence/.hidden.txt", "evidence/a/.gitkeep", "docs/a.txt"],
)
def test_some_files_are_no_evidence_whatever_a_rule_says(workspace, path):
    workspace.put({path: "x\n", OUTER: rules("{match: '**', kind: policy, date: 2025-12-01, controls: [acme:B.1]}")})
    assert workspace.ledger.evidence == ()


def test_a_record_of_what_cannot_be_evidence_says_so(workspace):
    workspace.put({"evidence/README.md.evidence.yaml": described("E-7K2M9QXT", kind="policy")})
    assert "speaks of evidence/README.md, which cannot be evidence" in workspace.run("gaps").err


@pytest.mark.parametrize("register", ["accreditations", "events", "findings", "risks", "measures"])
def test_registers_are_never_mapped(workspace, register):
    workspace.put({f"evidence/{register}/notes.txt": "x\n", OUTER: rules("{match: '**', kind: policy}")})
    assert workspace.ledger.evidence == ()


def test_roots_say_what_is_mapped(workspace):
    files = {"docs/a.txt": "a\n", "evidence/b.txt": "b\n", "notes/c.txt": "c\n"}
    maps = {f"{folder}/map.yaml": rules("{match: '**', kind: policy}") for folder in ("docs", "evidence", "notes")}
    workspace.put({**files, **maps})
    assert mapped(workspace) == ["evidence/b.txt"]
    workspace.put({"compliance.toml": CONFIGURATION + '\n[evidence]\nroots = ["docs", "notes"]\n'})
    assert mapped(workspace) == ["docs/a.txt", "notes/c.txt"]
    workspace.put(
        {"compliance.toml": CONFIGURATION + '\n[evidence]\nroots = ["."]\n', "map.yaml": maps["docs/map.yaml"]}
    )
    assert set(mapped(workspace)) >= set(files)


def mapped(workspace: Workspace) -> list[str]:
    return [item.path for item in workspace.ledger.evidence]


def test_a_mapped_file_has_an_id_of_its_path_in_every_clone(workspace):
    workspace.put({"evidence/a.txt": "a\n", OUTER: rules("{match: '**', kind: policy}")})
    mine = workspace.evidence("evidence/a.txt").id
    assert workspace.clone("clone").evidence("evidence/a.txt").id == mine
    assert origins(workspace, mine)["id"] == "a hash of its path"


def test_what_is_kept_elsewhere_is_evidence_by_its_record_alone(workspace):
    elsewhere: dict[str, Any] = {"location": "cupboard 3", "held-by": "The registrar"}
    record = "evidence/deed.7K2M9QXT.evidence.yaml"
    workspace.put({record: described("E-7K2M9QXT", kind="contract", date="2025-05-01", elsewhere=elsewhere)})
    assert workspace.ledger.problems == ()
    assert set(origins(workspace, "E-7K2M9QXT").values()) == {record}
