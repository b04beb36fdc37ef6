"""`standards related` as it is read on a terminal, and by programs; evidence across relations in `gaps`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ..builders.workspaces import CATALOGUE, CONFIGURATION, Workspace, described

WARD = """\
id: ward
version: 3
title: Ward Rules
short: Ward
publisher: The Example Standards Body
controls:
  - id: W
    title: Everything
    controls:
      - id: W.1
        title: Perimeter
        assessable: true
        summary: Nothing gets in that should not.
        expects: [{id: rules, kind: configuration, max-age: 6 months, what: The rules of the edge}]
        related: [{to: "acme:A.2", type: subset, source: ours}, {to: "acme:A.1", type: intersects, source: ours}]
      - id: W.2
        title: Lists
        assessable: true
        summary: What there is, is listed.
        expects: [{id: list, kind: register, max-age: 12 months, what: The list}]
        related: [{to: "acme:A.3", type: intersects, source: Nether Example Council}]
"""
YARD = """\
id: yard
version: 1
title: Yard Code
short: Yard
publisher: The Example Standards Body
controls:
  - id: Y.1
    title: Gates
    assessable: true
    summary: Gates are shut.
    related: [{to: "acme:A.2", type: equal, source: ours}]
    expects: [{id: gates, kind: configuration, max-age: 12 months, what: The gates}]
"""
IN_USE = CONFIGURATION + '\n[[standards]]\nstandard = "ward@3"\n'
RULES = described("E-00000001", kind="configuration", date="2026-01-10", controls=["acme:A.2"], title="Rules")
LIST = described("E-00000002", kind="register", date="2026-01-10", controls=["acme:A.3"], title="List")
FROM_WARD = """\
ward:W.1  Perimeter
ward@3

Acme · acme@1
Control  Related     What, and by which way
-------  ----------  ----------------------
A.2      subset      Firewall rules
                     directly (ours)
A.1      intersects  Vulnerability scans
                     directly (ours)

Yard · yard@1 · not in use here
Control  Related  What, and by which way
-------  -------  --------------------------------------------------------
Y.1      subset   Gates
                  via acme:A.2: subset, equal (ours); weakest: ward:W.1 to
                  acme:A.2

