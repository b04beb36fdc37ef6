"""`python -m tests.oracle SEED COUNT [KINDS]`: compares COUNT expectations or more, and prints differences by kind.

Of each kind one example is printed, those of the KINDS most frequent ones (none, unless it says) made small.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from ..builders.users import settle
from .comparing import Difference, compare
from .shrinking import shrink

CONTROLS = 50
USAGE = "python -m tests.oracle SEED COUNT [KINDS]"


def main(arguments: list[str]) -> int:
    """Prints how many were compared and how many differ, each kind with its smallest examples."""
    if len(arguments) not in {2, 3}:
        sys.stderr.write(f"usage: {USAGE}\n")
        return 2
    seed, count, small = (*map(int, arguments), 0)[:3]
    compared, differences = 0, list[Difference]()
    with tempfile.TemporaryDirectory() as folder:
        _begin_home(Path(folder))
        while compared < count:
            tally = compare(Path(folder), seed, CONTROLS)
            compared += tally.compared
            differences += tally.differences
            seed += 1
        kinds: dict[str, list[Difference]] = {}
        for difference in differences:
            kinds.setdefault(difference.kind, []).append(difference)
        lines = [f"{compared} expectations compared, {len(differences)} differ", ""]
        ordered = sorted(kinds.items(), key=lambda item: -len(item[1]))
        lines += [f"{len(members):6} {kind}" for kind, members in ordered]
        examples = [min(members, key=lambda member: member.size) for _, members in ordered]
        examples = [shrink(Path(folder), example) for example in examples[:small]] + examples[small:]
    for (kind, members), example in zip(ordered, examples, strict=True):
        lines += ["", f"{kind} ({len(members)})", str(example)]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if differences else 0


def _begin_home(folder: Path) -> None:
    home = folder / "home"
    os.environ["HOME"] = str(home)
    os.environ["XDG_CONFIG_HOME"] = str(home / ".config")
    os.environ["XDG_STATE_HOME"] = str(home / ".local" / "state")
    settle(home)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
