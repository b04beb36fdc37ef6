"""What others put into `.compliance/` is never believed: it came by a commit, or in a copied folder."""

import shutil

import msgspec

from compliance.ledger.opening import open_ledger, open_workspace

from ..builders.workspaces import begin_workspace, described

POLICY = described("E-00000002", kind="policy", date="2026-01-05", controls=["acme:B.1"], title="Policy")


def forged(memo):
    """A memo that says something else."""
    from compliance.domain.ledger.ledger import Ledger

    ledger = msgspec.msgpack.decode(memo.read_bytes(), type=Ledger)
    (item,) = ledger.evidence
    changed = msgspec.structs.replace(ledger, evidence=(msgspec.structs.replace(item, title="Forged"),))
    memo.write_bytes(msgspec.msgpack.encode(changed))


def test_a_memo_in_a_copied_folder_is_not_believed(tmp_path):
    made = begin_workspace(tmp_path / "workspace")
    made.record(
        {"evidence/p.00000002.txt": "x", "evidence/p.00000002.txt.evidence.yaml": POLICY}, "2026-01-06", "Policy"
    )
    open_ledger(open_workspace(made.top))
    copy = tmp_path / "copy"
    shutil.copytree(made.top, copy, symlinks=True)
    (memo,) = copy.glob(".compliance/*/*.ledger")
    forged(memo)
    assert [item.title for item in open_ledger(open_workspace(copy)).evidence] == ["Policy"]


def test_a_copy_put_back_in_the_same_place_is_another_folder(tmp_path):
    made = begin_workspace(tmp_path / "workspace")
    before = open_workspace(made.top).cache
    made.top.rename(tmp_path / "kept")
    shutil.copytree(tmp_path / "kept", made.top, symlinks=True)
    assert open_workspace(made.top).cache != before
