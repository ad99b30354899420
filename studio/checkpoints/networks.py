"""Which of the networks in a file is opened, and what a network of no use here looks like."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from studio.checkpoints.causes import Cause, NotSupported, listed, shortened
from studio.checkpoints.stored import Record, StoredTensor

_KEYS = (
    "g_ema",
    "G_ema",
    "params_ema",
    "g",
    "G",
    "generator",
    "netG",
    "net_G",
    "G_A",
    "state_dict",
    "model_state_dict",
    "params",
)
_MAX_DEPTH = 8
_MAX_PARTS = 20_000
_PREFIX = "module."
_AVERAGE = "latent_avg"


@dataclass
class FoundNetwork:
    """The generator of a file: its tensors by name, and settings of its modules by path."""

    tensors: dict[str, StoredTensor] = field(default_factory=dict)
    attributes: dict[str, dict[object, object]] = field(default_factory=dict)
    average: StoredTensor | None = None


def find_network(content: object) -> FoundNetwork:
    """The generator inside what a file holds, its running average (``g_ema``) where there is one.

    Raises:
        Cause: there is no dictionary of tensors in it.
    """
    if isinstance(content, Record):
        return _from_record("its network", content)
    if isinstance(content, StoredTensor):
        raise Cause("it holds a single tensor, not the state dict of a model")
    if not isinstance(content, dict):
        raise Cause(f"it holds {_what(content)}, not the state dict of a model")
    if not content:
        raise Cause("it holds an empty state dict")
    for key in _KEYS:
        value = content.get(key)
        if isinstance(value, Record):
            return _from_record(key, value)
        if isinstance(value, dict) and value:
            found = _from_state_dict(value, key)
            average = content.get(_AVERAGE)
            if isinstance(average, StoredTensor):
                found.average = average
            return found
    if any(isinstance(value, StoredTensor) for value in content.values()):
        return _from_state_dict(content, "the file")
    if any(key in content for key in ("d", "D")):
        raise NotSupported("it holds a discriminator only; accepted is a file with a generator")
    raise Cause(
        f"it holds no state dict of a generator; its entries are {listed(map(str, content))}"
    )


def network_of(where: str, value: object) -> FoundNetwork:
    """The tensors of one network of a file, stored as a state dict or as an object.

    Raises:
        Cause: it is neither, or holds no tensors.
    """
    if isinstance(value, Record):
        return _from_record(where, value)
    if isinstance(value, dict):
        return _from_state_dict(value, where)
    raise Cause(f"{where} is {_what(value)}, not the state dict of a model")


def _from_state_dict(content: Mapping[object, object], where: str) -> FoundNetwork:
    result = {}
    for name, value in content.items():
        if not isinstance(name, str):
            raise Cause(f"{where} has an entry whose name is no text")
        if isinstance(value, StoredTensor):
            result[name] = value
        elif value is not None:
            raise Cause(f"the entry {shortened(name)} of {where} is {_what(value)}, no tensor")
    if result and all(name.startswith(_PREFIX) for name in result):
        # DataParallel puts the network one level down.
        result = {name.removeprefix(_PREFIX): value for name, value in result.items()}
    average = result.pop(_AVERAGE, None)
    return FoundNetwork(result, average=average)


def _from_record(key: str, record: Record) -> FoundNetwork:
    found = FoundNetwork()
    _walk(record, "", found, 0)
    if not found.tensors:
        raise Cause(
            f"{shortened(key)} is a stored object without tensors in its state; "
            "source code beside it is never run"
        )
    return found


def _walk(record: Record, path: str, found: FoundNetwork, depth: int) -> None:
    # One module can stand in many places, so depth alone does not bound the walk.
    if depth > _MAX_DEPTH or len(found.attributes) > _MAX_PARTS:
        raise Cause("its network has far more modules, or deeper ones, than any generator")
    state = record.state
    found.attributes[path] = {
        name: value
        for name, value in state.items()
        if value is None or isinstance(value, (bool, int, float, str))
    }
    dot = path + "." if path else ""
    for group in ("_parameters", "_buffers"):
        entries = _entries(state, group)
        if len(found.tensors) + len(entries) > _MAX_PARTS:
            raise Cause("its network has far more tensors than any generator")
        for name, value in entries:
            if isinstance(value, StoredTensor):
                found.tensors[dot + name] = value
    for name, value in _entries(state, "_modules"):
        if isinstance(value, Record):
            _walk(value, dot + name, found, depth + 1)


def _entries(state: Mapping[object, object], group: str) -> list[tuple[str, object]]:
    entries = state.get(group, {})
    if not isinstance(entries, dict) or not all(isinstance(name, str) for name in entries):
        raise Cause(f"the {group} of one of its modules are no table")
    return list(entries.items())


def _what(value: object) -> str:
    words = {
        list: "a list",
        tuple: "a tuple",
        dict: "a dictionary",
        str: "a text",
        int: "a number",
        float: "a number",
        type(None): "nothing",
    }
    return words.get(type(value), "an object")


def refuse_other_family(names: Collection[str]) -> NoReturn:
    """Say what a state dict that no layout recognises looks like.

    Raises:
        NotSupported: a generator of another family, or a discriminator.
        Cause: nothing known.
    """

    def some(*starts: str) -> bool:
        return any(name.startswith(starts) for name in names)

    accepted = "accepted are StyleGAN2 and Anycost generators, and those of CycleGAN, pix2pix, "
    accepted += "GAN Compression and SPADE"
    if some("synthesis.L"):
        raise NotSupported(
            "it is a StyleGAN3 network, which is not supported, because its layers work on "
            "filtered signals; accepted are StyleGAN2 networks"
        )
    if some("model.diffusion_model.", "down_blocks.", "transformer_blocks.", "unet."):
        raise NotSupported(f"it looks like a diffusion model, which is not opened yet; {accepted}")
    if "model.0.weight" in names and "model.2.weight" in names:
        raise NotSupported(
            "it looks like a discriminator of pix2pix or CycleGAN; accepted is a file with a "
            "generator"
        )
    if some("final_conv.", "final_linear.", "convs.0.0.") or any(".fromrgb." in n for n in names):
        raise NotSupported("it is a discriminator; accepted is a file with a generator")
    raise Cause(
        f"its {len(names)} tensors fit no known network (they are called "
        f"{listed(sorted(names))}); {accepted}"
    )
