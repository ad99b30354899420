"""What a bundle says of itself: ``manifest.json``, versioned, checked when it is read.

Its JSON schema lies in ``assets/schemas`` for those who read bundles without Maquette. A manifest
may come from anywhere: it is small, flat, and every number in it has bounds. Imports no torch.

Version 2 added pipelines, which draw with several networks, and whole numbers as inputs; version 1
is read as well.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from studio.bundles.pipeline_record import Drawing, Pipeline, Sampler, Tokenizer
from studio.bundles.records import (
    LONGEST_SIDE,
    Count,
    Dimension,
    Few,
    FileRecord,
    Id,
    Input,
    Latency,
    Line,
    Many,
    Measured,
    Model,
    Network,
    Output,
    Parity,
    Part,
    Pixels,
    Port,
    Precision,
    Quality,
    RecipeRecord,
    Reference,
    RelativePath,
    Role,
    Runnable,
    Subnet,
    Tolerance,
    Verified,
)
from studio.checkpoints.causes import Cause
from studio.checkpoints.json_text import parse_json
from studio.errors import RefusedFile
from studio.families.fills import Name

__all__ = [
    "FORMAT",
    "LARGEST",
    "LONGEST_SIDE",
    "NAME",
    "SCHEMA",
    "VERSION",
    "Count",
    "Dimension",
    "Drawing",
    "Few",
    "FileRecord",
    "Id",
    "Input",
    "Latency",
    "Line",
    "Manifest",
    "Many",
    "Measured",
    "Model",
    "Network",
    "Output",
    "Parity",
    "Part",
    "Pipeline",
    "Pixels",
    "Port",
    "Precision",
    "Quality",
    "RecipeRecord",
    "Reference",
    "RelativePath",
    "Role",
    "Runnable",
    "Sampler",
    "Subnet",
    "Tokenizer",
    "Tolerance",
    "Verified",
    "first_of",
    "parse_manifest",
    "schema_text",
]

FORMAT = "maquette-bundle"
VERSION = 2
READ = (1, 2)
NAME = "manifest.json"
SCHEMA = "maquette-bundle-2.schema.json"
LARGEST = 2_000_000  # bytes of a manifest


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
