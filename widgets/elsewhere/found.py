"""Points and table rows of what was measured on other computers. No Qt widgets."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from studio.errors import MaquetteError
from studio.families.info import ModelInfo
from studio.fidelity.measurement import Measurement
from studio.session.document import FULL, FULL_SUBNET, Document, Variant
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import Cost
from widgets.captions import side_name, subnet_name, target_name
from widgets.elsewhere.places import on_host
from widgets.elsewhere.recipes import MARK, by_recipe, digest_of
from widgets.frontier.points import Point, Spread
from widgets.scene import normal
from widgets.timings import Fidelity, Speed
from widgets.variant_rows import VariantRow, WidthText

translate = QCoreApplication.translate
BETWEEN = "\n"  # in no ref


@dataclass(frozen=True)
class Elsewhere:
    """A measurement of another computer. ``ref``: the variant that it is of, empty where the
    document has none any more. ``choice``: the subnet, as the document spells it."""

    ref: str
    name: str
    measurement: Measurement
    choice: SubnetChoice

    @property
    def place(self) -> str:
        """Target and host."""
        return on_host(self.measurement.target, self.measurement.host)

    @property
    def key(self) -> str:
        """Names its row in the table."""
        return f"{self.ref}{BETWEEN}{self.place}{BETWEEN}{self.choice}"


def ref_of(key: str) -> str:
    """The variant behind a row of the table, of this computer or another."""
    return key.partition(BETWEEN)[0]


def is_elsewhere(key: str) -> bool:
    """Whether a row is of another computer."""
    return BETWEEN in key


class Findings:
    """What was measured elsewhere; worked out anew only when the document is another one."""

    def __init__(self) -> None:
        self._of: tuple[object, ...] = ()
        self._found: tuple[Elsewhere, ...] = ()

    def of(self, document: Document, info: ModelInfo, host: str) -> tuple[Elsewhere, ...]:
        """Measurements of a model that were taken on hosts other than ``host``, the newest of each
        subnet, target and host."""
        of = (document.kept, document.measurements, info, host)
        if len(of) != len(self._of) or any(a is not b for a, b in zip(of, self._of, strict=True)):
            self._of, self._found = of, _found(document, info, host)
        return self._found


def _found(document: Document, info: ModelInfo, host: str) -> tuple[Elsewhere, ...]:
    refs: dict[SubnetChoice, str] = {}
    plain = (v for v in document.kept if not v.recipe.active)
    for ref, wanted in [(FULL, FULL_SUBNET), *((v.id, v.choice) for v in plain)]:
        choice = _normal(wanted, info)
        if choice is not None:
            refs.setdefault(choice, ref)
    newest: dict[tuple[str, SubnetChoice, str, str], Elsewhere] = {}
    for item in document.measurements:
        one = item.measurement
        if one.host in (host, ""):
            continue
        kind = (item.model, one.choice, one.target, one.host)
        if item.model == info.key:
            choice = _normal(one.choice, info)
            if choice is None:
                continue
            ref = refs.get(choice, "")
            name = side_name(document, ref) if ref else subnet_name(choice, info.config)
            newest[kind] = Elsewhere(ref, name, one, choice)
        elif item.model.startswith(by_recipe(info.key, "")):
            variant = _by_recipe(document, item.model.rpartition(MARK)[2])
            if variant is not None:
                newest[kind] = Elsewhere(variant.id, variant.name, one, variant.choice)
    return tuple(newest.values())


def _by_recipe(document: Document, digest: str) -> Variant | None:
    """The kept variant that a recipe makes, or None where it is kept no more."""
    found = (v for v in document.kept if v.recipe.active)
    return next((v for v in found if digest_of(v.recipe, v.choice) == digest), None)


def _normal(choice: SubnetChoice, info: ModelInfo) -> SubnetChoice | None:
    try:
        return normal(choice, info)
    except MaquetteError:
        return None


def point(found: Elsewhere) -> Point:
    """As the frontier draws it."""
    one = found.measurement
    times = one.latency_ms
    return Point(
        found.ref, found.name, found.place, Spread(times.median, times.p10, times.p90),
        one.size_bytes, one.macs, one.parameters,
        one.flip, one.ssim, math.inf if one.psnr is None else one.psnr,
    )  # fmt: skip


def row(found: Elsewhere, info: ModelInfo) -> VariantRow:
    """As the table has it."""
    one = found.measurement
    subnet = resolve(found.choice, info.config)
    shares = [c / f for c, f in zip(subnet.channels, info.config.channels, strict=True)]
    mean = sum(shares) / len(shares)
    text = f"{found.choice.width:.3g}" if found.choice.widths is None else f"~{mean:.2g}"
    times = one.latency_ms
    source = translate("VariantRows", "measured on {host}, {target}").format(
        host=one.host, target=target_name(one.target)
    )
    return VariantRow(
        f"{found.name}, {one.host}",
        WidthText(text, mean),
        subnet.resolution,
        Cost(one.parameters, one.size_bytes, one.macs, one.paper_macs),
        Speed(times.median, times.p10, times.p90, 100, one.target),
        Fidelity(one.psnr, one.ssim, one.flip),
        True,
        source,
        one.target,
        one.threads or None,
        one,
        one.host,
    )
