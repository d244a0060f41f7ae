"""The first page: whose goal do posts serve, by period, platform and role."""

from pathlib import Path
from typing import Any

import altair as alt
import streamlit as st

from warehouse.dashboard.asking import EVERYTHING, PERIODS, asked, labels, rows

WITHHELD = {"too few posts": "te weinig berichten", "too few authors": "te weinig auteurs"}
COLOURS = ["#0b5c7a", "#b25e00", "#6b6b6b"]


def show(home: Path) -> None:
    """Show shares with their intervals, the goals, and the course of the months."""
    st.title("Voor wie doen HR-mensen het?")
    with asked(home) as con:
        [bounds] = rows(con, "bounds")
        roles, purposes, goals = labels(con, "role"), labels(con, "purpose"), labels(con, "goal")
        one, two, three = st.columns(3)
        period = one.selectbox("Periode", PERIODS, format_func=PERIODS.__getitem__)
        platform = two.selectbox("Platform", ["all", *(bounds["platforms"] or [])], format_func=_all)
        known = ["hr", *(role for role in bounds["roles"] or [] if role != "hr"), "all"]
        role = three.selectbox("Rol van de auteur", known, format_func=lambda name: roles.get(name, _all(name)))
        chosen = {"period": period, "platform": platform, "role": role}
        shares, mix = rows(con, "purposes", chosen), rows(con, "goals", chosen)
        trend = rows(con, "trend", {"role": role})
    if not shares:
        st.info("Voor deze keuze zijn er geen berichten.")
        return
    reason = shares[0]["withheld"]
    st.caption(f"{shares[0]['count_posts']:,} berichten van {shares[0]['count_authors']:,} auteurs".replace(",", "."))
    if reason:
        st.warning(f"De cijfers zijn achtergehouden: {WITHHELD.get(reason, reason)}.")
        return
    for column, row in zip(st.columns(len(shares)), shares, strict=True):
        column.metric(purposes[row["purpose"]], _percent(row["share"]))
        column.caption(f"tussen {_percent(row['share_low'])} en {_percent(row['share_high'])} (95%)")
    st.subheader("Doelen")
    st.altair_chart(_bars(mix, goals, purposes), width="stretch")
    st.subheader("Per maand, alle platforms")
    if trend:
        st.altair_chart(_lines(trend, purposes), width="stretch")
    else:
        st.info("Geen maand heeft genoeg berichten en auteurs.")
    st.caption(
        "Aandelen van berichten zoals het model ze leest; de marges rekenen mee dat berichten van een auteur op elkaar "
        "lijken. Wat wel en niet te concluderen is, staat in docs/analysts.md."
    )


def _all(name: str) -> str:
    return EVERYTHING if name == "all" else name


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _bars(mix: list[dict[str, Any]], goals: dict[str, str], purposes: dict[str, str]) -> alt.LayerChart:
    data = [
        {
            "doel": goals[row["goal"]],
            "voor": purposes[row["purpose"]],
            "aandeel": row["share"],
            "laag": row["share_low"],
            "hoog": row["share_high"],
        }
        for row in mix
        if row["share"] is not None
    ]
    base = alt.Chart(alt.InlineData(values=data)).encode(
        y=alt.Y(
            "doel:N", sort=[row["doel"] for row in data], title=None, axis=alt.Axis(labelLimit=190, labelOverlap=False)
        )
    )
    bars = base.mark_bar().encode(
        x=alt.X("aandeel:Q", title="aandeel, met marge", axis=alt.Axis(format="%", tickCount=5)),
        color=alt.Color(
            "voor:N", title=None, scale=alt.Scale(range=COLOURS), legend=alt.Legend(orient="top", columns=1)
        ),
        tooltip=["doel:N", alt.Tooltip("aandeel:Q", format=".0%")],
    )
    margins = base.mark_rule(color="#222").encode(x="laag:Q", x2="hoog:Q")
    chart: alt.LayerChart = bars + margins
    return chart.properties(height=32 * len(data) + 130)


def _lines(trend: list[dict[str, Any]], purposes: dict[str, str]) -> alt.LayerChart:
    data = [
        {
            "maand": row["month"].isoformat(),
            "voor": purposes[row["purpose"]],
            "aandeel": row["share"],
            "laag": row["share_low"],
            "hoog": row["share_high"],
        }
        for row in trend
    ]
    base = alt.Chart(alt.InlineData(values=data)).encode(
        x=alt.X("maand:T", title=None, axis=alt.Axis(format="%m-%Y", labelAngle=0, tickCount=5)),
        color=alt.Color(
            "voor:N", title=None, scale=alt.Scale(range=COLOURS), legend=alt.Legend(orient="top", columns=1)
        ),
    )
    share = alt.Y("laag:Q", title="aandeel", axis=alt.Axis(format="%"))
    band = base.mark_area(opacity=0.15).encode(y=share, y2="hoog:Q")
    chart: alt.LayerChart = band + base.mark_line(point=True).encode(y="aandeel:Q")
    return chart.properties(height=320)
