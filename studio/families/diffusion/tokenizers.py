"""The tokenizer of CLIP, found on this computer. Imports no library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from studio.checkpoints.causes import Cause
from studio.checkpoints.json_text import parse_json

_LARGEST = 16_000_000


def find_tokenizer(vocabulary: int, beside: Path) -> Path | None:
    """A folder with a CLIP tokenizer of so many tokens: beside a file, or in a pipeline that this
    computer has; None where there is none.

    Args:
        vocabulary: tokens of the text encoder. beside: the folder of the file.
    """
    for folder in _candidates(beside):
        if tokens_of(folder) == vocabulary:
            return folder
    return None


def _candidates(beside: Path) -> Iterator[Path]:
    yield beside / "tokenizer"
    yield beside
    from studio.families.diffusion.local import local_models

    for each in local_models():
        if each.what == "pipeline":
            yield Path(each.path) / "tokenizer"


def tokens_of(folder: Path) -> int:
    """How many tokens the CLIP tokenizer of a folder has, 0 where there is none."""
    try:
        for name in ("vocab.json", "tokenizer.json"):
            file = folder / name
            if file.is_file() and file.stat().st_size <= _LARGEST:
                return _counted(parse_json(file.read_bytes(), name))
    except (OSError, Cause):
        pass
    return 0


def _counted(content: object) -> int:
    if not isinstance(content, dict):
        return 0
    model = content.get("model")  # of a vocab.json, the number of that word
    words = model.get("vocab") if isinstance(model, dict) else content
    if not isinstance(words, dict):
        return 0
    return len(words) if "<|endoftext|>" in words else 0
