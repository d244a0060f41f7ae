"""What the report says of its figures: sides, orders and first places only where the intervals leave no doubt."""

from datetime import date

import pytest

from warehouse.page import findings


@pytest.mark.parametrize(
    ("own", "organisation", "words"),
    [
        ((0.2, 0.1, 0.3), (0.5, 0.4, 0.6), "vaker voor de organisatie"),
        ((0.5, 0.4, 0.6), (0.2, 0.1, 0.3), "vaker voor zichzelf"),
        ((0.4, 0.3, 0.5), (0.5, 0.45, 0.6), "niet zeker"),
        ((None, None, None), (None, None, None), "Nog geen uitspraak mogelijk"),
    ],
)
def test_a_headline_only_when_sure(own, organisation, words):
    """The headline takes sides only when the two intervals do not touch."""
    rows = [
        dict(zip(("share", "share_low", "share_high"), shares, strict=True)) | {"purpose": purpose}
        for purpose, shares in (("personal", own), ("organisational", organisation))
    ]
    assert words in findings.headline(rows)


def ranked(kind, shares):
    """Make rows of goals or themes, each from a name, a share and the ends of its interval."""
    columns = (kind, "share", "share_low", "share_high")
    return [dict(zip(columns, row, strict=True)) | {"dutch": f"<{row[0]}>", "withheld": None} for row in shares]


@pytest.mark.parametrize(
    ("reasons", "words"),
    [
        ([("privacy", 0.0, 0.0, 0.01), ("adoption", 0.0, 0.0, 0.01)],
         "Vrijwel geen bericht noemt een reden voor koudwatervrees."),
        ([("privacy", 0.0205, 0.011, 0.035), ("overpromise", 0.021, 0.012, 0.036)],
         "Vooraan staat '<overpromise>' (de belofte kwam niet uit), 2,1% (1,2–3,6%) van de berichten; "  # noqa: ISC004, RUF001
         "welke reden het vaakst klinkt, is niet zeker."),
        ([("privacy", 0.2, 0.16, 0.24), ("overpromise", 0.05, 0.03, 0.08)],
         "De meest gehoorde reden is '<privacy>' (zorg om privacy en het blootgeven van mensen), 20% (16–24%) "  # noqa: ISC004, RUF001
         "van de berichten."),
    ],
    ids=["none", "by a hair", "sure"],
)  # fmt: skip
def test_a_reason_is_first_only_when_sure(reasons, words):
    """A reason that nobody gave is not named, and one is the most heard when no other may be heard as often."""
    advocacy = ("advocacy", 0.01, 0.004, 0.02)
    said = findings.themes(ranked("theme", [*reasons, advocacy]), str)

    assert said == f"{words} Overtuiging van het nut klinkt in 1,0% (0,4–2,0%)."  # noqa: RUF001 -- Dutch range


def test_no_reason_and_no_advocacy():
    """What stands in no post is said in words, not as a reason with 0%."""
    nothing = ranked("theme", [("privacy", 0.0, 0.0, 0.1), ("advocacy", 0.0, 0.0, 0.1)])
    assert (
        findings.themes(nothing, str) == "Vrijwel geen bericht noemt een reden voor koudwatervrees of het omgekeerde."
    )

    one = ranked("theme", [("privacy", 0.2, 0.16, 0.24), ("advocacy", 0.0, 0.0, 0.1)])
    assert findings.themes(one, str).endswith("Overtuiging van het nut klinkt in vrijwel geen bericht.")


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ([("a", 0.1, 0.08, 0.12), ("b", 0.1, 0.08, 0.12), ("c", 0.1, 0.08, 0.12), ("d", 0.1, 0.08, 0.12)],
         "Bovenaan: <a> (10%), <b> (10%) en <c> (10%); de volgorde is niet zeker."),
        ([("a", 0.1, 0.08, 0.12), ("b", 0.4, 0.35, 0.45), ("c", 0.2, 0.17, 0.23), ("none", 0.3, 0.2, 0.4)],
         "Het vaakst: <b> (40%), <c> (20%) en <a> (10%)."),
        ([("a", 0.3, 0.28, 0.32), ("b", 0.2, 0.18, 0.22), ("c", 0.1, 0.08, 0.12), ("d", 0.09, 0.07, 0.11)],
         "Bovenaan: <a> (30%), <b> (20%) en <c> (10%); de volgorde is niet zeker."),
        ([("a", 1.0, 0.63, 1.0), ("b", 0.0, 0.0, 0.37), ("c", 0.0, 0.0, 0.37), ("d", 0.0, 0.0, 0.37)],
         "Het vaakst: <a> (100%)."),
        ([("a", 0.0, 0.0, 0.1), ("none", 1.0, 0.9, 1.0)], "Vrijwel geen bericht dient een van de doelen."),
    ],
    ids=["a tie", "sure", "a fourth by a hair", "one alone", "nothing at all"],
)  # fmt: skip
def test_goals_are_in_an_order_only_when_sure(shares, words):
    """The three largest goals stand in an order when their intervals, and the fourth's, lie apart."""
    assert findings.goals(ranked("goal", shares), str) == words


