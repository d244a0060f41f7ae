"""Role from the bio: job words decide, with the words themselves as evidence."""

import pytest
from trained import pipeline, read

from nlp.role import evidence, named, of_today

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
    ("Ex-militair en recruiter", "hr", "recruitment"),
    ("Ex-bankier nu HR business partner", "hr", "general"),
    ("Voormalig verpleegkundige en nu P&O-adviseur bij een ziekenhuis", "hr", "general"),
    ("Voormalig recruiter en HR-manager, nu bakker", "other", None),
    ("27 jaar oud en HR-adviseur", "hr", "general"),
    ("Van ex-verpleegkundige tot HR-adviseur", "hr", "general"),
    ("Ex-leraar die HR-adviseur werd", "hr", "general"),
    ("Oud-docent als recruiter bij een school", "hr", "recruitment"),
    ("oud-marketeer", "other", None),
    ("Voormalig communicatieadviseur", "other", None),
    ("HR-manager in ruste", "other", None),
    ("Recruiter (b.d.)", "other", None),
    ("Communicatieadviseur, met vervroegd pensioen", "other", None),
    ("Gepensioneerd personeelschef", "other", None),
    ("Voorheen recruiter, nu bakker", "other", None),
    ("Specialist in re-integratie", "hr", "health"),
    ("In re-integratie. HR-adviseur", "hr", "general"),
    ("Casemanager verzuim", "hr", "health"),
    ("Planner uitzendkrachten", "hr", "temp_agency"),
    ("Uitzendkracht nodig? Intercedent bouw", "hr", "temp_agency"),
    ("SEA/SEM-specialist", "marketing", None),
]
NO_WORK_IN_HR = [
    "Al twee jaar in re-integratie, CVS/ME",
    "In re-integratie na kanker",
    "Momenteel in een re-integratietraject, burn-out",
    "Casemanager dementie in de thuiszorg",
    "Uitzendkracht bij een drukker",
]
OTHER_TRADES = ["Uitzendkracht in de logistiek", "Arborist en boomverzorger"]
NO_JOB = ["Hardloper, PR marathon 3:15", "Kinderen: Sem en Noor", "Deep sea diver"]
OF_A_PERSON = [
    "Lid FNV, fietser",
    "ACV-militant in Gent",
    "Vakbondsbestuurder",
    "Lid ondernemingsraad",
    "Trotse papa van drie",
    "Raadslid in Zwolle",
]
BESIDE_WORK = [
    ("Vakbondsadviseur", "vakbond"),
    ("adviseur Vakbondsconsulent", "vakbond"),
    ("coach en vakbondsadviseur", "vakbond"),
    ("Adviseur leren CNV", "cnv"),
    ("CNV-adviseur werk", "cnv"),
    ("adviseur werk @CNVConnectief", "cnv"),
    ("adviseur werk D66", "d66"),
    ("adviseur leren N-VA", "n-va"),
    ("coach VVD_Utrecht coach", "vvd"),
    ("werk @SP_Utrecht coach", "sp_"),
    ("werk @CDA_Tilburg", "cda"),
    ("werk @CDA_Tilburg", "tilburg"),
    ("werk @jong_vvd", "vvd"),
    ("coach @pvdaleiden werk", "pvda"),
    ("werk lid ACOD", "acod"),
    ("werk BBTK coach", "bbtk"),
    ("werk LBC-NVK", "lbc"),
    ("De Unie personeel", "unie"),
    ("coach De Unie werk", "unie"),
    ("werk gemeenteraadslid adviseur", "raadslid"),
    ("coach wethouders adviseur", "wethouder"),
    ("adviseur burgemeester personeel", "burgemeester"),
]


@pytest.mark.parametrize(("bio", "role", "field"), TELLING)
def test_job_words_decide(bio, role, field):
    """Rules name role and sub-field; the evidence stands in the bio as it is."""
    found = named(bio)
    assert found is not None
    assert (found[0], found[2]) == (role, field)
    assert found[1] in bio


