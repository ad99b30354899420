"""The records of jobs that make and check bundles; part of ``studio.engine.job_messages``.

Everything here is a frozen dataclass of plain values. Imports no torch and no runtime.
"""

from __future__ import annotations

from dataclasses import dataclass

from studio.subnets.choice import SubnetChoice


@dataclass(frozen=True)
class ExportSubject:
    """What is exported of a model: a subnet of what a recipe (YAML text) makes of it; of the model
    itself where the recipe is empty. A recipe that cuts decides the subnet."""

    recipe: str = ""
    choice: SubnetChoice = SubnetChoice()


@dataclass(frozen=True)
class PlanExportJob:
    """What every format would make of each of ``subjects`` of the model at ``path``. Writes
    nothing."""

    path: str
    subjects: tuple[ExportSubject, ...]


@dataclass(frozen=True)
class ExportJob:
    """Write a bundle of the model at ``path`` into the folder ``out``, verified, or leave what was
    there as it was.

    Args:
        recipe: what is exported is a variant by this recipe (YAML text); empty for none.
        choices: subnets of it; a recipe that cuts decides by itself.
        formats: pairs of a format and a precision, as on the command line.
        supernet: also the whole model as one file.
        limit_flip, limit_psnr, limit_ssim: who orders is asked (JobAsk) before a file beyond one
            is shipped; None for no limit.
        measure: also time every file, which is spoiled by whatever runs meanwhile.
    """

    path: str
    out: str
    formats: tuple[tuple[str, str], ...]
    choices: tuple[SubnetChoice, ...] = (SubnetChoice(),)
    recipe: str = ""
    supernet: bool = False
    limit_flip: float | None = None
    limit_psnr: float | None = None
    limit_ssim: float | None = None
    measure: bool = False


@dataclass(frozen=True)
class VerifyJob:
    """Is the bundle in ``folder``, which may come from anywhere, what it says?"""

    folder: str


@dataclass(frozen=True)
class ConverterOffer:
    """What would have to be installed before a format can be made, in an environment of its own.

    Args:
        name: of the converter. title: for people. packages: every one, as "name version".
        download, disk: bytes, estimated.
    """

    name: str
    title: str
    packages: tuple[str, ...]
    download: int
    disk: int


@dataclass(frozen=True)
class InstallJob:
    """Install a converter, whose packages the user has seen and agreed to."""

    agreed: ConverterOffer


@dataclass(frozen=True)
class PrecisionOffer:
    """A format in a precision.

    Args:
        bytes: estimated size on disk.
        refusals: why it cannot be made, a sentence each. notes: what the user should know.
        runs_here: targets of this computer that run it; empty for "made here, not run here".
        contents: of a pipeline its networks, each as name and precision: "unet int8".
    """

    precision: str
    bytes: int
    refusals: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    runs_here: tuple[str, ...] = ()
    contents: tuple[str, ...] = ()


@dataclass(frozen=True)
class FormatOffer:
    """A format, in all its precisions, the usual one first.

    Args:
        name: as on the command line. title, good_for: for people.
        missing: why files of it cannot be run here, a sentence; empty when they can.
        converter: what has to be installed first; None for nothing, or where it cannot be.
    """

    name: str
    title: str
    good_for: str
    precisions: tuple[PrecisionOffer, ...]
    missing: str = ""
    converter: ConverterOffer | None = None


@dataclass(frozen=True)
class SubjectOffer:
    """What every format would make of a subject, and the bytes of the whole model as one file."""

    subject: ExportSubject
    formats: tuple[FormatOffer, ...]
    supernet_bytes: int


@dataclass(frozen=True)
class BundleQuality:
    """Pictures of a file beside those of *full*, medians over seeds; ``psnr`` None means equal."""

    flip: float
    ssim: float
    psnr: float | None


@dataclass(frozen=True)
class BundleNetwork:
    """A network of a bundle, or a pipeline of several.

    Args:
        id: names it in the bundle. main: the file to open; empty for a pipeline. bytes: of all its
            files.
        verified_on: runtime, version and device that ran it; empty where it was not run.
        not_run: why it was not, a sentence.
        difference: the largest from the reference, None where it was not run.
        quality: against *full*, as taken when it was exported.
        latency: median milliseconds of a picture, where it was timed. steps: of that picture, of a
            pipeline.
    """

    id: str
    title: str
    main: str
    precision: str
    bytes: int
    verified_on: str = ""
    not_run: str = ""
    difference: float | None = None
    quality: BundleQuality | None = None
    latency: float | None = None
    notes: tuple[str, ...] = ()
    steps: int = 0


@dataclass(frozen=True)
class BundleReport:
    """A bundle that was exported or verified.

    Args:
        folder: where it stands. model, licence: what it was made of.
        files: how many, the manifest left out. bytes: of all of them. seconds: it took.
    """

    folder: str
    model: str
    licence: str
    networks: tuple[BundleNetwork, ...]
    files: int
    bytes: int
    seconds: float


@dataclass(frozen=True)
class Beyond:
    """A network that is beyond a limit, and in words how far."""

    id: str
    quality: BundleQuality
    words: tuple[str, ...]


@dataclass(frozen=True)
class JobAsk:
    """An ExportJob is done but for the last step and asks whether to ship what is beyond the
    limits. It waits for a JobAnswer."""

    beyond: tuple[Beyond, ...]


@dataclass(frozen=True)
class JobAnswer:
    """To a job that asked: ship it, or give it up."""

    go_on: bool
