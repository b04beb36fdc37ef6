"""Histories as people make them: one small step after another, drawn by the caller."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

from ..builders.workspaces import CATALOGUE, CONFIGURATION, begin_workspace, described

RECORD = ".evidence.yaml"
CONTENTS = ("allow 443\n", "allow 443\nallow 22\n", "", "---\ntitle: none of ours\n---\nText.\n")
PLACES = (
    "evidence/firewall/rules-2025-12-24.txt",
    "evidence/firewall/core/rules-2026-Q1.txt",
    "evidence/firewall/core/rules.txt",
    "evidence/assets.csv",
    "docs/assets.csv",
)
FRONT_MATTER = (
    "---\nevidence: {kind: policy, date: 2025-11-20, controls: [acme:B.1]}\n---\nWe lock our screens.\n",
    "---\nevidence: {kind: policy, date: 2024-11-20, also: [acme:B.3]}\n---\nWe lock our screens.\n",
    "---\nevidence: {kind: opinion}\n---\nWe lock our screens.\n",
    "We lock our screens.\n",
)
RULES = (
    "rules:\n  - {match: '**/rules*.txt', kind: configuration, date: git, controls: [acme:A.2]}\n",
    "rules:\n  - {match: '**', kind: register, date: git, first: counts, controls: [acme:A.3]}\n"
    "  - {match: ['rules*', 'core/*'], kind: configuration, date: name, also: [acme:A.2#rules]}\n",
    "rules:\n  - {match: '*.csv', kind: register, date: 2025-12-01, controls: [acme:A.3], owner: A. Keeper}\n",
    "rules:\n  - {match: '**', kind: opinion}\n",
)
SETTINGS = (
    CONFIGURATION,
    CONFIGURATION + '\n[review]\nkinds = ["policy", "scan"]\n',
    CONFIGURATION + '\n[evidence]\nroots = ["evidence", "docs"]\n',
    CONFIGURATION.replace("Europe/London", "Pacific/Kiritimati").replace("60 days", "10 days"),
    CONFIGURATION + '\n[[scopes]]\nid = "payments"\nparent = "corporate"\nstart = 2025-12-01\n',
    CONFIGURATION.replace("format = 1", "format = one"),
)
CATALOGUES = (
    CATALOGUE,
    CATALOGUE.replace("max-age: 6 months", "max-age: 2 months").replace("Asset register", "Register of assets"),
    CATALOGUE.replace("      - id: A.3\n", "      - id: A.4\n"),
    CATALOGUE.replace("id: acme\n", "id: acme\nid: acme\n"),
)
OVERLAYS = (
    "overlay: acme@1\ncontrols:\n  - id: A.2\n    expects:\n      - {id: rules, max-age: 30 days, because: risk R-1}\n",
    "overlay: acme@1\ncontrols:\n  - id: A.9\n    title: None\n",
)
EDITS = (
    ("date: .*", "date: 2024-06-01"),
    ("title: .*", "title: Another title"),
    ("kind: .*", "kind: ["),
    ("controls:[^:]*acme:A.1", "controls: [acme:A.2, acme:B.1"),
    ("id: .*", "id: E-00000000"),
)


class Story:
    """A workspace in the middle of its history. Days pass as it is told; now and then a clock is wrong."""

    def __init__(self, top: Path) -> None:
        self.workspace = begin_workspace(top)
        self.day = dt.date(2026, 1, 5)
        self.commit(
            {
                "evidence/scan.7K2M9QXT.txt": "nothing open\n",
                f"evidence/scan.7K2M9QXT.txt{RECORD}": described(
                    "E-7K2M9QXT", title="Scan", kind="scan", result="pass", date="2025-12-20", controls=["acme:A.1"]
                ),
                "evidence/firewall/map.yaml": RULES[0],
                PLACES[0]: CONTENTS[0],
                "evidence/accreditations/acme.2ABCDEFG.yaml": "id: A-2ABCDEFG\nstandard: acme@1\nscope: corporate\n"
                "cycles:\n  - granted: 2025-02-03\n    events:\n      - {event: surveillance, on: 2025-12-01}\n",
            }
        )

    def commit(self, files: dict[str, str] | None = None, message: str = "Change") -> None:
        self.day += dt.timedelta(days=3)
        self.workspace.put(dict(files or {}), str(self.day), message)

    def tell(self, step: str, number: int) -> None:
        """Takes one step; the number decides on the details."""
        STEPS[step](self, number)

    def files(self, ending: str = "") -> list[str]:
        """What lies under `evidence/`, links left out."""
        top = self.workspace.top
        found = [path for path in (top / "evidence").rglob("*") if path.is_file() and not path.is_symlink()]
        return sorted(path.relative_to(top).as_posix() for path in found if path.name.endswith(ending))

    def add(self, number: int) -> None:
        control, name = (("acme:A.1", "scan-2026-01-0{}.txt"), ("acme:B.1", "policy 2025-11-1{}.docx"))[number % 2]
        given = ("-c", control, "--name", name.format(number % 9 + 1), "--note", "by command")
        done = self.workspace.run("evidence", "add", "-", *given, stdin=f"contents {number % 3}\n".encode())
        assert done.code in {0, 2}, done.err

    def write(self, number: int) -> None:
        self.commit({PLACES[number % len(PLACES)]: CONTENTS[number % len(CONTENTS)]})

    def front_matter(self, number: int) -> None:
        self.commit({f"evidence/policy-{number % 2}.md": FRONT_MATTER[number % len(FRONT_MATTER)]})

    def edit(self, number: int) -> None:
        records = self.files(RECORD)
        if records:
            path = records[number % len(records)]
            pattern, text = EDITS[number % len(EDITS)]
            self.commit({path: re.sub(pattern, text, self.workspace.read(path), count=1)})

    def rename(self, number: int) -> None:
        self._moved(number, lambda path: str(Path(path).with_name(f"renamed-{number}-{Path(path).name}")))

    def move(self, number: int) -> None:
        folder = ("evidence/firewall", "evidence/firewall/core", "evidence/2026", "docs", "evidence")[number % 5]
        self._moved(number, lambda path: f"{folder}/{Path(path).name}")

    def _moved(self, number: int, target_of: Callable[[str], str]) -> None:
        files = self.files()
        if files:
            path = files[number % len(files)]
            target = self.workspace.top / target_of(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            (self.workspace.top / path).rename(target)
        self.commit()

    def copy(self, number: int) -> None:
        files = self.files()
        if files:
            path = files[number % len(files)]
            self.commit({f"evidence/firewall/copy-{number % 2}.txt": self.workspace.read(path)})

    def delete(self, number: int) -> None:
        files = self.files()
        if files:
            self.workspace.remove(files[number % len(files)])
        self.commit()

    def rules(self, number: int) -> None:
        folder = ("evidence", "evidence/firewall", "docs")[number % 3]
        self.commit({f"{folder}/map.yaml": RULES[number % len(RULES)]})

    def settings(self, number: int) -> None:
        self.commit({"compliance.toml": SETTINGS[number % len(SETTINGS)]})

    def catalogue(self, number: int) -> None:
        self.commit({"standards/acme@1.yaml": CATALOGUES[number % len(CATALOGUES)]})

    def overlay(self, number: int) -> None:
        self.commit({"standards/acme@1.overlay.yaml": OVERLAYS[number % len(OVERLAYS)]})

    def merge(self, number: int) -> None:
        """A branch from an earlier commit is merged into this one, or this one into it."""
        git, here = self.workspace.git, self.branch
        back = min(number % 3, int(git("rev-list", "--count", "--first-parent", "HEAD")) - 1)
        git("checkout", "-q", "-B", "side", f"HEAD~{back}")
        self.write(number)
        if number % 4 == 0:
            self.delete(number)
        onto, merged = (here, "side") if number % 2 else ("side", here)
        git("checkout", "-q", onto)
        self.day += dt.timedelta(days=2)
        git("merge", "-q", "--no-ff", "-m", "Merge", "-X", "ours", merged, when=str(self.day), check=False)
        if git("diff", "--name-only", "--diff-filter=U"):
            git("merge", "--abort")
        if onto != here:
            git("branch", "-f", here, "side")
            git("checkout", "-q", here)

    def amend(self, number: int) -> None:
        path = PLACES[number % len(PLACES)]
        self.workspace.write(path, CONTENTS[(number + 1) % len(CONTENTS)])
        self.workspace.git("add", "-A")
        self.workspace.git("commit", "-q", "--amend", "--allow-empty", "-m", "Amended", when=str(self.day))

    def reset(self, number: int) -> None:
        """Commits are dropped, and half the time git forgets them for good."""
        git = self.workspace.git
        back = min(number % 3 + 1, int(git("rev-list", "--count", "--first-parent", "HEAD")) - 1)
        git("reset", "-q", "--hard", f"HEAD~{back}")
        if number % 2:
            git("branch", "-q", "-D", "side", "other", check=False)
            git("reflog", "expire", "--expire=now", "--all")
            git("gc", "-q", "--prune=now")

    def switch(self, number: int) -> None:
        known = self.workspace.git("for-each-ref", "--format=%(refname:short)", "refs/heads").split()
        there = "other" if self.branch == "main" else "main"
        self.workspace.git("checkout", "-q", *(() if there in known else ("-b",)), there)

    def strange(self, number: int) -> None:
        """What is no regular file, and a clock that was wrong."""
        git, top = self.workspace.git, self.workspace.top
        match number % 4:
            case 0:
                path = top / "evidence/link.txt"
                path.unlink(missing_ok=True)
                path.symlink_to("scan.7K2M9QXT.txt")
            case 1:
                git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},evidence/firewall/module")
                git("commit", "-q", "-m", "A repository in it", when=str(self.day))
                return
            case 2:
                for path in self.files(".txt")[:2]:
                    (top / path).chmod(0o755)
            case _:
                self.day -= dt.timedelta(days=40)
        self.commit()

    @property
    def branch(self) -> str:
        return self.workspace.git("rev-parse", "--abbrev-ref", "HEAD")


STEPS: dict[str, Callable[[Story, int], None]] = {
    step.__name__: step
    for step in (
        Story.add,
        Story.write,
        Story.front_matter,
        Story.edit,
        Story.rename,
        Story.move,
        Story.copy,
        Story.delete,
        Story.rules,
        Story.settings,
        Story.catalogue,
        Story.overlay,
        Story.merge,
        Story.amend,
        Story.reset,
        Story.switch,
        Story.strange,
    )
}
