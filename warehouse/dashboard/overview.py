"""The first page: whose goal do posts serve, by period, platform and role, and the way to the posts behind it."""

from pathlib import Path
from typing import Any

import streamlit as st

from warehouse.dashboard import charts
from warehouse.dashboard.asking import EVERYTHING, PERIODS, asked, labels, rows, settings
from warehouse.page import dutch, wording
from warehouse.page.corrected import SHARES, are_corrected, best

MODEL = "zoals het model de berichten leest, niet gecorrigeerd voor zijn fouten"
CORRECTED = "gecorrigeerd voor de fouten van het model met een door mensen nagekeken steekproef"


def show(home: Path) -> None:
    """Show shares with their intervals, the goals, and the course of the months."""
    st.title("Voor wie zijn de berichten?")
    with asked(home) as con:
        [bounds] = rows(con, "bounds")
        roles, goals = labels(con, "role"), labels(con, "goal")
        one, two, three = st.columns(3)
        period = one.selectbox("Periode", PERIODS, format_func=PERIODS.__getitem__)
        platform = two.selectbox(
            "Platform", ["all", *(bounds["platforms"] or [])], format_func=lambda name: wording.platform(_all(name))
        )
        known = ["hr", *(role for role in bounds["roles"] or [] if role != "hr"), "all"]
        role = three.selectbox("Rol van de auteur", known, format_func=lambda name: roles.get(name, _all(name)))
        chosen = {"period": period, "platform": platform, "role": role}
        shares, mix = rows(con, "purposes", chosen), rows(con, "goals", chosen)
        trend = rows(con, "trend", {"role": role})
        thresholds = settings(con)
    if not shares:
        st.info("Voor deze keuze zijn er geen berichten.")
        return
    st.caption(_basis(shares[0]))
    if withheld := shares[0]["withheld"]:
        st.warning(f"De cijfers worden niet getoond: {wording.reason(withheld, thresholds)}.")
        return
    for column, row in zip(st.columns(len(shares)), best(shares, SHARES), strict=True):
        column.metric(
            wording.named(wording.PURPOSES[row["purpose"]]),
            dutch.percent(row["share"], dutch.precision(row["share_low"], row["share_high"])),
        )
        column.caption(f"{dutch.between(row['share_low'], row['share_high'])} (95%)")
    st.caption(f"Aandelen van de berichten, {_reading(shares)}.")
    st.subheader("Doelen")
    st.altair_chart(charts.bars(best(mix, SHARES), goals), width="stretch")
    st.caption(f"De streep is het betrouwbaarheidsinterval van 95%; {_reading(mix)}.")
    _behind(chosen, goals)
    st.subheader("Per maand, alle platforms")
    if any(row["share"] is not None for row in trend):
        st.altair_chart(charts.lines(best(trend, SHARES)), width="stretch")
        st.caption(f"De banden zijn betrouwbaarheidsintervallen van 95%; {_reading(trend)}.")
    else:
        st.info("Geen maand heeft genoeg berichten en auteurs.")
    st.caption(
        "In de intervallen telt mee dat berichten van één auteur op elkaar lijken. Wat wel en niet te concluderen is, "
        "staat in docs/analysts.md."
    )


def _behind(chosen: dict[str, Any], goals: dict[str, str]) -> None:
    """Lead from a goal to its posts, with the same platform and role."""
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    goal = left.selectbox("Berichten achter een doel", list(goals), format_func=goals.__getitem__)
    if right.button("Bekijk deze berichten", width="stretch"):
        st.session_state["drill"] = {
            "platform": None if chosen["platform"] == "all" else chosen["platform"],
            "role": None if chosen["role"] == "all" else chosen["role"],
            "goal": goal,
        }
        st.switch_page(st.session_state["pages"]["berichten"])


def _basis(row: dict[str, Any]) -> str:
    """Tell what the figures rest on: posts, authors, and how much of the planned collecting was done."""
    posts = dutch.counted(row["count_posts"], "bericht", "berichten")
    counts = f"{posts} van {dutch.counted(row['count_authors'], 'auteur', 'auteurs')}"
    if row["share_covered"] is None:
        return counts
    return f"{counts}; verzameld is {dutch.percent(row['share_covered'])} van wat gepland was"


def _reading(found: list[dict[str, Any]]) -> str:
    return CORRECTED if are_corrected(found, SHARES) else MODEL


def _all(name: str) -> str:
    return EVERYTHING if name == "all" else name
