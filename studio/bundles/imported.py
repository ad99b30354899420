"""``measurement.json`` of a bundle's ``run.py``, from whatever machine, as measurements. No torch.

That is how a phone, a board or another computer gets onto the frontier. The file may come from
anywhere: it is small, every number in it has bounds, and nothing in it names a file.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from studio.bundles.manifest import (
    Count,
    Id,
    Latency,
    Line,
    Part,
    Pixels,
    Quality,
    Subnet,
    first_of,
)
from studio.checkpoints.causes import Cause
from studio.checkpoints.json_text import parse_json
from studio.errors import BadChoice, RefusedFile, cause_of
from studio.fidelity.measurement import Latency as Took
from studio.fidelity.measurement import Measurement
from studio.runtimes.target import Target
from studio.subnets.choice import SubnetChoice
from studio.subnets.denoisers.choice import Denoising, Elastic

FORMAT = "maquette-measurement"
VERSION = 1
SCHEMA = "maquette-measurement-1.schema.json"
LARGEST = 1_000_000  # bytes


class Subject(Part):
    """The model that the bundle was made of, and the recipe (see :func:`recipe_digest`) that made
    a variant of it; empty for none."""

    name: Line
    key: Line
    source_sha256: Line
    recipe_sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""


class Run(Part):
    """One network or pipeline, timed; of a pipeline a whole picture of ``steps`` steps."""

    id: Id
    title: Line
    subnet: Subnet
    quality: Quality | None
    pixels: Pixels
    parameters: Count
    macs: Count
    paper_macs: Count
    size_bytes: Count
    target: Line
    runtime: Line
    version: Line
    device: Line
    precision: Line
    threads: Annotated[int, Field(ge=0, le=4096)]
    first_ms: Annotated[float, Field(gt=0, le=1e9)]
    latency_ms: Latency
    steps: Annotated[int, Field(ge=1, le=1000)] | None = None
    step_ms: Annotated[float, Field(gt=0, le=1e9)] | None = None


class MeasurementFile(Part):
    """``measurement.json``."""

    format: Literal["maquette-measurement"]
    version: Literal[1]
    model: Subject
    host: Line
    system: Line
    python: Line
    measurements: Annotated[tuple[Run, ...], Field(min_length=1, max_length=256)]


def read_measurement_file(path: Path) -> MeasurementFile:
    """What a file says, checked.

    Raises:
        RefusedFile: it cannot be read, or is no such file; the sentence names it.
    """
    name = path.name
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise RefusedFile(f"{path} cannot be read: {cause_of(error)}") from error
    if len(data) > LARGEST:
        raise RefusedFile(f"{name} is larger than {LARGEST / 1e6:.0f} MB, which no measurement is")
    try:
        raw = parse_json(data, "it")
    except Cause as cause:
        raise RefusedFile(f"{name} is not a measurement: {cause}") from cause
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise RefusedFile(f'{name} is not a measurement: it lacks "format": "{FORMAT}"')
    if type(raw.get("version")) is not int or raw["version"] != VERSION:
        raise RefusedFile(
            f"{name} is a measurement of version {str(raw.get('version'))[:20]}; this version of "
            f"Maquette reads version {VERSION}"
        )
    try:
        return MeasurementFile.model_validate_json(data)
    except ValidationError as error:
        raise RefusedFile(f"{name} is not a whole measurement: {first_of(error)}") from error


def imported(path: Path, *, source_sha256: str | None = None) -> tuple[Measurement, ...]:
    """The measurements in a file, as they stand beside those of this host.

    Args:
        source_sha256: of the model that they must be of; None takes those of any.

    Raises:
        RefusedFile: the file is none, is of another model, or tells a target or a subnet that
            there is not, or no fidelity.
    """
    found, name = read_measurement_file(path), path.name
    if source_sha256 is not None and found.model.source_sha256 != source_sha256:
        raise RefusedFile(
            f"{name} is of the model {found.model.name}, and not of the one that is open (the hash "
            f"of its source is {found.model.source_sha256[:12]}, not {source_sha256[:12]})"
        )
    return tuple(_measurement(found, run, name) for run in found.measurements)


def _measurement(found: MeasurementFile, run: Run, name: str) -> Measurement:
    if run.quality is None:
        raise RefusedFile(
            f"{name} says nothing of the fidelity of {run.id}, which was never run before it was "
            "shipped"
        )
    try:
        target = Target.parse(run.target, measured=True)
    except BadChoice as error:
        raise RefusedFile(f"{name} has the target of {run.id}: {error}") from error
    spread, subnet = run.latency_ms, run.subnet
    if not spread.p10 <= spread.median <= spread.p90:
        raise RefusedFile(f"{name} has percentiles of {run.id} that are not in order")
    return Measurement(
        name=run.title,
        choice=SubnetChoice(
            subnet.width, subnet.rule, subnet.widths, subnet.resolution, _denoising(subnet)
        ),
        psnr=run.quality.psnr,
        ssim=run.quality.ssim,
        flip=run.quality.flip,
        parameters=run.parameters,
        macs=run.macs,
        paper_macs=run.paper_macs,
        size_bytes=run.size_bytes,
        latency_ms=Took(spread.median, spread.p10, spread.p90),
        target=str(target),
        threads=run.threads,
        host=found.host,
        version=run.version,
        steps=run.steps or 0,
        step_ms=run.step_ms,
    )


def _denoising(subnet: Subnet) -> Denoising | None:
    """What of a denoiser was run; None where nothing is said but its width."""
    kinds = subnet.kinds
    elastic = Elastic(
        channels=kinds.get("channels"),
        heads=kinds.get("heads"),
        units=kinds.get("units"),
        depth=subnet.depth,
        skipped=subnet.skipped,
    )
    return Denoising(elastic).normal()


def recipe_digest(canonical: str) -> str:
    """What names the steps of a recipe, whatever the recipe is called.

    Args:
        canonical: as :func:`studio.recipes.recipe.to_json` writes it.
    """
    steps = json.loads(canonical)["steps"]
    text = json.dumps(steps, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def schema_text() -> str:
    """The JSON schema of a measurement, as it is published."""
    schema: dict[str, Any] = MeasurementFile.model_json_schema()
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(schema, indent=1, sort_keys=True) + "\n"
