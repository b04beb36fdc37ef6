"""A workspace that means harm: nothing in it runs a program, and nothing in it changes an answer.

Each vector is set up in a repository with a program that leaves a mark. Where plain git falls for it, that is shown
first. Then everything that the product does is done, and the answers are those of the repository as it was before.
"""

import os
import subprocess
import sys
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from compliance.gitrepo.process.probe import locate
from compliance.gitrepo.reading.history import commit_as_of, commit_info, first_parent_history, path_history
from compliance.gitrepo.reading.reading import blobs, changed, entries, resolve
from compliance.gitrepo.writing.files import place
from compliance.gitrepo.writing.readiness import identity, writable
from compliance.gitrepo.writing.recording import record
from compliance.gitrepo.writing.worktree import hidden_flags, uncommitted
from compliance.problems import Refused

HOOKS = (
    "commit-msg",
    "fsmonitor-watchman",
    "post-checkout",
    "post-commit",
    "post-index-change",
    "post-merge",
    "pre-auto-gc",
    "pre-commit",
    "prepare-commit-msg",
    "reference-transaction",
)


class Trap:
    """A repository, and a program that leaves a mark when anything runs it."""

    def __init__(self, repository, folder):
        self.repository = repository
        self.folder = folder
        self.top = repository.top
        self.git = repository.git
        self.mark = folder / "mark"
        self.program = self.script(folder / "program")

    def script(self, file):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"#!/bin/sh\necho \"$0 $@\" >>'{self.mark}'\nexit 1\n")
        file.chmod(0o755)
        return file

    def config(self, key, value=None):
        self.git("config", key, str(value or self.program))

    def attributes(self, text):
        file = self.top / ".git" / "info" / "attributes"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text + "\n")

    def status(self):
        """Asks for the status, of a file of which git cannot tell without reading it."""
        os.utime(self.top / "a", (0, 0))
        return ["status"]

    def sprung(self):
        return self.mark.exists()


def vector_hooks(trap):
    for name in HOOKS:
        trap.script(trap.top / ".git" / "hooks" / name)
    return ["commit", "--allow-empty", "-m", "x"]


def vector_hooks_path(trap):
    for name in HOOKS:
        trap.script(trap.folder / "hooks" / name)
    trap.config("core.hooksPath", trap.folder / "hooks")
    return ["update-ref", "refs/heads/x", "HEAD"]


def vector_configured_hook(trap):
    for event in ("reference-transaction", "post-index-change"):
        trap.config(f"hook.{event}-evil.command")
        trap.config(f"hook.{event}-evil.event", event)


def vector_fsmonitor(trap):
    trap.config("core.fsmonitor")
    return ["status"]


def vector_filter_clean(trap):
    trap.attributes("* filter=evil")
    trap.config("filter.evil.clean")
    return trap.status()


def vector_filter_required(trap):
    trap.attributes("* filter=evil")
    trap.config("filter.evil.clean")
    trap.config("filter.evil.required", "true")
    return trap.status()


def vector_filter_smudge(trap):
    trap.attributes("* filter=e.v-il")
    trap.config("filter.e.v-il.smudge")  # the name has a dot in it
    return ["cat-file", "--filters", "HEAD:a"]


def vector_filter_process(trap):
    trap.attributes("* filter=evil")
    trap.config("filter.evil.process")
    return trap.status()


def vector_filter_in_a_file_of_attributes(trap):
    (trap.folder / "attributes").write_text("* filter=evil\n")
    trap.config("core.attributesFile", trap.folder / "attributes")
    trap.config("filter.evil.clean")
    return trap.status()


def vector_external_diff(trap):
    trap.config("diff.external")
    return ["diff", "HEAD~"]


def vector_diff_driver(trap):
    trap.attributes("* diff=evil")
    trap.config("diff.evil.command")
    return ["diff", "HEAD~"]


def vector_textconv(trap):
    trap.attributes("* diff=evil")
    trap.config("diff.evil.textconv")
    return ["log", "-p"]


def vector_pager(trap):
    trap.config("core.pager")
    for command in ("log", "status", "config", "rev-parse"):
        trap.config(f"pager.{command}")


def vector_editor(trap):
    trap.config("core.editor")
    trap.config("sequence.editor")
    return ["commit", "--allow-empty"]


