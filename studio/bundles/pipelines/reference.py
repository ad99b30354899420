"""What PyTorch in float32 draws with a pipeline, and what its networks are fed on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from PIL import Image

from studio.bundles import manifest as said
from studio.bundles.drawing import pictured
from studio.bundles.folder import Floats, array_bytes
from studio.bundles.formats.contract import Subject
from studio.bundles.pipelines.components import ENCODER
from studio.bundles.reference import FOLDER, Drawn
from studio.bundles.template.runner.components import reference_of
from studio.families.diffusion.inputs import DiffusionInputs
from studio.families.diffusion.sampling import as_pixels, seeded_latents
from studio.families.diffusion.sampling import pictured as by_diffusers

if TYPE_CHECKING:
    from studio.families.diffusion.model import DiffusionModel
    from studio.subnets.choice import SubnetChoice

STEPS = 4  # of what is drawn to be compared: a run from noise to picture
PROMPT = "a clay head on a grey table, lit from the left"
LABEL = 1
PLACE = "drawing"
Between = Callable[[], None]


@dataclass(frozen=True)
class Pictures:
    """Pictures of some seeds: the latents that each begins with, and what PyTorch makes of them,
    (1, h, w, 3) from 0 to 1."""

    seeds: tuple[int, ...]
    latents: tuple[Floats, ...]
    pictures: tuple[Floats, ...]


def drawing_of(model: DiffusionModel, scheduler: str) -> said.Drawing:
    """What is drawn to be compared: few steps at the model's own size."""
    config = model.info.config
    return said.Drawing(
        prompt=PROMPT if "prompt" in config.takes else "",
        label=min(LABEL, max(0, config.classes - 1)),
        steps=STEPS,
        guidance=config.guidance_scale,
        scheduler=scheduler,
        height=config.height,
        width=config.width,
    )


def draw(
    model: DiffusionModel,
    choice: SubnetChoice,
    drawing: said.Drawing,
    seeds: Sequence[int],
    between: Between,
) -> Pictures:
    """Draw by diffusers' own call, with the denoiser of ``choice``.

    Args:
        between: called before every layer; may raise to stop.
    """
    config = model.info.config
    shape = config.latents(drawing.height, drawing.width)
    latents, pictures = [], []
    for seed in seeds:
        wanted = model.settled(
            DiffusionInputs(
                prompt=drawing.prompt,
                seed=seed,
                steps=drawing.steps,
                guidance=None if config.guidance == "none" else drawing.guidance,
                scheduler=drawing.scheduler,
                label=drawing.label if config.classes else None,
            )
        )
        made = by_diffusers(
            model, wanted, denoiser=model.denoiser_of(choice, wanted), between=between
        )
        picture: Floats = np.asarray(made, np.float32)
        if picture.shape[2] == 1:
            picture = np.repeat(picture, 3, axis=2)
        pictures.append(np.ascontiguousarray(picture[None]))
        latents.append(seeded_latents(seed, shape).numpy())
    return Pictures(tuple(seeds), tuple(latents), tuple(pictures))


def write_pictures(drawn: Pictures, folder: Path, ident: str) -> said.Reference:
    """Write what is to be compared into the bundle at ``folder``.

    Raises:
        OSError: it cannot be written.
    """
    place = f"{FOLDER}/{PLACE}"
    (folder / place).mkdir(parents=True)
    latents, picture = f"{place}/input-latents.npy", f"{place}/output-picture.npy"
    (folder / latents).write_bytes(array_bytes(np.concatenate(drawn.latents)))
    (folder / picture).write_bytes(array_bytes(np.concatenate(drawn.pictures)))
    shown = []
    for seed, each in zip(drawn.seeds, drawn.pictures, strict=True):
        shown.append(f"{place}/picture-seed{seed}.png")
        Image.fromarray(as_pixels(each[0])).save(folder / shown[-1])
    return said.Reference(
        id=ident,
        seeds=drawn.seeds,
        inputs={"latents": latents},
        per_seed=("latents",),
        outputs={"picture": picture},
        pictures=tuple(shown),
    )


def fed(
    pipeline: said.Pipeline,
    subjects: Sequence[Subject],
    folder: Path,
    seed: int,
    latents: Floats,
    between: Between,
) -> dict[str, Drawn]:
    """One sample that every network reads while the bundle's own code draws on PyTorch's networks,
    and what these make of it, by the id of the subject.

    Args:
        pipeline: its record. folder: of the bundle, with the tokenizers' files.
        between: called before every step; may raise to stop.
    """
    modules = {each.id: each.parts.body.module() for each in subjects}
    ports = {each.id: each.parts.body for each in subjects}
    seen: dict[str, dict[str, Any]] = {}

    def run(name: str, feed: dict[str, Any]) -> dict[str, Any]:
        between()
        seen.setdefault(name, feed)
        return _made(modules[name], ports[name], feed)

    wanted = reference_of(pipeline.model_dump(mode="json"), seed)
    picture = pictured(pipeline, run, folder, wanted, latents, between)
    if ENCODER in modules:
        seen[ENCODER] = {"sample": picture.transpose(0, 3, 1, 2) * 2 - 1}
    made = {}
    for subject in subjects:
        one = _one(seen[subject.id])
        outputs = _made(modules[subject.id], ports[subject.id], one)
        made[subject.id] = Drawn((seed,), (one,), (outputs,), ())
    return made


def _one(feed: Mapping[str, Any]) -> dict[str, Any]:
    """The last sample of a batch; what is no batch stays."""
    count = len(next(iter(feed.values())))
    several = {name for name, array in feed.items() if count > 1 and len(array) == count}
    return {
        name: np.ascontiguousarray(array[-1:] if name in several else array)
        for name, array in feed.items()
    }


def _made(module: Any, network: Any, feed: Mapping[str, Any]) -> dict[str, Any]:
    given = (torch.from_numpy(np.ascontiguousarray(feed[p.name])) for p in network.inputs)
    with torch.inference_mode():
        made = module(*given)
    return {p.name: t.numpy() for p, t in zip(network.outputs, made, strict=True)}
