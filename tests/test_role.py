"""Role from the bio: job words decide, with the words themselves as evidence."""

import pytest
from trained import pipeline, read

from nlp.role import TRAIT, evidence, named

TELLING = [
    ("HR-adviseur bij een gemeente", "hr", "general"),
    ("Corporate recruiter in de techniek | hardloper", "hr", "recruitment"),
    ("Adviseur arbeidsmarktcommunicatie", "hr", "employer_branding"),
    ("L&D specialist", "hr", "learning"),
    ("Zelfstandig bedrijfsarts", "hr", "health"),
    ("Loopbaancoach in Gent", "hr", "career"),
    ("CHRO, vader, fietser", "hr", "general"),
    ("HR business partner", "hr", "general"),
    ("P&O'er in de zorg", "hr", "general"),
    ("Studente HRM", "hr", "general"),
    ("HR en communicatieadviseur", "hr", "general"),
    ("Marketeer en soms recruiter", "marketing", None),
    ("Communicatieadviseur bij een waterschap", "marketing", None),
    ("Woordvoerder", "marketing", None),
    ("oud-recruiter", "other", None),
    ("ex HR-manager, nu bakker", "other", None),
    ("Studente theologie", "other", None),
]
OF_A_PERSON = [
    "Lid FNV, fietser",
    "ACV-militant in Gent",
    "Vakbondsbestuurder",
    "Lid ondernemingsraad",
    "Trotse papa van drie",
    "Raadslid in Zwolle",
]


@pytest.mark.parametrize(("bio", "role", "field"), TELLING)
def test_job_words_decide(bio, role, field):
    """Rules name role and sub-field; the evidence stands in the bio as it is."""
    found = named(bio)
    assert found is not None
    assert (found[0], found[2]) == (role, field)
    assert found[1] in bio


def test_only_the_word_student_is_kept():
    """What follows it may be anything about a person."""
    assert named("Student katholieke theologie") == ("other", "Student", None)


@pytest.mark.parametrize("bio", OF_A_PERSON)
def test_a_union_politics_and_family_are_read_and_not_kept(bio):
    """Such words say that somebody names no work in HR; which they are, is not told."""
    (one,) = read(("Hoi", bio))
    assert named(bio) == ("other", None, None)
    assert (one.role, one.role_evidence) == ("other", None)


@pytest.mark.parametrize("bio", ["Vakbondsadviseur", "adviseur Vakbondsconsulent", "coach en vakbondsadviseur"])
def test_a_stretch_of_a_bio_holds_no_trait(bio):
    """Where the words do not decide and the model finds HR, such a word is no part of its evidence."""
    assert not TRAIT.search(evidence(pipeline().get_pipe("role").words, bio, "hr") or "")


@pytest.mark.parametrize("bio", [None, "", "   "])
def test_no_bio_is_unknown(bio):
    """Without a bio nothing is guessed."""
    (one,) = read(("Wij zoeken een collega", bio))
    assert (one.role, one.role_p, one.role_evidence, one.role_field) == ("unknown", 1.0, None, None)


def test_evidence_is_a_job_and_no_trait():
    """What a bio tells of belief, health or origin is neither label nor evidence."""
    (one,) = read(("Hoi", "Katholiek, chronisch ziek, Turkse roots, HR-adviseur, D66'er"))
    assert (one.role, one.role_evidence) == ("hr", "HR-adviseur")
