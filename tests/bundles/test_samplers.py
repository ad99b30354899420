"""The samplers that bundles carry step as those of diffusers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from studio.bundles.template.runner.drawing import packed, png, unpacked
from studio.bundles.template.runner.latents import Normal
from studio.bundles.template.runner.samplers import SAMPLERS
from studio.families.diffusion.components import quiet

# Of diffusers, which hands a torch tensor to numpy.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
NOISE = {"beta_start": 0.00085, "beta_end": 0.012, "steps_offset": 1}


def followed(
    ours: Any, theirs: Any, shape: tuple[int, ...], gate: float = 1e-4, **more: Any
) -> None:
    """Both from one noise, with an output made of what the network is given."""
    assert np.allclose(ours.times, theirs.timesteps.numpy(), atol=1e-3)
    first = float(getattr(theirs, "init_noise_sigma", 1.0))
    assert ours.first == pytest.approx(first, rel=1e-5)
    draw, noise = torch.Generator().manual_seed(0), Normal(0)
    wanted = torch.randn(shape, generator=draw) * first
    found = noise.draw(shape) * np.float32(first)
    if "generator" in more:
        more["generator"] = draw
    for index, time in enumerate(theirs.timesteps):
        given = wanted
        if hasattr(theirs, "scale_model_input"):
            with quiet():
                given = theirs.scale_model_input(wanted, time)
        assert_near(ours.scaled(found, index), given.numpy(), gate)
        output = torch.tanh(given)
        with quiet():
            wanted = theirs.step(output, time, wanted, **more).prev_sample
        found = ours.step(output.numpy(), found, index, noise.draw)
    assert_near(found, wanted.numpy(), gate)


def assert_near(found: Any, wanted: Any, gate: float) -> None:
    assert np.abs(found - wanted).max() <= max(gate, 1e-5 * np.abs(wanted).max())


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction"])
@pytest.mark.parametrize("spacing", ["leading", "trailing", "linspace"])
@pytest.mark.parametrize("name", ["ddim", "ddpm", "euler"])
@pytest.mark.parametrize("schedule", ["scaled_linear", "squaredcos_cap_v2"])
def test_noise_is_taken_away_alike(name: str, spacing: str, prediction: str, schedule: str) -> None:
    import diffusers

    kinds = {"ddim": "DDIM", "ddpm": "DDPM", "euler": "EulerDiscrete"}
    kind: Any = getattr(diffusers, f"{kinds[name]}Scheduler")
    theirs = kind(
        **NOISE, beta_schedule=schedule, timestep_spacing=spacing, prediction_type=prediction
    )
    with quiet():
        theirs.set_timesteps(5)
    more = {"generator": None} if name == "ddpm" else {}
    # Euler's cosine schedule begins at twenty thousand times the picture: digits of that remain.
    gate = 2e-3 if (name, schedule) == ("euler", "squaredcos_cap_v2") else 1e-4
    followed(SAMPLERS[name](dict(theirs.config), 5, 0), theirs, (1, 4, 2, 2), gate, **more)


@pytest.mark.parametrize("steps", [1, 2, 6])
@pytest.mark.parametrize("spacing", ["leading", "trailing", "linspace"])
@pytest.mark.parametrize("karras", [True, False])
def test_several_steps_are_taken_together_alike(karras: bool, spacing: str, steps: int) -> None:
    from diffusers import DPMSolverMultistepScheduler

    theirs: Any = DPMSolverMultistepScheduler(
        **NOISE, beta_schedule="scaled_linear", timestep_spacing=spacing, use_karras_sigmas=karras
    )
    theirs.set_timesteps(steps)
    followed(SAMPLERS["dpm"](dict(theirs.config), steps, 0), theirs, (1, 4, 2, 2))


@pytest.mark.parametrize("steps", [1, 4])
@pytest.mark.parametrize(
    "settings",
    [
        {"shift": 3.0},
        {"use_dynamic_shifting": True, "shift": 3.0},
        {"use_dynamic_shifting": True, "time_shift_type": "linear"},
    ],
)
def test_straight_paths_are_followed_alike(settings: dict[str, Any], steps: int) -> None:
    """As FLUX asks for its steps, and as Stable Diffusion 3 does."""
    from diffusers import FlowMatchEulerDiscreteScheduler
    from diffusers.pipelines.flux.pipeline_flux import calculate_shift

    tokens = 1000
    for from_one in (True, False):
        theirs: Any = FlowMatchEulerDiscreteScheduler(**settings)
        config = theirs.config
        mu = calculate_shift(
            tokens, config.base_image_seq_len, config.max_image_seq_len, config.base_shift,
            config.max_shift,
        )  # fmt: skip
        shift = {"mu": mu} if config.use_dynamic_shifting else {}
        given = {"sigmas": np.linspace(1.0, 1 / steps, steps)} if from_one else {}
        theirs.set_timesteps(
            **({} if from_one else {"num_inference_steps": steps}), **given, **shift
        )
        ours = SAMPLERS["flow"]({**config, "from_one": from_one}, steps, tokens)
        followed(ours, theirs, (1, 4, 2, 2))


def test_latents_are_packed_as_flux_takes_them() -> None:
    from diffusers import FluxPipeline

    latents = torch.randn(2, 3, 4, 6, generator=torch.Generator().manual_seed(0))
    made = packed(latents.numpy())
    assert np.array_equal(made, FluxPipeline._pack_latents(latents, *latents.shape).numpy())
    assert np.array_equal(unpacked(made, (2, 3, 4, 6)), latents.numpy())


def test_a_picture_file_is_a_picture(tmp_path: Any) -> None:
    picture = np.random.default_rng(0).random((5, 7, 3))
    (tmp_path / "a.png").write_bytes(png(picture))
    read = np.asarray(Image.open(tmp_path / "a.png"))
    assert np.array_equal(read, (picture * 255).round().astype(np.uint8))
