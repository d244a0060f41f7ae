"""Labelling: post and codebook first, one's own choice next, what the model thinks last; then what is disputed."""

from html import escape
from pathlib import Path

import streamlit as st

from nlp import codebook
from warehouse.dashboard.asking import ZONE, asked, labels, rows
from warehouse.dashboard.rules import decisions, rules
from warehouse.keys import pseudonym_key
from warehouse.labelling import INBOX, Dispute, Question, disputes, model_guess, next_to_label, store_label
from warehouse.labels import ANNOTATOR, Label
from warehouse.page.dutch import counted
from warehouse.page.wording import PURPOSES, THEME_HINTS, platform

TASKS = {"label": "Nieuwe berichten", "adjudicate": "Waar beoordelaars verschillen"}


def show(home: Path) -> None:
    """Ask the next post of the annotator's list; afterwards show the model's guess beside the answer."""
    st.title("Berichten beoordelen")
    annotator = (
        st.text_input(
            "Uw pseudoniem",
            key="annotator",
            max_chars=32,
            help="Letters, cijfers, - en _; niet uw naam. Steeds hetzelfde, zodat u niets dubbel krijgt.",
        )
        .strip()
        .lower()
    )
    if not ANNOTATOR.fullmatch(annotator):
        st.info("Kies eerst een pseudoniem: 2 tot 32 letters of cijfers, niet uw eigen naam.")
        _queue(home)
        return
    if "given" in st.session_state:
        _after(home, *st.session_state["given"])
        if st.button("Volgend bericht", type="primary"):
            del st.session_state["given"]
            st.rerun()
        return
    with asked(home) as con:
        waiting = disputes(con, inbox=home / INBOX)
    task = st.radio("Wat wilt u beoordelen?", list(TASKS), format_func=TASKS.__getitem__, horizontal=True)
    if task == "adjudicate":
        _decide(home, waiting, annotator)
    else:
        _next(home, annotator)


def _next(home: Path, annotator: str) -> None:
    inbox = home / INBOX
    with asked(home) as con:
        question = next_to_label(con, annotator, key=pseudonym_key(home / "keys"), inbox=inbox)
        goals, themes = labels(con, "goal"), labels(con, "theme")
    if question is None:
        st.success("Er is niets meer te beoordelen. Dank u wel.")
        return
    _post(question, "steekproef" if question.kind == "audit" else "twijfelgeval")
    _ask(inbox, question, annotator, goals, themes)


def _decide(home: Path, waiting: list[Dispute], annotator: str) -> None:
    """Let somebody decide between annotators who differ; the model is still not heard."""
    if not waiting:
        st.success("Nergens verschillen de beoordelaars. Er is niets te beslissen.")
        return
    first = waiting[0]
    with asked(home) as con:
        goals, themes = labels(con, "goal"), labels(con, "theme")
    st.caption(f"{counted(len(waiting), 'bericht wacht', 'berichten wachten')} op een beslissing.")
    _post(first.question, "beslissing")
    for number, (goal, named) in enumerate(first.answers, 1):
        said = (
            "thema's niet beoordeeld" if named is None else ", ".join(themes[theme] for theme in named) or "geen thema"
        )
        st.write(f"Beoordelaar {number}: **{goals[goal]}**; {said}.")
    _ask(home / INBOX, first.question, annotator, goals, themes)


def _post(question: Question, kind: str) -> None:
    day = f"{question.created_at.astimezone(ZONE):%d-%m-%Y}"
    st.caption(f"{platform(question.platform)}, {day} · {kind} · codeboek {question.codebook_version}")
    st.html(f'<p class="etalage-post">{escape(question.text or "De tekst is niet gepubliceerd.")}</p>')


def _ask(
    inbox: Path,
    question: Question,
    annotator: str,
    goals: dict[str, str],
    themes: dict[str, str],
) -> None:
    said = rules()
    with st.form(f"label-{question.post_key}"):
        goal = st.radio(
            "Welk doel dient dit bericht vooral? (uitleg van het codeboek: Engels)",
            list(goals),
            index=None,
            format_func=lambda name: f"{goals[name]} — {PURPOSES[codebook.PURPOSE_OF[name]]}",
            captions=[said.get(name, "") for name in goals],
        )
        chosen = st.multiselect(
            "Welke thema's noemt het met zoveel woorden?",
            list(themes),
            format_func=lambda name: f"{themes[name]}: {THEME_HINTS[name]}",
            placeholder="Kies thema's, of geen",
        )
        with st.expander("Wat de thema's betekenen (codeboek, Engels)"):
            st.markdown("\n".join(f"- **{themes[name]}**: {said[name]}" for name in themes))
        sent = st.form_submit_button("Bewaar mijn keuze", type="primary")
    with st.expander("Beslisregels van het codeboek (Engels)"):
        st.markdown(decisions())
    if sent and goal is None:
        st.warning("Kies eerst een doel.")
    elif sent and goal is not None:
        # The order of the codebook, so that the same choice is the same label.
        label = store_label(inbox, question, annotator, goal, tuple(theme for theme in themes if theme in chosen))
        st.session_state["given"] = (question, label)
        st.rerun()


def _after(home: Path, question: Question, label: Label) -> None:
    with asked(home) as con:
        guess = model_guess(con, question.post_key)
        goals, themes = labels(con, "goal"), labels(con, "theme")
    st.html(f'<p class="etalage-post">{escape(question.text or "De tekst is niet gepubliceerd.")}</p>')
    st.success(f"Bewaard. Uw keuze: {goals[label.goal]}.")
    if guess is not None:
        named = ", ".join(themes[theme] for theme in guess.themes) or "geen"
        st.info(f"Het model las: {goals[guess.goal]} ({guess.goal_p:.0%} zeker); thema's: {named}.")


def _queue(home: Path) -> None:
    st.subheader("Waar het model over twijfelt")
    with asked(home) as con:
        found = rows(con, "queue")
    waiting = found[0]["count_waiting"] if found else 0
    count = counted(waiting, "bericht wacht", "berichten wachten")
    st.caption(f"{count}, de grootste twijfel bovenaan; wat het model denkt staat er niet bij.")
    st.dataframe(
        [
            {"gemaakt": row["created_at"], "platform": platform(row["platform"]), "tekst (gemaskeerd)": row["text"]}
            for row in found
        ],
        hide_index=True,
        width="stretch",
        column_config={"gemaakt": st.column_config.DatetimeColumn(format="DD-MM-YYYY", timezone=ZONE.key, width=95)},
    )
