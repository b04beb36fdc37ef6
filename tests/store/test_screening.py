"""A secret is found in whatever form of document it lies; what is damaged or a bomb neither crashes nor hangs."""

from __future__ import annotations

import pytest

from compliance.store.screening.screened import screened
from compliance.store.screening.secrets import SecretKind
from tests.builders.documents import FORMS

SECRETS = {
    SecretKind.KEY: "-----BEGIN " + "OPENSSH PRIVATE KEY-----",
    SecretKind.TOKEN: "AKIA" + "QWERTYUIOPASDFGH",
    SecretKind.PASSWORD: "postgresql://app:" + "Tr0ub4dor-7@db.example.org/main",
    SecretKind.CARD: "4111 1111 " + "1111 1111",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", SECRETS)
def test_a_secret_is_found_in_every_form(form, kind):
    document = FORMS[form](f"Minutes of the board\nPaid with {SECRETS[kind]} today\nNothing else\n")
    result = screened(document)
    assert {secret.kind for secret in result.secrets} == {kind}
    assert result.unsearched == ()


@pytest.mark.parametrize("form", FORMS)
def test_an_ordinary_document_is_searched_and_holds_nothing(form):
    result = screened(FORMS[form]("Minutes of the board\nPaid 41,111.11 on 2026-01-01\n" * 20))
    assert (result.secrets, result.unsearched) == ((), ())
