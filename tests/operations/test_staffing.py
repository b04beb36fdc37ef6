"""People who come, hold posts and leave, and owners that become posts: by the commands, in one commit each."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..builders.workspaces import Answer, Workspace


def done(answer: Answer) -> Answer:
    assert answer.code == 0, answer.err
    return answer


@pytest.fixture
def staffed(workspace: Workspace, tmp_path: Path) -> Workspace:
    """Ada is Head, and owns a risk as “Head of IT (Ada)”, an action by name, and evidence by a rule."""
    done(
        workspace.run(
            "people", "add", "Ada Head", "--address", "ada@x.example", "--post", "Head", "--from", "2025-01-01"
        )
    )
    done(
        workspace.run(
            "people", "add", "Ben Clerk", "--address", "ben@x.example", "--post", "Clerk", "--from", "2025-01-01"
        )
    )
    risk = ("risk", "add", "Flood", "--consequence", "Outage", "--likelihood", "rare", "--impact", "minor")
    done(workspace.run(*risk, "--owner", "Head of IT (Ada)"))
    done(workspace.run("action", "add", "Patch", "--due", "2026-12-31", "--owner", "Ada Head"))
    rule = "rules:\n  # the lists\n  - match: '*.csv'\n    controls: [acme:A.3]\n    kind: register\n"
    owner = "    date: 2026-01-05\n"
    owner += "    owner: Head of IT (Ada)\n"
    workspace.put({"evidence/lists/map.yaml": rule + owner, "evidence/lists/a.csv": "a\n"})
    return workspace


def owners(workspace: Workspace) -> list[str]:
    ledger = workspace.ledger
    return [record.owner for record in (*ledger.risks, *ledger.actions, *ledger.evidence)]


def test_check_names_an_owner_that_leads_to_nobody_once_with_the_command_that_mends_it(staffed):
    answer = staffed.run("check")
    assert "“Head of IT (Ada)” is no post that anybody holds, and nobody in the people register" in answer.out
    assert "which owns 2 records" in answer.out
    assert "compliance people adopt 'Head of IT (Ada)' POST" in answer.out


def test_an_owner_becomes_a_post_wherever_it_stands(staffed):
    before = staffed.head
    done(staffed.run("people", "adopt", "head of IT  (ada)", "Head", "--dry-run"))
    assert staffed.head == before
    made = done(staffed.run("people", "adopt", "head of IT  (ada)", "Head"))
    assert "Flood" in made.out
    assert owners(staffed) == ["Head", "Ada Head", "Head"]
    assert "# the lists" in staffed.read("evidence/lists/map.yaml")
    assert staffed.git("rev-list", "--count", f"{before}..HEAD") == "1"
    assert "leads to nobody" not in staffed.run("check").out


def test_who_leaves_hands_over_posts_and_what_is_owned_by_name(staffed):
    made = done(staffed.run("people", "leave", "Ada Head", "--on", "2026-01-31", "--to", "ben@x.example"))
    assert "Ben Clerk holds the post Head from 2026-02-01 on" in made.out
    people = {person.name: person for person in staffed.ledger.people}
    assert [(held.post, str(held.until)) for held in people["Ada Head"].posts] == [("Head", "2026-01-31")]
    assert [(held.post, str(held.from_)) for held in people["Ben Clerk"].posts][1:] == [("Head", "2026-02-01")]
    assert owners(staffed)[1] == "Ben Clerk"
    assert staffed.run("check").code == 0


def test_an_approval_after_the_last_day_in_post_counts_for_nothing(staffed, tmp_path):
    staffed.put(
        {"compliance.toml": staffed.read("compliance.toml") + '\n[review]\nkinds = ["policy"]\nposts = ["Head"]\n'}
    )
    ids = []
    for name in ("one", "two"):
        (tmp_path / f"{name}.txt").write_text(name)
        filed = staffed.run(
            "evidence", "add", str(tmp_path / f"{name}.txt"), "-k", "policy", "-c", "acme:B.1", "-d", "2026-01-10"
        )
        ids.append(done(filed).out.split()[1])
    staffed.git("config", "user.name", "Ada Head")
    staffed.git("config", "user.email", "ada@x.example")
    done(staffed.run("evidence", "approve", ids[0]))
    waiting = ("evidence", "list", "--awaiting", "approval")
    assert ids[0] not in staffed.run(*waiting).out
    done(staffed.run("people", "leave", "Ada Head", "--on", "2026-02-01", "--to", "Ben Clerk"))
    refused = staffed.run("evidence", "approve", ids[1])
    assert (refused.code, "every post of Ada Head had ended by 2026-02-02" in refused.err) == (2, True)
    assert "ask Ben Clerk (Head)" in refused.err
    assert ids[0] in staffed.run(*waiting).out  # it was given on the day after the last one in post


def test_what_a_post_owns_is_the_work_of_whoever_holds_it(staffed):
    done(staffed.run("action", "add", "Train", "--due", "2026-02-05", "--owner", "Clerk"))
    staffed.git("config", "user.name", "Ben")
    staffed.git("config", "user.email", "ben@x.example")
    assert "Train" in staffed.run("today", "--me").out
    staffed.git("config", "user.email", "ada@x.example")
    assert "Train" not in staffed.run("today", "--me").out
    assert "Train" in staffed.run("today", "--owner", "Ben Clerk").out
