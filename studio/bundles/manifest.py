"""What a bundle says of itself: ``manifest.json``, versioned, checked when it is read.

Its JSON schema lies in ``assets/schemas`` for those who read bundles without Maquette. A manifest
may come from anywhere: it is small, flat, and every number in it has bounds. Imports no torch.

Version 2 added pipelines, which draw with several networks, and whole numbers as inputs; version 1
is read as well.
"""

from __future__ import annotations

import json
import math
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from studio.checkpoints.causes import Cause
from studio.checkpoints.json_text import parse_json
from studio.errors import RefusedFile
from studio.families.fills import Fill, Name

FORMAT = "maquette-bundle"
VERSION = 2
READ = (1, 2)
NAME = "manifest.json"
SCHEMA = "maquette-bundle-2.schema.json"
LARGEST = 2_000_000  # bytes of a manifest
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


class Tokenizer(Part):
    """How words become numbers.

    Args:
        file: of the package ``tokenizers``. length: all texts are cut or padded to it.
        pad, pad_id: what stands behind the text. lower: in small letters, without space around.
        masked: the encoder is told which numbers are of the text.
    """

    file: RelativePath
    length: Annotated[int, Field(ge=1, le=4096)]
    pad: Line
    pad_id: Count
    lower: bool = False
    masked: bool = False


Setting = bool | int | float | Line | None


class Sampler(Part):
    """A sampler that ``run.py`` has, and its settings by diffusers' names."""

    kind: Literal["ddim", "ddpm", "dpm", "euler", "flow"]
    settings: Annotated[dict[Name, Setting], Field(max_length=128)]


class Drawing(Part):
    """What a pipeline's reference draws; its seeds and latents are in the reference."""

    prompt: Text = ""
    negative: Text = ""
    label: Count = 0
    steps: Annotated[int, Field(ge=1, le=1000)]
    guidance: Annotated[float, Field(ge=0, le=100)]
    scheduler: Line
    height: Pixels
    width: Pixels


class Pipeline(Runnable):
    """Networks of the bundle that draw together. Its reference has the input ``latents`` and the
    output ``picture`` (n, h, w, 3), from 0 to 1.

    Args:
        class_name: of diffusers. kind: of its denoiser. denoiser: the component that it is.
        components: id of the network by what it is for: ``text_encoder``, ``unet``, ...
        tokenizers: by text encoder. samplers: by usual name; ``scheduler`` is the usual one.
        takes: what may be given. classes: how many there are; 0 for none.
        guidance_kind: see ``studio.families.diffusion.config``. guidance, steps, height, width:
            what is drawn where nothing else is said; a ``fixed`` size is the only one.
        multiple: of pixels that sides must be. factor: pixels a latent. channels: of latents.
        scaling, shift: latents divided by one, plus the other, are what ``vae_decoder`` takes.
        empty_is_zero: without a negative prompt its states are zero. text_width: of the states of
            Stable Diffusion 3. text_tokens: of its third encoder, zeros where that is not there.
        drawn: what the reference draws.
    """

    class_name: Line
    kind: Literal["unet", "sd3", "flux", "pixart", "dit", "unconditional", "ldm"]
    denoiser: Name
    components: Annotated[dict[Name, Id], Field(min_length=1, max_length=16)]
    tokenizers: Annotated[dict[Name, Tokenizer], Few] = {}
    samplers: Annotated[dict[Line, Sampler], Field(min_length=1, max_length=16)]
    scheduler: Line
    takes: Annotated[tuple[Literal["prompt", "negative", "label"], ...], Few] = ()
    classes: Count = 0
    guidance_kind: Literal["classifier-free", "embedded", "none"]
    guidance: Annotated[float, Field(ge=0, le=100)]
    steps: Annotated[int, Field(ge=1, le=1000)]
    height: Pixels
    width: Pixels
    fixed: bool = False
    multiple: Annotated[int, Field(ge=1, le=1024)]
    factor: Annotated[int, Field(ge=1, le=1024)]
    channels: Annotated[int, Field(ge=1, le=1024)]
    scaling: Annotated[float, Field(gt=0, le=1e6)] = 1.0
    shift: Annotated[float, Field(ge=-1e6, le=1e6)] = 0.0
    empty_is_zero: bool = False
    text_width: Annotated[int, Field(ge=0, le=1 << 16)] = 0
    text_tokens: Annotated[int, Field(ge=0, le=4096)] = 0
    drawn: Drawing


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