def vector_show_signature(trap):
    trap.config("log.showSignature", "true")
    for key in ("gpg.program", "gpg.ssh.program", "gpg.x509.program"):
        trap.config(key)
    return ["log"]


def vector_alias(trap):
    for name in ("log", "status", "rev-parse", "cat-file", "x"):
        trap.config(f"alias.{name}", f"!{trap.program}")
    return ["x"]


def vector_include(trap):
    (trap.folder / "more").write_text(f"[core]\n\tfsmonitor = {trap.program}\n\thooksPath = {trap.folder}\n")
    trap.config("include.path", trap.folder / "more")
    trap.script(trap.folder / "reference-transaction")
    return ["status"]


def vector_worktree_configuration(trap):
    trap.config("extensions.worktreeConfig", "true")
    trap.git("config", "--worktree", "core.fsmonitor", str(trap.program))
    return ["status"]


def vector_submodule(trap):
    inner = trap.top / "sub"
    trap.git("init", "-q", "sub")
    trap.git("-C", "sub", "fetch", "-q", str(trap.top), "HEAD")
    trap.git("-C", "sub", "reset", "-q", "--hard", "FETCH_HEAD")
    trap.git("-C", "sub", "config", "core.fsmonitor", str(trap.program))
    trap.git("update-index", "--add", "--cacheinfo", f"160000,{trap.git('rev-parse', 'HEAD')},sub")
    assert inner.is_dir()
    return ["status"]


def vector_remote_helper(trap):
    promise(trap, f"ext::{trap.program} x")
    trap.config("protocol.ext.allow", "always")
    return ["cat-file", "blob", "1" * 40]


def vector_ssh(trap):
    promise(trap, "ssh://127.0.0.1/x")
    trap.config("core.sshCommand")
    trap.config("ssh.variant", "simple")
    return ["cat-file", "blob", "1" * 40]


def vector_git_proxy(trap):
    promise(trap, "git://127.0.0.1/x")
    trap.config("core.gitProxy")
    return ["cat-file", "blob", "1" * 40]


def vector_upload_pack(trap):
    trap.git("init", "-q", "--bare", str(trap.folder / "remote"))
    promise(trap, str(trap.folder / "remote"))
    trap.config("remote.origin.uploadpack")
    return ["cat-file", "blob", "1" * 40]


def vector_credentials(trap):
    promise(trap, "http://127.0.0.1:9/x")
    trap.config("credential.helper", f"!{trap.program}")
    trap.config("core.askPass")


def vector_alternates(trap):
    promise(trap, str(trap.top))
    trap.config("core.alternateRefsCommand")
    (trap.top / ".git/objects/info").mkdir(exist_ok=True)
    trap.git("clone", "-q", "--bare", str(trap.top), str(trap.folder / "other"))
    (trap.top / ".git/objects/info/alternates").write_text(f"{trap.folder}/other/objects\n")
    return ["fetch", "--all"]


def vector_trace(trap):
    for key in ("normalTarget", "eventTarget", "perfTarget"):
        trap.config(f"trace2.{key}", trap.mark)


def vector_forging_replacement(trap):
    forged = trap.git("hash-object", "-w", "--stdin", stdin=b"forged")
    trap.git("replace", trap.git("rev-parse", "HEAD:a"), forged)
    trap.git("replace", trap.git("rev-parse", "HEAD~"), trap.git("rev-parse", "HEAD~2"))
    trap.config("core.useReplaceRefs", "true")
    assert trap.git("show", "HEAD:a") == "forged"


def vector_forging_grafts(trap):
    (trap.top / ".git/info").mkdir(exist_ok=True)
    (trap.top / ".git/info/grafts").write_text(f"{trap.git('rev-parse', 'HEAD')}\n")
    assert trap.git("rev-list", "--count", "HEAD") == "1"


