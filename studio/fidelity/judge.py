"""The network that judges sets of clay heads: it reads their attributes back, and its features
say how far one set of pictures is from another.

It shares neither architecture nor seed nor data with the network that teaches the generator, so a
generator that has learnt to please its teacher is still found out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.places import assets_dir

SIZE = 128  # pixels
CHANNELS = (24, 40, 64, 96, 128)
FEATURES = 128
GROUPS = 8
FILE = Path("metrics") / "clay-heads-judge.safetensors"


@dataclass(frozen=True)
class KindRead:
    """A property with a few options that the judge tells apart."""

    name: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Readable:
    """What a judge reads: continuous attributes, then kinds."""

    attributes: tuple[str, ...]
    kinds: tuple[KindRead, ...]

    @property
    def outputs(self) -> int:
        """One number an attribute and one an option."""
        return len(self.attributes) + sum(len(k.options) for k in self.kinds)


@dataclass(frozen=True)
class Reading:
    """What a judge makes of n pictures.

    ``attributes`` (n, a): share of each attribute's range, -1 to 1. ``kinds``: per kind the logits
    of its options, (n, options). ``features`` (n, 128).
    """

    attributes: Tensor
    kinds: tuple[Tensor, ...]
    features: Tensor

    def options(self) -> tuple[Tensor, ...]:
        """Per kind the most likely option, (n,) int64."""
        return tuple(k.argmax(dim=1) for k in self.kinds)


class _Block(nn.Module):
    """Two convolutions around a skip (He et al. 2016), halving the picture."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, stride=2, padding=1, bias=False)
        self.norm = nn.GroupNorm(GROUPS, outputs)
        self.second = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.skip = nn.Conv2d(inputs, outputs, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        y = self.second(F.silu(self.norm(self.first(x))))
        return F.silu(y + self.skip(F.avg_pool2d(x, 2)))


class Judge(nn.Module):
    """Reads clay heads from pictures (n, 3, 128, 128) in [0, 1]."""

    def __init__(self, readable: Readable) -> None:
        super().__init__()
        self.readable = readable
        self.stem = nn.Conv2d(3, CHANNELS[0], 6, stride=2, padding=2)
        self.blocks = nn.ModuleList(_Block(i, o) for i, o in pairwise(CHANNELS))
        self.mix = nn.Conv2d(CHANNELS[-1], CHANNELS[-1] // 4, 1)
        self.hidden = nn.Linear(CHANNELS[-1] // 4 * 16, FEATURES)
        self.out = nn.Linear(FEATURES, readable.outputs)

    def features(self, pictures: Tensor) -> Tensor:
        """What the last hidden layer makes of pictures (n, 3, s, s) in [0, 1]: (n, 128).

        Pictures of another size are resampled to 128 pixels first.
        """
        if pictures.shape[-1] != SIZE:
            pictures = F.interpolate(
                pictures, size=(SIZE, SIZE), mode="bilinear", align_corners=False, antialias=True
            )
        x = F.silu(self.stem(pictures * 2.0 - 1.0))
        for block in self.blocks:
            x = block(x)
        return F.silu(self.hidden(self.mix(x).flatten(1)))

    def forward(self, pictures: Tensor) -> Reading:
        """Read pictures (n, 3, s, s) in [0, 1]."""
        features = self.features(pictures)
        out = self.out(features)
        count = len(self.readable.attributes)
        sizes = [len(k.options) for k in self.readable.kinds]
        kinds = torch.split(out[:, count:], sizes, dim=1)
        return Reading(out[:, :count], tuple(kinds), features)

    @torch.no_grad()
    def read(self, pictures: Tensor, batch: int = 64) -> Reading:
        """Read any number of pictures (n, 3, s, s) in [0, 1], a batch at a time."""
        parts = [self(p) for p in torch.split(pictures, batch)]
        kinds = zip(*(p.kinds for p in parts), strict=True)
        return Reading(
            torch.cat([p.attributes for p in parts]),
            tuple(torch.cat(k) for k in kinds),
            torch.cat([p.features for p in parts]),
        )


def save_judge(judge: Judge, file: Path) -> None:
    """Write the judge in fp16, aside first."""
    from safetensors.torch import save_file

    readable = judge.readable
    metadata = {
        "format": "maquette-judge",
        "attributes": json.dumps(readable.attributes),
        "kinds": json.dumps([[k.name, k.options] for k in readable.kinds]),
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_suffix(".part")
    save_file({k: v.half() for k, v in judge.state_dict().items()}, aside, metadata=metadata)
    aside.chmod(0o644)
    aside.replace(file)


@cache
def clay_heads_judge() -> Judge:
    """The judge of clay heads that ships with Maquette, frozen."""
    return load_judge(assets_dir() / FILE)


def load_judge(file: Path) -> Judge:
    """A judge written by :func:`save_judge`, frozen, in f32."""
    from safetensors import safe_open

    with safe_open(file, "pt") as opened:
        metadata = opened.metadata()
        kinds = (KindRead(name, tuple(o)) for name, o in json.loads(metadata["kinds"]))
        readable = Readable(tuple(json.loads(metadata["attributes"])), tuple(kinds))
        judge = Judge(readable)
        judge.load_state_dict({k: opened.get_tensor(k).float() for k in opened.keys()})  # noqa: SIM118
    return judge.requires_grad_(False).eval()
