"""A picture by several networks: from words and latents, step by step."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .latents import Normal
from .prompts import Run, Teller, checked
from .samplers import SAMPLERS

UNETS = ("unet", "ldm", "unconditional")
"""Kinds of denoisers whose time is one number for all of a batch."""


@dataclass(frozen=True)
class Wanted:
    """What is drawn."""

    prompt: str
    negative: str
    label: int
    seed: int
    steps: int
    guidance: float
    scheduler: str
    height: int
    width: int


def drawn(
    pipeline: dict[str, Any],
    run: Run,
    folder: Path,
    wanted: Wanted,
    latents: Any = None,
    between: Callable[[], None] = lambda: None,
) -> Any:
    """A picture (h, w, 3) from 0 to 1.

    Args:
        pipeline: its record in the manifest. run: runs one of its networks by name.
        folder: of the bundle. latents: instead of those of the seed.
        between: called before every step; may raise to stop.

    Raises:
        Refused: the pipeline does not draw this.
    """
    checked(pipeline, wanted)
    normal = Normal(wanted.seed)
    shape = latents_shape(pipeline, wanted)
    own = normal.draw(shape)
    latents = own if latents is None else latents.astype(np.float32)
    kind, guided = pipeline["kind"], guides(pipeline, wanted)
    told = Teller(pipeline, run, folder).told(wanted, guided)
    size = shape[2] * shape[3] // 4  # tokens of transformers, of 2 x 2 latents each
    settings = pipeline["samplers"][wanted.scheduler]
    sampler = SAMPLERS[settings["kind"]](settings["settings"], wanted.steps, size)
    latents = latents * np.float32(sampler.first)
    for index, time in enumerate(sampler.times):
        between()
        given = sampler.scaled(latents, index).astype(np.float32)
        output = _denoised(pipeline, run, given, float(time), told, guided)
        if guided:
            one, two = np.split(output, 2)
            plain, asked = (two, one) if kind == "dit" else (one, two)
            output = plain + np.float32(wanted.guidance) * (asked - plain)
        # Some networks also tell how sure they are, in as many channels again.
        latents = sampler.step(output[:, : shape[1]], latents, index, normal.draw)
    if "vae_decoder" in pipeline["components"]:
        latents = latents / np.float32(pipeline["scaling"]) + np.float32(pipeline["shift"])
        fed = {"latent_sample": latents.astype(np.float32)}
        latents = run("vae_decoder", fed)["sample"]
    picture = (latents[0].transpose(1, 2, 0) / 2 + 0.5).clip(0, 1)
    return np.repeat(picture, 3, axis=2) if picture.shape[2] == 1 else picture


def latents_shape(pipeline: dict[str, Any], wanted: Wanted) -> tuple[int, int, int, int]:
    """The shape of what is denoised."""
    factor = pipeline["factor"]
    return 1, pipeline["channels"], wanted.height // factor, wanted.width // factor


def guides(pipeline: dict[str, Any], wanted: Wanted) -> bool:
    """Whether the denoiser runs with and without the prompt."""
    if pipeline["guidance_kind"] != "classifier-free":
        return False
    return wanted.guidance != 1 if pipeline["kind"] == "ldm" else wanted.guidance > 1


def _denoised(
    pipeline: dict[str, Any],
    run: Run,
    given: Any,
    time: float,
    told: dict[str, Any],
    guided: bool,
) -> Any:
    kind, denoiser = pipeline["kind"], pipeline["denoiser"]
    batch = np.concatenate([given] * 2) if guided else given
    if kind in UNETS:
        fed = {"sample": batch, "timestep": np.array([time], np.float32), **told}
        return run(denoiser, fed)["out_sample"]
    if kind == "flux":
        fed = {
            "hidden_states": packed(batch),
            "timestep": np.full(len(batch), time / 1000, np.float32),
            **told,
        }
        return unpacked(run(denoiser, fed)["out_hidden_states"], given.shape)
    times = np.full(len(batch), time, np.float32)
    fed = {"hidden_states": batch, "timestep": times, **told}
    return run(denoiser, fed)["out_hidden_states"]


def packed(latents: Any) -> Any:
    """Latents (n, c, h, w) as tokens (n, h * w / 4, 4 c) of 2 x 2 each."""
    n, c, h, w = latents.shape
    parts = latents.reshape(n, c, h // 2, 2, w // 2, 2).transpose(0, 2, 4, 1, 3, 5)
    return np.ascontiguousarray(parts.reshape(n, h * w // 4, 4 * c))


def unpacked(tokens: Any, shape: tuple[int, ...]) -> Any:
    """The other way."""
    _, c, h, w = shape
    parts = tokens.reshape(len(tokens), h // 2, w // 2, c, 2, 2).transpose(0, 3, 1, 4, 2, 5)
    return np.ascontiguousarray(parts.reshape(len(tokens), c, h, w))


def png(picture: Any) -> bytes:
    """A picture (h, w, 3) from 0 to 1 as a PNG file."""
    pixels = (picture * 255).round().astype(np.uint8)
    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts
