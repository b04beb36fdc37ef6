"""`standards import` and `export`: what is made is committed whole, accounted for, and passes `check`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from compliance.domain.standards.catalogue import Catalogue, Control
from compliance.domain.terms.references import parse_reference
from compliance.operations.standards.importing import with_relations

from ..builders.workspaces import Workspace

METADATA = {"title": "Harbour controls", "version": "3", "oscal-version": "1.1.2"}
CONTROLS = [
    {"id": "h-1", "title": "Ropes", "parts": [{"name": "guidance", "prose": "Look for wear."}]},
    {"id": "h-2", "title": "Lights", "props": [{"name": "status", "value": "withdrawn"}]},
    {"id": "h-3", "title": "Boats"},
]
DOCUMENT = {"catalog": {"uuid": "u-1", "metadata": METADATA, "controls": CONTROLS}}
YAML = "standards/harbour@3.yaml"
SOURCE = "standards/harbour@3.source.md"


@pytest.fixture
def document(tmp_path: Path) -> Path:
    file = tmp_path / "harbour.json"
    file.write_text(json.dumps(DOCUMENT))
    return file


def imported(workspace: Workspace, document: Path, *more: str):
    answer = workspace.run("standards", "import", str(document), "--id", "harbour", *more)
    assert answer.code == 0, answer.err
    return answer


def test_an_import_is_one_commit_that_check_passes_and_nothing_uses_yet(workspace, document):
    answer = imported(workspace, document)
    assert workspace.git("show", "--format=%s", "--name-status", "HEAD").split("\n\n") == [
        "standards: import harbour@3",
        f"A\t{SOURCE}\nA\t{YAML}",
    ]
    assert answer.out.splitlines() == [
        "Read 3 groups and controls from harbour.json: OSCAL catalogue (JSON)",
        "  source: u-1, version 3",
        "  licence: not stated by the source; --licence says it",
        "Made harbour@3 “Harbour controls”: 2 controls",
        "Withdrawn, so listed and never judged: 1 (h-2)",
        f"Kept 2 texts that a catalogue has no field for: {SOURCE}",
        f"Recorded ({workspace.head[:10]})",
        "Next: compliance standards use harbour@3",
    ]
    assert "### guidance\n\nLook for wear.\n" in workspace.read(SOURCE)
    assert workspace.run("check").out == "0 errors, 0 warnings\n"
    assert workspace.git("status", "--porcelain") == ""
    assert [str(use.standard) for use in workspace.ledger.settings.standards] == ["acme@1"]


def test_what_was_imported_is_used_by_name_or_at_once(workspace, document):
    imported(workspace, document)
    assert workspace.run("standards", "use", "harbour").out == "In use: harbour@3\n"
    assert not (workspace.top / "standards/shipped.sha256").exists()
    assert workspace.run("gaps", "-s", "harbour", "--json").json["format_version"]
    again = imported(workspace, document, "--version", "4", "--use", "--scope", "corporate")
    assert again.out.endswith("In use: harbour@4\nNext: compliance gaps -s harbour\n")
    assert [str(use.standard) for use in workspace.ledger.settings.standards] == ["acme@1", "harbour@3", "harbour@4"]
    assert workspace.run("standards", "use", "harbour@4").code == 2
    assert workspace.run("check").out == "0 errors, 0 warnings\n"


def test_a_try_says_the_same_and_writes_nothing(workspace, document):
    before = workspace.head
    tried = imported(workspace, document, "--dry-run")
    assert tried.out.endswith("Nothing written: --dry-run.\n")
    assert workspace.head == before
    assert workspace.git("status", "--porcelain") == ""
    assert imported(workspace, document).out.splitlines()[:6] == tried.out.splitlines()[:6]


def test_the_account_in_json_lists_everything(workspace, document):
    found = imported(workspace, document, "--json", "--licence", "OGL 3.0").json
    assert found["format_version"] == 1
    assert found["source"] == {
        "file": "harbour.json",
        "format": "oscal-catalog",
        "id": "u-1",
        "version": "3",
        "licence": "OGL 3.0",
    }
    assert (found["read"], found["controls"], found["headings"], found["kept"]) == (3, 2, 0, 2)
    assert found["skipped"] == [{"what": "h-2", "why": "withdrawn (listed, and never judged)"}]
    assert found["files"] == [YAML, SOURCE]
    assert found["commit"] == workspace.head


def test_a_catalogue_that_is_there_is_never_overwritten(workspace, document):
    imported(workspace, document)
    before = workspace.head
    answer = workspace.run("standards", "import", str(document), "--id", "harbour")
    assert answer.code == 2
    assert answer.err.startswith(f"{YAML}: error: there is a catalogue harbour@3 already\n")
    workspace.write("standards/quay@1.yaml", "# begun by hand\n")
    answer = workspace.run("standards", "import", str(document), "--id", "quay", "--version", "1")
    assert answer.code == 2
    assert workspace.read("standards/quay@1.yaml") == "# begun by hand\n"
    assert workspace.head == before


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        ([], "harbour.json:1:1: error: is no OSCAL catalog: it does not begin with “catalog”"),
        ({"catalog": []}, "harbour.json:1:1: error: is no OSCAL catalog: it does not begin with “catalog”"),
        ({"catalog": {}}, "harbour.json: error: holds no controls"),
        ({"catalog": {"controls": {}}}, "harbour.json:1:26: error: “controls” is not a list of groups “[{…}]”"),
        ({"catalog": {"controls": [{}]}}, "harbour.json:1:27: error: a control has no “id”"),
        ({"catalog": {"controls": [{"id": "a", "title": {}}]}}, "harbour.json:1:48: error: “title” is not a text"),
        ({"catalog": {"metadata": {"title": [7]}}}, "harbour.json:1:36: error: “title” is not a text"),
        ({"catalog": {"controls": [{"id": "a"}]}}, ""),
    ],
    ids=range(8),
)
def test_a_document_of_another_shape_is_one_message_at_its_place(workspace, tmp_path, spoilt, said):
    file = tmp_path / "harbour.json"
    file.write_text(json.dumps(spoilt))
    answer = workspace.run("standards", "import", str(file), "--from", "oscal-catalog", "--id", "harbour", "--dry-run")
    assert answer.code == (2 if said else 0), answer.err
    assert answer.err.count(" error: ") == bool(said)
    assert said in answer.err and "Traceback" not in answer.err


def test_an_export_can_be_imported_again_and_is_the_same(workspace, tmp_path):
    target = tmp_path / "acme.json"
    assert workspace.run("standards", "export", "acme", "-o", str(target)).code == 0
    answer = workspace.run("standards", "import", str(target), "--version", "2")
    assert answer.code == 0, answer.err
    first, second = workspace.ledger.catalogues
    assert (second.name.id, second.name.version) == ("acme", "2")
    assert second.controls == first.controls
    assert second.scheme == first.scheme


def test_an_export_is_the_standard_as_it_is_used_here(workspace, tmp_path):
    overlay = "overlay: acme@1\ncontrols:\n  - {id: A.1, title: Scans of ours}\n"
    workspace.put({"standards/ours.overlay.yaml": overlay})
    target = tmp_path / "acme.json"
    answer = workspace.run("standards", "export", "acme", "-o", str(target))
    assert (answer.code, answer.err) == (
        0,
        "note: acme@1 is written as it is used here, with what the overlays change\n",
    )
    assert "Scans of ours" in target.read_text()


def test_what_ships_is_exported_outside_a_workspace(tmp_path):
    outside = Workspace(tmp_path)
    target = tmp_path / "coco.json"
    answer = outside.run("standards", "export", "psn-coco", "-o", str(target))
    assert (answer.code, answer.err) == (0, "")
    assert json.loads(target.read_text())["catalog"]["metadata"]["version"] == "1.32"


def test_relations_that_begin_at_a_control_are_taken_and_others_are_said():
    control = Control(id="1", title="One", assessable=True)
    catalogue = Catalogue(id="town", version="1", title="T", short="T", publisher="T", controls=(control,))
    town, other, gone = (parse_reference(text) for text in ("town:1", "city:2", "town:9"))
    related, skipped = with_relations(
        catalogue, [(town, other, "subset"), (town, other, "equal"), (town, gone, "near"), (gone, other, "equal")]
    )
    assert [(str(one.to), one.type.value) for one in related.controls[0].related] == [("city:2", "subset")]
    assert [one.why for one in skipped] == ["“near” is no type of relation", "town:9 is no control of town@1"]


def test_what_only_looks_like_open_control_is_said_unless_the_user_said_it(workspace, tmp_path):
    file = tmp_path / "town.yml"
    file.write_text("name: Town\nA-1:\n  family: A\n  name: Doors\n")
    command = ("standards", "import", str(file), "--dry-run")
    said = "Read as OpenControl; standards of comply look the same"
    told = workspace.run(*command).out
    assert said in told
    assert "Read 1 control from town.yml" in told and "families: 1 heading." in told
    assert said not in workspace.run(*command, "--from", "opencontrol").out
    file.write_text("majorVersion: 2017\n" + file.read_text())
    comply = workspace.run(*command).out
    assert "comply standard (YAML)" in comply and "Skipped" not in comply


def test_rows_that_are_not_judged_and_head_nothing_are_counted_apart(workspace, tmp_path):
    file = tmp_path / "town.csv"
    file.write_text("id,title,assessable\n1,Doors,no\n1.1,Locks,yes\n1.2,Bells,no\n")
    out = workspace.run("standards", "import", str(file), "--dry-run").out
    assert "1 control under 1 heading\n  and 1 row that is not judged\n" in out
