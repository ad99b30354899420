"""One run of a pipeline: diffusers' own call, from our latents, watched step by step."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor, nn

from studio.errors import BadChoice, NotEnoughMemory
from studio.families.diffusion.components import class_named, quiet
from studio.families.diffusion.inputs import Settled
from studio.families.diffusion.schedulers import scheduler_of
from studio.families.translation.reading import opened_picture

if TYPE_CHECKING:
    from studio.families.diffusion.model import DiffusionModel

Between = Callable[[], None] | None
Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Step:
    """What a step of the sampler has done.

    Args:
        index: from 0. count: how many there are.
        timestep: where in the noise schedule, as the network is told.
        latents: after the step, (1, channels, h, w) float32.
        output: of the denoiser after guidance, in the same layout; what drifts apart where two
            variants run from the same latents.
        expected: what the finished latents will be by this step's lights; None where the scheduler
            does not say, then :attr:`latents` are the nearest there is.
    """

    index: int
    count: int
    timestep: float
    latents: Tensor
    output: Tensor
    expected: Tensor | None


OnStep = Callable[[Step], None] | None


class Denoiser(nn.Module):
    """Stands in a pipeline for the network it has the configuration of, and runs something else.

    Args:
        network: the pipeline's own, which is asked for everything but to run.
        run: takes what the network's ``forward`` takes and returns what it returns.
        dtype: what it takes and gives, whatever type the network is in.
    """

    def __init__(self, network: nn.Module, run: Callable[..., Any], dtype: torch.dtype) -> None:
        super().__init__()
        # Past nn.Module, so that its weights are not this module's too.
        object.__setattr__(self, "_network", network)
        object.__setattr__(self, "_run", run)
        object.__setattr__(self, "dtype", dtype)

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "_network"), name)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What ``run`` makes of the arguments."""
        return self._run(*args, **kwargs)


