"""What a manifest is made of: files, ports, networks and what was found of them. Imports no torch.

Everything in it is flat, and every number has bounds.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from studio.families.fills import Fill, Name

MOST_VALUES = 1 << 28  # numbers of one input or output at its smallest: 1 GB
LONGEST_SIDE = 1 << 20

Text = Annotated[str, Field(max_length=2000)]
Line = Annotated[str, Field(max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
RelativePath = Annotated[
    str,
    Field(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9_][\w.-]*(/[A-Za-z0-9_][\w.-]*)*$"),
]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$")]
Count = Annotated[int, Field(ge=0, le=1 << 53)]
Ratio = Annotated[float, Field(gt=0, le=1)]
Pixels = Annotated[int, Field(ge=1, le=1 << 16)]
Precision = Literal["f32", "f16", "bf16", "int8"]
Role = Literal["network", "component", "weights"]
Few = Field(max_length=64)
Many = Field(max_length=4096)


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, strict=True)


class FileRecord(Part):
    """A file of the bundle."""

    path: RelativePath
    bytes: Count
    sha256: Sha256


class Dimension(Part):
    """A dimension that differs from run to run, and what it may be."""

    name: Name
    least: Annotated[int, Field(ge=1, le=LONGEST_SIDE)] = 1
    most: Annotated[int, Field(ge=1, le=LONGEST_SIDE)] = LONGEST_SIDE


Side = Annotated[int, Field(ge=1, le=LONGEST_SIDE)] | Dimension
Shape = Annotated[tuple[Side, ...], Field(max_length=8)]


def smallest(shape: tuple[int | Dimension, ...]) -> tuple[int, ...]:
    """A shape with the least of every dimension that differs."""
    return tuple(d.least if isinstance(d, Dimension) else d for d in shape)


class Port(Part):
    """An input or output: its type and shape."""

    name: Name
    dtype: Literal["float32", "int64"] = "float32"
    shape: Shape

    @model_validator(mode="after")
    def _small(self) -> Port:
        if math.prod(smallest(self.shape)) > MOST_VALUES:
            raise ValueError(f"{self.name} has a shape far larger than any network's")
        return self


class Input(Port):
    """An input and how it is filled."""

    fill: Fill


class Output(Port):
    """An output; ``picture`` says what values mean black and white, None for no picture."""

    picture: tuple[float, float] | None = None


class Tolerance(Part):
    """How far outputs may be from the reference: every value within ``absolute`` or ``relative``
    times the largest value of the reference, or all together at ``psnr`` dB or above, whose peak
    is the range of the picture; what is None is not asked."""

    absolute: Annotated[float, Field(ge=0)] | None = None
    relative: Annotated[float, Field(ge=0)] | None = None
    psnr: float | None = None


class Parity(Part):
    """The outputs of the file beside those of PyTorch in float32, of the very same subnet.

    ``psnr`` is None where they are equal.
    """

    max_abs: Annotated[float, Field(ge=0)]
    largest: Annotated[float, Field(ge=0)]
    psnr: float | None


class Quality(Part):
    """Pictures of the file beside those of the full model, medians over the seeds; ``psnr`` is None
    where they are equal."""

    seeds: Annotated[tuple[Annotated[int, Field(ge=0, lt=1 << 32)], ...], Many]
    psnr: float | None
    ssim: Annotated[float, Field(ge=-1, le=1)]
    flip: Annotated[float, Field(ge=0, le=1)]


class Verified(Part):
    """Where the file ran and agreed with the reference."""

    host: Line
    system: Line
    runtime: Line
    version: Line
    device: Line


class Latency(Part):
    """Milliseconds of one run at batch 1, after warm-up."""

    median: Annotated[float, Field(gt=0, le=1e9)]
    p10: Annotated[float, Field(gt=0, le=1e9)]
    p90: Annotated[float, Field(gt=0, le=1e9)]
    runs: Annotated[int, Field(ge=1, le=1_000_000)]


class Measured(Part):
    """A latency and where it was taken; ``threads`` 0 means that the runtime chose. That of a
    pipeline is of a whole picture of ``steps`` steps, in each of which the denoiser takes
    ``step_ms``."""

    target: Line
    host: Line
    version: Line
    threads: Annotated[int, Field(ge=0, le=4096)]
    latency_ms: Latency
    steps: Annotated[int, Field(ge=1, le=1000)] | None = None
    step_ms: Annotated[float, Field(gt=0, le=1e9)] | None = None


class Subnet(Part):
    """What of the model a network is; ``widths`` stands in place of ``width`` where it is given.

    Of a denoiser ``depth`` is the share of its blocks that run, ``skipped`` names those left out
    besides, and ``kinds`` has widths of its channels, heads and units where they have their own.
    """

    width: Ratio = 1.0
    rule: Literal["literal", "anycost"] = "literal"
    widths: Annotated[tuple[float, ...], Few] | None = None
    resolution: Pixels | None = None
    depth: Annotated[float, Field(ge=0, le=1)] = 1.0
    skipped: Annotated[tuple[Line, ...], Many] = ()
    kinds: Annotated[dict[Literal["channels", "heads", "units"], Ratio], Few] = {}


class Runnable(Part):
    """What draws, or is a part of what draws.

    Args:
        id: names it in the bundle. title: for people. format: as on the command line.
        precision: f32, f16 or int8. subnet: what of the model it is.
        pixels: height and width of its pictures.
        parameters, macs, paper_macs: counts of the subnet at batch 1.
        requirements: the file that lists what running it needs.
        reference: id of what its outputs are compared with. tolerance: how.
        parity, quality, measurements, verified_on: what was found here.
        int8: of a quantised network, the share of its true multiplies that ran in int8 where it was
            verified. left: convolutions that ran in float there, whoever decided so.
        not_run: why it was not run here, a sentence; empty when it was.
    """

    id: Id
    title: Line
    format: Id
    precision: Precision
    subnet: Subnet
    pixels: Pixels
    parameters: Count
    macs: Count
    paper_macs: Count
    requirements: RelativePath | None = None
    reference: Id
    tolerance: Tolerance
    parity: Parity | None = None
    quality: Quality | None = None
    measurements: Annotated[tuple[Measured, ...], Few] = ()
    verified_on: Annotated[tuple[Verified, ...], Few] = ()
    int8: Annotated[float, Field(ge=0, le=1)] | None = None
    left: Annotated[tuple[Line, ...], Many] = ()
    not_run: Text = ""
    notes: Annotated[tuple[Text, ...], Few] = ()


class Network(Runnable):
    """One exported network.

    Args:
        role: ``network`` draws by itself, a ``component`` within a pipeline; ``weights`` is for
            Maquette.
        main: the file to open. parts: further files that it reads.
        opset: of ONNX.
    """

    role: Role = "network"
    main: RelativePath
    parts: Annotated[tuple[RelativePath, ...], Few] = ()
    opset: Annotated[int, Field(ge=1, le=1000)] | None = None
    inputs: Annotated[tuple[Input, ...], Few]
    outputs: Annotated[tuple[Output, ...], Few]


class Reference(Part):
    """Inputs and what PyTorch in float32 makes of them: arrays as ``.npy``, pictures as PNG.

    The first axis of every output, and of the inputs named in ``per_seed``, counts the seeds; the
    other inputs are the same for all.
    """

    id: Id
    seeds: Annotated[
        tuple[Annotated[int, Field(ge=0, lt=1 << 32)], ...], Field(min_length=1, max_length=64)
    ]
    inputs: Annotated[dict[Name, RelativePath], Few]
    per_seed: Annotated[tuple[Name, ...], Few]
    outputs: Annotated[dict[Name, RelativePath], Few]
    pictures: Annotated[tuple[RelativePath, ...], Few] = ()


class Model(Part):
    """The model that all networks were made of."""

    name: Line
    title: Line
    family: Line
    layout: Line
    licence: Line
    source_sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
    key: Line
    base_model: Line
    history: Annotated[tuple[tuple[Line, Text], ...], Many] = ()


class RecipeRecord(Part):
    """The recipe, in the form that is equal for equal recipes."""

    name: Line
    canonical: Annotated[str, Field(max_length=100_000)]
