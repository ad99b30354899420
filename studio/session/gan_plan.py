"""What a user fills in for GAN Compression: kept in the folder of the work, turned into jobs.

Every step writes one file of its name into that folder, and takes the newest fitting file of
earlier steps unless another one is named, so that each runs alone and all of them in a row. Imports
no torch.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, get_args

from studio.engine.gan_compression_messages import (
    GanCompressionJob,
    SearchJob,
    SubnetJob,
    TransferJob,
)
from studio.errors import BadChoice, MaquetteError, RefusedFile, cause_of
from studio.processes.aside import written_aside
from studio.search.budget import Budget, Unit
from studio.search.evolution import EvolutionOptions
from studio.search.orders import FINALISTS, PipelineOrder, SearchOrder
from studio.training.gan_compression.options import (
    DataOptions,
    Pairing,
    TrainingOptions,
    checkpoint_path,
)
from studio.training.gan_compression.orders import Order
from studio.training.gan_compression.space import RATIOS

Step = Literal[
    "all", "teacher", "student", "transfer", "distil", "supernet", "search", "finetune", "export"
]
STEPS: tuple[Step, ...] = get_args(Step)
TRAINED: tuple[Step, ...] = ("teacher", "student", "distil", "supernet", "finetune")
GanJob = GanCompressionJob | SearchJob | TransferJob | SubnetJob
FILE = "gan-compression.json"
WHOLE = "compressed"
LARGEST = 1_000_000  # bytes of a plan
Role = Literal["teacher", "start", "model"]
ROLES: dict[Step, tuple[Role, ...]] = {
    "student": ("teacher",),
    "transfer": ("model",),
    "distil": ("teacher", "start"),
    "supernet": ("teacher", "start"),
    "search": ("model", "teacher"),
    "finetune": ("model", "teacher"),
    "export": ("model",),
}
"""Which files a step takes: who teaches, what it begins with, what it works on."""


@dataclass(frozen=True)
class Source:
    """A file that a step takes in place of the one that earlier steps left."""

    step: Step
    role: Role
    path: str


@dataclass(frozen=True)
class GanPlan:
    """Everything that is filled in. Defaults are those of the paper's code.

    Args:
        first, second: folders of pictures; the second may be empty. pairing, backwards, instances:
            see ``DataOptions``.
        teacher: a trained teacher; empty where the first step trains one from pairs, of
            ``teacher_ngf`` base channels, ``blocks`` blocks and pictures of ``size`` (height,
            width) px.
        ngf: base channels of the narrow network. ratios: of the search space.
        budget, unit: what a subnet may cost, in ms or multiplies. target: where latency is
            measured; empty measures none, which a budget in ms does not allow.
        pictures: on which a subnet is scored. finalists: how many are measured.
        config: the subnet to fine-tune and export. fast: the whole without a MobileNet teacher.
    """

    first: str = ""
    second: str = ""
    pairing: Pairing = "auto"
    backwards: bool = False
    instances: str = ""
    teacher: str = ""
    teacher_ngf: int = 64
    blocks: int = 9
    size: tuple[int, int] = (256, 256)
    ngf: int = 48
    ratios: tuple[float, ...] = RATIOS
    budget: float = 5e9
    unit: Unit = "macs"
    target: str = ""
    pictures: int = 8
    finalists: int = FINALISTS
    config: str = ""
    fast: bool = False
    training: TrainingOptions = field(default_factory=TrainingOptions)
    evolution: EvolutionOptions = field(default_factory=EvolutionOptions)
    sources: tuple[Source, ...] = ()

    def data(self) -> DataOptions:
        """Where pairs come from.

        Raises:
            BadChoice: no folder is named, or their number does not suit the pairing.
        """
        if not self.first:
            raise BadChoice("name a folder of pictures first")
        folders = tuple(folder for folder in (self.first, self.second) if folder)
        return DataOptions(folders, self.pairing, self.backwards, self.instances or None)

    def source(self, step: Step, role: Role) -> str:
        """The file that the user named for a step; empty for none."""
        return next((s.path for s in self.sources if (s.step, s.role) == (step, role)), "")

    def with_source(self, step: Step, role: Role, path: str) -> GanPlan:
        """This plan with another file for a step; an empty one takes what earlier steps left."""
        others = tuple(s for s in self.sources if (s.step, s.role) != (step, role))
        return replace(self, sources=(*others, Source(step, role, path)) if path else others)


def out_path(folder: Path, step: Step) -> Path:
    """Where a step writes."""
    return folder / f"{WHOLE if step == 'all' else step}.safetensors"


def stages_of_all(folder: Path) -> Path:
    """Where the whole keeps the models of its stages."""
    out = out_path(folder, "all")
    return out.with_name(f"{out.name}.stages")


def is_done(folder: Path, step: Step) -> bool:
    """The file of a step is there, and nothing of it is left to be gone on with."""
    out = out_path(folder, step)
    return out.is_file() and not is_begun(folder, step)


def is_begun(folder: Path, step: Step) -> bool:
    """A step was ended before its time and can be gone on with."""
    if step == "all":
        return (stages_of_all(folder) / "order.json").is_file()
    return step in TRAINED and checkpoint_path(out_path(folder, step)).is_file()


def result(folder: Path, step: Step) -> str:
    """The file that a step left, in the folder or among the stages of the whole; empty for none."""
    for file in (out_path(folder, step), stages_of_all(folder) / f"{step}.safetensors"):
        if file.is_file() and not checkpoint_path(file).is_file():
            return str(file)
    return ""


def taken(plan: GanPlan, folder: Path, step: Step, role: Role) -> str:
    """The file that a step takes: the one named, else what earlier steps left; empty for none."""
    if named := plan.source(step, role):
        return named
    teacher = plan.teacher or result(folder, "teacher")
    if role == "teacher" and step != "student":
        return result(folder, "student") or teacher
    if role == "teacher":
        return teacher
    if (step, role) == ("transfer", "model"):
        return result(folder, "student") or teacher
    if (step, role) == ("distil", "start"):
        return result(folder, "transfer")
    if (step, role) == ("supernet", "start"):
        return result(folder, "distil")
    return result(folder, "supernet")


def job(plan: GanPlan, folder: Path, step: Step, *, resume: bool = False) -> GanJob:
    """The job of a step.

    Raises:
        BadChoice: something that it needs is not filled in; the sentence says what.
    """
    out = str(out_path(folder, step))
    if step == "transfer":
        return TransferJob(_needed(plan, folder, step, "model"), out, plan.ngf)
    if step == "export":
        model = _needed(plan, folder, step, "model")
        data = plan.data() if plan.first else None
        return SubnetJob(model, out, _config(plan), data)
    data = plan.data()
    if step == "search":
        model = _needed(plan, folder, step, "model")
        order = SearchOrder(
            model,
            data,
            budget_of(plan),
            taken(plan, folder, step, "teacher") or None,
            plan.target or None,
            plan.pictures,
            plan.ratios,
            plan.finalists,
        )
        return SearchJob(order, plan.evolution, out)
    if step == "all":
        whole = PipelineOrder(
            data,
            budget_of(plan),
            plan.teacher or None,
            plan.target or None,
            plan.fast,
            plan.ngf,
            plan.teacher_ngf,
            plan.blocks,
            plan.size,
            plan.ratios,
            plan.pictures,
        )
        if plan.unit == "ms" and not plan.target:
            raise BadChoice("a budget in milliseconds needs a target on which they are measured")
        return GanCompressionJob(whole, out, plan.training, plan.evolution, resume)
    order_of = Order(step, data, ratios=plan.ratios)
    if step == "teacher":
        order_of = replace(
            order_of,
            ngf=plan.teacher_ngf,
            blocks=plan.blocks,
            size=plan.size,
        )
    elif step == "finetune":
        order_of = replace(
            order_of,
            model=_needed(plan, folder, step, "model"),
            teacher=taken(plan, folder, step, "teacher") or None,
            config=_config(plan),
        )
    else:
        order_of = replace(
            order_of,
            model=_needed(plan, folder, step, "teacher"),
            student=(taken(plan, folder, step, "start") or None) if step != "student" else None,
            ngf=plan.ngf,
        )
    return GanCompressionJob(order_of, out, plan.training, plan.evolution, resume)


def budget_of(plan: GanPlan) -> Budget:
    """What a subnet may cost.

    Raises:
        BadChoice: nothing at all.
    """
    if not plan.budget > 0:
        raise BadChoice("a search needs a budget above 0")
    return Budget(plan.budget, plan.unit)


def _needed(plan: GanPlan, folder: Path, step: Step, role: Role) -> str:
    found = taken(plan, folder, step, role)
    if found:
        return found
    if role == "model" and step != "transfer":
        raise BadChoice("there is no supernet yet; train one first, or name a file")
    raise BadChoice("there is no teacher yet; train one first, or name a file")


def _config(plan: GanPlan) -> str:
    if not plan.config.strip():
        raise BadChoice("name a subnet first: search for one, or write its configuration string")
    return plan.config.strip()


def save(plan: GanPlan, folder: Path) -> None:
    """Keep a plan in its folder.

    Raises:
        MaquetteError: the folder cannot be written.
    """
    from pydantic import TypeAdapter

    file = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with written_aside(file, secrets.token_hex(8)) as aside:
            aside.write_bytes(TypeAdapter(GanPlan).dump_json(plan, indent=1))
    except OSError as error:
        raise MaquetteError(f"cannot write {file}: {cause_of(error)}") from error


def load(folder: Path) -> GanPlan | None:
    """The plan that a folder keeps, or None where it keeps none.

    Raises:
        RefusedFile: what it keeps is no plan.
    """
    from pydantic import TypeAdapter, ValidationError

    file = folder / FILE
    try:
        with file.open("rb") as stream:
            text = stream.read(LARGEST + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RefusedFile(f"cannot read {file}: {cause_of(error)}") from error
    try:
        if len(text) > LARGEST:
            raise BadChoice("it is too long")
        plan: GanPlan = TypeAdapter(GanPlan).validate_json(text)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise RefusedFile(
            f"{file} is no plan of GAN Compression: {where or 'it'} is wrong"
        ) from None
    except BadChoice as error:
        raise RefusedFile(f"{file} is no plan of GAN Compression: {error}") from error
    return plan
