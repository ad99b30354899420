"""One variant on one target, layer by layer: time, multiplies, bytes, precision, sensitivity.

What a runtime has executed is put down to the model's layers by name; what cannot be (reorders, the
last copy) is a row of its own, so that times add up to the whole. Imports no torch and no runtime.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from studio.families.portable import LayerMacs, PortableNetwork
from studio.recipes.scan import decibels
from studio.runtimes.contract import LayerTime
from studio.runtimes.timing_record import TimingRecord
from studio.subnets.cost import LayerCost

OTHER = "other"
WIDTHS = {"int8": 1, "bf16": 2, "f16": 2, "f32": 4}
"""Bytes of a weight as it is run."""
_OURS = re.compile(
    r"(layers?|rgb)\.?(\d+)\."
)  # of the graph layer3.convolved, of PyTorch layers.3.mul
_SUFFIX = re.compile(r"[/_]")  # what runtimes add to a name: layer3.convolved/WithoutBiases
_OUTER = re.compile(r"^(__module\.|network\.)+")  # of the modules around a traced network
_ATTENDED = ".to_out.0"  # the layer that products of attention are counted with
_HEAVY = ("conv", "matmul", "fullyconnected", "gemm", "linear", "addmm")


@dataclass(frozen=True)
class LayerRow:
    """One layer.

    Args:
        name: ``layer3``, ``rgb1``; ``mapping``, which is not part of what was timed; or ``other``
            for what was executed and belongs to none.
        ms: of one run, where the runtime tells. nodes: executed nodes behind that.
        macs: true multiplies at batch 1. size_bytes: as stored, float32.
        weight_bytes: of its convolutions in the precision that they run in; None where none run.
        precision: that of its convolutions, most of the multiplies first; empty where none run.
        error: mean squared error of the picture with this layer alone in int8; None without a scan.
        parameters: that it reads.
    """

    name: str
    ms: float | None
    nodes: int
    macs: int
    size_bytes: int
    weight_bytes: int | None = None
    precision: str = ""
    error: float | None = None
    parameters: int = 0

    @property
    def sensitivity(self) -> float | None:
        """``error`` in dB; None without a scan, or where nothing changed."""
        return None if self.error is None else decibels(self.error)


@dataclass(frozen=True)
class LayerTable:
    """All layers of a variant on a target, in the order in which they run, then ``other``.

    Args:
        variant: its name. target: e.g. ``openvino:CPU:int8``. precision: of most of it.
        latency_ms: the median of runs that nobody counts within, which takes a little less than
            the rows together. threads: CPU threads.
        batch: samples of the run: of a pipeline 2 where guidance wants both. pixels: of a pipeline,
            the (width, height) of the picture that it was a step of; zeros for others.
    """

    variant: str
    target: str
    rows: tuple[LayerRow, ...]
    latency_ms: float | None = None
    precision: str = ""
    threads: int = 0
    batch: int = 1
    pixels: tuple[int, int] = (0, 0)

    @property
    def counted_ms(self) -> float | None:
        """All rows together; None where the runtime tells no times."""
        times = [row.ms for row in self.rows if row.ms is not None]
        return sum(times) if times else None

    def as_json(self) -> dict[str, Any]:
        """Plain lists, numbers and texts."""
        rows = [{**asdict(row), "sensitivity_db": row.sensitivity} for row in self.rows]
        return {**asdict(self), "rows": rows, "counted_ms": self.counted_ms}


def layer_table(
    variant: str,
    record: TimingRecord,
    network: PortableNetwork,
    costs: Sequence[LayerCost],
    errors: Mapping[str, float] | None = None,
) -> LayerTable:
    """Put together what is known of a variant.

    Args:
        record: of ``network``, with the times of layers where the runtime tells them.
        costs: of the same subnet. errors: of a scan, by convolution (``Scan.errors``).
    """
    known = frozenset(layer.name for layer in costs)
    belongs = traced_layer_of if network.traced else layer_of
    executed: dict[str, list[LayerTime]] = {}
    for each in record.layers:
        executed.setdefault(belongs(each.name, known), []).append(each)
    parts: dict[str, list[LayerMacs]] = {}
    for part in network.layers:
        parts.setdefault(belongs(part.name, known), []).append(part)
    rows = []
    for layer in costs:
        mine, nodes = parts.get(layer.name, []), executed.pop(layer.name, [])
        ran = [(part, _precision(part, nodes, record, network.traced)) for part in mine]
        rows.append(
            LayerRow(
                layer.name,
                _sum_ms(nodes) if nodes else None,
                len(nodes),
                layer.cost.macs,
                layer.cost.size_bytes,
                sum(p.weights * WIDTHS.get(how, 4) for p, how in ran) if ran else None,
                _words(ran),
                _error(mine, errors or {}),
                layer.cost.parameters,
            )
        )
    rest = [node for nodes in executed.values() for node in nodes]
    if rest:
        rows.append(LayerRow(OTHER, _sum_ms(rest), len(rest), 0, 0))
    median = None if record.spread is None else record.spread.median
    return LayerTable(variant, record.target, tuple(rows), median, record.precision, record.threads)


def layer_of(node: str, known: Collection[str] = ()) -> str:
    """The model's layer that an executed node belongs to, ``other`` for none.

    Args:
        known: names of all layers; a node belongs to the one that its name begins with.
    """
    found = _OURS.match(node)
    if found is not None:
        return f"{found[1].removesuffix('s')}{found[2]}"
    name = _SUFFIX.split(node, maxsplit=1)[0] if node not in known else node
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name or OTHER


def traced_layer_of(node: str, known: Collection[str]) -> str:
    """The same of a traced network, whose nodes are named by the modules that made them:
    ``__module.network.mid_block.resnets.0.conv1/aten::_convolution/Convolution``.

    Products of attention belong to the layer behind them, as in the counts of multiplies; norms,
    activations and copies to none.
    """
    name = _OUTER.sub("", node.strip("/").replace("/", ".")).partition("#")[0]
    while name and name not in known:
        if name + _ATTENDED in known:
            return name + _ATTENDED
        name = name.rpartition(".")[0]
    return name or OTHER


def _sum_ms(nodes: Sequence[LayerTime]) -> float:
    return sum(node.milliseconds for node in nodes)


def _precision(
    part: LayerMacs, nodes: Sequence[LayerTime], record: TimingRecord, traced: bool
) -> str:
    """What a convolution really ran in, as the compiled graph says. In a traced network a layer is
    one such part, or a product by a matrix."""
    if record.int8 is not None and part.name not in record.left:
        return "int8"
    for node in nodes:
        same = traced or _SUFFIX.split(node.name, maxsplit=1)[0] == part.name
        heavy = any(each in node.operator.lower() for each in _HEAVY[: None if traced else 1])
        if same and heavy and node.precision:
            return node.precision
    return "" if record.int8 is not None else record.precision


def _words(ran: Sequence[tuple[LayerMacs, str]]) -> str:
    order = sorted(ran, key=lambda each: -each[0].macs)
    return ", ".join(dict.fromkeys(how for _, how in order if how))


def _error(parts: Sequence[LayerMacs], errors: Mapping[str, float]) -> float | None:
    known = [errors[part.name] for part in parts if part.name in errors]
    return sum(known) if known else None
