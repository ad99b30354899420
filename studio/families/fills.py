"""How an input of an exported network is filled, as data that goes into a manifest.

Whoever runs the network needs no word of the family: a fill says what to put into an input, for
generators (latents, truncation), image-to-image networks (a picture) and pipelines of several
networks alike. Imports no torch.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(pattern=r"^[A-Za-z_][\w.-]{0,63}$")]


class _Fill(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Latent(_Fill):
    """Normal numbers of a seed: ``torch.Generator().manual_seed(seed)`` on the CPU, float32."""

    kind: Literal["latent"] = "latent"
    generator: Literal["torch-cpu-normal"] = "torch-cpu-normal"


class Constant(_Fill):
    """One number everywhere in the input, which a person may change.

    Args:
        value: as the model was trained, or as it looks best. least, most: what is accepted.
        title: what it does, a few words.
    """

    kind: Literal["constant"] = "constant"
    value: float
    least: float
    most: float
    title: Annotated[str, Field(max_length=200)] = ""


class ClassVector(_Fill):
    """0 everywhere but 1 at the number of a class, from 0 to ``count`` - 1."""

    kind: Literal["class"] = "class"
    count: Annotated[int, Field(ge=1, le=1 << 20)]


class Picture(_Fill):
    """A picture, channels first, its values 0 to 255 brought to ``least`` to ``most``: RGB, or grey
    where the input has one channel, or RGB with transparency where it has four."""

    kind: Literal["picture"] = "picture"
    least: float = -1.0
    most: float = 1.0


class Labels(_Fill):
    """A label map, channels first: 1 in the channel of a pixel's label, from 0 to ``count`` - 1,
    and 0 elsewhere; with ``edges`` one more channel, 1 where a neighbour has another label."""

    kind: Literal["labels"] = "labels"
    count: Annotated[int, Field(ge=1, le=1 << 16)]
    edges: bool = False


class Output(_Fill):
    """What another network of the bundle gave: its output ``output``."""

    kind: Literal["output"] = "output"
    network: Annotated[str, Field(max_length=200)]
    output: Name


class Given(_Fill):
    """An array that whoever runs the network brings; ``title`` says what it holds."""

    kind: Literal["given"] = "given"
    title: Annotated[str, Field(max_length=200)]


Fill = Annotated[
    Latent | Constant | ClassVector | Picture | Labels | Output | Given, Field(discriminator="kind")
]