def vector_forging_settings(trap):
    order = trap.folder / "order"
    order.write_text("b\na\n")
    for key, value in {
        "log.diffMerges": "off",
        "log.showRoot": "false",
        "log.follow": "true",
        "log.date": "relative",
        "log.mailmap": "true",
        "format.pretty": "oneline",
        "diff.renames": "copies",
        "diff.relative": "true",
        "diff.orderFile": str(order),
        "diff.ignoreSubmodules": "all",
        "diff.noprefix": "true",
        "color.ui": "always",
        "color.status": "always",
        "core.abbrev": "4",
        "core.quotePath": "true",
        "core.commitGraph": "true",
        "core.ignoreStat": "true",
        "i18n.logOutputEncoding": "UTF-16",
        "i18n.commitEncoding": "ISO-8859-1",
        "status.showUntrackedFiles": "no",
        "status.relativePaths": "true",
        "status.branch": "true",
        "status.showStash": "true",
        "status.short": "true",
        "core.untrackedCache": "true",
        "user.useConfigOnly": "false",
    }.items():
        trap.config(key, value)
    (trap.top / ".mailmap").write_text("Someone Else <else@example.org> <a.officer@example.org>\n")
    trap.git("add", ".mailmap")
    trap.git("rm", "-q", "--cached", ".mailmap")
    (trap.top / ".git/info").mkdir(exist_ok=True)
    (trap.top / ".git/info/exclude").write_text(".mailmap\n")


def vector_environment_of_another_repository(trap):
    other = trap.folder / "elsewhere"
    trap.git("init", "-q", str(other))
    os.environ.update(
        GIT_DIR=str(other / ".git"),
        GIT_WORK_TREE=str(other),
        GIT_INDEX_FILE=str(trap.folder / "index"),
        GIT_OBJECT_DIRECTORY=str(other / ".git/objects"),
        GIT_COMMON_DIR=str(other / ".git"),
        GIT_NAMESPACE="x",
        GIT_CEILING_DIRECTORIES=str(trap.top.parent),
        GIT_SHALLOW_FILE=str(trap.folder / "shallow"),
        GIT_REPLACE_REF_BASE="refs/heads",
        GIT_PREFIX="x/",
    )


def vector_environment_that_runs(trap):
    program = str(trap.program)
    for name in (
        "EXTERNAL_DIFF",
        "PAGER",
        "EDITOR",
        "SEQUENCE_EDITOR",
        "ASKPASS",
        "SSH",
        "SSH_COMMAND",
        "PROXY_COMMAND",
    ):
        os.environ[f"GIT_{name}"] = program
    os.environ.update(
        GIT_EXEC_PATH=str(trap.folder),
        GIT_CONFIG_COUNT="1",
        GIT_CONFIG_KEY_0="core.fsmonitor",
        GIT_CONFIG_VALUE_0=program,
        GIT_CONFIG_PARAMETERS=f"'core.fsmonitor={program}'",
        GIT_CONFIG_GLOBAL=str(trap.folder / "nothing"),
        GIT_CONFIG_SYSTEM=str(trap.folder / "nothing"),
    )


def vector_environment_that_traces(trap):
    for name in ("", "_SETUP", "_PACKET", "_PERFORMANCE", "_REFS", "2", "2_EVENT", "2_PERF"):
        os.environ[f"GIT_TRACE{name}"] = str(trap.mark)


def vector_attributes_in_the_tree(trap):
    trap.top.joinpath(".gitattributes").write_text("* filter=evil diff=evil merge=evil working-tree-encoding=x\n")
    for key in ("filter.evil.clean", "diff.evil.textconv", "merge.evil.driver"):
        trap.config(key)
    return ["add", "--renormalize", "."]


VECTORS = {name.removeprefix("vector_"): value for name, value in sorted(globals().items()) if "vector_" in name}


def promise(trap, url):
    """A partial clone, which asks its remote for what it lacks."""
    for key, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.url": url,
        "remote.origin.promisor": "true",
        "remote.origin.fetch": "+refs/heads/*:refs/remotes/origin/*",
    }.items():
        trap.config(key, value)


def facts(top, head):
    """Everything that the product asks."""
    git = type_of_git(locate(top))
    old = resolve(git, f"{head}~2")
    files = list(entries(git, head))
    with pytest.raises(Refused, match="1111"):
        list(blobs(git, ["1" * 40]))
    return (
        files,
        list(blobs(git, [entry.oid for entry in files])),
        changed(git, old, head),
        list(first_parent_history(git, head)),
        path_history(git, head, ["a"]),
        commit_info(git, head),
        commit_as_of(git, head, date(2026, 1, 2), ZoneInfo("Europe/London")),
        identity(git),
        {found.path for found in uncommitted(git)} - {"sub", ".gitattributes", ".mailmap"},
        hidden_flags(git),
    )


