"""Organisations: employers in bios, mentions in texts, a list that grows."""

import pytest
from trained import read

from nlp.organisations import OrganisationsStep
from nlp.pipeline import blank


@pytest.mark.parametrize(
    ("bio", "employer"),
    [
        ("HR-adviseur bij gemeente Waterlanden", "gemeente Waterlanden"),
        ("Recruiter @Lumenzorg", "Lumenzorg"),
        ("P&O'er bij Zorggroep De Linde | moeder", "Zorggroep De Linde"),
        ("Marketeer, Utrecht", None),
        ("mensenmens", None),
        ("", None),
    ],
)
def test_employer_from_bio(bio, employer):
    """Phrases of work and kinds of organisation give the employer; a town does not."""
    assert read(("Hallo", bio))[0].employer == employer


def test_mentions_in_text():
    """Organisations come in the order of the text, addresses are not searched."""
    (one,) = read(
        "Vandaag op bezoek bij Gemeente Waterlanden, morgen bij Lumenzorg. https://voorbeeld.example/Bij/Iets"
    )
    assert one.organisations == ("Gemeente Waterlanden", "Lumenzorg")


def test_gazetteer_grows():
    """A learnt name is found in any case, also behind #werkenbij, and under its own spelling."""
    step = OrganisationsStep()
    step.learn(["Lumenzorg", "  "])
    assert step.mentioned("fijn team bij #werkenbijlumenzorg en LUMENZORG", ()) == ["Lumenzorg"]


def test_gazetteer_survives_disk(tmp_path):
    """What was learnt is saved with the component."""
    step = OrganisationsStep()
    step.learn(["Lumenzorg"])
    step.to_disk(tmp_path)
    again = blank().get_pipe("organisations").from_disk(tmp_path)
    assert again.known == ("Lumenzorg",)
