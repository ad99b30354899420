"""Records of a manifest from what was exported. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studio.bundles import manifest as said
from studio.bundles.comparing import tolerance_of
from studio.bundles.formats.contract import BATCHES, Format, Subject, Written
from studio.bundles.request import Planned
from studio.families.diffusion.config import DiffusionConfig
from studio.families.info import BaseInfo
from studio.families.portable import Port
from studio.places import embedded_name
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import Cost, cost
from studio.subnets.denoisers.choice import Elastic
from studio.subnets.denoisers.sites import KINDS


def network_record(item: Planned, written: Written, reference: str) -> said.Network:
    """What was written, before it was run.

    Args:
        reference: id of what it is compared with.
    """
    subject, config, place = item.subject, item.subject.model.info.config, item.place
    price = cost(config, resolve(subject.choice, config))
    body = subject.parts.body
    if component := isinstance(config, DiffusionConfig):
        price = Cost(body.parameters, 4 * body.parameters, body.macs, body.macs)
    return said.Network(
        id=item.id,
        title=f"{subject.title}, {item.format.title} {item.precision}",
        format=item.format.name,
        role="component" if component else item.format.role,
        main=f"{place}/{written.main}",
        parts=tuple(f"{place}/{name}" for name in written.parts),
        opset=written.opset,
        precision=item.precision,
        subnet=subnet_of(subject.choice),
        pixels=resolve(subject.choice, config).resolution,
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


def subnet_of(choice: SubnetChoice) -> said.Subnet:
    """A choice as a manifest says it; of a denoiser one network, whose steps do not differ."""
    elastic = Elastic() if choice.denoising is None else choice.denoising.elastic
    kinds = {name: getattr(elastic, name) for name in KINDS}
    return said.Subnet(
        width=choice.width,
        rule=choice.rule,
        widths=choice.widths,
        resolution=choice.resolution,
        depth=elastic.depth,
        skipped=elastic.skipped,
        kinds={name: width for name, width in kinds.items() if width is not None},
    )


def requirements_name(form: Format) -> str:
    """The file that lists what running a format needs; empty where nothing runs it but Maquette."""
    return f"requirements-{form.target.partition(':')[0]}.txt" if form.requirements else ""


def inputs_of(subject: Subject, sizes: Mapping[str, int]) -> tuple[said.Input, ...]:
    """The inputs with what fills them; dimensions in ``sizes`` are fixed."""
    fills, traced = dict(subject.parts.fills), subject.parts.body.traced
    return tuple(
        said.Input(
            name=port.name,
            dtype=port.dtype,
            shape=_shape(port, sizes, traced),
            fill=fills[port.name],
        )
        for port in subject.parts.network.inputs
    )


def outputs_of(subject: Subject, sizes: Mapping[str, int]) -> tuple[said.Output, ...]:
    """The outputs, and what their values mean."""
    pictures, traced = dict(subject.parts.pictures), subject.parts.body.traced
    return tuple(
        said.Output(
            name=port.name, shape=_shape(port, sizes, traced), picture=pictures.get(port.name)
        )
        for port in subject.parts.network.outputs
    )


def _shape(port: Port, sizes: Mapping[str, int], traced: bool) -> tuple[int | said.Dimension, ...]:
    made: list[Any] = []
    for side in port.shape:
        if isinstance(side, int):
            made.append(side)
        elif side in sizes:
            made.append(sizes[side])
        else:
            # Sides of a traced network other than its batch are sizes of pictures and texts.
            least, most = (1, said.LONGEST_SIDE) if traced and side != "batch" else BATCHES
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
