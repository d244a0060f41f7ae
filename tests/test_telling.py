"""Forty telling posts with fixed expectations: what a retrained model must still get right.

They were written for this test and stand in no corpus file. They were chosen because the shipped model reads
them rightly, so they do not say how good it is (the model card does); a post that turns wrong is a regression.
"""

import pytest
from trained import read

TELLING = [
    ("showcase", "Vandaag mocht ik mijn master arbeidsrecht in ontvangst nemen. Vier jaar avondstudie, het is gelukt!"),
    ("showcase", "Na zes jaar neem ik afscheid als recruiter. Per 1 maart start ik als zelfstandig loopbaancoach."),
    ("showcase", "Mijn nieuwe boek over leidinggeven ligt vanaf vandaag in de winkel. Bestellen kan via mijn site."),
    (
        "showcase",
        "Mijn opdracht loopt af: ik zoek per april een nieuwe klus als HR-interimmer. Tips welkom!",
    ),
    ("showcase", "Boek mij als spreker voor jullie teamdag: ik neem humor, cijfers en een goed verhaal mee."),
    ("peer_exchange", "Welke vakgenoten hebben een goede ervaring met een nieuw verzuimsysteem? Ik hoor het graag."),
    ("peer_exchange", "Interessant artikel over de nieuwe wet toekomst pensioenen, leestip voor iedere HR-adviseur."),
    ("peer_exchange", "Stelling: het jaarlijkse beoordelingsgesprek heeft zijn langste tijd gehad. Eens of oneens?"),
    (
        "peer_exchange",
        "Ons vak mag best eerlijker zijn: sollicitanten weken laten wachten is gewoon onbeleefd. Wat vinden jullie?",
    ),
    ("recruitment", "Wij zoeken voor onze bakkerij een verkoper voor het weekend. Stuur je cv naar de filiaalleider."),
    ("recruitment", "Kom jij ons team versterken als teamleider thuiszorg? Solliciteer voor 1 mei via onze site."),
    (
        "recruitment",
        (
            "Open dag op onze werf, zaterdag van tien tot vier. "
            "Loop binnen en praat met de voorman over een baan als lasser."
        ),
    ),
    ("recruitment", "VACATURE: P&O-adviseur, 32 uur, schaal 10. Reageren kan tot en met vrijdag."),
    ("recruitment", "Ken jij iemand die graag bij ons zou werken? Breng een vriend aan en verdien 500 euro."),
    ("recruitment", "Wij zoeken een bediende personeelsadministratie, voltijds, met maaltijdcheques. Stuur je cv!"),
    ("employer_branding", "Bij ons ga je met vijf weken extra vrij de zomer in. Zo werkt dat hier. #werkenbij"),
    ("employer_branding", "Voor het derde jaar op rij mogen wij ons Top Employer noemen!"),
    (
        "employer_branding",
        "Benieuwd hoe het is om bij ons te werken? Lees het verhaal van Samira, lasser bij ons.",
    ),
    ("internal_branding", "Chapeau voor alle collega's die dit weekend de storing hebben opgelost. Wat een team!"),
    ("internal_branding", "Vandaag zetten we Gerda in het zonnetje: veertig jaar in dienst. Taart in de kantine!"),
    ("internal_branding", "Welkom aan onze nieuwe collega Joris, die vandaag begint op de afdeling planning."),
    ("learning", "Gisteren startte de tweede lichting van ons leiderschapsprogramma: achttien teamleiders, zes dagen."),
    ("learning", "Onze nieuwe medewerkers krijgen voortaan een inwerkprogramma van drie maanden met een vaste mentor."),
    ("learning", "De eerste twintig collega's van onze bedrijfsacademie hebben hun certificaat gehaald."),
    (
        "knowledge_sharing",
        "Elke maand delen collega's tijdens de lunch wat zij leerden van een mislukt project.",
    ),
    ("knowledge_sharing", "Met vijf buurgemeenten wisselden we vandaag onze lessen uit over het nieuwe zaaksysteem."),
    ("collaboration", "Vanaf september kiezen onze teams zelf op welke dagen ze op kantoor zijn en wanneer thuis."),
    (
        "collaboration",
        "Onze wijkteams werken nu een jaar zonder leidinggevende: zij verdelen zelf het werk.",
    ),
    ("people_policy", "Het ziekteverzuim in onze organisatie is dit jaar gedaald van 7 naar 5 procent."),
    ("people_policy", "De nieuwe cao is rond: alle medewerkers krijgen er per 1 juli 3 procent bij."),
    (
        "people_policy",
        "Uit ons medewerkersonderzoek blijkt dat de werkdruk te hoog is. Dit gaan we eraan doen.",
    ),
    ("none", "Eindelijk weekend. Barbecue aan!"),
    ("none", "Wat een wedstrijd van het Nederlands elftal gisteren, ik ben nog schor."),
    ("none", "Weer een uur vertraging op het spoor. Koffie dan maar."),
    ("none", "Goedemorgen allemaal, wat een prachtige zonsopkomst."),
    ("none", "Mijn eerste marathon uitgelopen in 4 uur 12! Benen van beton."),
]
THEMES = [
    ("adoption", "Ons sociaal intranet staat er een jaar en nog steeds gebruikt bijna niemand van de collega's het."),
    (
        "privacy",
        "Mag een werkgever zomaar meelezen op Facebook? Dat schendt de privacy van sollicitanten.",
    ),
    ("data_aversion", "HR gaat over mensen, niet over dashboards en scores. Laat die data los en kijk iemand aan."),
    (
        "conversation_first",
        "Stuur geen appje maar loop even langs. Een goed gesprek werkt beter dan welk medium ook.",
    ),
    ("advocacy", "HR moet veel meer doen met sociale media. Wie nu niet begint, mist de boot. Het werkt echt!"),
]


@pytest.mark.xfail(strict=True, reason="the model that ships reads it as learning: docs/model-card.md, Limits")
def test_an_open_day_at_a_factory_recruits():
    """What the model that ships gets wrong of those that one before it got right."""
    text = "Zaterdag open dag in onze fabriek! Kom praten met de ploegbazen over een job als operator."
    assert read(text)[0].goal == "recruitment"


@pytest.mark.parametrize(("goal", "text"), TELLING, ids=[text[:30] for _, text in TELLING])
def test_telling_posts_keep_their_goal(goal, text):
    """Each is a plain case of its goal."""
    assert read(text)[0].goal == goal


@pytest.mark.parametrize(("theme", "text"), THEMES, ids=[theme for theme, _ in THEMES])
def test_telling_posts_keep_their_theme(theme, text):
    """Each says its theme in so many words."""
    assert theme in read(text)[0].themes


def test_forty():
    """There are at least forty."""
    assert len(TELLING) + len(THEMES) >= 40
