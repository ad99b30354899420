"""What a compression technique is: who it is, what it takes, and up to four verbs.

A technique is a subclass of :class:`Technique` in ``plugins/<name>/technique.py``, or in another
package behind the entry-point group ``maquette.techniques``. Its parameters are declared once, as a
:class:`Params` model in ``params.py``, which imports pydantic alone: panel, command-line options,
recipe schema and messages all come from that declaration. Importing this module imports no torch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from studio.families.info import BaseInfo
from studio.recipes.scan import SCAN_SEEDS
from studio.subnets.choice import SubnetChoice

if TYPE_CHECKING:
    from studio.families.generative import AnyModel
    from studio.recipes.scan import Scan
    from studio.runtimes.quantization import QuantPlan

Verb = Literal["prepare", "select", "transform", "lower"]
VERBS: tuple[Verb, ...] = ("prepare", "select", "transform", "lower")
SECONDS = 5.0  # of most techniques, roughly


class Params(BaseModel):
    """Base of every technique's parameters: frozen, unknown fields refused, no infinities.

    A field says its bounds, default and description by ``Field(...)``; what pydantic has no word
    for goes into ``json_schema_extra``: ``unit`` ("px", "%", ...), ``search`` (a list of values or
    [low, high] worth searching), ``advanced`` (folded away in the panel), ``scan`` (a list of
    layers that :meth:`Technique.scan` proposes), ``families`` (whose panels alone have it),
    ``words`` (by family: ``title``, ``description`` or ``enum`` that its panel has instead).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


@dataclass(frozen=True)
class LayerReport:
    """What was done to one layer, or why nothing was.

    Args:
        name: the layer, e.g. ``layers.3``. skipped: why it was left alone; empty when it was not.
        detail: in words, e.g. "256 to 192 channels".
        bytes_before, bytes_after: of its weights as float32, or as stored on disk.
        error: relative error of its output or weights, 0 for none; None when unknown.
    """

    name: str
    skipped: str = ""
    detail: str = ""
    bytes_before: int = 0
    bytes_after: int = 0
    error: float | None = None


@dataclass(frozen=True)
class Report:
    """What a step did: a line, its layers, and bytes of the whole model on disk and resident.

    A report of ``prepare`` or ``transform`` may leave all four sizes at 0: they are counted then,
    as float32. ``seconds``: that it took, where that is worth telling; equal work may take longer,
    so reports are equal without it.
    """

    summary: str
    layers: tuple[LayerReport, ...] = ()
    disk_before: int = 0
    disk_after: int = 0
    resident_before: int = 0
    resident_after: int = 0
    notes: tuple[str, ...] = ()
    seconds: float = field(default=0.0, compare=False)

    @property
    def touched(self) -> int:
        """Number of layers that were changed."""
        return sum(not layer.skipped for layer in self.layers)


@dataclass(frozen=True)
class StepReport:
    """What one verb of one step did.

    Args:
        step: number of the step, from 1. technique: its name.
        verb: one of the four, or ``cut`` where the model was cut to what had been selected.
        cached: it was done before and taken from the cache.
    """

    step: int
    technique: str
    verb: str
    report: Report
    cached: bool = False


@dataclass(frozen=True)
class Baked:
    """A new model and what was done to make it. The model given to the verb is never changed."""

    model: AnyModel
    report: Report


@dataclass(frozen=True)
class Lowered:
    """A quantisation plan and what was decided. The plan given to the verb is never changed."""

    plan: QuantPlan
    report: Report


@dataclass(frozen=True)
class Context:
    """What a baked verb may use.

    Args:
        progress: called with a fraction in [0, 1] and a line of text; may raise to stop.
        seed: of every random choice; the same seed gives the same variant.
        calibration: a folder of the user's calibration inputs; None takes the model's own.
        choice: the subnet that the steps before have selected; steps that change weights see a
            model that has been cut to it already.
        full: the model that the recipe began with, for figures and as a teacher; None where the
            verb is called by itself.
    """

    progress: Callable[[float, str], None] = field(default=lambda fraction, text: None)
    seed: int = 0
    calibration: str | None = None
    choice: SubnetChoice = SubnetChoice()
    full: AnyModel | None = None