def type_of_git(place):
    from compliance.gitrepo.process.process import Git

    return Git(place)


@pytest.fixture
def trap(repo, tmp_path):
    repo.commit("Second", "2026-01-02T10:00:00Z", a=b"changed\n")
    signed = repo.git("cat-file", "commit", "HEAD").replace(
        "\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n", 1
    )
    oid = repo.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=signed.encode() + b"\n")
    repo.git("update-ref", "HEAD", oid)
    repo.commit("Third", "2026-01-03T10:00:00Z", **{"d/ü": b"x\n"})
    repo.write("a", b"edited\n")
    repo.write("loose", b"new\n")
    return Trap(repo, tmp_path / "trap")


@pytest.mark.parametrize("name", VECTORS)
def test_nothing_runs_and_nothing_lies(trap, name):
    head = trap.git("rev-parse", "HEAD")
    before = facts(trap.top, head)
    live = VECTORS[name](trap)
    if live:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        subprocess.run(["git", *live], cwd=trap.top, env=environment, capture_output=True, check=False, timeout=20)
        assert trap.sprung(), "plain git did not fall for it, so this shows nothing"
        trap.mark.unlink()
        head = trap.git("rev-parse", "HEAD")
        before = before if head == before[5].oid else facts(trap.top, head)
        (trap.top / "a").touch()
    trap.mark.unlink(missing_ok=True)

    assert facts(trap.top, head) == before
    git = type_of_git(locate(trap.top))
    writable(git)
    place(trap.top, "evidence/new", b"bytes\r\n")
    commit = record(git, {"evidence/new": b"bytes\r\n", "a": None}, "Ours", expected=head)
    assert not trap.sprung(), trap.mark.read_text()

    raw = raw_git(trap, "cat-file", "commit", commit)
    assert f"parent {head}\n" in raw
    assert "encoding" not in raw
    assert raw_git(trap, "cat-file", "blob", f"{commit}:evidence/new") == "bytes\r\n"
    assert raw_git(trap, "rev-parse", "refs/heads/main") == commit + "\n"


def raw_git(trap, *args):
    """What git says with the traps taken away."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", "-c", "core.fsmonitor=false", "--no-replace-objects", *args]
    done = subprocess.run(command, cwd=trap.top, env=environment, capture_output=True, check=True)
    return done.stdout.decode()


def test_a_working_tree_elsewhere_is_refused(trap, tmp_path):
    (tmp_path / "victim").mkdir()
    (tmp_path / "victim" / "a").write_text("secret")
    trap.config("core.worktree", tmp_path / "victim")
    assert trap.git("rev-parse", "--show-toplevel") == str(tmp_path / "victim")
    with pytest.raises(Refused, match="does not belong to it"):
        locate(trap.top)


def test_a_repository_hidden_in_a_folder(trap):
    """A folder in the working tree that git takes for a repository, with its own configuration."""
    folder = trap.top / "evidence"
    for name in ("objects", "refs"):
        (folder / name).mkdir(parents=True)
    (folder / "HEAD").write_text("ref: refs/heads/main\n")
    (folder / "config").write_text(
        f"[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = ..\n\tfsmonitor = {trap.program}\n"
    )
    subprocess.run(["git", "status"], cwd=folder, capture_output=True, check=False)
    assert trap.sprung()
    trap.mark.unlink()
    with pytest.raises(Refused, match=r"bare|git"):
        locate(folder)
    assert not trap.sprung()


def test_the_library_does_not_pick_its_own_git(trap):
    """A variable that the git library reads when it is imported."""
    script = (
        "import pathlib; from compliance.gitrepo.process.probe import locate;"
        "from compliance.gitrepo.process.process import Git;"
        f"print(Git(locate(pathlib.Path({str(trap.top)!r}))).run('rev-parse', 'HEAD').decode(), end='')"
    )
    environment = {**os.environ, "GIT_PYTHON_GIT_EXECUTABLE": str(trap.program), "GIT_PYTHON_TRACE": "full"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (trap.git("rev-parse", "HEAD") + "\n", "")
    assert not trap.sprung()