@pytest.mark.parametrize(
    ("whole", "is_running", "words"),
    [(12, False, ""), (11, True, ""), (11, False, "zijn er 11"), (10, True, "zijn er 10"), (1, True, "is er 1"),
     (0, False, "is er geen")],
)  # fmt: skip
def test_months_that_were_not_collected_whole_are_counted(whole, is_running, words):
    """Of the newest twelve months those collected whole are counted, the running one excepted, older ones left out."""
    year = [{"since": date(2025, 12, 1), "last_month": date(2026, 11, 1)}]
    newest = [date(2025, 12, 1), *(date(2026, month, 1) for month in range(1, 12))]
    trend = [{"month": date(2025, 11, 1), "is_running": False, "is_partial": False, "share_covered": 1.0}]
    trend += [
        {"month": month, "is_running": False, "is_partial": at >= whole, "share_covered": 1.0}
        for at, month in enumerate(newest)
    ]
    trend[-1]["is_running"] = is_running

    said = findings.collected_months(year, trend)
    assert said == (
        f"Let op: van deze twaalf maanden {words} van de eerste tot de laatste dag verzameld." if words else ""
    )
    assert findings.collected_months([], trend) == ""


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0.16, 0.54, "hoger dan"), (-0.3, -0.1, "lager dan"), (-0.1, 0.2, "niet duidelijk anders dan")],
)
def test_2013_is_another_instrument(low, high, words):
    """The agenda is higher or lower than in 2013 when its interval says so, and never without how it was measured."""
    row = {"class": "on_agenda", "share": 0.62, "share_low": 0.43, "share_high": 0.78, "survey_share": 0.25,
           "count_organisations": 26, "difference_low": low, "difference_high": high, "withheld": None}  # fmt: skip

    assert findings.survey([row], str) == (
        "Het staat op de agenda bij 62% (43–78%) van de 26 organisaties. "  # noqa: RUF001 -- Dutch range
        f"Dat is {words} de 25% van 2013; toen is anders gemeten."
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([], "van de berichten de organisatie."),
        ([(-0.1, 0.1), (-0.2, 0.1)], "van de maand ervoor; een geleidelijke verandering sluit dat niet uit."),
        ([(0.1, 0.2)], "De enige maand die met de vorige te vergelijken is, verschilde duidelijk."),
        ([(0.1, 0.2), (-0.1, 0.1), (-0.2, -0.1)],
         "In 2 van de 3 maanden was het aandeel duidelijk anders dan de maand ervoor. "  # noqa: ISC004
         "Bij zoveel vergelijkingen lijkt er ook zonder echte verandering weleens één duidelijk."),
    ],
)  # fmt: skip
def test_months_that_differ_may_do_so_by_chance(changes, words):
    """No clear change is not called none, and some clear ones among many may be chance."""
    rows = [
        {"month": date(2026, at, 1), "share": 0.4, "share_low": 0.3, "share_high": 0.5, "is_partial": False,
         "share_covered": 1.0, "change": None if low is None else 0.1, "change_low": low, "change_high": high}
        for at, (low, high) in enumerate([(None, None), *changes], 1)
    ]  # fmt: skip
    said = findings.trend(rows)

    assert said.startswith(f"In {('januari', 'februari', 'maart', 'april')[len(changes)]} 2026 diende 40% (30–50%)")  # noqa: RUF001
    assert said.endswith(words)


def test_one_is_not_many():
    """One post, one person and one window are counted in the singular."""
    empty = {"share": None, "change": None, "withheld": "too few posts"}
    week = findings.week(
        [empty | {"count_posts": 1, "count_authors": 1}, empty | {"count_posts": 0, "count_authors": 0}], str
    )
    windows = {"windows": [{"source": "x", "state": "failed", "count_windows": 1}]}

    assert week.startswith("1 bericht van 1 HR-professional; de week ervoor 0 van 0.")
    assert findings.coverage(windows).startswith("Let op: van 1 gepland tijdvak is er 1 nog niet verzameld.")
