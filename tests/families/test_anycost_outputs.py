"""Pictures of Anycost and rosinality files against those of the original code."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from studio.families.inputs import GanInputs
from studio.families.model import Model
from studio.families.stylegan.synthesis import synthesise
from studio.subnets.choice import SubnetChoice, resolve
from tests.families.reference import Reference, assert_close, case_id, cases, folders, opened, read

EDIT = (("31_Smiling", 1.5),)
ROSINALITY = ("out_plain", "out_trunc0.7", "out_mix", "out_wplus")
CASES = cases("anycost", "out_")


def choice_of(reference: Reference, name: str) -> SubnetChoice:
    """What an array was drawn with: a ratio under Anycost's rule, or a channel list."""
    about = reference.about[name]
    resolution = about.get("target_res")
    if about.get("ratio") is not None:
        return SubnetChoice(width=about["ratio"], rule="anycost", resolution=resolution)
    if "flexible" in name:
        return SubnetChoice(widths=tuple(about["channels"]), resolution=resolution)
    return SubnetChoice(resolution=resolution)


def styles_of(model: Model, reference: Reference, name: str) -> Tensor:
    arrays = reference.arrays
    psi = 0.7 if "trunc0.7" in name else 1.0
    if "wplus" in name:
        return arrays["w_plus"]
    if "mix" in name:
        first, second = arrays["z_mix"].unbind(dim=1)
        inputs = GanInputs(truncation=psi, mix_from=reference.about[name]["inject_index"])
        return model.styles_of(first, inputs, mix=second)
    if name == "out_plain_from_w":
        return arrays["w"].expand(-1, model.info.config.style_count, -1)
    inputs = GanInputs(truncation=psi, edits=EDIT if "edit" in name else ())
    return model.styles_of(arrays["z"][:, 0], inputs)


def test_there_are_reference_pictures() -> None:
    assert len(CASES) >= 17


@pytest.mark.parametrize(("folder", "name"), CASES, ids=case_id)
def test_pictures_equal_the_original_code(folder: Path, name: str) -> None:
    reference = read(folder)
    model = opened(folder / "generator.pt")
    if "sorted" in name:
        model = model.sorted(latents=reference.arrays["sort_z"])
    choice = choice_of(reference, name)
    assert list(resolve(choice, model.info.config).channels) == reference.about[name]["channels"]
    picture = model.picture(styles_of(model, reference, name), choice)
    assert_close(picture, reference.arrays[name])


@pytest.mark.parametrize(("folder", "name"), cases("anycost", *ROSINALITY), ids=case_id)
def test_the_same_tensors_in_rosinalitys_layout_draw_the_same(folder: Path, name: str) -> None:
    reference = read(folder)
    model = opened(folder / "rosinality.pt")
    assert_close(model.network.w_avg, reference.arrays["mean_style"][0])
    choice = choice_of(reference, name)
    picture = model.picture(styles_of(model, reference, name), choice)
    assert_close(picture, reference.arrays[name])


@pytest.mark.parametrize("folder", folders("anycost"), ids=case_id)
def test_ratios_per_layer_give_the_channel_list(folder: Path) -> None:
    reference = read(folder)
    about = reference.about["out_flexible"]
    model = opened(folder / "generator.pt")
    choice = SubnetChoice(widths=tuple(about["ratios"]))
    assert list(resolve(choice, model.info.config).channels) == about["channels"]
    picture = model.picture(styles_of(model, reference, "out_flexible"), choice)
    assert_close(picture, reference.arrays["out_flexible"])


@pytest.mark.parametrize("folder", folders("anycost"), ids=case_id)
def test_every_stage_equals_the_intermediate_sums(folder: Path) -> None:
    reference = read(folder)
    model = opened(folder / "generator.pt")
    styles = styles_of(model, reference, "out_plain")
    names = reference.names("rgb_res")
    pictures = {p.shape[-1]: p for p in synthesise(model.view(), styles, every_stage=True)}
    assert len(names) == len(pictures) - 1
    for name in names:
        resolution = int(name.removeprefix("rgb_res"))
        assert_close(pictures[resolution], reference.arrays[name])
        stopped = model.picture(styles, SubnetChoice(resolution=resolution))
        assert torch.equal(stopped, pictures[resolution])


@pytest.mark.parametrize("folder", folders("anycost"), ids=case_id)
def test_the_mapping_network_and_the_directions(folder: Path) -> None:
    reference = read(folder)
    model = opened(folder / "generator.pt")
    styles = styles_of(model, reference, "out_plain")
    assert_close(styles[:, :1], reference.arrays["w"])
    row = model.info.directions.index("31_Smiling")
    assert torch.equal(model.directions[row], reference.arrays["edit_direction"].flatten())
