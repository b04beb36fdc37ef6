"""Many writers at once: every commit that was acknowledged is there, and each is one commit."""

import subprocess
import sys

WRITER = """
import pathlib, sys
from compliance.gitrepo.process.probe import locate
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.writing.files import place
from compliance.gitrepo.writing.recording import record
top, who = pathlib.Path(sys.argv[1]), sys.argv[2]
for n in range(10):
    git = Git(locate(top))
    path, content = f"evidence/2026/{who}-{n}.txt", f"{who} {n}".encode()
    place(top, path, content)
    print(record(git, {path: content, f"log/{who}": content}, f"{who} {n}", expected=git.place.commit))
"""


def test_eight_writers_lose_nothing(repo):
    writers = [
        subprocess.Popen([sys.executable, "-W", "error", "-c", WRITER, str(repo.top), f"w{n}"], stdout=subprocess.PIPE)
        for n in range(8)
    ]
    acknowledged = [oid for writer in writers for oid in writer.communicate()[0].decode().split()]
    assert [writer.returncode for writer in writers] == [0] * 8
    line = repo.git("rev-list", "--first-parent", "HEAD").split()
    assert len(acknowledged) == 80
    assert sorted(acknowledged) == sorted(line[:-1])
    files = repo.git("ls-tree", "-r", "--name-only", "HEAD", "evidence").split()
    assert len(files) == 80
    assert sorted(repo.git("log", "--format=%s", "HEAD").splitlines()) == sorted(
        ["First", *(f"w{w} {n}" for w in range(8) for n in range(10))]
    )
    assert repo.git("fsck", "--strict", "--no-dangling") == ""
    assert repo.git("diff", "--cached", "--name-only") == ""
