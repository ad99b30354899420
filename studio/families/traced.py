"""Networks whose graph nobody writes by hand: a module with named inputs and outputs.

Runtimes trace such a module and take its weights from where they lie, so a network of some
gigabytes needs no second copy on the way. In the graphs of every runtime layers are named by their
modules, as ``down_blocks.0.resnets.0.conv1``; a quantisation plan names them so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.utils.flop_counter import FlopCounterMode

from studio.errors import BadChoice
from studio.families.portable import LayerMacs, Port, PortableNetwork, Quantisation

Call = Callable[[nn.Module, Mapping[str, Tensor]], Sequence[Tensor]]
LARGEST_IN_ONE = 2**31 - 2**20  # bytes of constants that a serialised model can hold
INNER = "network."  # what stands before a name in the state of a :class:`Traced`
OPERATORS = ("Conv", "MatMul")
"""What is known of the graph before it is traced: the operators that carry the work."""


class Traced(nn.Module):
    """A module called by position, on the weights of ``network``.

    Args:
        network: what runs; it is not changed. names: of the inputs, in order.
        call: runs it on inputs by name, and gives the outputs in order.
    """

    def __init__(self, network: nn.Module, names: Sequence[str], call: Call) -> None:
        super().__init__()
        self.network = network
        self._names = tuple(names)
        self._call = call

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        given = dict(zip(self._names, inputs, strict=True))
        return tuple(self._call(self.network, given))


@dataclass(frozen=True)
class Signature:
    """How a module is called.

    Args:
        inputs, outputs: its ports.
        call: runs it; see :class:`Traced`.
        example: a size for every dynamic dimension, small, for tracing.
        usual: the sizes at which costs are told, at batch 1.
        baked: dimensions whose size tracing takes for a constant.
    """

    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    call: Call
    example: Mapping[str, int]
    usual: Mapping[str, int]
    baked: tuple[str, ...] = ()


def traced_network(
    network: nn.Module,
    signature: Signature,
    *,
    key: str,
    name: str,
    quantisation: Quantisation | None = None,
) -> PortableNetwork:
    """A module as runtimes take it, on the module's own weights.

    Args:
        key, name: see :class:`~studio.families.portable.PortableNetwork`.
    """
    names = [port.name for port in signature.inputs]

    def module() -> nn.Module:
        return Traced(network, names, signature.call).eval()

    def onnx() -> bytes:
        from studio.families.traced_graph import model_in_one

        if 4 * made.parameters >= LARGEST_IN_ONE:
            raise BadChoice(
                f"'{name}' has {4 * made.parameters / 2**30:.1f} GB of constants; an ONNX model in "
                "one piece holds less than 2 GB"
            )
        return model_in_one(settled(made, signature.example))

    cost = _cost(module(), signature)
    made = PortableNetwork(
        key=key,
        name=name,
        inputs=signature.inputs,
        outputs=signature.outputs,
        operators=OPERATORS,
        parameters=sum(p.numel() for p in network.parameters()),
        macs=cost.macs,
        activations=cost.activations,
        onnx=onnx,
        module=module,
        layers=cost.layers,
        quantisation=quantisation,
        traced=True,
        example=tuple(sorted(signature.example.items())),
        baked=signature.baked,
    )
    return made


def settled(network: PortableNetwork, sizes: Mapping[str, int]) -> PortableNetwork:
    """A traced network for these sizes of its baked dimensions, which it then has no more.

    Raises:
        KeyError: a baked dimension has no size.
    """
    return with_sizes(network, {name: sizes[name] for name in network.baked})


def with_sizes(network: PortableNetwork, fixed: Mapping[str, int]) -> PortableNetwork:
    """A traced network with a number for some of its dimensions."""

    def port(each: Port) -> Port:
        sides = (fixed.get(s, s) if isinstance(s, str) else s for s in each.shape)
        return replace(each, shape=tuple(sides))

    return replace(
        network,
        inputs=tuple(port(each) for each in network.inputs),
        outputs=tuple(port(each) for each in network.outputs),
        baked=tuple(name for name in network.baked if name not in fixed),
    )


def example_inputs(network: PortableNetwork) -> tuple[Tensor, ...]:
    """Inputs for tracing: small, and the same every time."""
    sizes = dict(network.example)
    draw = torch.Generator().manual_seed(0)
    made = []
    for port in network.inputs:
        shape = port.fixed(**sizes)
        if port.dtype == "int64":
            made.append(torch.zeros(shape, dtype=torch.int64))
        else:
            made.append(torch.randn(shape, generator=draw))
    return tuple(made)


def layer_modules(module: nn.Module, names: Sequence[str]) -> dict[str, nn.Module]:
    """The modules of a :class:`Traced` that layers of those names are."""
    inner = module.get_submodule(INNER.rstrip("."))
    return {name: inner.get_submodule(name) for name in names}


@dataclass(frozen=True)
class _Cost:
    macs: int
    activations: int
    layers: tuple[LayerMacs, ...]


def without_numbers(ports: Sequence[Port], sizes: Mapping[str, int]) -> list[Tensor]:
    """Inputs of those sizes on the device ``meta``, where nothing is computed."""
    return [
        torch.zeros(port.fixed(**sizes), dtype=getattr(torch, port.dtype), device="meta")
        for port in ports
    ]


def _cost(module: nn.Module, signature: Signature) -> _Cost:
    """Counted by running the module on tensors without numbers."""
    sizes = {**signature.usual, "batch": 1}
    inputs = without_numbers(signature.inputs, sizes)
    layers: dict[str, LayerMacs] = {}
    largest = 0

    def count(name: str, weights: int, outputs: int) -> Callable[..., None]:
        def hook(layer: nn.Module, given: tuple[Tensor, ...], made: Tensor) -> None:
            nonlocal largest
            largest = max(largest, given[0].numel() + made.numel())
            before = layers[name].macs if name in layers else 0
            macs = made.numel() * (weights // outputs)
            layers[name] = LayerMacs(name, before + macs, weights)

        return hook

    hooks = [
        part.register_forward_hook(
            count(name.removeprefix(INNER), part.weight.numel(), part.weight.shape[0])
        )
        for name, part in module.named_modules()
        if isinstance(part, nn.Conv2d | nn.Linear)
    ]
    state = {name: each.to("meta") for name, each in _tensors(module).items()}
    try:
        with torch.no_grad(), FlopCounterMode(display=False) as flops:
            functional_call(module, state, tuple(inputs))
    finally:
        for hook in hooks:
            hook.remove()
    return _Cost(flops.get_total_flops() // 2, largest, tuple(layers.values()))


def _tensors(module: nn.Module) -> dict[str, Tensor]:
    return {**dict(module.named_parameters()), **dict(module.named_buffers())}
