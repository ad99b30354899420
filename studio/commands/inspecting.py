"""``maquette inspect``: what a model file holds."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from studio.commands.common import (
    JsonOption,
    ModelArgument,
    open_quietly,
    print_json,
    print_table,
    sentence_on_failure,
)

if TYPE_CHECKING:
    from studio.families.info import ModelInfo


@sentence_on_failure
def inspect(model: ModelArgument, as_json: JsonOption = False) -> None:
    """Say what a model file holds: sizes, licence, what it was trained to be cut to."""
    record = as_record(open_quietly(model).info)
    if as_json:
        print_json(record)
        return
    title = str(record.pop("name"))
    rows = [[key.replace("_", " "), _text(value)] for key, value in record.items()]
    print_table(["", title], rows, numbers=False)


def as_record(info: ModelInfo) -> dict[str, object]:
    """The JSON object that the command line promises."""
    from studio.subnets.choice import SubnetChoice, resolve
    from studio.subnets.cost import cost

    config = info.config
    price = cost(config, resolve(SubnetChoice(), config))
    return {
        "name": info.name,
        "family": info.family,
        "architecture": config.architecture,
        "layout": info.layout,
        "resolution": config.resolution,
        "parameters": info.parameters,
        "size_bytes": info.size_bytes,
        "licence": info.licence,
        "source_sha256": info.source_sha256,
        "widths": list(info.widths),
        "resolutions": list(info.resolutions),
        "channels": list(config.channels),
        "z_dim": config.z_dim,
        "w_dim": config.w_dim,
        "classes": config.c_dim,
        "mapping_layers": config.mapping_layers,
        "conv_clamp": config.conv_clamp,
        "directions": list(info.directions),
        "sorted_channels": info.sorted_channels,
        "history": [asdict(step) for step in info.history],
        "macs": price.macs,
        "paper_macs": price.paper_macs,
    }


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_text(each) for each in value) or "none"
    if isinstance(value, dict):
        return ": ".join(str(each) for each in value.values())
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return "none" if value is None else str(value)