class Technique:
    """One compression method. Subclasses set the class variables and implement at least one verb.

    Class variables:
        name: lower case, unique; also the step's name in recipes and the command line's.
        version: grows when parameters change their meaning; ``migrate`` brings older steps up.
        title, summary: for people, one word or two and one sentence.
        paper: the source it follows, empty for none.
        params: the declaration of its parameters.
        after, before: names of techniques that its step must follow or precede where both occur.
        not_first: why its step cannot be the first of a recipe, as a clause; empty when it can.
        quick: parameters with which it really works within a second or two on a tiny model, where
            its defaults take minutes; checks start from these.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    title: ClassVar[str]
    summary: ClassVar[str]
    paper: ClassVar[str] = ""
    params: ClassVar[type[Params]]
    after: ClassVar[tuple[str, ...]] = ()
    before: ClassVar[tuple[str, ...]] = ()
    not_first: ClassVar[str] = ""
    quick: ClassVar[Mapping[str, Any]] = MappingProxyType({})

    @classmethod
    def verbs(cls) -> tuple[Verb, ...]:
        """The verbs that it implements, in the order in which they run."""
        return tuple(v for v in VERBS if getattr(cls, v) is not getattr(Technique, v))

    @classmethod
    def scans(cls) -> bool:
        """Whether it can tell what it costs each layer."""
        return cls.scan is not Technique.scan

    def needed(self, info: BaseInfo, params: Any) -> tuple[Verb, ...]:
        """The verbs that have something to do with these parameters on this model, in their order.

        A step whose every needed verb is ``select`` stays live: nothing is baked for it. The others
        are not called at all.
        """
        return self.verbs()

    def seconds(self, params: Any) -> float:
        """About how long baking takes. Recipes share their progress out by it among their steps, so
        only a step that takes minutes needs to say it."""
        return SECONDS

    def applies_to(self, info: BaseInfo) -> str | None:
        """None when it fits the model, else the reason as a clause ("it has no ...")."""
        return None

    def migrate(self, params: Mapping[str, Any], version: int) -> dict[str, Any]:
        """Parameters of an older ``version`` as those of this one.

        Raises:
            BadChoice: they cannot be brought up.
        """
        return dict(params)

    def prepare(self, model: AnyModel, params: Any, context: Context) -> Baked:
        """Rearrange without changing the output: order channels, smooth scales, calibrate."""
        raise NotImplementedError

    def select(self, info: BaseInfo, params: Any, choice: SubnetChoice) -> SubnetChoice:
        """Choose a view of the model, starting from what steps before chose; takes microseconds.

        Raises:
            BadChoice: the parameters do not fit the model.
        """
        raise NotImplementedError

    def transform(self, model: AnyModel, params: Any, context: Context) -> Baked:
        """Network to network, in PyTorch.

        Raises:
            BadChoice: the parameters do not fit the model.
        """
        raise NotImplementedError

    def lower(self, plan: QuantPlan, model: AnyModel, params: Any, context: Context) -> Lowered:
        """Add to a portable quantisation plan, which each runtime emits its own way.

        Raises:
            BadChoice: the parameters do not fit the model.
        """
        raise NotImplementedError

    def scan(self, model: AnyModel, params: Any, context: Context, seeds: int = SCAN_SEEDS) -> Scan:
        """What the step costs each layer alone, and which to leave out; no verb, nothing is made.

        For techniques with a field that lists layers, which says ``scan`` in its
        ``json_schema_extra``: its panel then offers the scan. The model is as ``lower`` sees it.
        ``seeds``: pictures to judge by.

        Raises:
            BadChoice: the parameters do not fit the model.
        """
        raise NotImplementedError
