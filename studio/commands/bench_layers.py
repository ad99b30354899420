"""``maquette bench --layers``: where the time of a subnet or a variant goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from studio.commands.common import print_table

if TYPE_CHECKING:
    from studio.commands.benching import Case
    from studio.engine.layer_table import LayerTable
    from studio.runtimes.timing_record import TimingRecord

COLUMNS = ["layer", "ms", "share", "MACs", "kB", "kB of weights as run", "runs in"]
SCANNED = "dB alone in int8"


def by_layer(case: Case, record: TimingRecord) -> LayerTable:
    """What is known of every layer of a case that was timed."""
    from studio.engine.layer_table import layer_table
    from studio.subnets.choice import resolve
    from studio.subnets.cost import costs

    config = case.model.info.config
    errors = None if case.scan is None else case.scan.errors
    each = costs(config, resolve(case.choice, config))
    return layer_table(case.name, record, case.network, each, errors)


def show_layers(case: Case, record: TimingRecord) -> None:
    """Print the layers in the order in which they run."""
    from studio.subnets.describe import in_words

    table = by_layer(case, record)
    total = table.counted_ms
    if total is None:
        typer.echo(f"{case.name} on {record.target}: the runtime tells no times of layers")
    rows = []
    for each in table.rows:
        row = [
            each.name,
            "-" if each.ms is None else f"{each.ms:.3f}",
            "-" if each.ms is None or not total else f"{100 * each.ms / total:.0f}%",
            in_words(each.macs),
            f"{each.size_bytes / 1e3:.1f}",
            "-" if each.weight_bytes is None else f"{each.weight_bytes / 1e3:.1f}",
            each.precision or "-",
        ]
        if case.scan is not None:
            row.append("-" if each.sensitivity is None else f"{each.sensitivity:.1f}")
        rows.append(row)
    columns = COLUMNS if case.scan is None else [*COLUMNS, SCANNED]
    print_table(columns, rows, title=f"{case.name} on {record.target}, layer by layer")
