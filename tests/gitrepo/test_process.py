"""Running git: answers, failures, streams, and nothing left behind."""

import os
import random
import signal
import subprocess
import sys

import pytest

from compliance.gitrepo.process.hardening import PINNED, scrub_environment
from compliance.problems import Refused


def test_only_the_identity_is_taken_over(repo):
    os.environ.update(
        GIT_DIR="/nowhere", GIT_TRACE="/tmp/x", GIT_AUTHOR_NAME="B", GIT_COMMITTER_DATE="@1 +0000", GITHUB_SHA="kept"
    )
    scrub_environment()
    left = {name: value for name, value in os.environ.items() if name.startswith("GIT_")}
    assert left == {**PINNED, "GIT_AUTHOR_NAME": "B", "GIT_COMMITTER_DATE": "@1 +0000"}
    assert os.environ["GITHUB_SHA"] == "kept"


def test_answers_are_exact_bytes(repo):
    git = repo.open()
    assert git.run("cat-file", "blob", "HEAD:a") == b"one\n"
    assert git.run("hash-object", "--stdin", stdin=b"\xff\0\r\n").strip()
    assert git.run_status("merge-base", "--is-ancestor", "HEAD", "HEAD")[0] == 0
    assert git.run("var", "GIT_COMMITTER_IDENT", env={"GIT_COMMITTER_NAME": "B"}).startswith(b"B <")


def test_a_failure_is_refused_with_gits_words_as_a_quotation(repo):
    with pytest.raises(Refused, match=r"^git cat-file failed: git says “[^”]*no\\u202ething[^”]*”$") as refused:
        repo.open().run("cat-file", "blob", "no\u202ething")
    assert refused.value.problems[0].hint
    with pytest.raises(Refused, match="merge-base"):
        repo.open().run("-c", "a.b=c", "merge-base", "--is-ancestor", "HEAD", "HEAD", ok=(1,))


def test_no_git_when_it_matters(repo, monkeypatch, tmp_path):
    git = repo.open()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused, match="not installed"):
        git.run("version")


def test_a_large_question_and_a_large_answer(repo):
    data = random.Random(1).randbytes(1 << 20) * 8
    git = repo.open()
    oid = git.run("hash-object", "-w", "--stdin", stdin=data).decode().strip()
    assert b"".join(git.stream("cat-file", "blob", oid)) == data


def test_records_are_split_wherever_the_pieces_end(repo, monkeypatch):
    git = repo.open()
    data = b"\0".join(b"%d" % n for n in range(50_000))
    oid = git.run("hash-object", "-w", "--stdin", stdin=data).decode().strip()
    assert list(git.stream_records("cat-file", "blob", oid)) == data.split(b"\0")


def test_a_stream_that_fails_is_refused(repo):
    with pytest.raises(Refused, match="git cat-file failed"):
        list(repo.open().stream("cat-file", "blob", "nothing"))


def test_a_conversation_that_breaks_is_refused(repo):
    with repo.open().converse("mktree", "-z") as talk:
        talk.ask(b"nonsense\0")
        with pytest.raises(Refused, match="git mktree failed"):
            talk.line()


def test_a_reader_that_stops_early_leaves_no_process(repo):
    oid = repo.open().run("hash-object", "-w", "--stdin", stdin=random.Random(2).randbytes(4 << 20)).decode().strip()
    script = f"""
pieces = git.stream("cat-file", "blob", {oid!r})
next(pieces)
pieces.close()
"""
    assert run_and_count(repo, script) == "no process is left\n"


def test_an_interrupt_leaves_no_process(repo):
    """Ctrl-C that reaches only us, while git still waits for us."""
    script = """
import signal, threading
git.settings
try:
    with git.converse("cat-file", "--batch") as talk:
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        talk.line()
except KeyboardInterrupt:
    print("interrupted")
"""
    assert run_and_count(repo, script) == "interrupted\nno process is left\n"


def run_and_count(repo, script):
    """What a script says that has `git` of a repository; and then, whether it has processes that it did not end."""
    before = f"""
import os, pathlib
from compliance.gitrepo.process.probe import locate
from compliance.gitrepo.process.process import Git
git = Git(locate(pathlib.Path({str(repo.top)!r})))
"""
    after = """
try:
    print("a process is left:", os.waitpid(-1, os.WNOHANG))
except ChildProcessError:
    print("no process is left")
"""
    command = [sys.executable, "-c", before + script + after]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    assert done.stderr == ""
    return done.stdout


def test_a_git_that_will_not_end_is_ended(repo, tmp_path, monkeypatch):
    from compliance.gitrepo.process import process

    monkeypatch.setattr(process, "_PATIENCE", 0.1)
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); signal.pause()"
    )
    child = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"deaf\n"
    process._end(child)
    child.stdout.close()
    assert child.returncode == -signal.SIGKILL


def test_a_configuration_that_breaks_meanwhile(repo):
    git = repo.open()
    (repo.top / ".git" / "config").write_text("[core\n")
    with pytest.raises(Refused, match="git's configuration cannot be read") as refused:
        git.run("version")
    assert "Correct the file" in refused.value.problems[0].hint


def test_a_question_to_a_git_that_has_ended(repo):
    nonsense = repo.open().converse("cat-file", "--batch-nonsense")
    with nonsense as talk, pytest.raises(Refused, match="git cat-file failed"):
        talk.ask(b"x" * 100_000)


def test_an_answer_that_is_too_short(repo):
    with repo.open().converse("version") as talk, pytest.raises(Refused, match="git version failed"):
        talk.read(1000)


def test_a_command_line_that_is_too_long(repo):
    with pytest.raises(Refused, match="could not be started"):
        repo.open().run("rev-parse", *["x" * 100_000] * 30)
