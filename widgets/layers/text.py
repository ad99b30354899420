"""A table of layers as CSV: full precision, plain column names, the same in every language."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.engine.layer_table import LayerRow, LayerTable

COLUMNS = (
    "variant", "target", "layer", "ms", "executed_nodes", "macs", "size_bytes", "weight_bytes",
    "precision", "sensitivity_db", "sensitivity_mse", "parameters",
)  # fmt: skip


def csv_text(table: LayerTable, rows: Iterable[LayerRow]) -> str:
    """A line of names and a line for each of ``rows`` (RFC 4180, lines end with a line feed).

    Unknown numbers are empty; the PSNR of a layer that changes nothing is ``inf``.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        scanned = row.error is not None
        decibels = ("inf" if row.sensitivity is None else row.sensitivity) if scanned else ""
        writer.writerow(
            [
                table.variant, table.target, row.name, "" if row.ms is None else row.ms, row.nodes,
                row.macs, row.size_bytes, "" if row.weight_bytes is None else row.weight_bytes,
                row.precision, decibels, row.error if scanned else "", row.parameters,
            ]
        )  # fmt: skip
    return out.getvalue()
