"""The types that a plain folder's weights are stored in, as diffusers reads them by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from studio.families.diffusion.saving import narrowed

GGUF_FILE = "diffusion_pytorch_model.gguf"
_ARCHITECTURES = {
    "UNet2DConditionModel": "sd1",
    "SD3Transformer2DModel": "sd3",
    "FluxTransformer2DModel": "flux",
}
GGUF_CLASSES = tuple(_ARCHITECTURES)
"""Denoisers that diffusers reads from GGUF files."""
_TYPES = {"f16": torch.float16, "bf16": torch.bfloat16}


def in_storage(
    tensors: Mapping[str, Tensor], storage: str, component: str, network: nn.Module
) -> dict[str, Tensor]:
    """Tensors in the type that they are stored in.

    Args:
        storage: ``f32`` leaves them as they are. network: whose tensors they are; of ``f8`` the
            layers that diffusers' layerwise casting takes by itself are in 8 bits, the rest in 16.

    Raises:
        MaquetteError: a number does not fit.
    """
    if storage == "f32":
        return dict(tensors)
    small = set(cast_layers(network)) if storage == "f8" else set()
    made = {}
    for name, tensor in tensors.items():
        if not tensor.is_floating_point():
            made[name] = tensor
            continue
        dtype = _TYPES.get(storage, torch.float16)
        if name.rpartition(".")[0] in small:
            dtype = torch.float8_e4m3fn
        made[name] = narrowed(tensor, dtype, f"{component}.{name}")
    return made


def cast_layers(network: nn.Module) -> Iterator[str]:
    """Paths of the layers that ``enable_layerwise_casting`` of diffusers would store in 8 bits."""
    from diffusers.hooks import _common, layerwise_casting

    layers, usual = (
        _common._GO_LC_SUPPORTED_PYTORCH_LAYERS,
        layerwise_casting.DEFAULT_SKIP_MODULES_PATTERN,
    )
    kind: Any = type(network)
    patterns = (*usual, *(kind._skip_layerwise_casting_patterns or ()))
    patterns += tuple(kind._keep_in_fp32_modules or ())
    for name, module in network.named_modules():
        if isinstance(module, layers):
            words = name.split(".")
            paths = [".".join(words[: count + 1]) for count in range(len(words))]
            if not any(re.search(pattern, path) for pattern in patterns for path in paths):
                yield name


def write_gguf(tensors: Mapping[str, Tensor], network: nn.Module, path: Path) -> None:
    """Write a denoiser under diffusers' own names: weights of linear layers in Q8_0, where their
    rows are whole blocks of 32; other weights in 16 bits; what is no matrix, and buffers, in 32.

    Args:
        network: whose tensors they are, without content.

    Raises:
        OSError: the disk refused. MaquetteError: a number does not fit.
    """
    import gguf

    kind = gguf.GGMLQuantizationType.Q8_0
    block = gguf.GGML_QUANT_SIZES[kind][0]
    weights = {name for name, _ in network.named_parameters()}
    linear = {name for name, each in network.named_modules() if type(each) is nn.Linear}
    writer = gguf.GGUFWriter(path, _ARCHITECTURES[type(network).__name__])
    for name, tensor in tensors.items():
        layer, _, ending = name.rpartition(".")
        if ending == "weight" and layer in linear and tensor.shape[-1] % block == 0:
            values = tensor.float().contiguous().numpy()
            writer.add_tensor(name, gguf.quantize(values, kind), raw_dtype=kind)
        elif tensor.ndim > 1 and name in weights:
            writer.add_tensor(name, narrowed(tensor, torch.float16, name).contiguous().numpy())
        else:
            writer.add_tensor(name, tensor.float().contiguous().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
