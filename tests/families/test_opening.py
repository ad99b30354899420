"""Opening by path or name, what comes along, and saving again."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

import studio
from studio.checkpoints import open_checkpoint, save_maquette
from studio.errors import MaquetteError, RefusedFile
from studio.families.info import HistoryStep
from studio.families.metadata import to_metadata
from studio.families.opening import embedded_names, model_from, open_model
from studio.families.stylegan import styles
from tests.families.reference import FIXTURES, folders
from tests.families.small import small_config, small_model

ANYCOST = folders("anycost")[0]


def test_five_lines_make_a_picture() -> None:
    model = studio.open_model("clay-heads")
    picture = model.render(studio.GanInputs(seed=7), studio.SubnetChoice(width=0.25))
    assert picture.shape == (model.info.config.resolution, model.info.config.resolution, 3)
    assert picture.std() > 5


def test_the_embedded_model_says_what_it_is() -> None:
    assert "clay-heads" in embedded_names()
    info = studio.open_model("clay-heads").info
    assert info.layout == "maquette"
    assert info.licence == "Apache-2.0"
    assert info.widths == (0.25, 0.5, 0.75, 1.0)
    assert len(info.resolutions) == 4
    assert info.directions


def test_an_unknown_name_lists_the_embedded_models() -> None:
    with pytest.raises(
        RefusedFile, match=r"^nobody is neither .* clay-heads, clay-words, sketch-to-clay.*$"
    ):
        open_model("nobody")


def test_directions_beside_the_file_come_along(tmp_path: Path) -> None:
    copy = tmp_path / "generator.pt"
    shutil.copy(ANYCOST / "generator.pt", copy)
    alone = open_model(copy)
    assert alone.info.directions == ()
    beside = tmp_path / "my_directions_file.pt"
    shutil.copy(ANYCOST / "edit_directions.pt", beside)
    together = open_model(copy)
    assert "31_Smiling" in together.info.directions
    assert together.directions.shape == (5, together.info.config.w_dim)
    assert together.info.key != alone.info.key


def test_other_files_beside_it_are_passed_over(tmp_path: Path) -> None:
    small_model().save(tmp_path / "small.safetensors")
    shutil.copy(ANYCOST / "edit_directions.pt", tmp_path / "edit_directions.pt")  # other w_dim
    (tmp_path / "a_direction.pt").write_text("no directions at all")
    assert open_model(tmp_path / "small.safetensors").info.directions == ()


def test_a_missing_average_is_computed_and_always_the_same() -> None:
    first, second = (open_model(ANYCOST / "generator.pt") for _ in range(2))
    assert torch.equal(first.network.w_avg, second.network.w_avg)
    assert first.info.key == second.info.key
    assert [s.step for s in first.info.history] == ["average_w"]
    z = torch.randn(4096, first.info.config.z_dim, generator=torch.Generator().manual_seed(1))
    other = first.network.map(z).mean(dim=0)
    assert torch.allclose(first.network.w_avg, other, atol=0.1)


def test_saving_and_opening_gives_the_same_model(tmp_path: Path) -> None:
    model = small_model(small_config(c_dim=3, conv_clamp=0.7), directions=("smile", "été"))
    info = replace(
        model.info, history=(HistoryStep("trained", "10 steps"),), sorted_channels=True, title="S"
    )
    path = tmp_path / "model.safetensors"
    type(model)(info, model.network, model.directions).save(path)
    again = open_model(path)
    kept = ("name", "title", "config", "licence", "source_sha256", "directions", "widths")
    for field in (*kept, "resolutions", "sorted_channels", "history", "family"):
        assert getattr(again.info, field) == getattr(info, field), field
    assert again.info.path == str(path)
    assert torch.equal(again.directions, model.directions)
    inputs = studio.GanInputs(seed=2, label=1, edits=(("été", 1.0),))
    assert np.array_equal(again.render(inputs), model.render(inputs))


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "a.safetensors", tmp_path / "b.safetensors"
    small_model().save(first)
    small_model().save(second)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("widths", "[0.5, 2]"),
        ("widths", "wide"),
        ("widths", '["a"]'),
        ("widths", "[NaN]"),
        ("widths", "[" * 100_000),
        ("resolutions", "[48]"),
        ("sorted_channels", "1"),
        ("history", "3"),
        ("history", "[{}]"),
    ],
)
def test_metadata_that_makes_no_sense_is_refused(tmp_path: Path, key: str, text: str) -> None:
    model = small_model()
    path = tmp_path / "odd.safetensors"
    metadata = {**to_metadata(model.info), key: text}
    save_maquette(path, model.network.state_dict(), metadata, {})
    with pytest.raises(RefusedFile) as refused:
        open_model(path)
    assert "odd.safetensors" in str(refused.value)
    assert key in str(refused.value)


def test_texts_cannot_steer_a_terminal(tmp_path: Path) -> None:
    model = small_model()
    path = tmp_path / "odd.safetensors"
    metadata = {
        **to_metadata(model.info),
        "name": "a\nb\x1b[2J",
        "title": "\0",
        "history": '[{"step": "x\\ud800", "detail": "1\\u001b"}]',
    }
    save_maquette(path, model.network.state_dict(), metadata, {})
    opened = open_model(path)
    assert opened.info.name == opened.info.title == "a b [2J"
    assert opened.info.history == (HistoryStep("x", "1"),)
    opened.save(tmp_path / "again.safetensors")
    assert open_model(tmp_path / "again.safetensors").info.history == opened.info.history


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere file names are Unicode")
def test_a_file_name_that_is_no_text_is_shown_as_well_as_it_can_be(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff.safetensors"))
    small_model().save(tmp_path / "named.safetensors")
    checkpoint = open_checkpoint(tmp_path / "named.safetensors")
    shutil.copy(tmp_path / "named.safetensors", path)
    assert open_model(path).info.config == small_model().info.config
    unnamed = {k: v for k, v in checkpoint.metadata.items() if k not in ("name", "title")}
    info = model_from(replace(checkpoint, path=path, metadata=unnamed)).info
    assert info.name == info.title == "a\N{REPLACEMENT CHARACTER}"


def test_an_average_in_pieces_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    network = small_model(small_config(c_dim=3)).network
    whole = styles.average_style(network)
    monkeypatch.setattr(styles, "LARGEST_PIECE", 34 * 100)
    assert torch.allclose(styles.average_style(network), whole, atol=0.1)
    assert torch.equal(styles.average_style(network), styles.average_style(network))


def test_sparse_metadata_is_enough(tmp_path: Path) -> None:
    model = small_model()
    path = tmp_path / "sparse.safetensors"
    metadata = {"config": to_metadata(model.info)["config"]}
    save_maquette(path, model.network.state_dict(), metadata, {})
    info = open_model(path).info
    assert (info.name, info.title, info.licence) == ("sparse", "sparse", "unknown")
    assert info.widths == (1.0,)
    assert info.resolutions == info.config.resolutions
    assert info.history == ()
    assert json.loads(to_metadata(info)["widths"]) == [1.0]


def test_tensors_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "small.safetensors"
    small_model().save(path)
    checkpoint = open_checkpoint(path)
    tensors = {**checkpoint.tensors, "rgb.0.bias": torch.zeros(4)}
    with pytest.raises(RefusedFile, match=r"small\.safetensors"):
        model_from(replace(checkpoint, tensors=tensors))


def test_saving_where_nothing_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(MaquetteError, match="does not exist"):
        small_model().save(tmp_path / "no" / "model.safetensors")
    assert list(tmp_path.iterdir()) == []


def test_every_reference_file_opens() -> None:
    names = ("generator.pt", "rosinality.pt", "network-snapshot.pkl")
    files = [file for name in names for file in FIXTURES.rglob(name)]
    assert len(files) >= 3
    for file in files:
        model = open_model(file)
        assert model.render(studio.GanInputs(seed=1)).shape[2] == 3
        assert model.info.widths == (
            (0.25, 0.5, 0.75, 1.0) if model.info.layout == "anycost" else (1.0,)
        )
