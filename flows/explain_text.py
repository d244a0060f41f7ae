"""`etalage explain`: the words and the labelled posts behind a label."""

from pathlib import Path

import typer

from nlp.codebook import DUTCH
from nlp.explain import Explanation, Influence, explain
from nlp.pipeline import load

WIDTH = 20
SHOWN = 100  # characters of a neighbour
LEAST = 0.02  # a smaller share of the probability says nothing


def explained(text: str, neighbours: int, model: Path | None) -> Explanation:
    """Explain one text with the shipped model or another."""
    return explain(load(model), text, neighbours=neighbours)


def print_explanation(found: Explanation) -> None:
    """Print the decision, the likeliest goals, the words and the posts."""
    one = found.decision
    typer.echo(f"purpose  {one.purpose} ({DUTCH[one.purpose]}), probability {one.purpose_p:.2f}")
    typer.echo(f"goal     {one.goal} ({DUTCH[one.goal]}), probability {one.goal_p:.2f}\n")
    if not found.goals:
        typer.echo("nothing to read: a text without words is other, whatever its links or emoji")
        return
    for goal, p in found.goals[:4]:
        typer.echo(f"  {goal:18} {p:.2f} {'#' * round(p * WIDTH)}")
    typer.echo(f"\nwhat {one.purpose} and {one.goal} lose when a word is left out:")
    telling = [word for word in found.influences if max(abs(word.purpose), abs(word.goal)) >= LEAST]
    telling.sort(key=weight, reverse=True)
    for word in telling[:8]:
        typer.echo(line(word))
    for word in [word for word in telling[8:] if weight(word) < 0][-4:]:
        typer.echo(line(word))
    if not telling:
        typer.echo("  no single word decides: the label rests on the whole")
    if found.neighbours:
        typer.echo("\nlabelled posts most like it:")
    for near in found.neighbours:
        text = " ".join(near.post.text.split())
        typer.echo(f"  {near.cosine:.2f}  {near.post.goal:18} {text[:SHOWN]}{'…' if len(text) > SHOWN else ''}")


def weight(word: Influence) -> float:
    """How much a word speaks for the label, purpose and goal alike."""
    return word.purpose + word.goal


def line(word: Influence) -> str:
    """One word with what its absence does to the two probabilities."""
    return f"  {word.purpose:+.2f} {word.goal:+.2f}  {word.words}"
