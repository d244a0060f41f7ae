"""Organisations: employers in bios, mentions in texts, a list that grows."""

import threading
from functools import cache

import pytest
from stocked import load, post, vault
from trained import read

from flows.steps import annotate
from nlp.cleaning import readable
from nlp.corpus_files import CORPUS, read_bios
from nlp.pipeline import blank
from nlp.training.figures import employers_told
from warehouse.panel import put_panel


@cache
def unlearnt():
    """The pipeline without a model: organisations are found by rules."""
    return blank()


@cache
def knowing(*names):
    """The same, which has learnt these names; a second to make, so read it and teach it nothing more."""
    made = blank()
    made.get_pipe("organisations").learn(names)
    return made


def employer_of(bio, made=None):
    """Where somebody works, by the bio."""
    doc = (made or unlearnt()).make_doc("Hallo")
    doc._.bio = bio
    (made or unlearnt()).get_pipe("organisations").fill([doc])
    return doc._.employer


@pytest.mark.parametrize(
    ("bio", "employer"),
    [
        ("HR-adviseur bij gemeente Waterlanden", "gemeente Waterlanden"),
        ("Recruiter @Lumenzorg", "Lumenzorg"),
        ("P&O'er bij Zorggroep De Linde | moeder", "Zorggroep De Linde"),
        ("Marketeer, Utrecht", None),
        ("HR-adviseur, Helmond", None),
        ("Recruiter | Den Bosch", None),
        ("HR manager in Purmerend", None),
        ("HR-adviseur, 's-Hertogenbosch & Vught", None),
        ("HR-adviseur, 2e lijns", None),
        ("HR-adviseur, gemeente Helmond", "gemeente Helmond"),
        ("HR bij stad Gent", "stad Gent"),
        ("HR bij gemeente Kerkrade", "gemeente Kerkrade"),
        ("HR bij Stein Groep", "Stein Groep"),
        ("HR bij 3M", "3M"),
        ("HR Business Partner van Lumenzorg", "Lumenzorg"),
        ("Partner bij Lumenzorg Groep", "Lumenzorg Groep"),
        ("CHRO Veldhoven & Zoon Groep", "Veldhoven & Zoon Groep"),
        ("HR @Lumen_Zorg", "Lumen Zorg"),
        ("HR | @willemijn@hr.example", None),
        ("HR | @willemijn.bsky.social", None),
        ("Mama van Noor, HR bij Lumenzorg", "Lumenzorg"),
        ("moeder van twee en recruiter bij Lumenzorg", "Lumenzorg"),
        ("Vrijwilliger bij Stichting De Schakel, recruiter bij Lumenzorg", "Lumenzorg"),
        ("HR Directeur", None),
        ("HR Directeur bij Lumenzorg", "Lumenzorg"),
        ("HR Professional", None),
        ("HR Verantwoordelijke Lumenzorg", "Lumenzorg"),
        ("HR Officer Stad Antwerpen", "Stad Antwerpen"),
        ("Recruiter Zorg & Welzijn", None),
        ("HR-adviseur | Moeder | Hardloper", None),
        ("Vroeger recruiter bij Lumenzorg, nu HR-adviseur bij Devos", "Devos"),
        ("Oud-HR-directeur bij Lumenzorg. Nu zelfstandig", None),
        ("Voorheen als recruiter bij Lumenzorg, thans met pensioen", None),
        ("ex-recruiter @Lumenzorg | HR @Devos", "Devos"),
        ("HR-adviseur | Ex-Lumenzorg", None),
        ("HR-adviseur bij Devos (eerder bij Lumenzorg)", "Devos"),
        ("Van ex-verpleegkundige tot HR-adviseur bij Lumenzorg", "Lumenzorg"),
        ("32 jaar oud en HR-adviseur bij Lumenzorg", "Lumenzorg"),
        ("HR in Oud-Beijerland bij Lumenzorg", "Lumenzorg"),
        ("Student HRM aan Hogeschool Zeezicht", None),
        ("Student en recruiter bij Lumenzorg", "Lumenzorg"),
        ("HR-expert, auteur van De Kracht van Werken", None),
        ("mensenmens", None),
        ("", None),
    ],
)
def test_employer_from_bio(bio, employer):
    """Phrases of work and kinds of organisation give the employer; a town, a person, a job or the past does not."""
    assert employer_of(bio) == employer


