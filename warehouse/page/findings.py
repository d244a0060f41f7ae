"""What the figures say, in a sentence each. A difference is called one only where its interval leaves no doubt."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from warehouse.page import dutch, wording
from warehouse.page.facts import Row
from warehouse.page.periods import is_hole

Reason = Callable[[str | None], str]

_MONTHS: Final = 12
"""Of the newest year, the running month among them."""


def notice(about: Mapping[str, str]) -> str:
    """Say whether people are invented, else what the page is; the file's own notice is for its analysts."""
    if about["is_fiction"] == "true":
        return about["notice"]
    if about["holds_fiction"] == "true":
        return "DEELS VERZONNEN: de berichten van het voorbeeldpanel bestaan niet en tellen wel mee in de cijfers."
    return "Cijfers over groepen, uit openbare berichten. Niet bedoeld om mensen te volgen of te beoordelen."


def headline(purposes: Sequence[Row]) -> str:
    """Say what HR people post for more often; intervals that do not touch make it sure."""
    by_label = {row["purpose"]: row for row in purposes}
    if not by_label:
        return "Er zijn nog geen berichten van HR-professionals"
    own, organisation = by_label["personal"], by_label["organisational"]
    if own["share"] is None or organisation["share"] is None:
        return "Nog geen uitspraak mogelijk"
    if organisation["share_low"] > own["share_high"]:
        return "HR post vaker voor de organisatie dan voor zichzelf"
    if own["share_low"] > organisation["share_high"]:
        return "HR post vaker voor zichzelf dan voor de organisatie"
    return "HR post voor zichzelf én voor de organisatie; wat vaker is, is niet zeker"


def collected_months(purposes: Sequence[Row], trend: Sequence[Row]) -> str:
    """Say how many of the twelve months were collected whole, when they are fewer than have gone by; else nothing."""
    if not purposes:
        return ""
    first, last = purposes[0]["since"], purposes[0]["last_month"]
    months = [row for row in trend if first <= row["month"] <= last]
    whole = sum(not is_hole(row) for row in months)
    if whole >= _MONTHS - any(row["is_running"] for row in months):
        return ""
    count = {0: "is er geen", 1: "is er 1"}.get(whole, f"zijn er {whole}")
    return f"Let op: van deze twaalf maanden {count} van de eerste tot de laatste dag verzameld."


def survey(rows: Sequence[Row], reason: Reason) -> str:
    """Set the agenda of now beside that of 2013, another instrument: nothing is subtracted for the reader."""
    agenda = next((row for row in rows if row["class"] == "on_agenda"), None)
    if agenda is None or agenda["share"] is None:
        why = reason(agenda["withheld"]) if agenda else "geen organisaties"
        return f"Het aandeel organisaties waar het op de agenda staat, is niet te geven: {why}."
    if agenda["difference_low"] > 0:
        beside = "hoger dan"
    elif agenda["difference_high"] < 0:
        beside = "lager dan"
    else:
        beside = "niet duidelijk anders dan"
    then = dutch.percent(agenda["survey_share"])
    return (
        f"Het staat op de agenda bij {dutch.estimate(agenda)} van de {dutch.number(agenda['count_organisations'])} "
        f"organisaties. Dat is {beside} de {then} van 2013; toen is anders gemeten."
    )


def trend(rows: Sequence[Row]) -> str:
    """Say where the newest whole month stands and how often a month differed from the one before."""
    shown = [row for row in rows if row["share"] is not None]
    if not shown:
        return "Nog geen maand heeft genoeg berichten voor een cijfer."
    newest = next((row for row in reversed(shown) if not is_hole(row)), shown[-1])
    changes = [row for row in shown if row["change"] is not None]
    clear = [row for row in changes if row["change_low"] > 0 or row["change_high"] < 0]
    first = f"In {dutch.month(newest['month'])} diende {dutch.estimate(newest)} van de berichten de organisatie."
    if not changes:
        return first
    if not clear:
        return (
            f"{first} Geen enkele maand verschilde duidelijk van de maand ervoor; "
            "een geleidelijke verandering sluit dat niet uit."
        )
    if len(changes) == 1:
        return f"{first} De enige maand die met de vorige te vergelijken is, verschilde duidelijk."
    return (
        f"{first} In {len(clear)} van de {len(changes)} maanden was het aandeel duidelijk anders dan de maand ervoor. "
        "Bij zoveel vergelijkingen lijkt er ook zonder echte verandering weleens één duidelijk."
    )


def goals(rows: Sequence[Row], reason: Reason) -> str:
    """Name the three largest goals, in an order only when none of their intervals touches the next one's."""
    shown = [row for row in rows if row["share"] is not None and row["goal"] != "none"]
    if not shown:
        return f"Nog geen cijfers: {reason(rows[0]['withheld']) if rows else 'geen berichten'}."
    ranked = sorted(shown, key=lambda row: -row["share"])[:4]
    named = [f"{row['dutch']} ({dutch.percent(row['share'])})" for row in ranked[:3] if row["share"]]
    if not named:
        return "Vrijwel geen bericht dient een van de doelen."
    if all(more["share_low"] > less["share_high"] for more, less in pairwise(ranked[: len(named) + 1])):
        return f"Het vaakst: {_listed(named)}."
    return f"Bovenaan: {_listed(named)}; de volgorde is niet zeker."


