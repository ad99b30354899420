"""The pipeline's own small tokenizer: byte pairs merged until every word of the captions is one.

Whatever else is written falls apart into smaller pieces and bytes, so that no text is refused.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

BEGIN, END = "<|startoftext|>", "<|endoftext|>"
WORD_END = "</w>"


def byte_letters() -> dict[int, str]:
    """A printable letter for every byte, as GPT-2 and CLIP write them."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {b: chr(b) for b in plain}
    others = (b for b in range(256) if b not in letters)
    return letters | {b: chr(256 + k) for k, b in enumerate(others)}


def merges_for(words: Iterable[str]) -> list[tuple[str, str]]:
    """Merges in order that make each word one piece (Sennrich et al. 2016), the most frequent
    pair first, of equal ones the first by letters."""
    letters = byte_letters()
    pieces = []
    for word in sorted(set(words)):
        spelt = [letters[b] for b in word.encode()]
        pieces.append([*spelt[:-1], spelt[-1] + WORD_END])
    merges: list[tuple[str, str]] = []
    while True:
        pairs = Counter(pair for piece in pieces for pair in pairwise(piece))
        if not pairs:
            return merges
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        pieces = [_merged(piece, best) for piece in pieces]


def _merged(piece: list[str], pair: tuple[str, str]) -> list[str]:
    made: list[str] = []
    for part in piece:
        if made and (made[-1], part) == pair:
            made[-1] += part
        else:
            made.append(part)
    return made


def write_tokenizer(folder: Path, words: Iterable[str], limit: int) -> None:
    """Write ``vocab.json``, ``merges.txt`` and the settings of a ``CLIPTokenizer``."""
    letters, merges = sorted(byte_letters().values()), merges_for(words)
    vocabulary = [
        *letters,
        *(letter + WORD_END for letter in letters),
        *dict.fromkeys(a + b for a, b in merges),
        BEGIN,
        END,
    ]
    folder.mkdir(parents=True, exist_ok=True)
    numbered = {piece: k for k, piece in enumerate(dict.fromkeys(vocabulary))}
    text = json.dumps(numbered, ensure_ascii=False)
    (folder / "vocab.json").write_text(text, encoding="utf-8")
    lines = ["#version: 0.2", *(f"{a} {b}" for a, b in merges)]
    (folder / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    settings = {
        "tokenizer_class": "CLIPTokenizer",
        "model_max_length": limit,
        "bos_token": BEGIN,
        "eos_token": END,
        "unk_token": END,
        "pad_token": END,
    }
    written = json.dumps(settings, indent=2) + "\n"
    (folder / "tokenizer_config.json").write_text(written, encoding="utf-8")


def read_tokenizer(folder: Path) -> Any:
    """The ``CLIPTokenizer`` in ``folder``."""
    from transformers import CLIPTokenizer

    return CLIPTokenizer.from_pretrained(folder, local_files_only=True)
