"""The two products inside of attention in int8, where that is measured to cost little.

Queries and keys are rounded symmetrically per tensor; the weights that softmax gives have 256
levels from 0 to their largest. Where a few weights are large and many are small, the small ones
are lost, so every attention is looked at while the network runs on calibration inputs: rows of it
are computed in float and as int8 would, and only where the error of its output stays within the
plan's limit do both products, or at least that of queries and keys, run in int8.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from studio.families.traced import INNER
from studio.runtimes.openvino_core import quiet_openvino

Products = Literal["both", "scores", ""]
ROWS = 64  # queries of every head that are looked at
LEAST_KEYS = 256  # below it the products are no work worth rounding for
LARGEST, LEVELS = 127, 256
_MODULE, _OPERATOR = "__module.", "ScaledDotProductAttention"


@dataclass(frozen=True)
class Attended:
    """What an attention reads and what int8 costs it.

    Args:
        queries, keys, values, weights: largest absolute value of each.
        scores: relative error of its output with the product of queries and keys in int8.
        both: with the product of weights and values in int8 as well.
    """

    queries: float
    keys: float
    values: float
    weights: float
    scores: float
    both: float

    def products(self, limit: float) -> Products:
        """What may run in int8 for an error of at most ``limit``."""
        if self.both <= limit:
            return "both"
        return "scores" if self.scores <= limit else ""


class _Running:
    """Running figures of one attention."""

    def __init__(self) -> None:
        self._largest = [0.0] * 4
        self._apart = [0.0, 0.0]
        self._whole = 0.0

    def look(self, query: Tensor, key: Tensor, value: Tensor) -> None:
        """Take in one call: (batch, heads, rows, size) each."""
        step = max(1, query.shape[-2] // ROWS)
        some = query[:, :, ::step].float()
        key, value = key.float(), value.float()
        scale = 1 / math.sqrt(query.shape[-1])
        weights = (scale * some @ key.mT).softmax(-1)
        for place, tensor in enumerate((query, key, value, weights)):
            self._largest[place] = max(self._largest[place], float(tensor.abs().max()))
        wanted = weights @ value
        queries, keys, values, heaviest = self._largest
        rough = (scale * _rounded(some, queries) @ _rounded(key, keys).mT).softmax(-1)
        few = _rounded(rough, heaviest, LEVELS - 1)
        for place, made in enumerate((rough @ value, few @ _rounded(value, values))):
            self._apart[place] += float((made - wanted).square().sum())
        self._whole += float(wanted.square().sum())

    def attended(self) -> Attended:
        whole = max(self._whole, 1e-30)
        scores, both = (math.sqrt(each / whole) for each in self._apart)
        queries, keys, values, weights = self._largest
        return Attended(queries, keys, values, weights, scores, both)


def _rounded(tensor: Tensor, largest: float, levels: int = LARGEST) -> Tensor:
    step = max(largest, 1e-30) / levels
    return (tensor / step).round().clamp(-levels, levels) * step


class _Attending(TorchFunctionMode):
    """Told of every plain attention of a module while it runs; a context."""

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self._module = module
        self._path: list[str] = []
        self._hooks: list[Any] = []

    def __enter__(self) -> _Attending:
        for name, part in self._module.named_modules():
            if not next(part.children(), None):
                continue
            self._hooks.append(part.register_forward_pre_hook(self._entered(name)))
            self._hooks.append(part.register_forward_hook(self._left, always_call=True))
        super().__enter__()  # type: ignore[no-untyped-call]
        return self

    def __exit__(self, *given: Any) -> None:
        super().__exit__(*given)  # type: ignore[no-untyped-call]
        for hook in self._hooks:
            hook.remove()

    def _entered(self, name: str) -> Callable[[nn.Module, object], None]:
        return lambda _module, _given: self._path.append(name)

    def _left(self, _module: nn.Module, _given: object, _made: object) -> None:
        self._path.pop()

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        kwargs = kwargs or {}
        if func is functional.scaled_dot_product_attention and self._path:
            named = dict(zip(("query", "key", "value", "attn_mask"), args, strict=False)) | kwargs
            query, key, value = named["query"], named["key"], named["value"]
            plain = named.get("attn_mask") is None and not named.get("is_causal")
            plain = plain and named.get("scale") is None and query.ndim == 4
            plain = plain and key.shape[1] == query.shape[1]
            made = self.called(self._path[-1].removeprefix(INNER), query, key, value, plain=plain)
            if made is not None:
                return made
        return func(*args, **kwargs)

    def called(
        self, name: str, query: Tensor, key: Tensor, value: Tensor, *, plain: bool
    ) -> Tensor | None:
        """One attention, (batch, heads, rows, size) each; what it gives, None to leave it alone."""
        raise NotImplementedError


class Watch(_Attending):
    """Looks at every attention of a module while it runs; a context.

    Args:
        module: of a traced network.
        least: number of keys from which on an attention is looked at.
    """

    def __init__(self, module: nn.Module, least: int = LEAST_KEYS) -> None:
        super().__init__(module)
        self._least = least
        self._seen: dict[str, _Running | None] = {}

    def called(
        self, name: str, query: Tensor, key: Tensor, value: Tensor, *, plain: bool
    ) -> Tensor | None:
        if not plain or key.shape[-2] < self._least:
            self._seen[name] = None  # now and for good
        elif (running := self._seen.setdefault(name, _Running())) is not None:
            running.look(query, key, value)
        return None

    def found(self) -> dict[str, Attended]:
        """What was seen, by the names of modules."""
        return {n: each.attended() for n, each in self._seen.items() if each is not None}


class Rounded(_Attending):
    """Computes attentions of a module as int8 would; a context.

    Args:
        module: of a traced network.
        seen: what its attentions read. limit: as of a plan.
    """

    def __init__(self, module: nn.Module, seen: Mapping[str, Attended], limit: float) -> None:
        super().__init__(module)
        self._seen, self._limit = seen, limit

    def called(
        self, name: str, query: Tensor, key: Tensor, value: Tensor, *, plain: bool
    ) -> Tensor | None:
        seen = self._seen.get(name)
        products = "" if seen is None else seen.products(self._limit)
        if seen is None or not products:
            return None
        scale = 1 / math.sqrt(query.shape[-1])
        query, key = _rounded(query, seen.queries), _rounded(key, seen.keys)
        if products == "both":
            value = _rounded(value, seen.values)
        made = torch.empty_like(query)
        for batch in range(query.shape[0]):
            for head in range(query.shape[1]):  # one at a time: all weights at once are gigabytes
                weights = (scale * query[batch, head] @ key[batch, head].mT).softmax(-1)
                if products == "both":
                    weights = _rounded(weights, seen.weights, LEVELS - 1)
                made[batch, head] = weights @ value[batch, head]
        return made


def emit(model: Any, seen: Mapping[str, Attended], limit: float) -> dict[str, Products]:
    """Round what attentions of an ``openvino.Model`` read; what runs in int8 now, by module."""
    done: dict[str, Products] = {}
    for node in model.get_ordered_ops():
        if node.get_type_name() != _OPERATOR:
            continue
        name = node.get_friendly_name().partition("/")[0]
        name = name.removeprefix(_MODULE).removeprefix(INNER)
        size = node.input_value(0).get_partial_shape()[-1]
        if name not in seen or len(node.inputs()) != 3 or size.is_dynamic:
            continue
        products = seen[name].products(limit)
        if products:
            _replace(node, seen[name], products, size.get_length())
            done[name] = products
    return done


def _replace(node: Any, seen: Attended, products: Products, size: int) -> None:
    quiet_openvino()
    from openvino import opset15

    def rounded(source: Any, largest: float, *, signed: bool = True) -> Any:
        largest = max(largest, 1e-6)
        low = -largest * (LARGEST + 1) / LARGEST if signed else 0.0
        ends = [opset15.constant(np.float32(each)) for each in (low, largest)]
        return opset15.fake_quantize(source, *ends, *ends, LEVELS)

    query, key, value = (node.input_value(place) for place in range(3))
    scores = opset15.matmul(rounded(query, seen.queries), rounded(key, seen.keys), False, True)
    scores = opset15.multiply(scores, opset15.constant(np.float32(1 / math.sqrt(size))))
    weights = opset15.softmax(scores, -1)
    if products == "both":
        weights = rounded(weights, seen.weights, signed=False)
        value = rounded(value, seen.values)
    made = opset15.matmul(weights, value, False, False)
    made.set_friendly_name(node.get_friendly_name())
    for reader in list(node.output(0).get_target_inputs()):
        reader.replace_source_output(made.output(0))
