"""The small tokenizer, as transformers reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.training.words.tokenizer import (
    byte_letters,
    merges_for,
    read_tokenizer,
    write_tokenizer,
)
from studio.training.words.wordings import all_words


def test_merges_of_two_words_are_those_done_by_hand() -> None:
    # "ab" and "abc": the pair a-b stands inside "abc" alone, for the b of "ab" ends a word.
    assert merges_for(["ab", "abc"]) == [("a", "b"), ("a", "b</w>"), ("ab", "c</w>")]


def test_every_byte_has_a_letter_of_its_own() -> None:
    letters = byte_letters()
    assert len(letters) == 256 == len(set(letters.values()))
    assert letters[ord("a")] == "a"
    assert letters[ord(" ")] == "Ġ"  # as in CLIP's own vocabulary


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("tokenizer")
    write_tokenizer(made, all_words(), 12)
    return made


def test_words_of_captions_are_one_token_and_others_fall_apart(folder: Path) -> None:
    tokenizer = read_tokenizer(folder)
    assert tokenizer.tokenize("A Green clay head") == ["a</w>", "green</w>", "clay</w>", "head</w>"]
    assert len(tokenizer.tokenize("안경을 쓴")) == 2
    assert len(tokenizer.tokenize("zebra")) > 1
    assert tokenizer.unk_token_id not in tokenizer.convert_tokens_to_ids(
        tokenizer.tokenize("żółw 🐢 \x7f ?!")
    )


def test_prompts_are_filled_and_cut_to_the_limit(folder: Path) -> None:
    tokenizer = read_tokenizer(folder)
    begin, end = tokenizer.bos_token_id, tokenizer.eos_token_id
    assert begin != end
    long = " ".join(["green"] * 30)
    found = tokenizer(["", long], padding="max_length", max_length=12, truncation=True).input_ids
    assert found[0] == [begin] + [end] * 11
    assert len(found[1]) == 12
    assert (found[1][0], found[1][-1]) == (begin, end)
    assert tokenizer.model_max_length == 12