subset: ward:W.1 lies within the other
intersects: some ground in common
"""
COVERAGE = """\
From  To    Reached  Proven  Eq.  Sub.  Super.  Inters.
----  ----  -------  ------  ---  ----  ------  -------
acme  ward      3/6       3    0     0       1        2
acme  yard      1/6       1    1     0       0        0
ward  acme      2/2       2    0     1       0        2
ward  yard      1/2       1    0     0       0        0
yard  acme      1/1       1    1     0       0        0
yard  ward      1/1       1    0     0       0        0
"""


@pytest.fixture(autouse=True)
def shipped(monkeypatch) -> None:
    """What ships with the program, as far as these tests go."""
    files = {"acme@1.yaml": CATALOGUE.encode(), "yard@1.yaml": YARD.encode()}
    monkeypatch.setattr("compliance.workspace.shipped.shipped_catalogues", lambda: dict(files))


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    workspace.put({"standards/ward@3.yaml": WARD, "compliance.toml": IN_USE})
    return workspace


def related(workspace: Workspace, *arguments: str) -> str:
    answer = workspace.run("standards", "related", *arguments)
    assert (answer.code, answer.err) == (0, "")
    return answer.out


def routes(workspace: Workspace, *arguments: str) -> Iterator[tuple[str, str | None]]:
    answer = workspace.run("standards", "related", *arguments, "--json")
    for standard in answer.json["standards"]:
        for control in standard["controls"]:
            yield f"{standard['standard']}:{control['control']}", control["type"]


def test_related_controls_with_how_by_which_way_and_by_whose_judgement(workspace):
    assert related(workspace, "ward:W.1") == FROM_WARD


def test_only_to_one_standard_and_only_so_far(workspace):
    assert list(routes(workspace, "ward:W.1", "--to", "yard")) == [("yard@1:Y.1", "subset")]
    assert list(routes(workspace, "ward:W.1", "--hops", "1")) == [
        ("acme@1:A.2", "subset"),
        ("acme@1:A.1", "intersects"),
    ]


def test_read_from_the_other_end_and_from_a_heading(workspace):
    assert list(routes(workspace, "acme:A.2")) == [("ward@3:W.1", "superset"), ("yard@1:Y.1", "equal")]
    assert "Nothing is known to be related to it." in related(workspace, "ward:W")


def test_as_json_a_way_has_each_hop_and_the_weakest(workspace):
    (standard,) = workspace.run("standards", "related", "ward:W.2", "--json").json["standards"]
    (control,) = standard["controls"]
    hop = {
        "from": "ward@3:W.2",
        "to": "acme@1:A.3",
        "type": "intersects",
        "source": "Nether Example Council",
        "structural": False,
    }
    assert (standard["in_use"], control["weakest"], control["path"]) == (True, hop, [hop])


def test_outside_a_workspace_the_shipped_standards_are_looked_through(tmp_path):
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    answer = Workspace(nowhere).run("standards", "related", "yard:Y.1")
    assert (answer.code, answer.err) == (0, "")
    assert "Acme · acme@1 · not in use here" in answer.out


def test_two_versions_in_use_want_to_be_told_apart(workspace):
    workspace.put(
        {
            "standards/ward@4.yaml": WARD.replace("version: 3", "version: 4"),
            "compliance.toml": IN_USE + '\n[[standards]]\nstandard = "ward@4"\n',
        }
    )
    answer = workspace.run("standards", "related", "ward:W.1")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "error: two versions of ward are in use\n  hint: say which: ward@3 or ward@4\n"
    assert list(routes(workspace, "acme:A.3")) == [("ward@3:W.2", "intersects"), ("ward@4:W.2", "intersects")]


def test_how_well_each_pair_is_connected(workspace):
    assert related(workspace, "--coverage").startswith(COVERAGE)
    (pair,) = [
        one
        for one in workspace.run("standards", "related", "--coverage", "--json").json["pairs"]
        if (one["from"], one["to"]) == ("ward@3", "acme@1")
    ]
    assert (pair["controls"], pair["reached"], pair["direct"]["subset"]) == (2, 2, 1)


@pytest.fixture
def filed(workspace: Workspace) -> Workspace:
    workspace.put(
        {
            "evidence/rules.txt": "deny all\n",
            "evidence/rules.txt.evidence.yaml": RULES,
            "evidence/list.txt": "one server\n",
            "evidence/list.txt.evidence.yaml": LIST,
        }
    )
    return workspace


def test_gaps_counts_across_what_the_relation_allows_and_says_so(filed):
    out = filed.run("gaps", "-s", "ward").out
    assert "1 control draws on evidence of other standards: W.1 via acme:A.2 (subset, ours)" in out
    assert "W.2      missing" in out
    told = filed.run("gaps", "--explain", "ward:W.1").out
    assert "E-00000001 Rules, dated 2026-01-10, filed for acme:A.2 (subset, ours):" in " ".join(told.split())
    kept_out = " ".join(filed.run("gaps", "--explain", "ward:W.2").out.split())
    assert "E-00000002 List: is filed for acme:A.3, and intersects does not count for this standard" in kept_out


def test_reports_say_what_counts_across_under_their_standard(filed):
    said = "1 control draws on evidence of other standards: W.1 via acme:A.2 (subset, ours)"
    for ending in ("html", "md"):
        file = filed.top.with_suffix(f".{ending}")
        assert filed.run("report", "gaps", "-o", str(file)).code == 0
        assert file.read_text().replace("\\", "").count(said) == 1
    filed.put({"compliance.toml": IN_USE + "across = []\n"})
    assert filed.run("report", "gaps", "-o", str(filed.top.with_suffix(".later.md"))).code == 0
    assert "draws on evidence" not in filed.top.with_suffix(".later.md").read_text()


def test_a_weaker_relation_counts_where_the_settings_ask_for_it(filed):
    filed.put({"compliance.toml": IN_USE + 'across = ["equal", "subset", "intersects"]\n'})
    out = filed.run("gaps", "-s", "ward").out
    assert "No gaps, and nothing due." in out
    assert "W.2 via acme:A.3 (across intersects, Nether Example Council)" in " ".join(out.split())
    filed.put({"compliance.toml": IN_USE + "across = []\n"})
    assert "across" not in filed.run("gaps", "-s", "ward", "--json").out
    assert "draws on evidence" not in filed.run("gaps", "-s", "ward").out


def test_what_counts_across_is_marked_in_json(filed):
    (assessment,) = filed.run("gaps", "-s", "ward", "--json").json["assessments"]
    (first, _) = assessment["standards"][0]["controls"]
    (expectation,) = first["expectations"]
    assert (expectation["evidence"], expectation["via"]) == ("E-00000001", "acme:A.2 (subset, ours)")
