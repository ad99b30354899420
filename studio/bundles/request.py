"""What is to be exported, and what that would give. Imports no torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studio.bundles.formats.all import formats
from studio.bundles.formats.contract import Format, FormatPlan, Subject
from studio.bundles.manifest import Precision
from studio.errors import BadChoice
from studio.families.diffusion.info import DiffusionInfo
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.describe import variant_name

if TYPE_CHECKING:
    from studio.families.generative import AnyModel
    from studio.recipes.recipe import Recipe

SEEDS = 8  # over which fidelity is taken
MODELS = "models"
REFERENCE_SEEDS = 2  # whose arrays go into the bundle
FULL = SubnetChoice()


@dataclass(frozen=True)
class Limits:
    """What an export may cost in fidelity to *full*: medians over the seeds; None for no limit."""

    flip: float | None = None
    psnr: float | None = None
    ssim: float | None = None

    def __post_init__(self) -> None:
        for name, value, low, high in (
            ("FLIP", self.flip, 0.0, 1.0),
            ("PSNR", self.psnr, 0.0, 200.0),
            ("SSIM", self.ssim, -1.0, 1.0),
        ):
            if value is not None and not low <= value <= high:
                raise BadChoice(f"a limit of {name} {value:g} is not within {low:g} and {high:g}")


@dataclass(frozen=True)
class Request:
    """An export.

    Args:
        full: the model as opened, to which everything is compared.
        model: what is exported of: ``full``, or a variant that a recipe made of it.
        choices: subnets of ``model``, each written in every format.
        formats: names of formats with a precision each.
        recipe: what made ``model``, or None.
        supernet: also the whole model as one file, from which subnets can be cut.
        limits: fidelity that is asked for. force: export what is beyond them.
        seeds: pictures that fidelity is taken over, 1 or more. measure: also time every file.
        pictures: the inputs themselves, ``seeds`` of them, of the size of training; none for the
            model's own, which are seeds from its first or test pictures.
    """

    full: AnyModel
    model: AnyModel
    choices: tuple[SubnetChoice, ...] = (FULL,)
    formats: tuple[tuple[str, Precision], ...] = (("onnx", "f32"),)
    recipe: Recipe | None = None
    supernet: bool = False
    limits: Limits = Limits()
    force: bool = False
    seeds: int = SEEDS
    measure: bool = True
    pictures: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Planned:
    """One file-to-be: a subject in a format, ``file`` with its suffix in the folder ``place``."""

    subject: Subject
    format: Format
    precision: Precision
    plan: FormatPlan

    place: str = MODELS
    file: str = ""

    @property
    def id(self) -> str:
        """Names it in the bundle."""
        return f"{self.subject.id}.{self.format.name}-{self.precision}"

    @property
    def contents(self) -> tuple[str, ...]:
        """Networks that it is made of beside itself: none."""
        return ()

    @property
    def stem(self) -> str:
        """Begins the names of its files."""
        return self.file or self.id


def planned(request: Request) -> tuple[Planned, ...]:
    """Everything that would be written, in order: subnet by subnet, format by format.

    Raises:
        BadChoice: a choice, format or number of seeds does not fit.
    """
    if request.seeds < 1:
        raise BadChoice(f"{request.seeds} seeds were asked for; at least 1 is needed")
    if not request.choices or not request.formats:
        raise BadChoice("nothing is to be exported; name at least one format")
    if of_pipeline(request):
        from studio.bundles.pipelines.planning import networks_planned

        return networks_planned(request)
    known = {each.name: each for each in formats()}
    found = []
    for subject in subjects(request):
        wanted = (("safetensors", "f32"),) if subject.whole else request.formats
        pairs: dict[tuple[str, Precision], None] = dict.fromkeys(wanted)
        for name, precision in pairs:
            form = known[name]
            found.append(Planned(subject, form, precision, form.plan(subject, precision)))
    return tuple(found)


def of_pipeline(request: Request) -> bool:
    """Whether it is several networks that draw together."""
    return isinstance(request.model.info, DiffusionInfo)


def subjects(request: Request) -> tuple[Subject, ...]:
    """The subnets that are exported, each once, and the whole model where that is wanted."""
    from studio.families.exportable import exportable

    model, config = request.model, request.model.info.config
    found: dict[object, Subject] = {}
    for choice in request.choices:
        made = resolve(choice, config)
        if made in found:
            continue
        name = variant_name(choice)
        ident = unique(slug(name), [each.id for each in found.values()])
        found[made] = Subject(ident, name, model, choice, exportable(model, choice))
    whole = []
    if request.supernet:
        parts = exportable(model, FULL)
        whole = [Subject("supernet", "the whole model", model, FULL, parts, whole=True)]
    return (*found.values(), *whole)


def slug(text: str) -> str:
    """A text as an id: small letters, digits, points and hyphens."""
    kept = "".join(c if c.isascii() and (c.isalnum() or c == ".") else " " for c in text.lower())
    return "-".join(kept.split())[:60].strip(".-") or "network"


def unique(wanted: str, taken: Sequence[str]) -> str:
    """``wanted``, or with a number behind it where that is taken."""
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    return name
