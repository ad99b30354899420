"""Post-training quantisation to int8: even ranges first, then a plan that each runtime emits.

The plan holds the convolutions alone. ToRGB, filters, additions, multiplications and the linear
layers of the styles stay in float: they hold few multiplies, and rounding them is what costs the
quality. Of a factorised layer each link is planned by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from plugins.int8.params import Int8Params
from studio.errors import BadChoice
from studio.families.info import BaseInfo, HistoryStep, model_key
from studio.families.quantization import LONGEST_TEXT, Activations, QuantPlan, packed
from studio.recipes.contract import (
    Baked,
    Context,
    LayerReport,
    Lowered,
    Report,
    Technique,
    Verb,
)
from studio.recipes.scan import SCAN_SEEDS

if TYPE_CHECKING:
    from torch import Tensor

    from studio.families.model import Model
    from studio.families.stylegan.portable import Part
    from studio.recipes.scan import Scan

TO_RGB = "ToRGB stays in float"
ALONE = "its channels are convolved one by one, which takes few multiplies"
LAST = "one of the last layers"
NAMED = "named in keep"
SENSITIVE = "its rounding costs the most"
SPREAD = "spread: the largest range of an input channel by the median one"
FLOAT, INT8 = 4, 1  # bytes of a weight
ALL = {"keep": ()}  # whatever is named: a scan looks at every layer


class Int8(Technique):
    """See :mod:`plugins.int8.params` for what it takes."""

    name = "int8"
    title = "Int8"
    summary = "Runs convolutions on 8-bit numbers, which processors multiply fastest."
    paper = "Nagel et al. 2021, A White Paper on Neural Network Quantization; Xiao et al. 2023"
    params = Int8Params
    after = ("subnet", "prune", "lowrank")

    def applies_to(self, info: BaseInfo) -> str | None:
        fits = info.family in ("stylegan", "translation", "diffusion")
        return None if fits else f"it is of the family {info.family}"

    def needed(self, info: BaseInfo, params: Int8Params) -> tuple[Verb, ...]:
        # Norms between convolutions would undo what smoothing shifts in a translation network.
        return self.verbs() if info.family == "stylegan" else ("lower",)

    def prepare(self, model: Model, params: Int8Params, context: Context) -> Baked:
        """Make the ranges of input channels even; the picture stays the same."""
        from plugins.int8.smoothing import smoothed
        from studio.families.model import Model as Made

        if not params.smoothing:
            return Baked(model, Report("smoothing is off"))
        latents = _latents(model, params, context)
        network, done = smoothed(model.network, latents, params.alpha, context.progress)
        step = HistoryStep(
            "smooth", f"alpha {params.alpha:g} over {len(latents)} latents, {_mark(latents)}"
        )
        info = replace(
            model.info,
            key=model_key(model.info.key, step),
            history=(*model.info.history, step),
        )
        layers = tuple(
            LayerReport(
                each.name,
                detail=f"spread {each.before:.3g} to {each.after:.3g}",
                error=0.0,
            )
            for each in done
        )
        made = Made(info, network, model.directions, model.plan)
        return Baked(made, Report(f"{len(layers)} convolutions smoothed", layers, notes=(SPREAD,)))

    def lower(self, plan: QuantPlan, model: Any, params: Int8Params, context: Context) -> Lowered:
        """Add the model's convolutions to the plan, apart from those that stay in float."""
        if model.info.family == "translation":
            from plugins.int8.pictures import lowered

            return lowered(plan, model, params, context)
        if model.info.family == "diffusion":
            from plugins.int8 import denoisers

            return denoisers.lowered(plan, model, params, context)
        from studio.families.stylegan.portable import parts_of

        parts = parts_of(model.view(context.choice))
        names = [part.name for part in parts]
        plan = _settings(plan, model, params, context)
        keep = _kept(parts, params)
        candidates = [name for name in names if name not in keep]
        notes: list[str] = []
        if params.keep == "auto" and candidates:
            keep |= dict.fromkeys(
                _sensitive(model, plan, candidates, params, context, notes), SENSITIVE
            )
        chosen = tuple(name for name in names if name not in keep)
        if not chosen:
            notes.append("no layer is left for int8, so this variant runs in float")
        plan = replace(
            plan,
            layers=tuple(dict.fromkeys((*plan.layers, *chosen))),
            keep=tuple((name, keep[name]) for name in names if name in keep),
        )
        notes += _notes(params)
        return Lowered(plan, report_of(model, parts, keep, context, notes, model.info.size_bytes))

    def scan(
        self, model: Any, params: Int8Params, context: Context, seeds: int = SCAN_SEEDS
    ) -> Scan:
        """What each convolution alone loses, and which to leave in float for the wanted quality."""
        if model.info.family == "translation":
            from plugins.int8.pictures import scanned

            return scanned(model, params, context, seeds)
        if model.info.family == "diffusion":
            from plugins.int8 import denoisers

            return denoisers.scanned(model, params, context, min(seeds, denoisers.JUDGED))
        from studio.families.stylegan.portable import parts_of
        from studio.recipes.scan import Scan
        from studio.recipes.sensitivity import Bench, proposed

        fixed = _kept(parts_of(model.view(context.choice)), params.model_copy(update=ALL))
        plan = _settings(QuantPlan(seed=context.seed), model, params, context)
        bench = Bench(model, plan, seeds=seeds, choice=context.choice, progress=context.progress)
        found = bench.scan()
        candidates = [name for name in bench.names if name not in fixed]
        proposal = proposed(bench, candidates, params.wanted, found)
        return Scan(found, proposal, params.wanted, tuple(fixed.items()))


