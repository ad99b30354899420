"""Pairs: how folders are read, what is left out with a sentence, and what a batch holds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from studio.errors import BadChoice, MaquetteError
from studio.families.translation.config import Settings, TranslationConfig
from studio.training.gan_compression.data import Pairs, read_pairs
from studio.training.gan_compression.options import DataOptions
from studio.training.gan_compression.shapes import resnet_sizes
from tests.families.translation.projects import SPADE
from tests.training.gan_compression.worlds import SIDE, joined_folder, pair, two_folders

CONFIG = TranslationConfig(resnet_sizes(3, 3, 4, 3), Settings(height=SIDE, width=SIDE))


def read(
    *folders: Path, config: TranslationConfig = CONFIG, crop: float = 1.0, **options: object
) -> Pairs:
    asked = DataOptions(tuple(str(f) for f in folders), **options)  # type: ignore[arg-type]
    return read_pairs(asked, config, crop, lambda fraction, text: None)


def reasons(pairs: Pairs) -> dict[str, str]:
    return {each.name: each.why for each in pairs.skipped}


def as_tensor(pixels: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(pixels.astype(np.float32)).permute(2, 0, 1) / 127.5 - 1


def test_joined_pictures_are_told_apart_by_their_shape(tmp_path: Path) -> None:
    pairs = read(joined_folder(tmp_path / "p", 3))
    assert pairs.paired
    batch = pairs.middles([0, 2])
    assert torch.allclose(batch.inputs[1], as_tensor(pair(2)[0]))
    assert batch.pictures is not None
    assert torch.allclose(batch.pictures[1], as_tensor(pair(2)[1]))


def test_backwards_takes_the_right_half_first(tmp_path: Path) -> None:
    batch = read(joined_folder(tmp_path / "p", 1), backwards=True).middles([0])
    assert torch.allclose(batch.inputs[0], as_tensor(pair(0)[1]))


def test_two_folders_are_paired_by_name_and_the_lonely_are_named(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    (b / "03.png").unlink()
    Image.fromarray(pair(50)[0]).save(b / "extra.png")
    pairs = read(a, b)
    assert pairs.paired
    assert len(pairs) == 5
    assert reasons(pairs) == dict.fromkeys(("03", "extra"), "it has no partner in the other folder")
    batch = pairs.middles([3])
    assert batch.pictures is not None
    assert torch.allclose(batch.pictures[0], as_tensor(pair(4)[1]))


def test_unreadable_and_unequal_pairs_are_left_out_with_a_reason(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    (a / "01.png").write_bytes(b"no picture")
    (b / "02.png").write_bytes((b / "02.png").read_bytes()[:60])
    Image.new("RGB", (SIDE, SIDE // 2)).save(b / "04.png")
    pairs = read(a, b)
    assert len(pairs) == 3
    found = reasons(pairs)
    assert found["01"] == found["02"] == "it is no picture that can be read"
    assert found["04"] == f"its pictures are unequal: {SIDE} x {SIDE} and {SIDE} x {SIDE // 2} px"
    assert reasons(read(a, b)) == found  # told again from the cache


def test_an_odd_width_is_no_joined_pair(tmp_path: Path) -> None:
    folder = joined_folder(tmp_path / "p", 3)
    Image.new("RGB", (2 * SIDE + 1, SIDE)).save(folder / "odd.png")
    pairs = read(folder)
    assert len(pairs) == 3
    assert "are not two pictures of one size side by side" in reasons(pairs)["odd"]


def test_mixed_sizes_are_brought_to_that_of_training(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path, 2)
    for folder in (a, b):
        Image.fromarray(pair(9, 64)[0]).save(folder / "large.png")
        Image.fromarray(pair(9, 64)[0][:40]).save(folder / "wide.png")
    pairs = read(a, b)
    assert pairs.skipped == ()
    batch = pairs.middles(range(4))
    assert batch.inputs.shape == (4, 3, SIDE, SIDE)
    assert batch.pictures is not None
    assert torch.equal(batch.inputs[2:], batch.pictures[2:])  # both halves were treated alike


def test_folders_without_common_names_are_unpaired(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path, 3)
    for number, file in enumerate(sorted(b.iterdir())):
        file.rename(b / f"other {number}.png")
    pairs = read(a, b)
    assert not pairs.paired
    assert pairs.others is not None
    drawn = pairs.draw(4, (), False, torch.Generator().manual_seed(1))
    assert pairs.batch(drawn).pictures is not None
    with pytest.raises(MaquetteError, match="has a partner of its name"):
        read(a, b, pairing="folders")


def test_a_folder_of_inputs_leaves_the_pairs_to_the_teacher(tmp_path: Path) -> None:
    a, _ = two_folders(tmp_path, 2)
    pairs = read(a)
    assert not pairs.paired
    assert pairs.middles([0]).pictures is None


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda base: base / "missing", "is no folder"),
        (lambda base: base, "there is no picture in"),
    ],
)
def test_folders_that_hold_nothing_are_refused(tmp_path: Path, make: object, sentence: str) -> None:
    assert callable(make)
    with pytest.raises(MaquetteError, match=sentence):
        read(make(tmp_path))


def test_nothing_usable_is_one_sentence(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(b"?")
    with pytest.raises(MaquetteError, match="none of the 2 pictures can be used; of a: it is no"):
        read(tmp_path)


def test_options_say_how_many_folders_they_take() -> None:
    with pytest.raises(BadChoice, match=r"'unpaired' takes 2 folder\(s\) of pictures; 1 given"):
        DataOptions(("a",), "unpaired")
    with pytest.raises(BadChoice, match="no other direction"):
        DataOptions(("a",), "inputs", backwards=True)


def test_crops_and_mirrors_are_the_same_on_both_sides(tmp_path: Path) -> None:
    a = tmp_path / "a"
    a.mkdir()
    noise = np.random.default_rng(1).integers(0, 256, (4, 32, 32, 3), dtype=np.uint8)
    for number, pixels in enumerate(noise):
        Image.fromarray(np.concatenate((pixels, pixels), axis=1)).save(a / f"{number}.png")
    pairs = read(a, crop=1.5)
    random = torch.Generator().manual_seed(2)
    drawn = pairs.draw(16, (0,), True, random)
    batch = pairs.batch(drawn)
    assert torch.equal(batch.inputs, batch.pictures)
    assert 0 not in drawn.rows.tolist()
    assert len(set(drawn.tops.tolist())) > 2
    assert set(drawn.flips.tolist()) == {0, 1}
    # Parts are what processes take; together they are the whole.
    parts = [pairs.batch(drawn.part(k, 4)).inputs for k in range(4)]
    assert torch.equal(torch.cat(parts), batch.inputs)


def test_label_maps_become_one_channel_a_label_and_edges(tmp_path: Path) -> None:
    config = TranslationConfig(SPADE, Settings(last_channel="edges", height=64, width=64))
    labels, pictures = tmp_path / "labels", tmp_path / "pictures"
    labels.mkdir()
    pictures.mkdir()
    for name, high in (("good", config.labels - 1), ("bad", config.labels)):
        numbers = np.zeros((64, 64), np.uint8)
        numbers[:, 32:] = high
        Image.fromarray(numbers).save(labels / f"{name}.png")
        Image.new("RGB", (64, 64), (255, 0, 0)).save(pictures / f"{name}.png")
    pairs = read(labels, pictures, config=config)
    why = f"it has the label {config.labels}, and the model has 0 to {config.labels - 1}"
    assert reasons(pairs) == {"bad": why}
    hot = pairs.middles([0]).inputs[0]
    assert hot.shape == (SPADE.inputs, 64, 64)
    assert hot[0, :, :32].eq(1).all()
    assert hot[config.labels - 1, :, 32:].eq(1).all()
    assert hot[-1].sum() == 2 * 64  # both sides of the border
    assert hot[:-1].sum() == 64 * 64


def test_a_picture_in_colours_is_no_label_map(tmp_path: Path) -> None:
    config = TranslationConfig(SPADE, Settings(height=64, width=64))
    Image.new("RGB", (64, 64)).save(tmp_path / "a.png")
    with pytest.raises(MaquetteError, match="holds one number a pixel"):
        read(tmp_path, config=config)
