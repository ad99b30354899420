"""Records of a manifest from what was exported. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studio.bundles import manifest as said
from studio.bundles.comparing import tolerance_of
from studio.bundles.formats.contract import BATCHES, Format, Subject, Written
from studio.bundles.request import Planned
from studio.families.info import BaseInfo
from studio.families.portable import Port
from studio.places import embedded_name
from studio.subnets.choice import resolve
from studio.subnets.cost import cost


def network_record(item: Planned, written: Written, place: str, reference: str) -> said.Network:
    """What was written, before it was run.

    Args:
        place: folder of the files within the bundle. reference: id of what it is compared with.
    """
    subject, config = item.subject, item.subject.model.info.config
    price = cost(config, resolve(subject.choice, config))
    choice = subject.choice
    return said.Network(
        id=item.id,
        title=f"{subject.title}, {item.format.title} {item.precision}",
        format=item.format.name,
        role=item.format.role,
        main=f"{place}/{written.main}",
        parts=tuple(f"{place}/{name}" for name in written.parts),
        opset=written.opset,
        precision=item.precision,
        subnet=said.Subnet(
            width=choice.width,
            rule=choice.rule,
            widths=choice.widths,
            resolution=choice.resolution,
        ),
        pixels=resolve(choice, config).resolution,
        parameters=price.parameters,
        macs=price.macs,
        paper_macs=price.paper_macs,
        inputs=inputs_of(subject, written.sizes or {}),
        outputs=outputs_of(subject, written.sizes or {}),
        requirements=requirements_name(item.format) or None,
        reference=reference,
        tolerance=tolerance_of(item.precision),
        notes=(*item.plan.notes, *written.notes),
    )


def requirements_name(form: Format) -> str:
    """The file that lists what running a format needs; empty where nothing runs it but Maquette."""
    return f"requirements-{form.target.partition(':')[0]}.txt" if form.requirements else ""


def inputs_of(subject: Subject, sizes: Mapping[str, int]) -> tuple[said.Input, ...]:
    """The inputs with what fills them; dimensions in ``sizes`` are fixed."""
    fills = dict(subject.parts.fills)
    return tuple(
        said.Input(name=port.name, shape=_shape(port, sizes), fill=fills[port.name])
        for port in subject.parts.network.inputs
    )


def outputs_of(subject: Subject, sizes: Mapping[str, int]) -> tuple[said.Output, ...]:
    """The outputs, and what their values mean."""
    pictures = dict(subject.parts.pictures)
    return tuple(
        said.Output(name=port.name, shape=_shape(port, sizes), picture=pictures.get(port.name))
        for port in subject.parts.network.outputs
    )


def _shape(port: Port, sizes: Mapping[str, int]) -> tuple[int | said.Dimension, ...]:
    least, most = BATCHES
    made: list[Any] = []
    for side in port.shape:
        if isinstance(side, int):
            made.append(side)
        elif side in sizes:
            made.append(sizes[side])
        else:
            made.append(said.Dimension(name=side, least=least, most=most))
    return tuple(made)


def model_record(info: BaseInfo) -> said.Model:
    """The model that everything was made of."""
    from pathlib import Path

    return said.Model(
        name=line(info.name),
        title=line(info.title),
        family=info.family,
        layout=info.layout,
        licence=line(info.licence),
        source_sha256=info.source_sha256,
        key=info.key,
        base_model=line(embedded_name(Path(info.path)) or info.name),
        history=tuple((line(step.step), step.detail[:2000]) for step in info.history),
    )


def line(text: str) -> str:
    """A text in one line of bounded length."""
    return "".join(c if c.isprintable() else " " for c in text)[:300]
