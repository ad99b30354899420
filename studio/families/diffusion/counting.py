"""What a denoiser costs: weights and multiplies, counted on shapes alone."""

from __future__ import annotations

from math import prod
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from studio.families.diffusion.config import DiffusionConfig, LayerCount
from studio.families.diffusion.denoiser import named, prompt_states
from studio.families.diffusion.dimensions import WORDS, dimensions
from studio.families.diffusion.signatures import signature_of
from studio.families.traced import without_numbers


def counted(config: DiffusionConfig, network: nn.Module) -> tuple[LayerCount, ...]:
    """Every convolution and linear layer of a denoiser in the order in which they run, for one call
    at batch 1 and the default size. Products inside of attention are counted with the layer that
    follows them, its output projection.

    Args:
        network: on the ``meta`` device: nothing is computed.
    """
    needs = signature_of(network).inputs
    sizes = dimensions(config, 1, config.height, config.width) | {WORDS: prompt_states(config)}
    given = without_numbers(needs, sizes)
    found: dict[str, LayerCount] = {}
    names = {module: name for name, module in network.named_modules()}
    attended = _Attended()

    def count(module: nn.Module, _given: Any, made: Tensor) -> None:
        name, weight = names[module], module.weight
        assert isinstance(weight, Tensor)
        places = made.numel() // made.shape[1 if isinstance(module, nn.Conv2d) else -1]
        macs = places * weight.numel()
        bias = 0 if module.bias is None else prod(module.bias.shape)  # type: ignore[arg-type]
        before = found.get(name, LayerCount(name, 0, 0))  # of a layer that runs more than once
        macs += before.macs + attended.macs
        found[name] = LayerCount(name, weight.numel() + bias, macs)
        attended.macs = 0

    layers = (nn.Conv2d, nn.Linear)
    handles = [
        module.register_forward_hook(count)
        for module in network.modules()
        if isinstance(module, layers)
    ]
    try:
        with torch.inference_mode(), torch.device("meta"), attended:
            named(network, tuple(port.name for port in needs))(*given)
    finally:
        for handle in handles:
            handle.remove()
    everything = sum(parameter.numel() for parameter in network.parameters())
    rest = everything - sum(each.weights for each in found.values())
    return (*found.values(), LayerCount("norms and embeddings", rest, 0))


class _Attended(TorchFunctionMode):
    """Counts the two products inside of attention."""

    def __init__(self) -> None:
        super().__init__()
        self.macs = 0

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        if func is nn.functional.scaled_dot_product_attention:
            named = dict(zip(("query", "key", "value"), args, strict=False)) | (kwargs or {})
            query, key, value = named["query"], named["key"], named["value"]
            pairs = query.numel() // query.shape[-1] * key.shape[-2]
            self.macs += pairs * (query.shape[-1] + value.shape[-1])
        return func(*args, **(kwargs or {}))
