"""The trained model on disk: where it is, which version, whether it is whole. Imports nothing heavy.

Its version counts the rules that are read beside it: who edits them has another model, which reads every post again.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

MODEL: Final = Path(__file__).parent / "model"
RULES: Final = Path(__file__).parent / "rules"
READ_BESIDE: Final = ("organisations.toml", "places.toml", "roles.toml")
"""The rules that are read; languages.toml teaches, so what it says is in the model."""
REMEDY: Final = "restore it with `git checkout -- nlp/model` or rebuild it with `etalage train`"


class ModelError(Exception):
    """The trained model is missing, damaged or made for something else; the message says what to do."""


def read_meta(path: Path | None = None) -> dict[str, Any]:
    """Our part of meta.json: model_version (with the rules), codebook_version, how it was made, its figures."""
    found = saved_meta(path)
    return {**found, "model_version": with_rules(found["model_version"])}


def saved_meta(path: Path | None = None) -> dict[str, Any]:
    """Our part of meta.json as it was saved: its model_version is the hash of the files beside it."""
    file = (path or MODEL) / "meta.json"
    try:
        found = json.loads(file.read_text("utf-8"))["etalage"]
        found["model_version"], found["codebook_version"]
    except FileNotFoundError:
        raise ModelError(f"no model at {path or MODEL}: {REMEDY}") from None
    except (OSError, ValueError, KeyError, TypeError):
        raise ModelError(f"{file} cannot be read: {REMEDY}") from None
    return dict(found)


def with_rules(version: str) -> str:
    """Hash of a model's own version and of the rules that it reads with."""
    total = sha256(str(version).encode())
    for name in READ_BESIDE:
        try:
            total.update(b"\0" + sha256((RULES / name).read_bytes()).digest())
        except OSError as error:
            raise ModelError(f"{RULES / name} cannot be read ({error.strerror}): restore it with git") from None
    return total.hexdigest()[:12]


def model_version(path: Path | None = None) -> str:
    """Twelve hexadecimal digits that change with any byte of the model or of the rules."""
    return str(read_meta(path)["model_version"])


def content_hash(path: Path) -> str:
    """Hash of every file's name and bytes but meta.json, which holds the result."""
    total = sha256()
    for file in sorted(path.rglob("*")):
        if file.is_file() and file.name != "meta.json":
            total.update(file.relative_to(path).as_posix().encode() + b"\0" + sha256(file.read_bytes()).digest())
    return total.hexdigest()[:12]


def check_whole(path: Path) -> None:
    """Refuse a model whose files are not those it was saved with."""
    if content_hash(path) != saved_meta(path)["model_version"]:
        raise ModelError(f"the model at {path} is damaged (its files do not match its version): {REMEDY}")


def stamp(path: Path, facts: dict[str, Any]) -> str:
    """Write our part of meta.json beside spaCy's and return the version, with the rules."""
    file = path / "meta.json"
    meta = json.loads(file.read_text("utf-8"))
    meta["etalage"] = {"model_version": content_hash(path), **facts}
    file.write_text(json.dumps(meta, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    return model_version(path)
