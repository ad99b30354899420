"""Which networks a pipeline is exported as, in every format that was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import torch

from studio.bundles.formats.all import format_named
from studio.bundles.formats.contract import Format, FormatPlan, Subject
from studio.bundles.manifest import Precision
from studio.bundles.pipelines.components import subjects
from studio.bundles.pipelines.samplers import samplers_of
from studio.bundles.request import Planned, Request, slug
from studio.errors import BadChoice
from studio.subnets.describe import variant_name

if TYPE_CHECKING:
    from studio.families.diffusion.model import DiffusionModel

FORMATS = ("onnx", "openvino", "onnx-npu", "openvino-npu")
"""Formats that a pipeline can be exported in."""
NEVER = (("onnx-npu", "int8"),)
"""What no pipeline can be exported as, and is not offered."""
_STEMS = {"onnx": "model", "openvino": "openvino_model"}
_NPU = "-npu"


@dataclass(frozen=True)
class PlannedPipeline:
    """A pipeline-to-be: its networks in a format, by component."""

    title: str
    format: Format
    precision: Precision
    parts: tuple[Planned, ...]
    denoiser: str

    @property
    def id(self) -> str:
        """Names it in the bundle."""
        return f"{slug(self.title)}.{self.format.name}-{self.precision}"

    @property
    def contents(self) -> tuple[str, ...]:
        """What it is made of: each network and its precision."""
        return tuple(f"{each.subject.id} {each.precision}" for each in self.parts)

    @property
    def plan(self) -> FormatPlan:
        """That of all its networks together."""
        plans = [each.plan for each in self.parts]
        lines = (note for plan in plans for note in plan.notes)
        here = all(plan.runs_here for plan in plans)
        target = f"{self.format.target}:{self.precision}"
        return FormatPlan(
            sum(plan.bytes for plan in plans),
            tuple(dict.fromkeys(line for plan in plans for line in plan.refusals)),
            tuple(dict.fromkeys(lines)),
            (target,) if here else (),
        )


def networks_planned(request: Request) -> tuple[Planned, ...]:
    """Every network that would be written, each once; pipelines may share some.

    Raises:
        BadChoice: as of :func:`pipelines_planned`.
    """
    every = (part for each in pipelines_planned(request) for part in each.parts)
    return tuple({part.id: part for part in every}.values())


def pipelines_planned(request: Request) -> tuple[PlannedPipeline, ...]:
    """A pipeline for every format and precision.

    Raises:
        BadChoice: the pipeline, a choice or a format cannot be exported.
    """
    model = cast("DiffusionModel", request.model)
    _check(request, model)
    samplers_of(model)
    (choice,) = dict.fromkeys(request.choices)
    title, made = variant_name(choice), subjects(model, choice)
    found: list[PlannedPipeline] = []
    for name, precision in dict.fromkeys(request.formats):
        if name not in FORMATS:
            raise BadChoice(
                f"a pipeline is exported as {', '.join(FORMATS)}; '{name}' is for models of one "
                "network"
            )
        form, denoiser = format_named(name), model.info.denoiser
        parts = []
        for subject in made:
            own = _precision(subject, denoiser, precision, form)
            parts.append(_part(subject, form, own, found))
        found.append(PlannedPipeline(title, form, precision, tuple(parts), denoiser))
    return tuple(found)


def _precision(subject: Subject, denoiser: str, precision: Precision, form: Format) -> Precision:
    """Of one network: a plan for int8 is for the denoiser alone."""
    if precision != "int8" or subject.id == denoiser:
        return precision
    return "f16" if form.name.endswith(_NPU) else "f32"


def _part(
    subject: Subject, form: Format, precision: Precision, before: Sequence[PlannedPipeline]
) -> Planned:
    """A network in a format; the first of a runtime has the usual name, others their own."""
    made = Planned(
        subject, form, precision, form.plan(subject, precision), subject.id, file="model"
    )
    earlier = [part for each in before for part in each.parts if part.subject.id == subject.id]
    same = next((part for part in earlier if part.id == made.id), None)
    if same is not None:
        return same
    runtime = form.name.removesuffix(_NPU)
    stem = _STEMS[runtime]
    if any(part.format.name.removesuffix(_NPU) == runtime for part in earlier):
        flavour = "npu_" if form.name.endswith(_NPU) else ""
        stem = f"{stem}_{flavour}{precision}"
    return replace(made, file=stem)


def _check(request: Request, model: DiffusionModel) -> None:
    config = model.info.config
    if len(set(request.choices)) != 1:
        raise BadChoice("a pipeline's bundle holds one denoiser; choose one width")
    if request.pictures:
        raise BadChoice("a pipeline draws from words, so pictures are not for it")
    if config.needs:
        raise BadChoice(
            "a pipeline that only paints inside a mask cannot be exported so far: run.py draws "
            "from words"
        )
    if config.kind == "unet" and config.guidance == "embedded":
        raise BadChoice(
            "a denoiser that is told the guidance (LCM) cannot be exported so far: run.py has no "
            "sampler for it"
        )
    own = model.components.folder.denoiser.config
    if config.kind == "unconditional" and own.get("num_class_embeds"):
        raise BadChoice("a DDPM that takes classes cannot be exported so far")
    if model.running_network.dtype != torch.float32:
        raise BadChoice(
            "exporting compares with PyTorch in f32, for which this computer has too little memory "
            "with this pipeline"
        )
