"""The names that a checkpoint may use, and our own stand-ins for them.

The list is exact. A check of a module's name alone would let through functions below ``torch``
that start programs.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import NoReturn

from studio.checkpoints.causes import Cause, NotSupported, shortened, shown
from studio.checkpoints.pickle_host import Allowed
from studio.checkpoints.stored import Record, Shape, Storage, StoredTensor

_MAX_AXES = 8
_SCALARS = {"f8": "<d", "f4": "<f", "f2": "<e", "i8": "<q", "i4": "<i", "u1": "<B", "b1": "<?"}

_STORAGE_DTYPES = {
    "FloatStorage": "float32",
    "HalfStorage": "float16",
    "BFloat16Storage": "bfloat16",
    "DoubleStorage": "float64",
    "LongStorage": "int64",
    "IntStorage": "int32",
    "ShortStorage": "int16",
    "CharStorage": "int8",
    "ByteStorage": "uint8",
    "BoolStorage": "bool",
    "ComplexFloatStorage": "complex64",
    "ComplexDoubleStorage": "complex128",
}
_DTYPES = (
    *dict.fromkeys(_STORAGE_DTYPES.values()),
    *("half", "float", "double", "long", "int", "short", "complex32"),
)


def sizes(value: object, what: str) -> Shape:
    """``value`` as a shape: a tuple of a few whole numbers from 0 up; raises Cause otherwise."""
    if not isinstance(value, (tuple, list)) or len(value) > _MAX_AXES:
        raise Cause(f"a tensor has a {what} that is no short tuple of whole numbers")
    result = []
    for item in value:
        if not isinstance(item, int) or isinstance(item, bool) or not 0 <= item < 1 << 62:
            raise Cause(f"a tensor has {shown(item)} in its {what}")
        result.append(item)
    return tuple(result)


def _tensor(arguments: tuple[object, ...]) -> StoredTensor:
    if len(arguments) < 4 or not isinstance(arguments[0], Storage):
        raise Cause("a tensor is described without a storage")
    storage, offset, shape, strides = arguments[:4]
    assert isinstance(storage, Storage)
    shape, strides = sizes(shape, "shape"), sizes(strides, "stride")
    (start,) = sizes((offset,), "offset")
    if len(arguments) > 6 and isinstance(arguments[6], dict) and any(arguments[6].values()):
        raise Cause("a tensor is stored as a negated or conjugated view, which is not supported")
    if len(shape) != len(strides):
        raise Cause(f"a tensor has {len(shape)} sizes but {len(strides)} strides")
    return StoredTensor(storage, start, shape, strides)


def _parameter(arguments: tuple[object, ...]) -> StoredTensor:
    if not arguments or not isinstance(arguments[0], StoredTensor):
        raise Cause("a parameter is described without a tensor")
    return arguments[0]


def _dictionary(arguments: tuple[object, ...]) -> dict[object, object]:
    if not arguments or arguments == ({},):
        return {}
    pairs = arguments[0]
    if isinstance(pairs, dict):
        return dict(pairs)
    if not isinstance(pairs, (list, tuple)):
        raise Cause("a dictionary is made of something that is no list of pairs")
    result: dict[object, object] = {}
    for pair in pairs:
        if not isinstance(pair, (list, tuple)) or len(pair) != 2 or not isinstance(pair[0], str):
            raise Cause("a dictionary is made of something that is no list of pairs")
        result[pair[0]] = pair[1]
    return result


def _default_dictionary(arguments: tuple[object, ...]) -> dict[object, object]:
    return {}


def _set(arguments: tuple[object, ...]) -> set[object]:
    items = arguments[0] if arguments else []
    if not isinstance(items, (list, tuple, set)):
        raise Cause("a set is made of something that is no list")
    if not all(item is None or isinstance(item, (str, int, float)) for item in items):
        raise Cause("a set holds something that is neither text nor a number nor None")
    return set(items)


def _size(arguments: tuple[object, ...]) -> Shape:
    return sizes(arguments[0] if arguments else (), "size")


def _persistent_object(arguments: tuple[object, ...]) -> Record:
    """A network of NVlabs' projects: the class name and state are taken, its source never read."""
    description = arguments[0] if len(arguments) == 1 else None
    if not isinstance(description, dict) or not isinstance(description.get("state"), dict):
        raise Cause("one of its networks is described without a state")
    return Record(str(description.get("class_name", ""))[:80], description["state"])


def _record(kind: str) -> Callable[[tuple[object, ...]], object]:
    def make(arguments: tuple[object, ...]) -> Record:
        return Record(kind, {"arguments": arguments})

    return make


