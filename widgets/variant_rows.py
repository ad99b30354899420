"""The rows of the cost table, worked out without any widget."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from PySide6.QtCore import QCoreApplication

from studio.errors import MaquetteError
from studio.families.diffusion.config import DiffusionConfig
from studio.families.info import ModelInfo
from studio.fidelity.measurement import Measurement
from studio.runtimes.host import host_name
from studio.session.document import CURRENT, FULL, FULL_SUBNET, Document, Measured
from studio.subnets.choice import SubnetChoice, asked, channels_run, resolve
from studio.subnets.cost import Cost, cost
from studio.subnets.describe import shares
from widgets.captions import NOTHING, side_name, target_name
from widgets.made_names import made_name
from widgets.renderer import Renderer
from widgets.scene import PYTORCH, Drawn, Scene, drawn_by, none_baked, normal, suited
from widgets.timings import Fidelity, Speed

translate = QCoreApplication.translate
ByChoice = Mapping[SubnetChoice, Mapping[str, Measurement]]
ByMade = Mapping[str, ByChoice]
ALIKE = 0.005  # shares that are no further apart are written as one
EQUAL = Fidelity(None, 1.0, 0.0)


@dataclass(frozen=True)
class WidthText:
    """A width as it is written, and what it is sorted by."""

    text: str
    sort: float

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Quality:
    """A number with its quartiles over seeds, where these are known. An infinite one is the PSNR of
    equal pictures."""

    value: float
    spread: tuple[float, float] | None = None


@dataclass(frozen=True)
class VariantRow:
    """One variant. ``measured``: latency and fidelity are of ``measurement``, not of the moment.
    ``host``: of another computer, where they were measured there."""

    name: str
    width: WidthText
    resolution: int
    cost: Cost
    latency: Speed | None
    fidelity: Fidelity | None
    measured: bool
    source: str
    target: str
    threads: int | None = None
    measurement: Measurement | None = None
    host: str = ""

    def quality(self, name: Literal["psnr", "ssim", "flip", "lpips"]) -> Quality | None:
        """A measure of closeness to full, or None where it is not known."""
        near, found = self.fidelity, self.measurement
        spread = None if found is None else found.spread
        if name == "lpips":
            if found is None or found.lpips is None:
                return None
            return Quality(found.lpips, None if spread is None else spread.lpips)
        if near is None:
            return None
        if name != "psnr":
            value = near.ssim if name == "ssim" else near.flip
            return Quality(value, None if spread is None else getattr(spread, name))
        psnr = math.inf if near.psnr is None else near.psnr
        if spread is None:
            return Quality(psnr)
        low, high = (math.inf if q is None else q for q in spread.psnr)
        return Quality(psnr, (low, high))

    def values(self) -> tuple[Any, ...]:
        """One value a column."""
        found = self.measurement
        return (
            self.name,
            self.width,
            self.resolution,
            self.cost.parameters,
            self.cost.macs,
            self.cost.paper_macs,
            self.cost.size_bytes,
            self.latency,
            self.quality("psnr"),
            self.quality("ssim"),
            self.quality("flip"),
            self.quality("lpips"),
            None if found is None else found.fid,
            None if found is None else found.realism,
            None if found is None else found.memory,
            None if found is None else found.step_ms,
            self.source,
        )


def rows(document: Document, info: ModelInfo, renderer: Renderer) -> dict[str, VariantRow]:
    """A row each for full, current and every kept variant, by ref."""
    found: dict[str, VariantRow] = {}
    baked = none_baked if renderer.scene is None else renderer.scene.baked
    host = host_name()
    known = {info.key: by_choice(document.measurements, info.key, host)}
    made = by_made(document.measurements, host)
    for ref in (FULL, CURRENT, *(variant.id for variant in document.kept)):
        name = side_name(document, ref)
        try:
            drawn = drawn_by(document, ref, info, baked)
        except MaquetteError:
            continue
        if not drawn.applied:
            measured = measured_as(document, ref, info, made)
            if measured:
                row = _unopened(name, measured, info, renderer)
                if row is not None:
                    found[ref] = row
                    continue
        key = drawn.info.key
        if key not in known:
            known[key] = by_choice(document.measurements, key, host)
        row = _row(name, drawn, known[key], renderer, info, draft=ref != FULL)
        if row is not None:
            found[ref] = row
    return found


def by_choice(found: tuple[Measured, ...], model: str, host: str) -> ByChoice:
    """The newest measurements of a model on a host, by subnet and then by target."""
    gathered: dict[SubnetChoice, dict[str, Measurement]] = {}
    for item in found:
        one = item.measurement
        if item.model == model and one.host in (host, ""):
            gathered.setdefault(one.choice, {})[one.target] = one
    return gathered


def by_made(found: tuple[Measured, ...], host: str) -> ByMade:
    """The newest measurements of baked variants on a host, by name, subnet and target."""
    gathered: dict[str, dict[SubnetChoice, dict[str, Measurement]]] = {}
    for item in found:
        one = item.measurement
        if one.made and one.host in (host, ""):
            gathered.setdefault(one.made, {}).setdefault(one.choice, {})[one.target] = one
    return gathered


def measured_as(
    document: Document, ref: str, info: ModelInfo, made: ByMade
) -> Mapping[str, Measurement]:
    """What was measured of a variant with baked steps, by target, whether or not it is open.

    Raises:
        MaquetteError: nothing of that ref is kept.
    """
    steps, choice = document.recipe_of(ref), document.choice_of(ref)
    if not made or not steps.active:
        return {}
    found = made.get(made_name(info.key, steps, choice), {})
    return found.get(FULL_SUBNET if steps.cuts else normal(choice, info), {})


def width_text(channels: Sequence[int], full: Sequence[int]) -> WidthText:
    """The real widths of a network, as shares of the full one's: 0.5 where they are alike, else
    their mean; a dash where an older session did not keep them."""
    found = shares(channels, full)
    if not found:
        return WidthText(NOTHING, math.nan)
    mean = sum(found) / len(found)
    alike = max(found) - min(found) < ALIKE
    return WidthText(f"{mean:.3g}" if alike else f"~{mean:.2g}", mean)


def _unopened(
    name: str, found: Mapping[str, Measurement], info: ModelInfo, renderer: Renderer
) -> VariantRow | None:
    """The row of a variant that was measured and is not open: the measurement says everything."""
    target = PYTORCH if renderer.scene is None else renderer.scene.full.target
    # In int8 where it was quantised, else on the target of all others.
    one = next(
        (m for t, m in found.items() if t.rpartition(":")[0] == target.rpartition(":")[0]), None
    )
    if one is None:
        return None
    latency, fidelity = _of_measurement(one, original=False)
    return VariantRow(
        name,
        width_text(one.channels, info.config.channels),
        one.resolution,
        Cost(one.parameters, one.size_bytes, one.macs, one.paper_macs),
        latency,
        fidelity,
        True,
        _source(one),
        one.target,
        one.threads,
        one,
    )


def _source(found: Measurement) -> str:
    if found.steps:
        return translate("VariantRows", "measured at {n} steps, {target}").format(
            n=found.steps, target=target_name(found.target, found.threads or None)
        )
    return translate("VariantRows", "measured, {target}").format(
        target=target_name(found.target, found.threads or None)
    )


def _row(
    name: str,
    drawn: Drawn,
    known: ByChoice,
    renderer: Renderer,
    original: ModelInfo,
    *,
    draft: bool,
) -> VariantRow | None:
    info, choice = drawn.info, drawn.choice
    try:
        subnet = resolve(choice, info.config)
    except MaquetteError:
        return None
    if isinstance(info.config, DiffusionConfig):
        width = WidthText(f"{choice.width:.3g}", choice.width)
    else:
        width = width_text(channels_run(subnet, info.config), original.config.channels)
    if info.key == original.key and choice.widths is None:
        width = replace(width, text=f"{choice.width:.3g}")  # as it was asked for
    target = PYTORCH if renderer.scene is None else _target_of(drawn, renderer.scene)
    measurement = known.get(choice, {}).get(target)
    if measurement is not None:
        latency, fidelity = _of_measurement(measurement, original=_is_original(info, renderer))
        source = _source(measurement)
    else:
        latency, fidelity = _live(drawn, renderer, draft=draft)
        source = translate("VariantRows", "live")
    return VariantRow(
        name,
        width,
        subnet.resolution,
        cost(info.config, subnet),
        latency,
        fidelity,
        measurement is not None,
        source,
        target,
        None if measurement is None else measurement.threads,
        measurement,
    )


def _is_original(info: ModelInfo, renderer: Renderer) -> bool:
    return renderer.scene is None or info.key == renderer.scene.info.key


def _of_measurement(found: Measurement, *, original: bool) -> tuple[Speed, Fidelity]:
    times = found.latency_ms
    speed = Speed(times.median, times.p10, times.p90, 100, found.target)
    if original and found.choice == FULL_SUBNET:
        return speed, EQUAL
    return speed, Fidelity(found.psnr, found.ssim, found.flip)


def _target_of(drawn: Drawn, scene: Scene) -> str:
    """Where a variant is drawn: on the side that shows it, else by default."""
    shown = (side.spec for side in scene.sides.values())
    wanted = (drawn.info.key, drawn.choice)
    here = (s.target for s in shown if (s.model, s.subnet) == wanted)
    return next(here, suited(scene.full.target, drawn.info, drawn.choice))


def _live(drawn: Drawn, renderer: Renderer, *, draft: bool) -> tuple[Speed | None, Fidelity | None]:
    scene = renderer.scene
    if scene is None:
        return None, None
    spec = replace(
        scene.full,
        model=drawn.info.key,
        subnet=drawn.choice,
        target=_target_of(drawn, scene),
    )
    if draft and scene.draft is not None:
        spec = replace(spec, inputs=asked(scene.draft, drawn.choice))
    full = scene.reference(spec)
    fidelity = EQUAL if spec == full else renderer.fidelities.get(full, spec)
    return renderer.timings.speed(spec), fidelity
