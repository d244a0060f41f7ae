"""The trained model on disk: where it is, which version, whether it is whole. Imports nothing heavy."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

MODEL: Final = Path(__file__).parent / "model"
REMEDY: Final = "restore it with `git checkout -- nlp/model` or rebuild it with `etalage train`"


class ModelError(Exception):
    """The trained model is missing, damaged or made for something else; the message says what to do."""


def read_meta(path: Path | None = None) -> dict[str, Any]:
    """Our part of the artefact's meta.json: model_version, codebook_version, how it was made, its figures."""
    file = (path or MODEL) / "meta.json"
    try:
        found = json.loads(file.read_text("utf-8"))["etalage"]
        found["model_version"], found["codebook_version"]
    except FileNotFoundError:
        raise ModelError(f"no model at {path or MODEL}: {REMEDY}") from None
    except (OSError, ValueError, KeyError, TypeError):
        raise ModelError(f"{file} cannot be read: {REMEDY}") from None
    return dict(found)


def model_version(path: Path | None = None) -> str:
    """Twelve hexadecimal digits that change with any byte of the model."""
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
    if content_hash(path) != model_version(path):
        raise ModelError(f"the model at {path} is damaged (its files do not match its version): {REMEDY}")


def stamp(path: Path, facts: dict[str, Any]) -> str:
    """Write our part of meta.json beside spaCy's and return the version."""
    file = path / "meta.json"
    meta = json.loads(file.read_text("utf-8"))
    version = content_hash(path)
    meta["etalage"] = {"model_version": version, **facts}
    file.write_text(json.dumps(meta, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    return version
