"""Posts behind the figures: filters, words, and one post in full, masked."""

from datetime import timedelta
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from warehouse.dashboard.asking import ALONE, EVERYTHING, ZONE, asked, labels, rows
from warehouse.dashboard.files import as_csv, as_parquet
from warehouse.page import wording
from warehouse.page.dutch import counted
from warehouse.search import holding

FOUND = 500
SHOWN = ("created_at", "text", "goal", "role", "platform")
HEADS = {"created_at": "gemaakt", "platform": "platform", "role": "rol", "goal": "doel", "text": "tekst (gemaskeerd)"}


def show(home: Path) -> None:
    """Show the posts that fit, and the one that is chosen."""
    st.title("Berichten")
    with asked(home) as con:
        [bounds] = rows(con, "bounds")
        goals, roles, themes = (labels(con, dimension) for dimension in ("goal", "role", "theme"))
    if bounds["first_day"] is None:
        st.info("Er zijn nog geen Nederlandstalige berichten.")
        return
    chosen = _filters(home, bounds, goals, roles)
    with asked(home) as con:
        found = rows(con, "posts", chosen)
    count = counted(len(found), "bericht", "berichten")
    st.caption(f"De nieuwste {FOUND} berichten die passen." if len(found) == FOUND else f"{count}.")
    if not found:
        st.info("Geen bericht past bij deze keuze.")
        return
    number = _list(found, goals, roles)
    with asked(home) as con:
        [post] = rows(con, "post", {"post_key": found[number]["post_key"]})
        alike = rows(con, "similar", {"post_key": post["post_key"]})
    _one(post, goals, themes)
    _alike(alike, goals)


def _list(found: list[dict[str, Any]], goals: dict[str, str], roles: dict[str, str]) -> int:
    event = st.dataframe(
        [{HEADS[name]: _shown(row, name, goals, roles) for name in SHOWN} for row in found],
        hide_index=True,
        width="stretch",
        height=320,
        on_select="rerun",
        selection_mode="single-row",
        key="posts",
        column_config={
            HEADS["created_at"]: st.column_config.DatetimeColumn(format="DD-MM-YYYY", timezone=ZONE.key, width=95),
            HEADS["text"]: st.column_config.TextColumn(width=400),
        },
    )
    columns, answer = tuple(found[0]), [tuple(row.values()) for row in found]
    left, right = st.columns(2)
    left.download_button("Download als CSV", as_csv(columns, answer), "berichten.csv", "text/csv")
    right.download_button("Download als Parquet", as_parquet(columns, answer), "berichten.parquet")
    clicked = [at for at in event.selection.rows if at < len(found)]
    st.subheader("Een bericht in zijn geheel")
    number: int = st.selectbox(
        "Kies een bericht (of klik een regel in de tabel aan)",
        range(len(found)),
        index=clicked[0] if clicked else 0,
        format_func=lambda at: _name(found[at]),
    )
    return number


def _filters(home: Path, bounds: dict[str, Any], goals: dict[str, str], roles: dict[str, str]) -> dict[str, Any]:
    one, two, three = st.columns(3)
    # What the overview sent along is where the filters begin.
    st.session_state.update({f"filter-{name}": value for name, value in st.session_state.pop("drill", {}).items()})
    platform = one.selectbox(
        "Platform",
        [None, *bounds["platforms"]],
        format_func=lambda name: wording.platform(name or EVERYTHING),
        key="filter-platform",
    )
    role = two.selectbox(
        "Rol", [None, *bounds["roles"]], format_func=lambda name: roles.get(name, EVERYTHING), key="filter-role"
    )
    goal = three.selectbox(
        "Doel", [None, *goals], format_func=lambda name: goals.get(name, EVERYTHING), key="filter-goal"
    )
    four, five, six = st.columns([1, 1, 2])
    first, last = bounds["first_day"], bounds["last_day"]
    since = four.date_input("Vanaf", first, min_value=first, max_value=last, format="DD-MM-YYYY")
    until = five.date_input("Tot en met", last, min_value=first, max_value=last, format="DD-MM-YYYY")
    words = six.text_input("Woorden", placeholder="bijvoorbeeld: hybride werken", max_chars=200)
    keys = None
    if words.strip():
        with ALONE:
            keys = holding(home / "etalage.duckdb", words)
    return {
        "platform": platform,
        "role": role,
        "goal": goal,
        "since": since,
        "until": until + timedelta(days=1),
        "keys": keys,
    }


def _name(post: dict[str, Any]) -> str:
    return f"{post['created_at'].astimezone(ZONE):%d-%m-%Y %H:%M} · {wording.platform(post['platform'])}"


def _shown(row: dict[str, Any], name: str, goals: dict[str, str], roles: dict[str, str]) -> Any:
    value = row[name]
    if name == "goal":
        return goals.get(value, value)
    if name == "platform":
        return wording.platform(value)
    return roles.get(value, value) if name == "role" else value


def _reading(post: dict[str, Any], goals: dict[str, str]) -> str:
    goal = goals.get(post["goal"], "—")
    if post["is_corrected"]:
        return f"Een beoordelaar koos: {goal}"
    return f"Het model leest: {goal} ({(post['goal_p'] or 0):.0%} zeker)"


def _one(post: dict[str, Any], goals: dict[str, str], themes: dict[str, str]) -> None:
    st.html(f'<p class="etalage-post">{escape(post["text"] or "De tekst is niet gepubliceerd.")}</p>')
    named = ", ".join(themes[theme] for theme in post["themes"] or [])
    st.caption(f"{_reading(post, goals)}. {'Thema: ' + named + '. ' if named else ''}Sleutel: {post['post_key']}")


def _alike(alike: list[dict[str, Any]], goals: dict[str, str]) -> None:
    """List the posts that say something like it, in other words too."""
    with st.expander("Berichten die erop lijken"):
        if not alike:
            st.write("Dit bericht kan niet met andere worden vergeleken.")
            return
        st.caption("Het meest gelijkende bovenaan: gelijk van strekking, ook in andere woorden.")
        st.dataframe(
            [{"tekst (gemaskeerd)": row["text"], "doel": goals.get(row["goal"], row["goal"])} for row in alike],
            hide_index=True,
            width="stretch",
        )
