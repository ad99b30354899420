"""Does the pipeline follow its prompts? Asks for anything, and lets the judge read the pictures."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from studio.fidelity.judge import Judge
from studio.training.words.aspects import ASPECT_NAMES, Said, agrees
from studio.training.words.wordings import anything, english, korean

AT_ONCE = 50  # pictures
GUIDANCE = 4.0
PROMPTS_SEED = 4_000_001  # of the prompts that results are measured with


@dataclass(frozen=True)
class Preset:
    """A way to sample: steps and guidance."""

    name: str
    steps: int
    guidance: float = GUIDANCE


FULL = Preset("full", 20)
PRESETS = (FULL, Preset("12 steps", 12), Preset("8 steps", 8), Preset("4 steps", 4))


@dataclass(frozen=True)
class Asked:
    """A prompt and what it names."""

    text: str
    said: Said


@dataclass(frozen=True)
class Followed:
    """Of what prompts named, the share that the judge reads back.

    ``aspects``: aspect, share, how often it was named. ``seconds``: a picture, when many are made
    at once.
    """

    share: float
    aspects: tuple[tuple[str, float, int], ...]
    seconds: float


def prompts(count: int, seed: int, *, in_korean: bool = False) -> tuple[Asked, ...]:
    """Prompts that name 2 to 6 aspects, any option as likely as the others of its aspect."""
    rng = random.Random(seed)
    said = [anything(rng) for _ in range(count)]
    word = korean if in_korean else english
    return tuple(Asked(word(s, rng), s) for s in said)


def open_pipeline(folder: Path) -> Any:
    """The pipeline in ``folder``, as diffusers opens it in f32, without a progress bar."""
    from diffusers import StableDiffusionPipeline

    pipeline = StableDiffusionPipeline.from_pretrained(
        folder, local_files_only=True, use_safetensors=True
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


@torch.no_grad()
def pictures_of(pipeline: Any, texts: Sequence[str], preset: Preset, seed: int) -> Tensor:
    """Pictures (n, 3, s, s) in [0, 1] of prompts, picture k of the noise of ``seed + k``."""
    made = []
    for start in range(0, len(texts), AT_ONCE):
        part = list(texts[start : start + AT_ONCE])
        noise = [torch.Generator().manual_seed(seed + start + k) for k in range(len(part))]
        found = pipeline(
            part,
            num_inference_steps=preset.steps,
            guidance_scale=preset.guidance,
            generator=noise,
            output_type="pt",
        )
        made.append(found.images)
    return torch.cat(made)


def followed(
    pipeline: Any,
    judge: Judge,
    asked: Sequence[Asked],
    preset: Preset,
    seed: int = 0,
    tell: Callable[[str], None] = lambda text: None,
) -> Followed:
    """Make a picture of every prompt and compare what it names with what the judge reads."""
    tell(f"{preset.name}: {len(asked)} pictures")
    began = time.perf_counter()
    pictures = pictures_of(pipeline, [a.text for a in asked], preset, seed)
    seconds = (time.perf_counter() - began) / len(asked)
    return read(judge, pictures, asked, seconds)


def read(judge: Judge, pictures: Tensor, asked: Sequence[Asked], seconds: float) -> Followed:
    """Compare what prompts name with what the judge reads in pictures (n, 3, s, s) in [0, 1]."""
    reading = judge.read(pictures)
    right: Mapping[str, list[bool]] = {name: [] for name in ASPECT_NAMES}
    for k, one in enumerate(asked):
        for aspect, option in one.said.items():
            right[aspect].append(agrees(reading, k, aspect, option))
    everything = [r for found in right.values() for r in found]
    aspects = tuple((n, sum(f) / len(f), len(f)) for n, f in right.items() if f)
    return Followed(sum(everything) / len(everything), aspects, seconds)
