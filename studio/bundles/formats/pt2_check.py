"""Looking through a ``.pt2`` before torch does: loading one as it comes may run code in it.

Such an archive can hold pickles, expressions and guards that torch evaluates, and names of any
function of torch. A program of ours has none of these: tensors lie as plain numbers, nodes are
operators of ATen, expressions are sums of sizes. Anything else is refused. Imports no torch.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterator

from studio.bundles.manifest import Dimension, Network
from studio.checkpoints.causes import Cause, shortened
from studio.checkpoints.json_text import parse_json

MOST_MEMBERS = 20_000
LARGEST_TEXT = 200_000_000
_PLAIN = re.compile(
    r"[^/]+/(archive_format|archive_version|byteorder|\.data/[a-z_]+"
    r"|data/sample_inputs/model\.pt|data/weights/(weight_\d+|model_weights_config\.json)"
    r"|data/constants/(tensor_\d+|model_constants_config\.json)|models/model\.json)"
)
_TARGET = re.compile(r"torch\.ops\.aten\.[a-z0-9_]+\.[A-Za-z0-9_]+|_operator\.[a-z]+")
_SYMBOL = r"Symbol\('[su]\d+'(?:, (?:positive|nonnegative|integer)=True)*\)"
_EXPRESSION = re.compile(rf"(?:{_SYMBOL}|[su]\d+|\d+|[ +*-])*")
_GUARD = re.compile(
    r"(?:L\['inputs'\]\[\d+\]\.(?:size|shape)(?:\(\))?\[\d+\]"
    r"| |and|or|not|==|!=|<=|>=|<|>|%|\+|-|\*|\d+|[()])*"
)
_FORBIDDEN = frozenset({"as_graph", "as_operator", "as_custom_obj", "as_graphs"})


def check_program(data: bytes, network: Network) -> None:
    """Refuse a program that is not one of ours.

    Raises:
        Cause: what is wrong with it.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
        if len(members) > MOST_MEMBERS:
            raise Cause("its archive has far more members than any program")
        for each in members:
            _check_member(each)
        if len({each.filename for each in members}) != len(members):
            raise Cause("its archive has a member twice")
        sizes = {each.filename.partition("/")[2]: each.file_size for each in members}
        names = {each.filename.partition("/")[2]: each.filename for each in members}
        for name in ("data/weights/model_weights_config.json", "models/model.json"):
            if name not in names:
                raise Cause(f"it has no {name}")
        for kind in ("weights", "constants"):
            name = f"data/{kind}/model_{kind}_config.json"
            if name in names:
                _check_tensors(parse_json(archive.read(names[name]), f"its {name}"), kind, sizes)
        program = parse_json(archive.read(names["models/model.json"]), "its model.json")
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise Cause("it is no archive of an exported program") from error
    if not isinstance(program, dict):
        raise Cause("its model.json is no program")
    _check_program(program)
    _check_inputs(program, network)


def _check_member(each: zipfile.ZipInfo) -> None:
    name = shortened(each.filename)
    if not _PLAIN.fullmatch(each.filename):
        raise Cause(f"its archive has the member {name}, which no program of Maquette has")
    if each.compress_type != zipfile.ZIP_STORED or each.compress_size != each.file_size:
        raise Cause(f"its member {name} is compressed; members of a program are not")
    if each.filename.endswith("sample_inputs/model.pt") and each.file_size:
        raise Cause(f"its member {name} holds a pickle; programs of a bundle have none")
    if each.filename.endswith(".json") and each.file_size > LARGEST_TEXT:
        raise Cause(f"its member {name} is far larger than that of any program")


def _check_tensors(content: object, kind: str, sizes: dict[str, int]) -> None:
    config = content.get("config") if isinstance(content, dict) else None
    if not isinstance(config, dict):
        raise Cause(f"its list of {kind} is none")
    for name, each in config.items():
        if not isinstance(each, dict) or each.get("use_pickle") is not False:
            raise Cause(f"its tensor {shortened(str(name))} is a pickle; plain numbers are read")
        meta, place = each.get("tensor_meta"), f"data/{kind}/{each.get('path_name')}"
        sides = meta.get("sizes") if isinstance(meta, dict) else None
        if not isinstance(sides, list) or place not in sizes:
            raise Cause(f"its tensor {shortened(str(name))} is not in the archive")
        shape = [side.get("as_int") if isinstance(side, dict) else None for side in sides]
        if not all(type(side) is int and side >= 0 for side in shape):
            raise Cause(f"its tensor {shortened(str(name))} has a shape that is none")
        numbers = [side for side in shape if type(side) is int]
        if math.prod(numbers) > sizes[place]:
            raise Cause(
                f"its tensor {shortened(str(name))} of the shape {numbers[:8]} does not fit the "
                f"{sizes[place]} bytes that are stored"
            )


def _check_program(program: dict[str, object]) -> None:
    for guard in _texts(program.get("guards_code")):
        if not _GUARD.fullmatch(guard):
            raise Cause(f"it has the guard {shortened(guard)}, which compares more than sizes")
    for key, value in _walk(program):
        if key in _FORBIDDEN:
            raise Cause(f"it has an argument of the kind {key}, which no program of Maquette has")
        if key == "expr_str" and not (isinstance(value, str) and _EXPRESSION.fullmatch(value)):
            raise Cause(f"it has the expression {shortened(str(value))}; sums of sizes are read")
        if key == "target" and not (isinstance(value, str) and _TARGET.fullmatch(value)):
            raise Cause(f"it calls {shortened(str(value))}, which is no operator of ATen")


def _texts(value: object) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Cause("its guards are no list of texts")
    return [each for each in value if isinstance(each, str)]


def _walk(value: object) -> Iterator[tuple[str, object]]:
    """Every key with its value, however deep; the text is known to be nested little."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield key, each
            yield from _walk(each)
    elif isinstance(value, list):
        for each in value:
            yield from _walk(each)


def _check_inputs(program: dict[str, object], network: Network) -> None:
    """Compare the inputs of the program with the manifest's, in their order."""
    try:
        module = program["graph_module"]
        assert isinstance(module, dict)
        values, specs = module["graph"]["tensor_values"], module["signature"]["input_specs"]
        given = [
            each["user_input"]["arg"]["as_tensor"]["name"] for each in specs if "user_input" in each
        ]
        shapes = [values[name]["sizes"] for name in given]
    except (KeyError, TypeError, AssertionError, AttributeError) as error:
        raise Cause("its signature is none") from error
    if len(shapes) != len(network.inputs):
        raise Cause(f"it takes {len(shapes)} inputs, where the manifest says {len(network.inputs)}")
    for port, sides in zip(network.inputs, shapes, strict=True):
        found = [side.get("as_int") if isinstance(side, dict) else None for side in sides]
        wanted = [None if isinstance(side, Dimension) else side for side in port.shape]
        if found != wanted:
            raise Cause(
                f"its input {port.name} has the shape {found[:8]}, where the manifest says {wanted}"
            )