class Manifest(Part):
    """``manifest.json``."""

    format: Literal["maquette-bundle"] = "maquette-bundle"
    version: Literal[1, 2] = 2
    model: Model
    recipe: RecipeRecord | None = None
    tools: Annotated[dict[Name, Line], Few]
    networks: Annotated[tuple[Network, ...], Field(min_length=1, max_length=256)]
    pipelines: Annotated[tuple[Pipeline, ...], Few] = ()
    references: Annotated[tuple[Reference, ...], Field(max_length=256)]
    files: Annotated[tuple[FileRecord, ...], Many]

    @model_validator(mode="after")
    def _whole(self) -> Manifest:
        paths = [each.path for each in self.files]
        known, references = set(paths), {each.id: each for each in self.references}
        if len(known) != len(paths):
            raise ValueError("files names a path twice")
        if NAME in known:
            raise ValueError("files names the manifest itself")
        every = (*self.networks, *self.pipelines)
        if len({each.id for each in every}) != len(every):
            raise ValueError("networks holds an id twice")
        if len(references) != len(self.references):
            raise ValueError("references holds an id twice")
        for each in self.references:
            _all_in(known, (*each.inputs.values(), *each.outputs.values(), *each.pictures))
        for one in every:
            if one.requirements is not None:
                _all_in(known, (one.requirements,))
            reference = references.get(one.reference)
            if reference is None:
                raise ValueError(f"{one.id} names a reference that is not there")
            names = _names(one)
            for kind, wanted, held in zip(
                ("inputs", "outputs"), names, (reference.inputs, reference.outputs), strict=True
            ):
                if wanted != set(held):
                    raise ValueError(f"the {kind} of {one.id} are not those of its reference")
        for network in self.networks:
            _all_in(known, (network.main, *network.parts))
        for pipeline in self.pipelines:
            self._fits(pipeline, known)
        if self.version == 1 and (self.pipelines or any(_of_2(each) for each in self.networks)):
            raise ValueError("it holds what version 1 has not")
        return self

    def _fits(self, pipeline: Pipeline, known: set[str]) -> None:
        networks = {each.id: each for each in self.networks}
        for ident in pipeline.components.values():
            if ident not in networks:
                raise ValueError(f"{pipeline.id} names a network that is not there")
        if pipeline.denoiser not in pipeline.components:
            raise ValueError(f"{pipeline.id} names a denoiser that is not there")
        if pipeline.scheduler not in pipeline.samplers:
            raise ValueError(f"{pipeline.id} names a scheduler that is not there")
        if missing := set(pipeline.tokenizers) - set(pipeline.components):
            raise ValueError(f"{pipeline.id} has words for no {sorted(missing)[0]}")
        _all_in(known, tuple(each.file for each in pipeline.tokenizers.values()))

    def component(self, pipeline: Pipeline, name: str) -> Network:
        """The network that a pipeline has for something."""
        ident = pipeline.components[name]
        return next(each for each in self.networks if each.id == ident)

    def files_of(self, one: Runnable) -> tuple[str, ...]:
        """Paths of what a network, or all networks of a pipeline, are read from."""
        if isinstance(one, Network):
            return (one.main, *one.parts)
        assert isinstance(one, Pipeline)
        networks = (self.component(one, name) for name in one.components)
        return tuple(dict.fromkeys(p for each in networks for p in (each.main, *each.parts)))

    @property
    def shown(self) -> tuple[Runnable, ...]:
        """Pipelines, and all networks."""
        return (*self.pipelines, *self.networks)

    def file(self, path: str) -> FileRecord:
        """The record of a file that the manifest names."""
        return next(each for each in self.files if each.path == path)

    def reference(self, one: Runnable) -> Reference:
        """What a network or a pipeline is compared with."""
        return next(each for each in self.references if each.id == one.reference)

    def to_bytes(self) -> bytes:
        """As it lies on disk: equal for equal manifests."""
        plain = self.model_dump(mode="json")
        return json.dumps(plain, indent=1, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def _names(one: Runnable) -> tuple[set[str], set[str]]:
    """Names of what goes in and comes out."""
    if isinstance(one, Network):
        return {port.name for port in one.inputs}, {port.name for port in one.outputs}
    return {"latents"}, {"picture"}


def _of_2(network: Network) -> bool:
    ports = (*network.inputs, *network.outputs)
    return network.role == "component" or any(port.dtype != "float32" for port in ports)


def _all_in(known: set[str], paths: tuple[str, ...]) -> None:
    for path in paths:
        if path not in known:
            raise ValueError(f"{path} is not among its files")


def parse_manifest(data: bytes, where: str) -> Manifest:
    """The manifest in ``data``.

    Args:
        where: how a sentence calls the file.

    Raises:
        RefusedFile: it is none, of another version, or holds what no bundle has.
    """
    try:
        raw = parse_json(data, "it")
    except Cause as cause:
        raise RefusedFile(f"{where} is not the manifest of a bundle: {cause}") from cause
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise RefusedFile(f'{where} is not the manifest of a bundle: it lacks "format": "{FORMAT}"')
    version = raw.get("version")
    if type(version) is not int or version not in READ:
        raise RefusedFile(
            f"{where} is the manifest of a bundle of version {str(version)[:20]}; this version of "
            f"Maquette reads versions {' and '.join(str(each) for each in READ)}"
        )
    try:
        # Through JSON, whose lists and numbers are what the types are meant for.
        return Manifest.model_validate_json(data)
    except ValidationError as error:
        raise RefusedFile(f"{where} is not a sound manifest: {first_of(error)}") from error


def first_of(error: ValidationError) -> str:
    """The first thing that is wrong, in a line."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part)[:60] for part in first["loc"]) or "it"
    return " ".join(f"{place}: {first['msg']}".split())[:300]


def schema_text() -> str:
    """The JSON schema of a manifest, as it is published."""
    schema: dict[str, Any] = Manifest.model_json_schema()
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(schema, indent=1, sort_keys=True) + "\n"
