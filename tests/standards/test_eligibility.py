"""Which profile is ours: what a catalogue says of who may use each, and how it is shown."""

from __future__ import annotations

from compliance.domain.standards.catalogue import assessable
from compliance.store.catalogues.catalogues import parse_catalogue
from compliance.workspace.shipped import shipped_catalogues

SELF_ASSESSMENTS = {
    *("saq-a", "saq-a-ep", "saq-b", "saq-b-ip", "saq-c", "saq-c-vt", "saq-p2pe", "saq-spoc"),
    *("saq-d-merchant", "saq-d-service-provider"),
}


def test_every_questionnaire_of_pci_dss_says_who_may_use_it_and_how_sure_that_is():
    name = "pci-dss@4.0.1.yaml"
    catalogue = parse_catalogue(shipped_catalogues()[name], name).value
    assert catalogue is not None
    told = {profile.id: profile.eligibility for profile in catalogue.profiles if profile.eligibility}
    assert told.keys() == SELF_ASSESSMENTS
    every = [criterion for criteria in told.values() for criterion in criteria]
    assert {criterion.certainty for criterion in every} == {"confirmed", "secondary", "unconfirmed"}
    assert len({criterion.what for criterion in every}) > 35
    assert "acquirer" in catalogue.choosing


def test_the_profiles_are_shown_with_their_criteria_and_doubts(workspace):
    answer = workspace.run("standards", "profiles", "pci-dss", columns=80)
    assert (answer.code, answer.err) == (0, "")
    assert "saq-d-merchant  SAQ D for merchants (233 controls, used where none is named)" in answer.out
    text = " ".join(answer.out.split())
    assert "- None of them is a secure card reader (SCR or SCRP)" in text
    assert "- The terminals are joined to no other system and not to the internet (secondary)" in text
    plain = workspace.run("standards", "profiles", "pci-dss", "--json").json
    (default,) = [profile for profile in plain["profiles"] if profile["default"]]
    name = "pci-dss@4.0.1.yaml"
    catalogue = parse_catalogue(shipped_catalogues()[name], name).value
    assert catalogue is not None
    assert default["controls"] == sum(1 for _ in assessable(catalogue, ("saq-d-merchant",)))
    assert workspace.run("standards", "profiles", "acme").out == "acme@1 has no profiles: all of it applies.\n"
