"""The records that a job and whoever ordered it exchange; like ``studio.engine.messages``.

Everything here is a frozen dataclass of plain values. Imports no torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.engine.bundle_messages import (
    BundleReport,
    ExportJob,
    InstallJob,
    JobAsk,
    PlanExportJob,
    SubjectOffer,
    VerifyJob,
)
from studio.engine.gan_compression_messages import (
    GanCompressionJob,
    JobStage,
    SearchJob,
    SubnetJob,
    TransferJob,
)
from studio.engine.messages import Picture
from studio.families.diffusion.inputs import DiffusionInputs
from studio.families.info import BaseInfo
from studio.families.inputs import EncodedPicture, GanInputs
from studio.families.walk import Walk
from studio.fidelity.measurement import Measurement
from studio.search.report import SearchReport
from studio.subnets.choice import SubnetChoice
from studio.training.elastic.options import ElasticOptions
from studio.training.elastic.report import ElasticReport, WidthFidelity
from studio.training.gan_compression.report import TrainingReport

if TYPE_CHECKING:
    # Unpickling a report loads it; whoever starts need not.
    from studio.engine.layer_table import LayerTable
    from studio.recipes.contract import StepReport
    from studio.recipes.curve import SpeedCurve
    from studio.recipes.scan import Scan


@dataclass(frozen=True)
class ConvertJob:
    """Read a model file of any layout and write it in Maquette's own layout at ``out``.

    ``answers``: (name, answer) to what the file cannot tell (see
    ``studio.families.translation.questions``); where there are none, what is likely is taken.
    """

    path: str
    out: str
    answers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class SortJob:
    """Order the channels of the model at ``path`` by importance and write the result at ``out``."""

    path: str
    out: str


@dataclass(frozen=True)
class BakeJob:
    """Apply a recipe (YAML text) to the model at ``path`` and write the variant at ``out``, with
    its reports beside it (see ``studio.engine.baked_files``). What the steps select is cut out."""

    path: str
    recipe: str
    out: str


@dataclass(frozen=True)
class BakedFile:
    """A baked variant to measure.

    Args:
        path: its file. choice: a subnet of it. name: in tables.
        target: what it runs on; empty for that of the job.
        recipe: what makes the file where it is not there yet, as YAML; empty for a file that is.
    """

    path: str
    choice: SubnetChoice = SubnetChoice()
    name: str = ""
    target: str = ""
    recipe: str = ""


@dataclass(frozen=True)
class MeasureJob:
    """Measure subnets of the model at ``path``, and baked variants of it, against full: fidelity
    over ``seeds`` seeds (or over as many parts of the picture), and latency after warm-up under the
    exclusive timing lock.

    Args:
        memory: also how much memory each takes, in a process of its own.
        realism: also the feature distance to the world of clay heads, where the model draws them.
        fid_weights, lpips_weights: files of the user's with the networks of FID and LPIPS; empty
            for neither.
    """

    path: str
    choices: tuple[SubnetChoice, ...]
    inputs: GanInputs | EncodedPicture | DiffusionInputs = GanInputs()
    seeds: int = 8
    target: str = "pytorch:cpu:f32"
    variants: tuple[BakedFile, ...] = ()
    memory: bool = False
    realism: bool = False
    fid_weights: str = ""
    lpips_weights: str = ""


@dataclass(frozen=True)
class WalkJob:
    """Draw a walk with a subnet of the model at ``path`` and write it at ``out``: a file ending in
    ``.gif`` or ``.webp``, or a folder of numbered PNG files. ``recipe``, as text, is what made that
    model, empty for nothing; the file says so."""

    path: str
    out: str
    walk: Walk
    choice: SubnetChoice = SubnetChoice()
    recipe: str = ""


@dataclass(frozen=True)
class FolderJob:
    """Draw every picture of the folder ``source`` with a subnet of the translation model at
    ``path``, and write them as PNG into the folder ``out``, under the same names."""

    path: str
    source: str
    out: str
    choice: SubnetChoice = SubnetChoice()


@dataclass(frozen=True)
class CompileJob:
    """Compile subnets of the model at ``path`` for ``targets`` into the cache, in this order, for
    ``threads`` CPU threads and, of a pipeline, for pictures of ``sizes``. JobNear changes the order
    of what is left."""

    path: str
    choices: tuple[SubnetChoice, ...]
    targets: tuple[str, ...]
    threads: int
    sizes: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class ElasticJob:
    """Make the model at ``path`` elastic and write the result at ``out``; ``resume`` goes on from
    the checkpoint beside ``out``. Told JobStop, it ends early and writes the best so far."""

    path: str
    out: str
    options: ElasticOptions
    resume: bool = False


@dataclass(frozen=True)
class VariantMeasured:
    """A measurement of a baked variant, and the key of its weights."""

    key: str
    measurement: Measurement


@dataclass(frozen=True)
class ReportVariant:
    """A baked variant in a report: where its file may be, a subnet of it, its name, and the recipe
    that made it, as text."""

    path: str
    choice: SubnetChoice
    name: str
    recipe: str


@dataclass(frozen=True)
class ReportJob:
    """Draw pictures with the model at ``path`` and write a report of ``measurements`` at ``out``,
    one HTML file.

    Args:
        inputs: what the pictures draw. seeds: over how many fidelity was taken.
        names: the user's own names of subnets.
        variants: baked variants of the model, in the order of their rows; those without a file or
            a measurement are left out.
        of_variants: measurements of variants, each with the key of its weights.
    """

    path: str
    out: str
    measurements: tuple[Measurement, ...]
    inputs: GanInputs | EncodedPicture | DiffusionInputs = GanInputs()
    seeds: int = 8
    names: tuple[tuple[SubnetChoice, str], ...] = ()
    variants: tuple[ReportVariant, ...] = ()
    of_variants: tuple[VariantMeasured, ...] = ()


@dataclass(frozen=True)
class LayersJob:
    """Time a subnet of the model at ``path`` on a target layer by layer, under the exclusive timing
    lock.

    Args:
        name: of the variant, for its table.
        model, recipe: key of the model that a baked variant was made of, and what made it as YAML,
            by which a scan is found; empty for a subnet of the model itself.
    """

    path: str
    choice: SubnetChoice = SubnetChoice()
    target: str = "pytorch:cpu:f32"
    name: str = ""
    model: str = ""
    recipe: str = ""


@dataclass(frozen=True)
class ScanJob:
    """Find out what each layer of the model at ``path`` loses by the last step of a recipe (YAML
    text), and keep that for whoever asks for a scan of the same (``studio.recipes.scan_store``)."""

    path: str
    recipe: str


@dataclass(frozen=True)
class CurveJob:
    """Time the variant of the model at ``path`` by width in int8, bf16 and f32, under the exclusive
    timing lock, and keep that (``studio.recipes.curve_store``).

    Args:
        recipe: YAML text, without a cut. variant: its file, which is made where it is not there.
        target: runtime and device count; ``openvino:CPU:f32``, say.
    """

    path: str
    recipe: str
    variant: str
    target: str


Job = (
    ConvertJob
    | SortJob
    | BakeJob
    | MeasureJob
    | WalkJob
    | FolderJob
    | CompileJob
    | ElasticJob
    | GanCompressionJob
    | SearchJob
    | TransferJob
    | SubnetJob
    | ReportJob
    | PlanExportJob
    | ExportJob
    | VerifyJob
    | InstallJob
    | LayersJob
    | ScanJob
    | CurveJob
)


@dataclass(frozen=True)
class JobStop:
    """To a job under way: end early, and keep what has been reached. Most jobs ignore it."""


@dataclass(frozen=True)
class JobNear:
    """To a CompileJob under way: these are wanted now, most wanted first. Those that it was not
    started with are compiled too. ``resting``: begin nothing until told otherwise, since somebody
    drags and both cores should draw."""

    choices: tuple[SubnetChoice, ...]
    targets: tuple[str, ...]
    resting: bool = False


@dataclass(frozen=True)
class JobRung:
    """A CompileJob has one more network in the cache: compiled in ``seconds``, or found there.
    ``sentence`` says why one could not be compiled."""

    choice: SubnetChoice
    target: str
    seconds: float | None
    sentence: str = ""


@dataclass(frozen=True)
class JobProgress:
    """``fraction`` in [0, 1] or None when unknown; ``seconds_left`` None when unknown."""

    fraction: float | None
    text: str
    seconds_left: float | None = None


@dataclass(frozen=True)
class JobMeasured:
    """A MeasureJob has measured one more: a subnet, or a baked variant. What is measured at the end
    for all of them, such as memory, is only in JobDone."""

    subnet: Measurement | None = None
    variant: VariantMeasured | None = None


@dataclass(frozen=True)
class JobLog:
    line: str


@dataclass(frozen=True)
class JobLook:
    """What an ElasticJob has reached: ``losses`` of the run so far, every width against the
    original, and a picture of rows of samples: the widths, narrowest first, then the original."""

    step: int
    minutes: float
    losses: tuple[float, ...]
    widths: tuple[WidthFidelity, ...]
    picture: Picture


@dataclass(frozen=True)
class JobDone:
    """The job ended well. ``path`` for jobs that write a file; ``measurements`` for MeasureJob,
    ``variants`` too in the order of its variants; ``elastic`` for ElasticJob, ``reports`` for
    BakeJob, ``layers`` for LayersJob, ``scan`` for ScanJob, ``curve`` for CurveJob, ``offers`` for
    PlanExportJob in the order of its subjects, ``bundle`` for ExportJob and VerifyJob, ``left_out``
    of a FolderJob: a sentence for every picture that could not be drawn, ``stages`` for those that
    a GanCompressionJob trained, ``search`` for what it or a SearchJob found."""

    path: str | None = None
    info: BaseInfo | None = None
    measurements: tuple[Measurement, ...] = ()
    elastic: ElasticReport | None = None
    variants: tuple[VariantMeasured, ...] = ()
    reports: tuple[StepReport, ...] = ()
    offers: tuple[SubjectOffer, ...] = ()
    bundle: BundleReport | None = None
    layers: LayerTable | None = None
    scan: Scan | None = None
    curve: SpeedCurve | None = None
    left_out: tuple[str, ...] = ()
    stages: tuple[TrainingReport, ...] = ()
    search: SearchReport | None = None


@dataclass(frozen=True)
class JobFailed:
    sentence: str
    details: str = ""


@dataclass(frozen=True)
class JobCancelled:
    pass


JobNews = JobProgress | JobLook | JobStage | JobRung | JobMeasured | JobAsk
"""What a job says while it is under way."""

JobEvent = JobNews | JobLog | JobDone | JobFailed | JobCancelled