@pytest.mark.parametrize(
    "bio",
    [
        "Mama van Noor en Bo, HR-adviseur",
        "mama van Noor en Bo, HR-adviseur",
        "HR-manager | Mama van Noor en Bo",
        "HR-manager | PAPA VAN NOOR EN BO",
        "HR-adviseur. Mama van 2 (Noor en Bo)",
        "HR-adviseur. Trotse vader van drie lieve kinderen: Noor, Bo en Sep",
        "HR | Mama Noor en Bo",
        "HR-adviseur. Kinderen: Noor en Bo",
        "HR | bonusmama v. Noor en Bo",
        "Recruiter, partner van Tim",
        "Recruiter | partner: Tim Voorbeeld",
        "Recruiter, partner van @tim_voorbeeld",
        "Vriendin van Tom Voorbeeld. HR-adviseur",
        "HR-adviseur | getrouwd met Jan Voorbeeld (Noor en Bo)",
        "HR | zus van Emma Voorbeeld",
        "HR | Tim's mama",
        "Peter van Noor, HR-adviseur",
        "Vrijwilliger bij COC Utrecht, recruiter",
        "HR bij COC",
        "HR @coc_utrecht",
        "Diaken bij de Protestantse Kerk, HR-adviseur",
        "HR bij de Hervormde Gemeente Waterlanden",
        "Recruiter. Actief bij Moskee De Brug",
        "HR, Parochie Sint-Jan",
        "Patiënt bij HIV Vereniging, HR",
        "Patiënt bij Ziekenhuis De Linde, HR",
        "Lid van de Zeilclub De Dobber, HR",
    ],
)
def test_who_is_dear_or_believed_in_is_no_employer(bio):
    """Family, free time, belief, orientation and health stand in a bio beside the work, and are not kept."""
    assert employer_of(bio) is None


def test_what_the_panel_names_is_no_employer_beside_family():
    """Though an organisation there is called as somebody's child is."""
    made = knowing("Noor")
    assert employer_of("Mama van Noor, HR-adviseur", made) is None
    assert employer_of("HR-adviseur bij Noor", made) == "Noor"


def test_employers_that_are_found_are_right():
    """Nine of ten on the development bios, and two thirds of those there are."""
    bios = read_bios(CORPUS / "bios-dev.jsonl")
    told = employers_told([one.employer for one in bios], [employer_of(readable(one.bio)) for one in bios])
    precision, recall = (float(part.split()[0]) for part in told.split(" / "))
    assert precision >= 0.9
    assert recall >= 0.66


def test_mentions_in_text():
    """Organisations come in the order of the text, addresses are not searched."""
    (one,) = read(
        "Vandaag op bezoek bij Gemeente Waterlanden, morgen bij Lumenzorg. https://voorbeeld.example/Bij/Iets"
    )
    assert one.organisations == ("Gemeente Waterlanden", "Lumenzorg")


@pytest.mark.parametrize(
    "text",
    [
        *("Dank @willemijn_2", "@willemijn.voorbeeld", "@willemijn@hr.example", "@willemijn.bsky.social", "@Willemijn"),
        *("Koffie bij Willemijn_2", "Namens Willemijn_2 en de Willemijn__3", "bij Fleurtje_", "bij @willemijn_2"),
    ],
)
def test_a_handle_in_a_text_is_no_organisation(text):
    """Mostly it is a person's; only what is known counts."""
    made = knowing("Lumen-Zorg")
    doc = made.make_doc(f"{text} en @Lumen_Zorg, https://x.example/@lumenzorg")
    made.get_pipe("organisations").fill([doc])
    assert doc._.organisations == ["Lumen-Zorg"]


def test_gazetteer_grows():
    """A learnt name is found as it is written, in capitals and in a hashtag; the same word in small letters is not."""
    made = blank()
    step = made.get_pipe("organisations")
    step.learn(["Lumenzorg", "  ", "De Brug"])
    assert step.mentioned(made.make_doc("fijn team, #werkenbijlumenzorg"), ()) == ["Lumenzorg"]
    assert step.mentioned(made.make_doc("DE BRUG en #debrug en Lumenzorg."), ()) == ["De Brug", "Lumenzorg"]
    assert step.mentioned(made.make_doc("over de brug bij Lumenzorgplein"), ()) == []