def _numpy_dtype(arguments: tuple[object, ...]) -> Record:
    code = arguments[0] if arguments else None
    if not isinstance(code, str) or code.lstrip("<|=") not in _SCALARS:
        raise Cause(f"it uses the NumPy type {shown(code)}, which is not allowed")
    return Record("numpy.dtype", {"code": code.lstrip("<|=")})


def _numpy_scalar(arguments: tuple[object, ...]) -> object:
    if len(arguments) == 2:
        kind, data = arguments
        if isinstance(kind, Record) and kind.kind == "numpy.dtype" and isinstance(data, bytes):
            form = _SCALARS[str(kind.state["code"])]
            if len(data) == struct.calcsize(form):
                return struct.unpack(form, data)[0]
    raise Cause("it holds a NumPy number of an unknown type")


def _encode(arguments: tuple[object, ...]) -> object:
    text = arguments[0] if arguments else None
    if not isinstance(text, str) or arguments[1:] not in ((), ("latin1",), ("latin-1",)):
        raise Cause("it asks for an unknown text encoding")
    # How Python 3 writes bytes in the pickle form of version 2; the caller counts the text.
    return text.encode("latin-1")


def _table() -> dict[tuple[str, str], Allowed]:
    stand_ins: dict[tuple[str, str], Callable[[tuple[object, ...]], object] | None] = {
        ("collections", "OrderedDict"): _dictionary,
        ("collections", "defaultdict"): _default_dictionary,
        ("torch._utils", "_rebuild_tensor_v2"): _tensor,
        ("torch._utils", "_rebuild_tensor"): _tensor,
        ("torch._utils", "_rebuild_parameter"): _parameter,
        ("torch", "Size"): _size,
        ("torch", "device"): _record("torch.device"),
        ("torch_utils.persistence", "_reconstruct_persistent_obj"): _persistent_object,
        ("dnnlib", "EasyDict"): _dictionary,
        ("dnnlib.util", "EasyDict"): _dictionary,
        ("argparse", "Namespace"): _record("argparse.Namespace"),
        ("numpy", "dtype"): _numpy_dtype,
        ("numpy", "ndarray"): None,
        ("_codecs", "encode"): _encode,
    }
    for module in ("builtins", "__builtin__"):
        stand_ins[module, "set"] = _set
        stand_ins[module, "dict"] = _dictionary
    for module in ("numpy.core.multiarray", "numpy._core.multiarray"):
        stand_ins[module, "scalar"] = _numpy_scalar
        stand_ins[module, "_reconstruct"] = _record("numpy.ndarray")
    for module in ("torch", "torch.storage"):
        stand_ins[module, "UntypedStorage"] = None
        for name in _STORAGE_DTYPES:
            stand_ins[module, name] = None
    for name in _DTYPES:
        stand_ins["torch", name] = None
    return {key: Allowed(".".join(key), call) for key, call in stand_ins.items()}


_ALLOWED = _table()


def find_allowed(module: str, name: str) -> Allowed:
    """The stand-in for a global name.

    Raises:
        NotSupported: the name belongs to a known kind of file that cannot be opened.
        Cause: any other name outside the list.
    """
    allowed = _ALLOWED.get((module, name))
    return allowed if allowed is not None else _refuse(module, name)


def _refuse(module: str, name: str) -> NoReturn:
    full = shortened(f"{module}.{name}")
    if "." in name:
        raise Cause(
            f"it reaches for the dotted name {shortened(name)} inside {shortened(module)}, which "
            "is not allowed in a model; nothing of it was run"
        )
    if module.startswith("dnnlib.tflib"):
        raise NotSupported(
            "it is a StyleGAN snapshot of TensorFlow, which is not supported; accepted is the "
            "same network converted to PyTorch by rosinality/stylegan2-pytorch or "
            "NVlabs/stylegan2-ada-pytorch"
        )
    if module in ("posix", "nt") or module.split(".")[0] in ("os", "subprocess", "builtins"):
        plain = full.replace("posix.", "os.").replace("nt.", "os.")
        said = full if plain == full else f"{full} (that is {plain})"
        raise Cause(f"it calls {said}, which is not allowed in a model; nothing of it was run")
    raise Cause(
        f"it asks for {full}, which is not allowed in a model, and nothing of it was run; "
        "accepted is a file of plain tensors (a state dict)"
    )


def storage_dtype(kind: object) -> str:
    """The type of number behind a storage class's stand-in; raises Cause for anything else."""
    if isinstance(kind, Allowed):
        name = kind.name.rsplit(".", 1)[-1]
        if name == "UntypedStorage":
            return "uint8"
        if name in _STORAGE_DTYPES:
            return _STORAGE_DTYPES[name]
    raise Cause("a storage is of a type that is no number")
