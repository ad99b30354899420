"""Small snapshots in the form of NVlabs/stylegan2-ada-pytorch, made without that project's code."""

from __future__ import annotations

import collections
import pickle
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from studio.families.stylegan.network import StyleGan2

FILTER = torch.outer(torch.tensor([1.0, 3, 3, 1]), torch.tensor([1.0, 3, 3, 1])) / 64


@dataclass
class Module:
    """One stored object: a class name, settings, tensors and modules inside it."""

    kind: str
    settings: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, Tensor] = field(default_factory=dict)
    buffers: dict[str, Tensor] = field(default_factory=dict)
    modules: dict[str, Module] = field(default_factory=dict)

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        state = {
            "training": False,
            "_parameters": {k: torch.nn.Parameter(v, False) for k, v in self.parameters.items()},
            "_buffers": dict(self.buffers),
            "_non_persistent_buffers_set": set(),
            "_forward_hooks": collections.OrderedDict(),
            "_modules": dict(self.modules),
            **self.settings,
        }
        described = {
            "type": "class",
            "version": 6,
            "module_src": "raise RuntimeError('the source inside a pickle was executed')",
            "class_name": self.kind,
            "state": state,
        }
        return sys.modules["torch_utils.persistence"]._reconstruct_persistent_obj, (described,)


def generator(network: StyleGan2, *, architecture: str = "skip") -> Module:
    """``network`` as that project stores it: learning-rate factors taken out again."""
    config, t = network.config, {k: v.clone() for k, v in network.state_dict().items()}
    root_w = config.w_dim**0.5
    mapping = Module("MappingNetwork", buffers={"w_avg": t["w_avg"]})
    for i in range(config.mapping_layers):
        weight, bias = t[f"mapping.{i}.weight"], t[f"mapping.{i}.bias"]
        mapping.modules[f"fc{i}"] = _dense(weight / 0.01 * weight.shape[1] ** 0.5, bias / 0.01)
    if config.c_dim:
        weight = t["label_embed.weight"] * config.c_dim**0.5
        mapping.modules["embed"] = _dense(weight, t["label_embed.bias"])
    blocks: dict[str, Module] = {}
    for s in range(len(config.resolutions)):
        block = Module("SynthesisBlock", {"architecture": architecture})
        block.buffers["resample_filter"] = FILTER
        if s == 0:
            block.parameters["const"] = t["const"]
        for k in (0,) if s == 0 else (2 * s - 1, 2 * s):
            layer = Module("SynthesisLayer", {"conv_clamp": config.conv_clamp, "use_noise": True})
            layer.settings["activation"] = "lrelu"
            layer.parameters["weight"] = t[f"layers.{k}.weight"]
            layer.parameters["noise_strength"] = t[f"layers.{k}.noise_strength"]
            layer.parameters["bias"] = t[f"layers.{k}.bias"]
            layer.buffers["resample_filter"] = FILTER
            layer.buffers["noise_const"] = t[f"layers.{k}.noise"]
            layer.modules["affine"] = _dense(
                t[f"layers.{k}.style_weight"] * root_w, t[f"layers.{k}.style_bias"]
            )
            block.modules[f"conv{(k + 1) % 2}"] = layer
        rgb = Module("ToRGBLayer", {"conv_clamp": config.conv_clamp})
        weight = t[f"rgb.{s}.weight"]
        rgb.parameters = {"weight": weight * weight.shape[1] ** 0.5, "bias": t[f"rgb.{s}.bias"]}
        rgb.modules["affine"] = _dense(
            t[f"rgb.{s}.style_weight"] * root_w, t[f"rgb.{s}.style_bias"]
        )
        block.modules["torgb"] = rgb
        blocks[f"b{4 << s}"] = block
    synthesis = Module("SynthesisNetwork", {"img_channels": 3}, modules=blocks)
    return Module("Generator", modules={"synthesis": synthesis, "mapping": mapping})


def write(path: Path, content: object, protocol: int = 3) -> Path:
    """Pickle ``content`` with the global names of that project."""
    package, module = types.ModuleType("torch_utils"), types.ModuleType("torch_utils.persistence")

    def _reconstruct_persistent_obj(meta: object) -> object:
        raise AssertionError("a reader must not call this")

    _reconstruct_persistent_obj.__module__ = module.__name__
    _reconstruct_persistent_obj.__qualname__ = "_reconstruct_persistent_obj"
    module._reconstruct_persistent_obj = _reconstruct_persistent_obj  # type: ignore[attr-defined]
    sys.modules.update({package.__name__: package, module.__name__: module})
    try:
        path.write_bytes(pickle.dumps(content, protocol=protocol))
    finally:
        del sys.modules[package.__name__], sys.modules[module.__name__]
    return path


def _dense(weight: Tensor, bias: Tensor) -> Module:
    return Module("FullyConnectedLayer", parameters={"weight": weight, "bias": bias})
