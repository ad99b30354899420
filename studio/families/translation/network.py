"""A translation network: weights under Maquette's names, run through its steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn

from studio.families.translation.config import TranslationConfig
from studio.families.translation.program import program
from studio.families.translation.run import run

STATISTICS = ("mean", "var")


class TranslationNetwork(nn.Module):
    """Pictures or label maps (n, inputs, h, w) to pictures (n, outputs, h, w) within [-1, 1].

    Height and width must suit ``config`` (see ``TranslationConfig.refusal``). Weights are
    parameters, statistics of batch norms buffers; the state dict has exactly the names and shapes
    of ``config.sizes``.
    """

    def __init__(self, config: TranslationConfig) -> None:
        super().__init__()
        self.config = config
        self.steps = program(config)
        for name, shape in config.sizes.shapes().items():
            path, _, last = name.rpartition(".")
            place = _place(self, path)
            if last in STATISTICS:
                start = torch.zeros(shape) if last == "mean" else torch.ones(shape)
                place.register_buffer(last, start)
            else:
                place.register_parameter(last, nn.Parameter(_start(path, last, shape)))

    @classmethod
    def from_tensors(
        cls, config: TranslationConfig, tensors: Mapping[str, Tensor]
    ) -> TranslationNetwork:
        """A network on ``tensors`` themselves, without a copy.

        Raises:
            ValueError: names or shapes do not fit ``config``.
        """
        with torch.device("meta"):
            network = cls(config)
        expected = config.sizes.shapes()
        if set(tensors) != set(expected):
            odd = sorted(set(tensors) ^ set(expected))[0]
            raise ValueError(f"its sizes and its tensors do not agree on {odd}")
        for name, tensor in tensors.items():
            if tuple(tensor.shape) != expected[name]:
                raise ValueError(f"{name} has the shape {list(tensor.shape)}")
        network.load_state_dict(dict(tensors), assign=True)
        return network

    def freeze(self) -> TranslationNetwork:
        """No gradients from here on; returns itself."""
        self.requires_grad_(False)
        return self.eval()

    def tensors(self) -> dict[str, Tensor]:
        """All weights and statistics by name."""
        return dict(self.named_parameters()) | dict(self.named_buffers())

    def forward(self, x: Tensor, between: Callable[[], None] | None = None) -> Tensor:
        """Run the whole network; ``between`` is called before every convolution."""
        return run(self.steps, self.tensors(), x, between)


def _place(root: nn.Module, path: str) -> nn.Module:
    """The module at ``path``, made where it is missing."""
    place = root
    for part in path.split("."):
        inner = dict(place.named_children()).get(part)
        if inner is None:
            inner = nn.Module()
            place.add_module(part, inner)
        place = inner
    return place


def _start(path: str, last: str, shape: tuple[int, ...]) -> Tensor:
    """A first value: normal with 0.02 as the projects have it, norms at 1, biases at 0."""
    if last == "bias":
        return torch.zeros(shape)
    if path.endswith("norm"):
        return torch.ones(shape)
    return torch.randn(shape) * 0.02