@pytest.mark.parametrize(
    "bio", ["Voormalig communicatieadviseur, Utrecht", "HR-manager in ruste", "Voormalig P&O-adviseur, nu conrector"]
)
def test_who_did_a_job_once_is_other(bio):
    """The codebook says so, and likeness to those who still do it says nothing against it."""
    (one,) = read(("Hoi", bio))
    assert one.role == "other"
    assert one.role_p > 0.5


def test_a_job_of_today_stands_beside_a_former_one():
    """What the rest of the bio says counts, whether its words are known or not."""
    assert of_today("CMO | ex-recruiter, Gent") == "CMO | Gent"
    assert read(("Hoi", "CMO | ex-recruiter"))[0].role == "marketing"


@pytest.mark.parametrize("bio", NO_WORK_IN_HR)
def test_who_is_placed_or_nursed_is_no_hr(bio):
    """Temp workers, patients and nurses share words with HR; nothing of an illness is kept of them."""
    (one,) = read(("Hoi", bio))
    assert one.role in {"other", "unknown"}
    assert one.role_field is None
    assert "integratie" not in (one.role_evidence or "")


@pytest.mark.parametrize("bio", OTHER_TRADES)
def test_other_trades_are_no_job_words_of_hr(bio):
    """The words decide so; the whole model may still lean to HR by likeness, as docs/model-card.md says."""
    found = named(bio)
    assert found is not None
    assert found[0] == "other"
    assert read(("Hoi", bio))[0].role_field != "health"


@pytest.mark.parametrize("bio", NO_JOB)
def test_what_looks_like_a_job_word_is_none(bio):
    """A runner's record, a child's name and the sea name no profession."""
    assert named(bio) is None


def test_the_field_health_takes_a_job_word():
    """Who heals and who is ill write alike: by likeness alone nobody gets that field."""
    healer, likely = read(("Hoi", "Re-integratieadviseur"), ("Hoi", "Ik help mensen na ziekte weer aan het werk"))
    assert healer.role_field == "health"
    assert likely.role_field != "health"


def test_only_the_word_student_is_kept():
    """What follows it may be anything about a person."""
    assert named("Student katholieke theologie") == ("other", "Student", None)


@pytest.mark.parametrize("bio", OF_A_PERSON)
def test_a_union_politics_and_family_are_read_and_not_kept(bio):
    """Such words say that somebody names no work in HR; which they are, is not told."""
    (one,) = read(("Hoi", bio))
    assert named(bio) == ("other", None, None)
    assert (one.role, one.role_evidence) == ("other", None)


@pytest.mark.parametrize(("bio", "word"), BESIDE_WORK)
def test_a_stretch_of_a_bio_holds_no_trait(bio, word):
    """Where the words do not decide and the model finds HR, such a word is no part of its evidence."""
    assert word not in (evidence(pipeline().get_pipe("role").words, bio, "hr") or "").lower()


@pytest.mark.parametrize("bio", ["HR vakbondsadviseur", "Vakbondscommunicatieadviseur", "oud-HR-vakbondsadviseur"])
def test_a_job_word_holds_no_trait(bio):
    """Of a job word that tells a trait as well, only what it says of the role is read."""
    assert named(bio)[1] is None


@pytest.mark.parametrize("bio", [None, "", "   "])
def test_no_bio_is_unknown(bio):
    """Without a bio nothing is guessed."""
    (one,) = read(("Wij zoeken een collega", bio))
    assert (one.role, one.role_p, one.role_evidence, one.role_field) == ("unknown", 1.0, None, None)


def test_a_bio_in_letters_that_look_bold_is_read():
    """Job words are met in whatever shape their letters have."""
    (one,) = read(("Hoi", "\U0001d5db\U0001d5e5-adviseur in \U0001d5da\U0001d5f2\U0001d5fb\U0001d601"))
    assert (one.role, one.role_evidence) == ("hr", "HR-adviseur")


def test_evidence_is_a_job_and_no_trait():
    """What a bio tells of belief, health or origin is neither label nor evidence."""
    (one,) = read(("Hoi", "Katholiek, chronisch ziek, Turkse roots, HR-adviseur, D66'er"))
    assert (one.role, one.role_evidence) == ("hr", "HR-adviseur")
