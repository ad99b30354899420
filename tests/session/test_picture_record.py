"""What a saved picture says of its making comes back; what is unsound gets a sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.errors import RefusedFile
from studio.families.info import HistoryStep
from studio.families.inputs import GanInputs
from studio.families.picture_file import write_png
from studio.recipes.recipe import plain_steps
from studio.recipes.registry import load_registry
from studio.session import recents
from studio.session.document import ModelRef
from studio.session.picture_record import PictureRecord, model_files, read_record
from studio.session.recipes import brought_back, card_steps, made_steps
from studio.session.steps import RecipeStep, Steps
from studio.subnets.choice import SubnetChoice
from studio.subnets.describe import picture_metadata
from tests.families.small import small_model

INPUTS = GanInputs(
    seed=421,
    truncation=0.7,
    truncation_cutoff=3,
    noise=0.5,
    edits=(("age", -2.25), ("눈", 1.5)),
    mix_seed=7,
    mix_stages=(4, 8),
)
CURRENT = SubnetChoice(widths=(0.5, 0.25, 0.5, 1.0), resolution=16)


LONG_STEP = {"technique": "prune", "version": 1, "params": {"a": "x" * 70_000}}
DEEP_STEP = {"technique": "prune", "version": 1, "params": {"a": [[[[[[[[[[1]]]]]]]]]]}}
STEPS = (
    {"technique": "subnet", "version": 1, "params": {"width": 0.5}},
    {"technique": "prune", "version": 1, "params": {"ratio": 0.5}},
    {"technique": "int8", "version": 1, "on": False, "params": {"keep": ["layer0.convolved"]}},
)


def info(**fields: Any):
    steps = (HistoryStep("sort", "by norm"),)
    return replace(small_model(directions=("age",)).info, history=steps, **fields)


def png(path: Path, text: str) -> Path:
    write_png(path, np.zeros((4, 4, 3), np.uint8), {"maquette": text})
    return path


def changed(path: Path, **fields: Any) -> Path:
    ((_, _), (_, text)) = picture_metadata(info(), INPUTS, SubnetChoice(), current=CURRENT)
    return png(path, json.dumps(json.loads(text) | fields))


def test_everything_comes_back(tmp_path: Path) -> None:
    text = dict(picture_metadata(info(), INPUTS, SubnetChoice(), current=CURRENT, file="mine.pt"))
    record = read_record(png(tmp_path / "a.png", text["maquette"]))
    assert record.inputs == INPUTS
    assert record.subnet == SubnetChoice()
    assert record.sliders() == CURRENT
    assert (record.file, record.embedded, record.version) == ("mine.pt", None, 2)
    assert record.is_of(info())
    record.check_fit(info())


def test_no_folder_of_the_user_gets_into_a_picture() -> None:
    text = dict(picture_metadata(info(path="/home/secret/m.pt"), INPUTS, CURRENT))["maquette"]
    assert "secret" not in text
    assert json.loads(text)["file"] == "m.pt"


def test_a_model_is_known_by_its_weights_not_by_its_name(tmp_path: Path) -> None:
    record = read_record(changed(tmp_path / "a.png"))
    assert record.is_of(info(name="another", path="/elsewhere.pt"))
    converted = info(key="converted")
    assert record.is_of(converted)
    assert not record.is_of(replace(converted, history=()))
    assert not record.is_of(replace(converted, source_sha256="1" * 64))


def test_pictures_of_version_1(tmp_path: Path) -> None:
    old = {"model": "small", "source_sha256": "0" * 64, "inputs": {"seed": 5}, "recipe": []}
    full = png(tmp_path / "full.png", json.dumps(old | {"subnet": {}}))
    assert read_record(full).sliders() is None
    half = png(tmp_path / "half.png", json.dumps(old | {"subnet": {"width": 0.5}}))
    assert read_record(half).sliders() == SubnetChoice(width=0.5)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"version": 99}, "newer Maquette"),
        ({"version": "2"}, "version"),
        ({"version": 0}, "from 1 up"),
        ({"inputs": {"seed": -1}}, "seed -1 is not within"),
        ({"inputs": {"seed": "421"}}, "inputs.seed"),
        ({"inputs": {"seed": 1.5}}, "inputs.seed"),
        ({"inputs": [1, 2]}, "inputs"),
        ({"inputs": {"truncation": 1e300}}, "truncation"),
        ({"inputs": {"edits": [["age", 1e9]]}}, "edits must be"),
        ({"inputs": {"edits": [["age"]]}}, "inputs.edits"),
        ({"subnet": {"width": 0}}, "width 0"),
        ({"subnet": {"widths": [0.5] * 2000}}, "widths"),
        ({"subnet": {"widths": [-1.0]}}, "widths"),
        ({"subnet": {"rule": "mine"}}, "subnet.rule"),
        ({"current": {"width": 7}}, "width 7"),
        ({"recipe": [{"step": "prune"}]}, "recipe: step 1: the field technique"),
        ({"recipe": {"technique": "prune"}}, "recipe"),
        ({"recipe": [{"technique": "prune", "version": 1, "x": 1}]}, "field x is not known"),
        ({"current_recipe": [{"technique": "prune"}]}, "current_recipe: step 1"),
        ({"current_recipe": [{"technique": "prune", "version": 0}]}, "whole number from 1"),
        ({"current_recipe": [{"technique": "prune", "version": 1}] * 65}, "at most 64"),
        ({"current_recipe": [LONG_STEP]}, "characters are more than"),
        ({"current_recipe": [DEEP_STEP]}, "levels deep"),
        ({"model": None}, "model"),
    ],
)
def test_wrong_fields_are_refused(tmp_path: Path, fields: dict, words: str) -> None:
    with pytest.raises(RefusedFile, match=words) as refused:
        read_record(changed(tmp_path / "bad.png", **fields))
    assert str(refused.value).startswith("bad.png ")
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize(
    "text",
    ["", "not JSON", "[1]", "null", "[" * 50_000, '{"inputs": NaN}', '{"inputs": {"noise": NaN}}'],
)
def test_what_is_no_record_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(RefusedFile, match="does not say soundly"):
        read_record(png(tmp_path / "bad.png", text))


def test_numbers_that_are_none_are_refused(tmp_path: Path) -> None:
    good = changed(tmp_path / "a.png")
    from studio.families.png_text import png_text

    text = png_text(good, "maquette") or ""
    assert '"noise": 0.5' in text
    with pytest.raises(RefusedFile, match="truncation and noise"):
        read_record(png(tmp_path / "b.png", text.replace('"noise": 0.5', '"noise": NaN')))


def test_foreign_pictures_and_frames_of_walks(tmp_path: Path) -> None:
    write_png(tmp_path / "foreign.png", np.zeros((4, 4, 3), np.uint8))
    with pytest.raises(RefusedFile, match="not made by Maquette"):
        read_record(tmp_path / "foreign.png")
    with pytest.raises(RefusedFile, match="frame of a walk"):
        read_record(png(tmp_path / "f.png", '{"walk": {}, "subnet": {}}'))


def test_what_does_not_fit_the_model() -> None:
    def record(inputs: GanInputs, subnet: SubnetChoice = SubnetChoice()) -> PictureRecord:
        return PictureRecord("small", "0" * 64, inputs, subnet)

    for inputs in (GanInputs(mix_from=-1), GanInputs(truncation_cutoff=99), GanInputs(label=4)):
        with pytest.raises(ValueError, match="is not"):
            record(inputs).check_fit(info())


def test_where_the_model_may_be(tmp_path: Path, own_folders: Path) -> None:
    record = read_record(changed(tmp_path / "a.png", file="m.safetensors"))
    assert model_files(record, tmp_path / "a.png", None) == ()
    opened, beside = tmp_path / "opened", tmp_path / "beside"
    for folder in (opened, beside):
        folder.mkdir()
        (folder / "m.safetensors").write_bytes(b"")
    recents.add(str(opened / "m.safetensors"))
    found = model_files(record, beside / "a.png", None)
    assert found == (beside / "m.safetensors", opened / "m.safetensors")
    present = ModelRef(str(opened / "other.pt"), "o", "", "")
    assert model_files(record, tmp_path / "a.png", present) == (opened / "m.safetensors",)
    outside = replace(record, file="../beside/m.safetensors")
    assert model_files(outside, opened / "a.png", None) == ()
    embedded = model_files(replace(record, file="", embedded="clay-heads"), tmp_path / "a", None)
    assert [path.name for path in embedded] == ["clay-heads.safetensors"]
    assert model_files(replace(record, file="", embedded="../x"), tmp_path / "a", None) == ()


# ---- recipes -------------------------------------------------------------------------------------


def recorded(path: Path, recipe: Any = (), **fields: Any) -> PictureRecord:
    ((_, _), (_, text)) = picture_metadata(info(), INPUTS, SubnetChoice(), recipe, **fields)
    return read_record(png(path / "r.png", text))


def test_the_recipe_on_the_cards_comes_back(tmp_path: Path) -> None:
    record = recorded(tmp_path, current=CURRENT, current_recipe=STEPS)
    steps = record.cards().steps
    assert [(s.technique, s.on) for s in steps] == [
        ("subnet", True), ("prune", True), ("int8", False),
    ]  # fmt: skip
    assert steps[1].params == {"ratio": 0.5}
    assert steps[2].params == {"keep": ("layer0.convolved",)}
    assert plain_steps(record.cards()) == list(STEPS)


def test_a_picture_that_names_no_cards_brings_back_what_made_it(tmp_path: Path) -> None:
    assert plain_steps(recorded(tmp_path, STEPS[:1]).cards()) == list(STEPS[:1])
    full = recorded(tmp_path, (), current_recipe=())
    assert full.current_recipe == ()
    assert full.cards().steps == ()


def test_a_recipe_becomes_cards_and_a_subnet(tmp_path: Path) -> None:
    record = recorded(tmp_path, current_recipe=STEPS)
    taken, why = brought_back(record, load_registry(), info(), 7)
    assert why == ""
    assert taken.subnet == SubnetChoice(width=0.5)
    assert [(s.id, s.technique, s.on) for s in taken.recipe.steps] == [
        ("s7", "prune", True), ("s8", "int8", False),
    ]  # fmt: skip
    assert taken.recipe.cut_at == 0  # pruning works on the cut network


def test_a_subnet_that_is_taken_live_stands_beside_the_cards(tmp_path: Path) -> None:
    record = recorded(tmp_path, current=SubnetChoice(width=0.25), current_recipe=STEPS[1:])
    taken, _ = brought_back(record, load_registry(), info(), 1)
    assert taken.subnet == SubnetChoice(width=0.25)
    assert [s.technique for s in taken.recipe.steps] == ["prune", "int8"]


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"technique": "melt", "version": 1}, "there is no technique melt"),
        ({"technique": "prune", "version": 9}, "9 is newer"),
        ({"technique": "prune", "version": 1, "params": {"ratio": 7}}, "step 2 (prune)"),
        ({"technique": "prune", "version": 1}, "there is such a step before it"),
        ({"technique": "subnet", "version": 1, "params": {"width": 0.25}}, "has been cut by"),
    ],
)
def test_what_cannot_be_had_here_leaves_the_subnet(tmp_path: Path, step: Any, words: str) -> None:
    rest = STEPS[1:2] if "such a step" in words else ()
    narrow = SubnetChoice(width=0.75)
    record = recorded(tmp_path, current=narrow, current_recipe=(STEPS[0], step, *rest))
    taken, why = brought_back(record, load_registry(), info(), 1)
    assert words in why
    assert taken.recipe == Steps()
    if step["technique"] == "subnet":  # which of two cuts was meant nobody knows
        assert taken.subnet == narrow
        return
    assert taken.subnet == SubnetChoice(width=0.5)  # of the recipe's own step
    without = recorded(tmp_path, current=narrow, current_recipe=(step, *rest))
    assert brought_back(without, load_registry(), info(), 1)[0].subnet == narrow


def test_what_the_window_writes_it_reads_back(tmp_path: Path) -> None:
    choice = SubnetChoice(width=0.5)
    made = (
        RecipeStep("s1", "subnet", 1, '{"sort": true}'),
        RecipeStep("s2", "prune", 1, '{"ratio": 0.5}'),
        RecipeStep("s3", "lowrank", 1, "{}", on=False),
    )
    plain = replace(info(), sorted_channels=False)
    for steps in (Steps(made, 1), Steps(made[:1])):
        record = recorded(
            tmp_path,
            made_steps(steps, choice),
            current=choice,
            current_recipe=card_steps(steps, choice),
        )
        taken, why = brought_back(record, load_registry(), plain, 1)
        assert (why, taken.subnet, taken.recipe) == ("", choice, steps)
        again = recorded(tmp_path, current_recipe=card_steps(steps, SubnetChoice()))
        full, _ = brought_back(again, load_registry(), plain, 1)
        assert (full.subnet, full.recipe) == (SubnetChoice(), steps)
        assert [s["technique"] for s in record.recipe] == (
            ["subnet", "subnet", "prune"] if steps.cuts else ["subnet"]
        )
    assert made_steps(Steps(), choice) == card_steps(Steps(), choice) == []
