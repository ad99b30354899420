"""Names and metadata of what was drawn. Imports no torch, so the window can use it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from studio import __version__
from studio.families.diffusion.inputs import DiffusionInputs
from studio.families.info import BaseInfo
from studio.families.inputs import EncodedPicture, GanInputs
from studio.families.png_text import SIGNATURE
from studio.places import embedded_name
from studio.subnets.choice import SubnetChoice
from studio.subnets.denoisers.choice import Denoising
from studio.subnets.denoisers.sites import KINDS

METADATA_KEY = "maquette"
METADATA_VERSION = 2
DRAWN = 64_000  # bytes of a drawing that a picture made of it carries along
GREY = b"\x00"  # in the head of a PNG: one grey value a pixel
"""Version 1 named neither the file and key of the model nor the subnet on the sliders."""


def variant_name(choice: SubnetChoice) -> str:
    """A short name for a table row: "full", "width 0.5", "width 0.5, 64 px", "widths 8/16/32"."""
    parts = []
    if choice.widths is not None:
        parts.append("widths " + "/".join(f"{w:g}" for w in choice.widths))
    elif choice.width != 1:
        rule = " (anycost rule)" if choice.rule == "anycost" else ""
        parts.append(f"width {choice.width:g}{rule}")
    if choice.resolution is not None:
        parts.append(f"{choice.resolution} px" if parts else f"full width, {choice.resolution} px")
    if choice.denoising is not None:
        parts += _denoising(choice.denoising)
    return ", ".join(parts) or "full"


def _denoising(chosen: Denoising) -> list[str]:
    """How a denoiser runs, beside its width."""
    elastic, reuse = chosen.elastic, chosen.reuse
    parts = ["by timestep"] if elastic.schedule or elastic.by_timestep == 1 else []
    if 0 < elastic.by_timestep < 1:
        parts = [f"by timestep {elastic.by_timestep:g}"]
    for kind in KINDS:
        ratio = getattr(elastic, kind)
        if ratio is not None:
            parts.append(f"{kind} {ratio:g}")
    if elastic.depth != 1:
        parts.append(f"depth {elastic.depth:g}")
    if elastic.skipped:
        parts.append(f"without {len(elastic.skipped)} blocks")
    if reuse.interval > 1:
        branch = f" at branch {reuse.branch}" if reuse.branch else ""
        parts.append(f"reuse {reuse.interval}{branch}")
    if reuse.threshold:
        parts.append(f"reuse below {reuse.threshold:g}")
    if reuse.guided != (0.0, 1.0):
        parts.append(f"guided {reuse.guided[0]:g}-{reuse.guided[1]:g}")
    own = chosen.sampling
    if own.steps is not None:
        parts.append("1 step" if own.steps == 1 else f"{own.steps} steps")
    if own.guidance is not None:
        parts.append(f"guidance {own.guidance:g}")
    if own.scheduler:
        parts.append(own.scheduler)
    return parts


def shares(channels: Sequence[int], full: Sequence[int]) -> tuple[float, ...]:
    """What part of each entry of ``full`` a network has, up to where it stops."""
    return tuple(c / f for c, f in zip(channels, full, strict=False))


def width_range(channels: Sequence[int], full: Sequence[int]) -> str:
    """The real widths of a network: "0.5" where they are alike, else "0.25-1"; "-" unknown."""
    found = shares(channels, full)
    if not found:
        return "-"
    low, high = min(found), max(found)
    return f"{low:.3g}" if high - low < 0.005 else f"{low:.2g}-{high:.2g}"


def picture_metadata(
    info: BaseInfo,
    inputs: GanInputs | EncodedPicture | DiffusionInputs,
    choice: SubnetChoice,
    recipe: Sequence[Mapping[str, Any]] = (),
    *,
    current: SubnetChoice | None = None,
    current_recipe: Sequence[Mapping[str, Any]] | None = None,
    file: str | None = None,
) -> tuple[tuple[str, str], ...]:
    """What a saved picture says of itself: one (key, value) pair whose value is JSON.

    The JSON holds ``version``, ``model``, ``key`` of the weights, ``file`` (a name without folders,
    which are nobody's business), ``embedded`` (name of an embedded model or null),
    ``source_sha256``, ``licence``, ``seed``, ``inputs`` (fields of GanInputs), ``recipe`` (the
    technique steps that made the variant of the model, none for the model itself), ``subnet``
    (fields of SubnetChoice: what of the variant was run), ``current`` on the sliders and
    ``current_recipe`` on the cards meanwhile, ``history`` of the weights and ``app``: enough to
    draw it again.
    ``studio.session.picture_record`` reads it. What a translation model drew says ``family`` and
    ``picture`` (hash and size; of a small grey one, such as a drawing, also ``content`` as base64)
    in place of ``seed`` and ``inputs``; what a diffusion pipeline drew says ``family``, ``seed``
    and ``inputs`` (fields of DiffusionInputs, pictures by their hash).

    Args:
        recipe: the steps, as plain values.
        current: the subnet on the sliders; None where there are none: then it is ``choice``.
        current_recipe: the steps on the cards, those that are off among them (``on`` is false), as
            plain values; None where there are none: then they are ``recipe``.
        file: the name of the file as the user knows it; None takes that of ``info``.
    """
    app = f"Maquette {__version__}"
    path = Path(info.path)
    record = {
        "version": METADATA_VERSION,
        "model": info.name,
        "key": info.key,
        "file": path.name if file is None else file,
        "embedded": embedded_name(path),
        "source_sha256": info.source_sha256,
        "licence": info.licence,
        **_drawn_from(inputs),
        "subnet": asdict(choice),
        "recipe": list(recipe),
        "current": asdict(choice if current is None else current),
        "current_recipe": list(recipe if current_recipe is None else current_recipe),
        "history": [asdict(step) for step in info.history],
        "app": app,
    }
    return (("Software", app), (METADATA_KEY, json.dumps(record, sort_keys=True)))


def _drawn_from(inputs: GanInputs | EncodedPicture | DiffusionInputs) -> dict[str, Any]:
    """What tells the inputs. Of a picture only its hash and the size, for it may be large, and
    whoever passes on the result need not want to pass on a photograph; a drawing comes along."""
    if isinstance(inputs, GanInputs):
        return {"seed": inputs.seed, "inputs": asdict(inputs)}
    if isinstance(inputs, DiffusionInputs):
        given = {
            key: hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else value
            for key, value in asdict(inputs).items()
        }
        return {"family": "diffusion", "seed": inputs.seed, "inputs": given}
    digest = hashlib.sha256(inputs.data).hexdigest()
    picture: dict[str, Any] = {"sha256": digest, "width": inputs.width, "height": inputs.height}
    if len(inputs.data) <= DRAWN and inputs.data[:8] == SIGNATURE and inputs.data[25:26] == GREY:
        picture["content"] = base64.b64encode(inputs.data).decode("ascii")
    return {"family": "translation", "picture": picture}


class Weighed(Protocol):
    """A layer with its multiply-accumulates and its weights."""

    @property
    def macs(self) -> int: ...
    @property
    def weights(self) -> int: ...


def size_notes(before: Sequence[Weighed], after: Sequence[Weighed]) -> tuple[str, str]:
    """What a denoiser cost before and after, in words, from its layers."""
    every = (before, after)
    macs = [in_words(sum(each.macs for each in layers)) for layers in every]
    weights = [in_words(sum(each.weights for each in layers)) for layers in every]
    return (
        f"multiplies of a step: {macs[0]} before, {macs[1]} after",
        f"weights of the denoiser: {weights[0]} before, {weights[1]} after",
    )


def in_words(count: float) -> str:
    """A count with three digits and a unit: 33.2 M, 74.1 G."""
    for unit in ("", " k", " M", " G"):
        if abs(count) < 999.5:
            return f"{count:.0f}{unit}" if not unit or abs(count) >= 99.95 else f"{count:.3g}{unit}"
        count /= 1000
    return f"{count:.3g} T"
