"""Tiny GGUF files, written with the ``gguf`` package, and what they hold in plain numbers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import gguf
import numpy as np
import torch
from torch import Tensor

ARRANGED = 256


def write_gguf(
    tensors: Mapping[str, Tensor],
    path: Path,
    kind: str = "Q8_0",
    *,
    architecture: str = "sd1",
    arranged: bool = False,
) -> dict[str, Tensor]:
    """Write tensors; those of two and more axes whose rows are whole blocks in ``kind``, others in
    F32. What a reader gets, unpacked by the ``gguf`` package.

    Args:
        arranged: tensors whose rows are no whole blocks are laid out in rows of 256 first, as
            ComfyUI's converter does with convolutions.
    """
    of = gguf.GGMLQuantizationType[kind]
    block = gguf.GGML_QUANT_SIZES[of][0]
    writer = gguf.GGUFWriter(path, architecture)
    held = {}
    for name, tensor in tensors.items():
        values = tensor.detach().float().contiguous().numpy()
        shape, laid = values.shape, values
        if arranged and values.ndim > 1 and shape[-1] % block and values.size % ARRANGED == 0:
            laid = values.reshape(-1, ARRANGED)
            writer.add_array(f"comfy.gguf.orig_shape.{name}", list(shape))
        if values.ndim > 1 and laid.shape[-1] % block == 0:
            packed = gguf.quantize(laid, of)
            writer.add_tensor(name, packed, raw_dtype=of)
            plain = gguf.dequantize(packed, of).reshape(shape)
            held[name] = torch.from_numpy(np.array(plain, np.float32))
        else:
            writer.add_tensor(name, values)
            held[name] = torch.from_numpy(values.copy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return held