def comparison(rows: Sequence[Row], reason: Reason) -> str:
    """Say who posts more for the organisation, HR or marketing."""
    row = next((row for row in rows if row["label"] == "organisational"), None)
    if row is None or row["difference"] is None:
        return f"HR en Marketing zijn nog niet te vergelijken: {reason(row['withheld']) if row else 'geen berichten'}."
    shares = (
        f"Van de berichten van Marketing dient {dutch.percent(row['share_marketing'])} de organisatie, "
        f"van die van HR {dutch.percent(row['share_hr'])}"
    )
    difference = dutch.change(row, "difference")
    if row["difference_low"] > 0:
        return f"{shares}: HR doet het vaker, {difference}."
    if row["difference_high"] < 0:
        return f"{shares}: Marketing doet het vaker, {difference}."
    return f"{shares}. Dat verschil van {difference} kan toeval zijn."


def themes(rows: Sequence[Row], reason: Reason) -> str:
    """Say how often a reason for cold feet is heard, and how often the opposite."""
    shown = [row for row in rows if row["share"] is not None]
    if not shown:
        return f"Nog geen cijfers: {reason(rows[0]['withheld']) if rows else 'geen berichten'}."
    if not any(row["share"] for row in shown):
        return "Vrijwel geen bericht noemt een reden voor koudwatervrees of het omgekeerde."
    words = _doubt([row for row in shown if row["theme"] != "advocacy"])
    convinced = next((row for row in shown if row["theme"] == "advocacy"), None)
    if convinced is None:
        return words
    if not convinced["share"]:
        return f"{words} Overtuiging van het nut klinkt in vrijwel geen bericht."
    return f"{words} Overtuiging van het nut klinkt in {dutch.estimate(convinced)}."


def _doubt(doubts: Sequence[Row]) -> str:
    """Name the reason that is heard most, and say whether it is for certain."""
    ranked = sorted(doubts, key=lambda row: -row["share"])
    if not ranked or not ranked[0]["share"]:
        return "Vrijwel geen bericht noemt een reden voor koudwatervrees."
    first, *others = ranked
    said = f"'{first['dutch']}' ({wording.THEME_HINTS[first['theme']]}), {dutch.estimate(first)} van de berichten"
    if all(first["share_low"] > other["share_high"] for other in others):
        return f"De meest gehoorde reden is {said}."
    return f"Vooraan staat {said}; welke reden het vaakst klinkt, is niet zeker."


def week(rows: Sequence[Row], reason: Reason) -> str:
    """Set the newest seven days beside the seven before."""
    newest, before = rows
    count = (
        f"{dutch.counted(newest['count_posts'], 'bericht', 'berichten')} "
        f"van {dutch.counted(newest['count_authors'], 'HR-professional', 'HR-professionals')}; "
        f"de week ervoor {dutch.number(before['count_posts'])} van {dutch.number(before['count_authors'])}."
    )
    if newest["change"] is None:
        side = newest if newest["share"] is None else before
        return f"{count} De aandelen zijn niet te vergelijken: {reason(side['withheld'])}."
    change = dutch.change(newest, "change")
    if newest["change_low"] > 0 or newest["change_high"] < 0:
        return f"{count} Het aandeel voor de organisatie veranderde duidelijk: {change}."
    return f"{count} Het aandeel voor de organisatie veranderde niet duidelijk: {change}."


def coverage(facts: Mapping[str, Any]) -> str:
    """Say whether all that was planned has been collected; a file that was brought by hand never was."""
    planned = [row for row in facts["windows"] if row["source"] != "files"]
    open_windows = [row for row in planned if row["state"] not in {"complete", "capped"}]
    capped = [row for row in planned if row["state"] == "capped"]
    if not planned:
        return "Er is nog niets gepland om te verzamelen."
    if not open_windows and not capped:
        return "Alles wat gepland was, is verzameld: een dip in de berichten is geen dip in het verzamelen."
    missing = sum(row["count_windows"] for row in open_windows)
    cut = sum(row["count_windows"] for row in capped)
    parts = [f"{dutch.number(missing)} nog niet verzameld"] * bool(missing)
    parts += [f"{dutch.number(cut)} door het platform afgekapt"] * bool(cut)
    count = sum(row["count_windows"] for row in planned)
    return (
        f"Let op: van {dutch.counted(count, 'gepland tijdvak', 'geplande tijdvakken')} "
        f"{_is(missing or cut)} {_listed(parts)}. "
        "Een dip in de berichten kan daar een dip in het verzamelen zijn."
    )


def _is(count: int) -> str:
    return "is er" if count == 1 else "zijn er"


def _listed(words: Sequence[str]) -> str:
    if len(words) <= 1:
        return "".join(words)
    return f"{', '.join(words[:-1])} en {words[-1]}"
