"""The choice of a subnet of a denoiser, and the rules that make it definite. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from studio.errors import BadChoice
from studio.families.diffusion.config import MOST_GUIDANCE, MOST_STEPS
from studio.subnets.denoisers.sites import KINDS, Layout

MIN_WIDTH = 1 / 64
LONGEST_NAME = 100  # of a scheduler


@dataclass(frozen=True)
class Elastic:
    """Which part of a denoiser to run.

    Args:
        width: share of every site's elements, above 0 and at most 1.
        channels, heads, units: the same for one kind of site; None takes ``width``.
        depth: share of the skippable blocks that run, from 0 to 1; those of least damage go first.
        skipped: blocks left out besides, by name.
        schedule: widths over the steps of a run, each for an equal part of it, instead of
            ``width``; empty for one width throughout.
    """

    width: float = 1.0
    channels: float | None = None
    heads: float | None = None
    units: float | None = None
    depth: float = 1.0
    skipped: tuple[str, ...] = ()
    schedule: tuple[float, ...] = ()

    def checked(self) -> Elastic:
        """Itself.

        Raises:
            BadChoice: a width or the depth is out of bounds.
        """
        ratios = [("width", each) for each in (self.width, *self.schedule)]
        ratios += [(kind, getattr(self, kind)) for kind in KINDS]
        for name, ratio in ratios:
            if ratio is not None and not 0 < ratio <= 1:
                raise BadChoice(f"{name} {ratio:g} is not above 0 and at most 1")
        if not 0 <= self.depth <= 1:
            raise BadChoice(f"depth {self.depth:g} is not within 0 and 1")
        return self

    def at(self, step: int, steps: int) -> float:
        """The width of one step of a run, counted from 0."""
        if not self.schedule:
            return self.width
        place = min(max(step, 0), max(steps, 1) - 1) * len(self.schedule) // max(steps, 1)
        return self.schedule[min(place, len(self.schedule) - 1)]

    def widths(self) -> tuple[float, ...]:
        """The different widths that a run uses, from the widest."""
        return tuple(sorted(set(self.schedule or (self.width,)), reverse=True))


@dataclass(frozen=True)
class Reuse:
    """What a run computes less often than every step.

    Args:
        interval: how many steps apart everything is computed, from the first on; on the steps
            between, deep features of the last such step are used again. 1 uses nothing again.
        branch: how much the steps between compute, from 0 for the least. U-Nets: layers of the way
            down, whose skip connections are fresh (Ma et al. 2023, "DeepCache", section 3.2);
            transformers: blocks besides the first one.
        threshold: where diffusers has a cache of its own (FLUX), the change of the first block's
            addition up to which the others are used again, instead of ``interval``; 0 for none.
        guided: the part of a run, two numbers from 0 to 1, in which guidance is computed; outside
            it the answer is that for the prompt alone.
    """

    interval: int = 1
    branch: int = 0
    threshold: float = 0.0
    guided: tuple[float, float] = (0.0, 1.0)

    def guides(self, step: int, steps: int) -> bool:
        """Whether guidance is computed at a step, counted from 0."""
        start, stop = self.guided
        return start * steps - 1e-6 <= step < stop * steps - 1e-6

    def computes(self, step: int) -> bool:
        """Whether everything is computed at a step, counted from 0."""
        return step % self.interval == 0

    def checked(self) -> Reuse:
        """Itself.

        Raises:
            BadChoice: a value is out of bounds.
        """
        if self.interval < 1:
            raise BadChoice(f"an interval of {self.interval} steps is not 1 or more")
        if self.branch < 0:
            raise BadChoice(f"branch {self.branch} is not 0 or more")
        if not 0 <= self.threshold <= 1:
            raise BadChoice(f"threshold {self.threshold:g} is not within 0 and 1")
        if not 0 <= self.guided[0] <= self.guided[1] <= 1:
            start, stop = self.guided
            raise BadChoice(f"the part from {start:g} to {stop:g} is not within 0 and 1")
        return self


@dataclass(frozen=True)
class Sampling:
    """What a variant asks of its runs in place of the inputs; None and empty leave it to them.

    Args:
        steps: of the sampler, 1 to 1000. guidance: strength of the prompt, 0 to 100; 1 is none.
        scheduler: the usual name of one that suits the pipeline.
    """

    steps: int | None = None
    guidance: float | None = None
    scheduler: str = ""

    def checked(self) -> Sampling:
        """Itself.

        Raises:
            BadChoice: a value is out of bounds.
        """
        if self.steps is not None and not 1 <= self.steps <= MOST_STEPS:
            raise BadChoice(f"{self.steps} steps cannot be run; accepted are 1 to {MOST_STEPS}")
        if self.guidance is not None and not 0 <= self.guidance <= MOST_GUIDANCE:
            raise BadChoice(
                f"a guidance of {self.guidance:g} is not within 0 and {MOST_GUIDANCE:g}"
            )
        if len(self.scheduler) > LONGEST_NAME:
            raise BadChoice("the name of a scheduler is far too long")
        return self


@dataclass(frozen=True)
class Denoising:
    """How a denoiser runs, apart from what choices of other networks say as well.

    Args:
        elastic: its ``width`` stays 1: the width is that of the whole choice
            (``studio.subnets.choice.SubnetChoice``). reuse: what is computed less often.
        sampling: what a run has in place of what the inputs say.
    """

    elastic: Elastic = Elastic()
    reuse: Reuse = Reuse()
    sampling: Sampling = Sampling()

    def normal(self) -> Denoising | None:
        """Itself; None where everything is computed at every step, as the inputs say."""
        return None if self == Denoising() else self

    @property
    def within_a_run(self) -> bool:
        """Whether steps of a run differ, so that it is more than one network."""
        reuse = self.reuse
        used_again = reuse.interval > 1 or reuse.threshold > 0 or reuse.guided != (0.0, 1.0)
        return used_again or bool(self.elastic.schedule)


@dataclass(frozen=True)
class Kept:
    """A choice made definite: elements kept of each narrowed site by key, and blocks left out."""

    counts: Mapping[str, int] = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return not self.counts and not self.skipped


def resolve(
    choice: Elastic, layout: Layout, skip_order: Sequence[str] = (), width: float | None = None
) -> Kept:
    """Turn a choice into counts.

    Args:
        skip_order: names of blocks, those of least damage first; blocks that it lacks follow in
            their own order.
        width: instead of the choice's own, for one step of a schedule.

    Raises:
        BadChoice: a width, the depth or a block is not one that the denoiser has.
    """
    shared = choice.width if width is None else width
    replace(choice, width=shared).checked()
    counts = {}
    for site in layout.sites:
        own = getattr(choice, site.kind)
        kept = _share(site.count, shared if own is None else own)
        if kept < site.count:
            counts[site.key] = kept
    return Kept(counts, _skipped(choice, layout, skip_order))


def _skipped(choice: Elastic, layout: Layout, skip_order: Sequence[str]) -> frozenset[str]:
    names = [block.name for block in layout.blocks]
    for name in choice.skipped:
        if name not in names:
            raise BadChoice(f"'{name}' is not a block that can be left out")
    known = [name for name in skip_order if name in names]
    order = known + [name for name in names if name not in set(known)]
    left_out = len(order) - int(choice.depth * len(order) + 0.5)
    return frozenset(order[:left_out]) | frozenset(choice.skipped)


def _share(count: int, ratio: float) -> int:
    # The small addend keeps 0.7 * 10 from becoming 6 through rounding of binary fractions.
    return max(1, min(count, int(count * ratio + 1e-6)))
