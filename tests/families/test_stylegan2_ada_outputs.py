"""Pictures of StyleGAN2-ADA snapshots against those of the original code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from studio.families.inputs import GanInputs
from tests.families.reference import assert_close, case_id, cases, opened, read

CASES = cases("stylegan2_ada", "image_", "w_psi")
NAME = re.compile(r"_psi([\d.]+)(?:_cutoff(\d+))?")


def test_there_are_reference_pictures() -> None:
    assert len(CASES) >= 7


@pytest.mark.parametrize(("folder", "name"), CASES, ids=case_id)
def test_outputs_equal_the_original_code(folder: Path, name: str) -> None:
    reference = read(folder)
    arrays = reference.arrays
    model = opened(folder / "network-snapshot.pkl")
    found = NAME.search(name)
    assert found is not None
    cutoff = None if found[2] is None else int(found[2])
    inputs = GanInputs(truncation=float(found[1]), truncation_cutoff=cutoff)
    styles = model.styles_of(arrays["z"], inputs, labels=arrays.get("labels"))
    if name.startswith("w_"):
        assert_close(styles, arrays[name])
        return
    picture = model.picture(styles, noise=0.0 if "nonoise" in name else 1.0)
    assert_close(picture, arrays[name])


@pytest.mark.parametrize(("folder", "name"), cases("stylegan2_ada", "w_avg"), ids=case_id)
def test_the_average_style_comes_from_the_file(folder: Path, name: str) -> None:
    model = opened(folder / "network-snapshot.pkl")
    assert_close(model.network.w_avg, read(folder).arrays[name])