def _settings(plan: QuantPlan, model: Model, params: Int8Params, context: Context) -> QuantPlan:
    """The plan with all that says how ranges are found."""
    folder = context.calibration or ""
    return replace(
        plan,
        estimator=params.estimator,
        percentile=params.percentile,
        activations=activations_of(params),
        samples=params.samples,
        calibration=_shown(folder),
        latents=packed(_latents(model, params, context).numpy()) if folder else "",
        bias_correction=params.bias_correction,
        seed=context.seed,
    )


def activations_of(params: Int8Params) -> Activations:
    """Ranges of activations for models other than pipelines."""
    return "symmetric" if params.activations == "auto" else params.activations


def _latents(model: Model, params: Int8Params, context: Context) -> Tensor:
    """Calibration latents w (n, w_dim): of the user's folder, or the model's own."""
    from plugins.int8.calibration import latents_in

    if context.calibration:
        return latents_in(context.calibration, model, params.samples)
    return model.calibration_latents(QuantPlan(samples=params.samples, seed=context.seed))


def _mark(latents: Tensor) -> str:
    """Names the latents in a history, so that other latents give another key."""
    import hashlib

    return hashlib.sha256(latents.numpy().tobytes()).hexdigest()[:8]


def _shown(folder: str) -> str:
    name = Path(folder).name if folder else ""
    return "".join(c if c.isprintable() else "?" for c in name)[:LONGEST_TEXT]


def _kept(parts: Sequence[Part], params: Int8Params) -> dict[str, str]:
    """Layers that stay in float whatever a scan says, with the reason.

    Raises:
        BadChoice: a layer is named that the model does not have.
    """
    names = [part.name for part in parts]
    keep = {} if params.to_rgb else {part.name: TO_RGB for part in parts if part.layer is None}
    keep |= {part.name: ALONE for part in parts if part.alone}
    count = max((part.layer + 1 for part in parts if part.layer is not None), default=0)
    last = range(count - params.keep_last, count)
    keep |= {part.name: LAST for part in parts if part.layer in last}
    if params.keep != "auto":
        for name in params.keep:
            if name not in names:
                raise BadChoice(
                    f"keep: this model has no layer {name}; it has {names[0]} to {names[-1]}"
                )
            keep[name] = NAMED
    return keep


def _sensitive(
    model: Model,
    plan: QuantPlan,
    candidates: Sequence[str],
    params: Int8Params,
    context: Context,
    notes: list[str],
) -> tuple[str, ...]:
    """Those that a scan leaves in float for the wanted quality."""
    from studio.recipes.sensitivity import Bench, proposed

    bench = Bench(model, plan, choice=context.choice, progress=context.progress)
    found = proposed(bench, candidates, params.wanted)
    if found.psnr is not None:
        notes.append(f"{found.psnr:.1f} dB to float predicted")
    if not found.reached:
        notes.append(f"{params.wanted:g} dB is not reached even in float")
    return found.keep


def _notes(params: Int8Params) -> list[str]:
    notes = []
    if params.estimator == "entropy":
        notes.append(
            "ranges by entropy exist in ONNX Runtime alone; OpenVINO refuses this plan. The scan "
            "took all values instead"
        )
    if params.activations == "asymmetric":
        notes.append("OpenVINO leaves transposed convolutions in float with asymmetric ranges")
    return notes


class Weighted(Protocol):
    """A convolution as a report needs it."""

    @property
    def name(self) -> str:
        """Of the graph's node."""

    @property
    def weight(self) -> Tensor:
        """(o, ...)."""


def report_of(
    model: Any,
    parts: Sequence[Weighted],
    keep: dict[str, str],
    context: Context,
    notes: Sequence[str],
    disk: int,
) -> Report:
    """What is in int8 and what stays in float; ``disk`` are the bytes of the model's file."""
    layers, saved = [], 0
    for part in parts:
        name, count = part.name, part.weight.numel()
        if name in keep:
            layers.append(
                LayerReport(name, keep[name], bytes_before=FLOAT * count, bytes_after=FLOAT * count)
            )
            continue
        saved += (FLOAT - INT8) * count
        layers.append(
            LayerReport(
                name,
                detail="int8",
                bytes_before=FLOAT * count,
                bytes_after=INT8 * count,
                error=_rounding(part.weight),
            )
        )
    whole = FLOAT * model.portable(context.choice).parameters
    touched = sum(not layer.skipped for layer in layers)
    return Report(
        f"{touched} of {len(layers)} convolutions in int8",
        tuple(layers),
        disk_before=disk,
        disk_after=disk,  # the file keeps its floats; runtimes make int8 of them
        resident_before=whole,
        resident_after=whole - saved,
        notes=tuple(notes),
    )


def _rounding(weight: Tensor) -> float:
    """Relative error of a weight (o, ...) that is rounded per output channel."""
    scale = weight.abs().amax(dim=tuple(range(1, weight.ndim)), keepdim=True).clamp_min(1e-30) / 127
    apart = (weight / scale).round() * scale - weight
    return float(apart.norm() / weight.norm().clamp_min(1e-30))


TECHNIQUE = Int8