def seeded_latents(seed: int, shape: tuple[int, ...]) -> Tensor:
    """Standard normal latents of a seed, float32 on the CPU, whatever they are run on."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def sample(
    model: DiffusionModel,
    wanted: Settled,
    *,
    denoiser: nn.Module | Callable[..., Any] | None = None,
    weightless: bool = False,
    between: Between = None,
    on_step: OnStep = None,
) -> Pixels:
    """The picture (h, w, 3) of ``wanted``.

    Args:
        denoiser: runs in place of the model's own network, with the arguments of its ``forward``.
        weightless: it does so without the network's weights in PyTorch, which are then not brought
            into the type that PyTorch computes in.
        between: called before every convolution and linear layer of every network; may raise.
        on_step: told of every step.

    Raises:
        MaquetteError: the picture to draw from cannot be read, or memory does not suffice.
    """
    pipeline = made_pipeline(model, wanted, denoiser, weightless=weightless)
    arguments = call_arguments(model, pipeline, wanted)
    networks = [each for each in pipeline.components.values() if isinstance(each, nn.Module)]
    if isinstance(denoiser, nn.Module):  # which the pipeline has behind a stand-in
        networks.append(denoiser)
    with (
        quiet(),
        torch.inference_mode(),
        watched(pipeline, wanted, on_step),
        interrupted(networks, between),
    ):
        try:
            pictures = pipeline(**arguments, output_type="np").images
        except MemoryError as error:
            raise NotEnoughMemory(_too_large(wanted)) from error
        except ValueError as error:
            raise BadChoice(
                f"diffusers does not draw this: {' '.join(str(error).split())}"
            ) from error
        except RuntimeError as error:
            if "allocate memory" in str(error):
                raise NotEnoughMemory(_too_large(wanted)) from error
            raise
    return as_pixels(np.asarray(pictures)[0])


def _too_large(wanted: Settled) -> str:
    return (
        f"drawing {wanted.width} x {wanted.height} px needs more memory than is free; a smaller "
        "size would do"
    )


def as_pixels(picture: npt.NDArray[np.generic]) -> Pixels:
    """A picture (h, w, 1 or 3) in [0, 1] as 8-bit RGB; what is no number becomes black."""
    values = np.nan_to_num(picture.astype(np.float32), nan=0.0, posinf=1.0, neginf=0.0)
    pixels = (values * 255).round().clip(0, 255).astype(np.uint8)
    return np.repeat(pixels, 3, axis=2) if pixels.shape[2] == 1 else pixels


def made_pipeline(
    model: DiffusionModel,
    wanted: Settled,
    denoiser: nn.Module | Callable[..., Any] | None = None,
    *,
    weightless: bool = False,
) -> Any:
    """A pipeline of diffusers on the model's components, with a scheduler of its own.

    Args:
        denoiser, weightless: as of :func:`sample`.
    """
    folder = model.components.folder
    runs = folder.pipeline.denoiser
    parts: dict[str, Any] = {}
    for name, component in folder.pipeline.components.items():
        if name == "scheduler":
            parts[name] = made_scheduler(model, wanted)
        elif name not in folder.components:
            parts[name] = None
        elif component.part == "tokenizer":
            parts[name] = model.components.tokenizer(name)
        elif weightless and name == runs:
            parts[name] = model.components.stored(name)
        else:
            parts[name] = model.components.running(name)
    if denoiser is not None:
        parts[runs] = Denoiser(parts[runs], denoiser, model.components.computes(runs))
    if folder.pipeline.name == "StableDiffusionPipeline":
        parts |= {"safety_checker": None, "feature_extractor": None}
        parts["requires_safety_checker"] = False
    elif folder.pipeline.name == "StableDiffusionXLPipeline":
        zeros = folder.options.get("force_zeros_for_empty_prompt", True)
        parts |= {"force_zeros_for_empty_prompt": bool(zeros), "add_watermarker": False}
    name = folder.pipeline.name
    if wanted.picture is not None:
        name = (
            folder.pipeline.mask if wanted.mask is not None else folder.pipeline.picture
        ) or name
    elif folder.named == "DDIMPipeline" and wanted.scheduler == "ddim":
        name = folder.named
    with quiet():
        pipeline = class_named("pipeline", name)(**parts)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def made_scheduler(model: DiffusionModel, wanted: Settled) -> Any:
    """The scheduler of that name with the noise schedule of the model's own; new, for it counts.

    Raises:
        BadChoice: it cannot be made of that schedule, or not run for so many steps.
    """
    own = model.components.folder.scheduler
    runs, settings = own.runs, {}
    if wanted.scheduler != model.info.config.scheduler:
        scheduler = scheduler_of(wanted.scheduler, model.info.config.kind)
        runs, settings = scheduler.runs, dict(scheduler.settings)
    steps = own.config.get("num_train_timesteps", 1000)
    if isinstance(steps, int) and wanted.steps > steps:
        raise BadChoice(f"{wanted.steps} steps cannot be run; this model was trained for {steps}")
    with quiet():
        try:
            made = class_named("scheduler", runs).from_config(dict(own.config), **settings)
            if not model.info.config.flow:  # those need the size as well
                made.set_timesteps(wanted.steps)
            return made
        except (ArithmeticError, ImportError, LookupError, TypeError, ValueError) as error:
            why = " ".join(str(error).split())[:200]
            raise BadChoice(
                f"{wanted.steps} steps cannot be run with the scheduler '{wanted.scheduler}': {why}"
            ) from error


def call_arguments(model: DiffusionModel, pipeline: Any, wanted: Settled) -> dict[str, Any]:
    """What the pipeline is called with, apart from the form of its answer.

    Raises:
        MaquetteError: the picture or the mask cannot be read.
    """
    config = model.info.config
    generator = torch.Generator().manual_seed(wanted.seed)
    arguments: dict[str, Any] = {"num_inference_steps": wanted.steps, "generator": generator}
    if config.kind == "unconditional":
        return arguments
    if config.kind == "dit":
        return arguments | {"class_labels": [wanted.label], "guidance_scale": wanted.guidance}
    arguments |= {
        "prompt": wanted.prompt,
        "height": wanted.height,
        "width": wanted.width,
        "guidance_scale": wanted.guidance,
    }
    if wanted.negative:  # None is not always the empty text: SDXL takes zeros for it
        arguments["negative_prompt"] = wanted.negative
    if config.kind == "pixart":
        # Sizes are the user's own, and captions are read as they are written.
        arguments |= {"use_resolution_binning": False, "clean_caption": False}
    if wanted.picture is None:
        shape = config.latents(wanted.height, wanted.width)
        dtype = model.components.computes(model.info.denoiser)
        latents = seeded_latents(wanted.seed, shape).to(dtype)
        arguments["latents"] = packed(pipeline, latents) if config.kind == "flux" else latents
        return arguments
    size = (wanted.width, wanted.height)
    image = opened_picture(io.BytesIO(wanted.picture), "the picture").convert("RGB")
    arguments |= {"image": _sized(image, size), "strength": wanted.strength}
    if wanted.mask is not None:
        mask = opened_picture(io.BytesIO(wanted.mask), "the mask").convert("L")
        arguments["mask_image"] = _sized(mask, size)
    elif config.kind == "unet":
        del arguments["height"], arguments["width"]  # those of the picture
    return arguments


def _sized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image if image.size == size else image.resize(size, Image.Resampling.LANCZOS)


def packed(pipeline: Any, latents: Tensor) -> Tensor:
    """Latents (1, c, h, w) as FLUX takes them: (1, h * w / 4, 4 c)."""
    made: Tensor = pipeline._pack_latents(latents, *latents.shape)
    return made


@contextmanager
def interrupted(networks: list[nn.Module], between: Between) -> Iterator[None]:
    """``between`` is called before every convolution and linear layer meanwhile."""
    if between is None:
        yield
        return

    def ask(_module: nn.Module, _given: object) -> None:
        between()

    handles = [
        module.register_forward_pre_hook(ask)
        for network in networks
        for module in network.modules()
        if isinstance(module, nn.Conv2d | nn.Linear | Denoiser)
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


@contextmanager
def watched(pipeline: Any, wanted: Settled, on_step: OnStep) -> Iterator[None]:
    """Tells of every step of the pipeline's scheduler, and gives it our random numbers.

    Some pipelines hand no generator to their scheduler, which would then draw its noise from
    whatever was drawn before in this process.
    """
    import inspect

    scheduler = pipeline.scheduler
    step = scheduler.step
    takes_generator = "generator" in inspect.signature(step).parameters
    own = torch.Generator().manual_seed(wanted.seed)
    done = 0

    @functools.wraps(step)
    def told(model_output: Tensor, timestep: Any, sample: Tensor, *args: Any, **kwargs: Any) -> Any:
        nonlocal done
        if takes_generator and kwargs.get("generator") is None:
            kwargs["generator"] = own
        elif not takes_generator:
            kwargs.pop("generator", None)
        given = kwargs.pop("return_dict", True)
        result = step(model_output, timestep, sample, *args, return_dict=True, **kwargs)
        if on_step is not None:
            count = getattr(pipeline, "_num_timesteps", None) or len(scheduler.timesteps)
            expected = getattr(result, "pred_original_sample", None)
            on_step(
                Step(
                    done,
                    count,
                    float(timestep),
                    _unpacked(pipeline, result.prev_sample, wanted),
                    _unpacked(pipeline, model_output, wanted),
                    None if expected is None else _unpacked(pipeline, expected, wanted),
                )
            )
        done += 1
        return result if given else tuple(result.values())

    scheduler.step = told
    try:
        yield
    finally:
        del scheduler.step


def _unpacked(pipeline: Any, latents: Tensor, wanted: Settled) -> Tensor:
    """The first of latents, (1, c, h, w) in float32."""
    if latents.ndim == 3:
        latents = pipeline._unpack_latents(
            latents, wanted.height, wanted.width, pipeline.vae_scale_factor
        )
    return latents[:1].detach().to(torch.float32, copy=True)