def test_gazetteer_survives_disk(tmp_path):
    """What was learnt is saved with the component."""
    step = blank().get_pipe("organisations")
    step.learn(["Lumenzorg"])
    step.to_disk(tmp_path)
    again = blank().get_pipe("organisations").from_disk(tmp_path)
    assert list(again.known.values()) == ["Lumenzorg"]


@pytest.mark.parametrize(
    "bio",
    [
        "militant bij ACV",
        "Lid van vakbond De Schakel",
        "HR-adviseur bij FNV Bouw",
        "Actief voor CNV Vakmensen",
        "#fnv",
        "HR bij @CNVConnectief",
        "HR-adviseur bij D66 Overijssel",
        "HR @D66Overijssel",
        "medewerker CDA Tweede Kamer",
        "Recruiter bij GroenLinks-PvdA",
        "Actief voor N-VA Gent",
        "Woordvoerder PVV",
        "HR-adviseur bij de ChristenUnie",
        "HR bij Vlaams Belang",
        "Recruiter bij SP Zwolle",
        "HR-adviseur bij @vvdutrecht",
        "HR @pvdaleiden",
        "Recruiter @groenlinksutrecht",
        "HR-adviseur bij @cdatilburg",
        "HR bij @CDAOss",
        "Recruiter @SP_Utrecht",
        "HR @jong_vvd",
        "Recruiter @openvldgent",
        "HR bij @N_VA",
        "Woordvoerder @cdenv",
        "HR bij 50PLUS",
        "Kaderlid bij BBTK",
        "HR bij LBC-NVK",
        "Recruiter bij ACOD Onderwijs",
        "HR bij FGTB",
        "Recruiter bij CSC",
        "HR bij VSOA",
        "HR-adviseur bij AOb",
        "Woordvoerder NVJ",
        "HR bij NU'91",
        "HR bij De Unie",
        "Recruiter @de_unie",
    ],
)
def test_a_union_or_party_is_nobodys_employer(bio):
    """Who names one is mostly its member: it is not kept, of a bio or of a text, whoever the panel lists."""
    made = knowing("FNV", "D66", "De Unie", "Lumenzorg")
    doc = made.make_doc(f"Namens de FNV bij Lumenzorg. {bio}")
    doc._.bio = bio
    made.get_pipe("organisations").fill([doc])
    assert (doc._.employer, doc._.organisations) == (None, ["Lumenzorg"])


@pytest.mark.parametrize(
    "name",
    [
        *("CDAO Academy", "CDAO's Academy", "SGPlus", "Vooruit", "Spaarnezorg", "Eni SpA", "Groen Zuid"),
        *("Acodeon", "50Plusbeurs", "De Unie van Waterschappen", "Hotel De Unie", "De Unieke Zaak"),
    ],
)
def test_what_only_begins_like_a_party_is_an_employer(name):
    """Short names of unions and parties are whole words, and none is an ordinary one."""
    assert read(("Hallo", f"HR-adviseur bij {name}"))[0].employer == name


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ik werkte bij Vos en daarna bij Devosmalerij.", ("Vos", "Devosmalerij")),
        ("Bij Lumenzorg is het leuk. Ook bij LUMENZORG mag dat.", ("Lumenzorg",)),
        ("Gisteren bij Gemeente Waterlanden gekeken.", ("Gemeente Waterlanden",)),
    ],
)
def test_a_name_inside_a_word_is_another_name(text, names):
    """Only what lies within the place of a longer name is left out; two spellings are one."""
    assert read(text)[0].organisations == names


def test_the_panels_organisations_are_known(tmp_path):
    """A run finds in texts the organisations that the panel names, where no rule would see one."""
    with vault(tmp_path) as con:
        put_panel(con, [("x", "willemijn_1", "Zilverbeek", "hr"), ("x", "willemijn_2", None, None)])
        load(con, post(1, text="Lekker gegeten met de mensen van Zilverbeek en Kwartelhof", bio=None))
        annotate.fn(con, None, threading.Event())
        assert con.execute("select organisations from annotations").fetchall() == [(["Zilverbeek"],)]
