"""Looking through an OpenVINO IR before its reader does. Imports no runtime."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from studio.bundles.manifest import Dimension, Network, Port
from studio.checkpoints.causes import Cause, shortened, size_text

LARGEST = 64_000_000  # bytes of the description of a network
DEEPEST = 64
MOST_LAYERS = 200_000
MOST_PORTS = 64
_BITS = {"f64": 64, "i64": 64, "u64": 64, "f32": 32, "i32": 32, "u32": 32, "f16": 16, "bf16": 16}
_BITS |= {"i16": 16, "u16": 16, "i8": 8, "u8": 8, "boolean": 8, "i4": 4, "u4": 4, "u1": 1}
_SIDE = 1 << 31


def check_ir(description: bytes, weights: int, network: Network) -> None:
    """Compare a description with the length of its weights and with the manifest.

    Args:
        weights: bytes of the file beside it.

    Raises:
        Cause: what is wrong with it.
    """
    if len(description) > LARGEST:
        raise Cause("it is far larger than the description of any network")
    if b"<!" in description.replace(b"<!--", b""):
        raise Cause("it declares entities, which no description does")
    root = _parsed(description)
    if root.tag != "net":
        raise Cause("it is not the description of a network")
    names: dict[str, dict[str, ElementTree.Element]] = {"Parameter": {}, "Result": {}}
    for number, layer in enumerate(root.iter("layer")):
        if number > MOST_LAYERS:
            raise Cause("it has far more layers than any network")
        data = layer.find("data")
        if layer.get("type") == "Const":
            _check_constant(layer, data, weights)
    ends = [e for e in root.iterfind("layers/layer") if e.get("type") in names]
    if len(ends) > 2 * MOST_PORTS:
        raise Cause(f"it has {len(ends)} inputs and outputs, far more than any network")
    for layer in ends:
        kind = layer.get("type", "")
        for name in _names_of(layer, kind, root):
            names[kind][name] = layer
    _check_inputs(names["Parameter"], network)
    missing = {port.name for port in network.outputs} - set(names["Result"])
    if missing or len(names["Result"]) < len(network.outputs):
        raise Cause(f"it has no output {sorted(missing)[0]}, which the manifest says")


def _parsed(description: bytes) -> ElementTree.Element:
    depth = 0
    parser: Any = ElementTree.XMLPullParser(("start", "end"))
    root: ElementTree.Element | None = None
    try:
        for start in range(0, len(description), 1 << 20):
            parser.feed(description[start : start + (1 << 20)])
            for event, element in parser.read_events():
                depth += 1 if event == "start" else -1
                if depth > DEEPEST:
                    raise Cause("its elements stand too deep inside each other")
                root = element if root is None else root
        parser.close()
    except ElementTree.ParseError as error:
        raise Cause("it is no XML") from error
    if root is None:
        raise Cause("it is no XML")
    return root


def _check_constant(
    layer: ElementTree.Element, data: ElementTree.Element | None, weights: int
) -> None:
    name = shortened(layer.get("name", ""))
    if data is None:
        raise Cause(f"its constant {name} has no data")
    kind, shape = data.get("element_type", ""), _sides(data.get("shape", ""), name)
    offset, size = _number(data.get("offset"), name), _number(data.get("size"), name)
    if offset + size > weights:
        raise Cause(
            f"its constant {name} ends at {size_text(offset + size)}, and the weights at "
            f"{size_text(weights)}"
        )
    if kind in _BITS and (math.prod(shape) * _BITS[kind] + 7) // 8 > size:
        raise Cause(
            f"its constant {name} of the shape {list(shape)[:8]} does not fit its {size_text(size)}"
        )


def _sides(text: str, name: str) -> tuple[int, ...]:
    return tuple(_number(part.strip(), name) for part in text.split(",") if part.strip())


def _number(text: str | None, name: str) -> int:
    if text is None or not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise Cause(f"its constant {name} has a size that is none")
    return int(text)


def _names_of(layer: ElementTree.Element, kind: str, root: ElementTree.Element) -> Iterator[str]:
    """Names of what a parameter makes, or of what a result shows."""
    if kind == "Parameter":
        for port in layer.iterfind("output/port"):
            yield from port.get("names", "").split(",")
        return
    edge = next(
        (e for e in root.iterfind("edges/edge") if e.get("to-layer") == layer.get("id")), None
    )
    if edge is None:
        return
    for other in root.iterfind("layers/layer"):
        if other.get("id") == edge.get("from-layer"):
            for port in other.iterfind("output/port"):
                if port.get("id") == edge.get("from-port"):
                    yield from port.get("names", "").split(",")


def _check_inputs(found: dict[str, ElementTree.Element], network: Network) -> None:
    wanted = {port.name: port for port in network.inputs}
    if missing := set(wanted) - set(found):
        raise Cause(f"it has no input {sorted(missing)[0]}, which the manifest says")
    if more := {id(layer) for layer in found.values()} - {id(found[n]) for n in wanted}:
        raise Cause(f"it has {len(more)} inputs more than the manifest says")
    for name, port in wanted.items():
        data = found[name].find("data")
        shape = "" if data is None else data.get("shape", "")
        kind = "" if data is None else data.get("element_type", "")
        if kind != {"float32": "f32", "int64": "i64"}[port.dtype]:
            raise Cause(f"its input {name} is not of the type {port.dtype}")
        if not _fits(shape, port):
            said = [s.name if isinstance(s, Dimension) else s for s in port.shape]
            raise Cause(
                f"its input {name} has the shape {shortened(shape)}, where the manifest says {said}"
            )


def _fits(shape: str, port: Port) -> bool:
    sides = [part.strip() for part in shape.split(",")] if shape.strip() else []
    if len(sides) != len(port.shape):
        return False
    return all(
        side in ("?", "-1") or ".." in side
        if isinstance(wanted, Dimension)
        else side == str(wanted)
        for side, wanted in zip(sides, port.shape, strict=True)
    )
