"""The rows of the cost table, worked out without any widget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QCoreApplication

from studio.errors import MaquetteError
from studio.families.info import ModelInfo
from studio.fidelity.measurement import Measurement
from studio.runtimes.host import host_name
from studio.session.document import CURRENT, FULL, FULL_SUBNET, Document, Measured
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import Cost, cost
from widgets.captions import side_name, target_name
from widgets.renderer import Renderer
from widgets.scene import PYTORCH, Drawn, Scene, drawn_by, none_baked, suited
from widgets.timings import Fidelity, Speed

translate = QCoreApplication.translate
ByChoice = Mapping[SubnetChoice, Mapping[str, Measurement]]
EQUAL = Fidelity(None, 1.0, 0.0)


@dataclass(frozen=True)
class WidthText:
    """A width as it is written, and what it is sorted by."""

    text: str
    sort: float

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class VariantRow:
    """One variant. ``measured``: latency and fidelity are of a measurement, not of the moment.
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
    host: str = ""

    def values(self) -> tuple[Any, ...]:
        """One value a column."""
        fidelity = self.fidelity
        return (
            self.name,
            self.width,
            self.resolution,
            self.cost.parameters,
            self.cost.macs,
            self.cost.paper_macs,
            self.cost.size_bytes,
            self.latency,
            fidelity,
            None if fidelity is None else fidelity.ssim,
            None if fidelity is None else fidelity.flip,
            self.source,
        )


def rows(document: Document, info: ModelInfo, renderer: Renderer) -> dict[str, VariantRow]:
    """A row each for full, current and every kept variant, by ref."""
    found: dict[str, VariantRow] = {}
    baked = none_baked if renderer.scene is None else renderer.scene.baked
    known = {info.key: by_choice(document.measurements, info.key, host_name())}
    for ref in (FULL, CURRENT, *(variant.id for variant in document.kept)):
        try:
            drawn = drawn_by(document, ref, info, baked)
        except MaquetteError:
            continue
        key = drawn.info.key
        if key not in known:
            known[key] = by_choice(document.measurements, key, host_name())
        row = _row(side_name(document, ref), drawn, known[key], renderer)
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


def _row(name: str, drawn: Drawn, known: ByChoice, renderer: Renderer) -> VariantRow | None:
    info, choice = drawn.info, drawn.choice
    try:
        subnet = resolve(choice, info.config)
    except MaquetteError:
        return None
    shares = [c / f for c, f in zip(subnet.channels, info.config.channels, strict=True)]
    mean = sum(shares) / len(shares)
    even = choice.widths is None
    width = WidthText(f"{choice.width:.3g}" if even else f"~{mean:.2g}", mean)
    target = PYTORCH if renderer.scene is None else _target_of(drawn, renderer.scene)
    measurement = known.get(choice, {}).get(target)
    if measurement is not None:
        latency, fidelity = _of_measurement(measurement, original=_is_original(info, renderer))
        source = translate("VariantRows", "measured, {target}").format(
            target=target_name(measurement.target, measurement.threads or None)
        )
    else:
        latency, fidelity = _live(drawn, renderer)
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
    return next(here, suited(scene.full.target, drawn.info))


def _live(drawn: Drawn, renderer: Renderer) -> tuple[Speed | None, Fidelity | None]:
    scene = renderer.scene
    if scene is None:
        return None, None
    spec = replace(
        scene.full,
        model=drawn.info.key,
        subnet=drawn.choice,
        target=_target_of(drawn, scene),
    )
    full = scene.reference(spec)
    fidelity = EQUAL if spec == full else renderer.fidelities.get(full, spec)
    return renderer.timings.speed(spec), fidelity
