"""Signatures: made when the user's git asks for them, and by the user's programs alone."""

import shutil
import subprocess

import pytest

from compliance.gitrepo.reading.reading import entries
from compliance.gitrepo.writing.recording import Authorship, Identity, record
from compliance.problems import Refused

needs_ssh_keygen = pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="there is no ssh-keygen here")


@pytest.fixture
def key(tmp_path):
    """An SSH key without a passphrase, and the file that says whose it is."""
    file = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(file)], check=True)
    public = file.with_suffix(".pub").read_text()
    (tmp_path / "allowed").write_text(f"a.officer@example.org {public}")
    return file


@pytest.fixture
def program(tmp_path):
    """Makes a program that leaves a mark where it ran, and signs when it is asked as gpg is."""

    def _program(name):
        file = tmp_path / name
        file.write_text(
            f"#!/bin/sh\ntouch {tmp_path}/{name}.ran\ncat >/dev/null\n"
            "printf '\\n[GNUPG:] SIG_CREATED \\n' >&2\n"
            "printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n'\n"
        )
        file.chmod(0o755)
        return file

    return _program


def ran(program):
    return program.with_name(program.name + ".ran").exists()


def signed(repository):
    return "gpgsig" in repository.git("cat-file", "commit", "HEAD")


@needs_ssh_keygen
def test_an_ssh_signature(repo, key, tmp_path):
    repo.git("config", "--global", "gpg.format", "ssh")
    repo.git("config", "--global", "user.signingKey", str(key))
    record(repo.open(), {"x": b"0"}, "Unsigned", expected=None)
    assert not signed(repo)
    repo.git("config", "--global", "commit.gpgSign", "yes")
    record(repo.open(), {"x": b"1"}, "Signed", expected=None)
    repo.git("-c", f"gpg.ssh.allowedSignersFile={tmp_path / 'allowed'}", "verify-commit", "HEAD")
    record(repo.open(), {"x": b"2"}, "Demo", expected=None, authorship=Authorship(Identity("D", "d@example.org")))
    assert not signed(repo)


@needs_ssh_keygen
def test_a_local_program_never_signs(repo, key, program):
    evil = program("evil")
    repo.git("config", "gpg.ssh.program", str(evil))
    repo.git("config", "gpg.format", "ssh")
    repo.git("config", "user.signingKey", str(key))
    repo.git("config", "commit.gpgSign", "true")
    repo.git("commit", "-q", "--allow-empty", "-m", "x", check=False)
    assert ran(evil)
    evil.with_name("evil.ran").unlink()
    record(repo.open(), {"x": b"1"}, "Signed", expected=None)
    assert signed(repo)
    assert not ran(evil)


@pytest.mark.parametrize("setting", ["gpg.program", "gpg.openpgp.program", "gpg.x509.program"])
def test_the_users_program_signs_and_the_local_one_does_not(repo, program, setting):
    good, evil = program("good"), program("evil")
    repo.git("config", "--global", "commit.gpgSign", "true")
    repo.git("config", "--global", setting, str(good))
    if "x509" in setting:
        repo.git("config", "gpg.format", "x509")
    for local in ("gpg.program", "gpg.openpgp.program", "gpg.x509.program"):
        repo.git("config", local, str(evil))
    record(repo.open(), {"x": b"1"}, "Signed", expected=None)
    assert signed(repo)
    assert ran(good)
    assert not ran(evil)


def test_a_local_command_that_would_find_a_key_is_not_asked(repo, program):
    finder = program("finder")
    repo.git("config", "--global", "commit.gpgSign", "true")
    repo.git("config", "--global", "gpg.format", "ssh")
    repo.git("config", "gpg.ssh.defaultKeyCommand", str(finder))
    with pytest.raises(Refused, match="none is configured"):
        record(repo.open(), {"x": b"1"}, "No", expected=None)
    assert not ran(finder)
    repo.git("config", "--global", "gpg.ssh.defaultKeyCommand", str(finder))
    with pytest.raises(Refused, match="git commit-tree failed"):
        record(repo.open(), {"x": b"1"}, "No", expected=None)
    assert ran(finder)


def test_a_signature_that_fails_leaves_no_commit(repo, tmp_path):
    repo.git("config", "--global", "commit.gpgSign", "true")
    repo.git("config", "--global", "gpg.program", "false")
    before = repo.head
    with pytest.raises(Refused, match="git commit-tree failed") as refused:
        record(repo.open(), {"x": b"1"}, "No", expected=None)
    assert "user.signingKey" in refused.value.problems[0].hint
    assert repo.head == before
    assert {entry.path for entry in entries(repo.open(), "HEAD")} == {"a", "b"}
