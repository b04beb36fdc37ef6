"""The cache between processes: one that is killed leaves the last whole refresh, and one that writes is waited for."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from compliance.store.cache import refreshing
from compliance.store.cached import CachedEntry

BEFORE = [CachedEntry("a.txt", "100644", "1" * 40, 7)]
WRITER = """
import sys
from pathlib import Path
from compliance.store.cache import refreshing
from compliance.store.cached import CachedEntry

with refreshing(Path(sys.argv[1])) as cache:
    cache.replace_entries(CachedEntry(f"{number}.txt", "100644", "2" * 40, 0) for number in range(30_000))
    cache.set_state("commit", "of the writer")
    print("written", flush=True)
    sys.stdin.readline()
"""


@contextlib.contextmanager
def a_writer_in_the_middle(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that has written all of a refresh, and has not kept it yet: it does so when its input ends."""
    arguments = [sys.executable, "-c", WRITER, str(folder)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"written\n"
        yield writer


def test_a_process_that_is_killed_in_the_middle_leaves_the_last_whole_refresh(tmp_path):
    with refreshing(tmp_path) as cache:
        cache.replace_entries(BEFORE)
        cache.set_state("commit", "first")
    with a_writer_in_the_middle(tmp_path) as writer:
        writer.kill()
    assert writer.returncode == -signal.SIGKILL
    with refreshing(tmp_path) as cache:
        assert (list(cache.entries()), cache.state("commit")) == (BEFORE, "first")
        cache.set_state("commit", "second")
    with refreshing(tmp_path) as cache:
        assert cache.state("commit") == "second"


def test_the_first_refresh_that_is_killed_leaves_an_empty_cache(tmp_path):
    with a_writer_in_the_middle(tmp_path) as writer:
        writer.kill()
    with refreshing(tmp_path) as cache:
        assert (cache.count_entries(), cache.state("commit")) == (0, None)


def test_a_second_process_waits_for_the_first_and_sees_all_that_it_kept(tmp_path):
    with a_writer_in_the_middle(tmp_path) as writer:
        assert writer.stdin is not None
        threading.Timer(0.3, writer.stdin.close).start()
        with refreshing(tmp_path) as cache:
            assert (cache.count_entries(), cache.state("commit")) == (30_000, "of the writer")
    assert writer.returncode == 0
