"""Sessions on disk: what is saved comes back, and bad files get a sentence."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.errors import RefusedFile
from studio.families.inputs import GanInputs
from studio.fidelity.measurement import Latency, Measurement, Quartiles
from studio.session import file
from studio.session.document import Document, Measured, ModelRef, Pin, Variant, View
from studio.session.playing import FoundShown, WalkPlan
from studio.session.steps import RecipeStep, Steps
from studio.subnets.choice import SubnetChoice

PRUNED = Steps((RecipeStep("s8", "prune", 2, '{"keep": ["layers.0"], "ratio": 0.5}'),), 0)


def full_document(model_path) -> Document:
    choice = SubnetChoice(widths=(0.5, 0.25, 1.0), resolution=64)
    measurement = Measurement(
        "half",
        choice,
        None,
        0.9,
        0.1,
        10,
        20,
        30,
        40,
        Latency(1.5, 1.0, 2.0),
        "pytorch:cpu:f32",
        2,
        "a processor",
        "2.13.0",
        Quartiles(8, (20.5, None), (0.85, 0.95), (0.05, 0.2), (0.1, 0.3)),
        (8, 4, 2),
        64,
        "abc",
        12_000_000,
        1.25,
        None,
        0.2,
    )
    return Document(
        model=ModelRef(str(model_path), "점토 머리", "a" * 64, "key", None),
        inputs=GanInputs(
            seed=421,
            label=3,
            truncation=0.7,
            edits=(("sefa2.fine", 1.5), ("나이", -2.0)),
            mix_seed=8,
            mix_stages=(4, 16),
        ),
        subnet=choice,
        kept=(Variant("k1", "width 0.5", SubnetChoice(width=0.5, rule="anycost"), PRUNED),),
        pins=(Pin("p2", GanInputs(seed=7)),),
        strip_offset=420,
        view=View(
            mode="wipe",
            side_a="k1",
            zoom=2.5,
            centre=(0.25, 0.75),
            divider=0.3,
            target_b="openvino:CPU:bf16",
        ),
        measurements=(Measured("key", measurement),),
        next_id=3,
        found=FoundShown("coarse", 12),
        walk=WalkPlan("loop", "p2", None, 24, 1.5, True, True),
        recipe=Steps((RecipeStep("s3", "lowrank"), RecipeStep("s4", "prune", on=False)), 1),
    )


@pytest.fixture
def model_path(tmp_path):
    path = tmp_path / "models" / "model.pt"
    path.parent.mkdir()
    path.write_bytes(b"weights")
    return path


def test_a_session_comes_back_whole(tmp_path, model_path):
    document = full_document(model_path)
    path = tmp_path / "work.maquette"
    file.save(document, path)
    assert file.load(path) == document
    assert [p.name for p in tmp_path.iterdir()] == ["models", "work.maquette"]


def test_a_session_of_the_first_version_still_opens(tmp_path, model_path):
    document = replace(
        full_document(model_path),
        found=FoundShown(),
        walk=WalkPlan(),
        inputs=GanInputs(seed=4),
        kept=(Variant("k1", "half", SubnetChoice(width=0.5)),),
        recipe=Steps(),
    )
    path = tmp_path / "work.maquette"
    file.save(document, path)
    content = json.loads(path.read_text("utf-8"))
    content["version"] = 1
    for name in ("found", "walk", "recipe"):
        del content["document"][name]
    del content["document"]["kept"][0]["recipe"]
    for inputs in (content["document"]["inputs"], content["document"]["pins"][0]["inputs"]):
        del inputs["mix_stages"]
    path.write_text(json.dumps(content), "utf-8")
    assert file.load(path) == document


def test_a_session_without_baked_steps_still_opens(tmp_path, model_path):
    document = replace(
        full_document(model_path),
        kept=(Variant("k1", "half", SubnetChoice(width=0.5)),),
        recipe=Steps(),
    )
    path = tmp_path / "work.maquette"
    file.save(document, path)
    content = json.loads(path.read_text("utf-8"))
    assert content["version"] == file.VERSION
    content["version"] = 3
    del content["document"]["recipe"]
    del content["document"]["kept"][0]["recipe"]
    path.write_text(json.dumps(content), "utf-8")
    assert file.load(path) == document


def test_measurements_of_version_four_open_without_spread(tmp_path, model_path):
    document = full_document(model_path)
    path = tmp_path / "work.maquette"
    file.save(document, path)
    content = json.loads(path.read_text("utf-8"))
    content["version"] = 4
    (measured,) = content["document"]["measurements"]
    for name in ("spread", "channels", "resolution", "made", "memory", "realism", "fid", "lpips"):
        del measured["measurement"][name]
    path.write_text(json.dumps(content), "utf-8")
    (found,) = file.load(path).measurements
    (saved,) = document.measurements
    kept = replace(
        saved.measurement, spread=None, channels=(), resolution=0, made="", memory=None,
        realism=None, fid=None, lpips=None,
    )  # fmt: skip
    assert found == Measured("key", kept)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"recipe": {"cut_at": 1}}, "the cut at 1 is not within 0 and 0"),
        ({"recipe": {"steps": [{"id": "s1", "technique": "prune", "params": "{"}]}}, "not JSON"),
        ({"recipe": {"steps": [{"id": "s1", "technique": "prune", "params": "3"}]}}, "not names"),
        ({"recipe": {"steps": [{"id": "s1", "technique": "a", "version": 0}]}}, "no version"),
        ({"recipe": {"steps": [{"id": "s", "technique": "a"}] * 2}}, "one id"),
        ({"recipe": {"steps": [{"id": "s", "technique": "a"}] * 40}}, "more than 32"),
        ({"recipe": {"steps": [{"technique": "a"}]}}, "recipe.steps.0.id"),
        ({"walk": {"frames": 1}}, "1 frames"),
        ({"walk": {"seconds": 0.0}}, "0 seconds"),
        ({"walk": {"way": "around"}}, "walk.way"),
        ({"found": {"count": 0}}, "0 directions"),
        ({"found": {"stages": "rough"}}, "found.stages"),
        ({"inputs": {"edits": [["smile", 1e300]]}}, "-100 and 100"),
        ({"inputs": {"mix_seed": -1}}, "seed -1"),
        ({"view": {"target_a": "tensorrt"}}, "'tensorrt' names no runtime"),
        ({"view": {"target_b": "openvino:CPU:f64"}}, "'f64' in 'openvino:CPU:f64'"),
        ({"view": {"target_b": "x" * 10_000}}, "'x{40}…' names no runtime"),
    ],
)
def test_playing_beyond_its_bounds_is_refused(tmp_path, fields, words):
    path = tmp_path / "bad.maquette"
    envelope = {"format": file.FORMAT, "version": file.VERSION, "document": fields}
    path.write_text(json.dumps(envelope), "utf-8")
    with pytest.raises(RefusedFile, match=words):
        file.load(path)


def test_a_session_moves_with_its_model(tmp_path, model_path):
    path = tmp_path / "work.maquette"
    file.save(full_document(model_path), path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    model_path.parent.rename(elsewhere / "models")
    path = path.rename(elsewhere / "work.maquette")
    loaded = file.load(path)
    assert loaded.model.path == str(elsewhere / "models" / "model.pt")


def test_a_missing_model_is_named(tmp_path, model_path):
    path = tmp_path / "work.maquette"
    file.save(full_document(model_path), path)
    model_path.unlink()
    with pytest.raises(RefusedFile, match=r"work\.maquette needs the model model\.pt"):
        file.load(path)


def test_a_changed_model_is_told(model_path):
    model = full_document(model_path).model
    assert file.changed(model, "a" * 64, "key") is None
    assert "has changed" in file.changed(model, "b" * 64, "other")


def test_saving_into_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(RefusedFile, match=r"x\.maquette cannot be saved"):
        file.save(Document(), tmp_path / "no" / "x.maquette")


def envelope(**changes):
    content = {"format": file.FORMAT, "version": 1, "model_relative": None, "document": {}}
    return json.dumps(content | changes)


HOSTILE = {
    "not text": (b"\xff\xfe\x00\x80", "not text"),
    "empty": (b"", "not JSON"),
    "cut off": (b'{"format": "maquette-session", "ver', "not JSON"),
    "another format": (b'{"format": "recipe"}', "lacks"),
    "a list": (b"[1, 2]", "lacks"),
    "deep": (b"[" * 200_000, "nested too deeply"),
    "deep inside": (
        envelope(document=0).replace("0}", "[" * 100_000 + "]" * 100_000 + "}").encode(),
        "nested too deeply",
    ),
    "newer": (envelope(version=file.VERSION + 1).encode(), "newer Maquette"),
    "version is text": (envelope(version="1").encode(), "version"),
    "no document": (b'{"format": "maquette-session", "version": 1}', 'lacks "document"'),
    "document is a list": (envelope(document=[]).encode(), "whole session"),
    "model without path": (envelope(document={"model": {"name": "x"}}).encode(), "model.path"),
    "seed too large": (envelope(document={"inputs": {"seed": 2**40}}).encode(), "seed"),
    "endless number": (b'{"format": "maquette-session", "version": 1e999}', "large a number"),
    "NaN": (b'{"format": "maquette-session", "version": NaN}', "not JSON"),
    "many digits": (b'{"format": "maquette-session", "version": ' + b"9" * 10_000 + b"}", "JSON"),
    "unknown mode": (envelope(document={"view": {"mode": "spin"}}).encode(), "mode 'spin'"),
    "a side of nothing": (envelope(document={"view": {"side_a": "k9"}}).encode(), "not kept"),
    "width zero": (envelope(document={"subnet": {"width": 0}}).encode(), "width 0"),
    "two of one id": (
        envelope(
            document={"pins": [{"id": "p1", "inputs": {}}, {"id": "p1", "inputs": {}}]}
        ).encode(),
        "one id",
    ),
    "far too many": (
        envelope(document={"kept": [{"id": "a", "name": "b", "choice": {}}] * 10_001}).encode(),
        "more than",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_get_one_sentence(tmp_path, name):
    content, cause = HOSTILE[name]
    path = tmp_path / "bad.maquette"
    path.write_bytes(content)
    began = time.monotonic()
    with pytest.raises(RefusedFile) as refused:
        file.load(path)
    assert time.monotonic() - began < 5
    sentence = str(refused.value)
    assert sentence.startswith("bad.maquette")
    assert cause in sentence
    assert len(sentence) < 500


def test_a_huge_file_is_refused_unread(tmp_path):
    path = tmp_path / "huge.maquette"
    with path.open("wb") as stream:
        stream.truncate(10**12)
    with pytest.raises(RefusedFile, match="1000000 MB"):
        file.load(path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)
FIELDS = sorted(Document.__dataclass_fields__)


@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
@settings(
    deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_document_opens_or_gets_a_sentence(tmp_path, content):
    path = tmp_path / "some.maquette"
    path.write_text(envelope(document=content), "utf-8")
    try:
        document = file.load(path)
    except RefusedFile as refused:
        sentence = str(refused)
    else:
        sentence = "some.maquette opens"
        file.save(document, path)
        assert file.load(path) == document
    assert sentence.startswith("some.maquette")


def test_kept_subnets_and_pins():
    document = replace(Document(), inputs=GanInputs(seed=5)).pinning().keeping("half")
    assert document.pinning() is document
    assert document.choice_of("k2") == document.subnet
    shown = replace(document, view=replace(document.view, side_a="k2"))
    assert shown.without_kept("k2").view.side_a == "current"
    assert document.without_pin("p1").pins == ()
