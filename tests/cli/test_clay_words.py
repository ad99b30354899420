"""``maquette train clay-words`` on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.training.words import job
from studio.training.words.card import Line
from studio.training.words.following import FULL, Followed
from studio.training.words.job import WordsRequest, WordsResult
from tests.cli.test_commands import refused, run, strict_json


def test_training_takes_what_was_asked_and_tells_what_it_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[WordsRequest] = []

    def train(request: WordsRequest, tell: object, stopped: object) -> WordsResult:
        asked.append(request)
        found = Followed(0.9, (("clay", 0.9, 10),), 0.1)
        lines = (Line(FULL, found), Line(FULL, found, korean=True))
        return WordsResult((7, 8, 9), 27.5, lines)

    monkeypatch.setattr(job, "train_words", train)
    out = tmp_path / "words"
    options = ("--steps", "9", "--prompts", "10", "--seed", "4", "--resume")
    result = run("train", "clay-words", "-o", str(out), *options, "--json")
    assert result.exit_code == 0, result.output
    request = asked[0]
    assert (request.output, request.steps, request.prompts) == (out, 9, 10)
    assert (request.seed, request.resume) == (4, True)
    told = strict_json(result.stdout)
    assert told["steps"] == [7, 8, 9]
    assert [p["language"] for p in told["prompts"]] == ["en", "ko"]
    assert told["prompts"][0]["read_back"] == 0.9

    words = run("train", "clay-words", "-o", str(out)).stdout
    assert "90.0%" in words
    assert "27.50 dB" in words


def test_what_cannot_be_trained_is_refused_in_a_sentence(tmp_path: Path) -> None:
    out = str(tmp_path / "words")
    assert "multiple of 32" in refused("train", "clay-words", "-o", out, "--renders", "5")
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "mine").touch()
    assert "not an empty folder" in refused("train", "clay-words", "-o", out)
