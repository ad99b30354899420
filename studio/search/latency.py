"""How long subnets take on a target: a few are measured, the rest predicted, finalists measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from studio.errors import BadChoice, RuntimeFailed
from studio.families.translation.model import TranslationModel
from studio.families.translation.portable import BATCH, HEIGHT, WIDTH
from studio.families.translation.steps import INPUT
from studio.fidelity.predicting import LatencyModel, fitted
from studio.processes.child import processor_count
from studio.runtimes.benchmark import Bounds, benchmark
from studio.runtimes.target import Target
from studio.runtimes.timing_record import Spread
from studio.subnets.threads import SMALL
from studio.training.gan_compression.space import Space, Widths, choice_of

QUICK = Bounds(warm_up=2, least=7, most=60, seconds=0.4, longest=6.0)
SAMPLES = 10  # subnets that are measured before the search, its ends among them
Timing = Callable[[Widths], Spread]


@dataclass
class Clock:
    """Latencies of a supernet's subnets at batch 1 and its size of training.

    Args:
        macs: true multiplies of a subnet. timed: measures one. known: what was measured.
    """

    macs: Callable[[Widths], float]
    timed: Timing
    known: dict[Widths, Spread] = field(default_factory=dict)
    _model: LatencyModel | None = None
    _fitted: int = 0

    def measured(self, widths: Widths) -> Spread:
        """Milliseconds, measured once."""
        if widths not in self.known:
            self.known[widths] = self.timed(widths)
        return self.known[widths]

    def predicted(self, widths: Widths) -> float:
        """Milliseconds: measured where that was done, else by multiplies from what was."""
        if widths in self.known:
            return self.known[widths].median
        if self._fitted != len(self.known):
            every = list(self.known.items())
            self._model = fitted([self.macs(w) for w, _ in every], [s.median for _, s in every])
            self._fitted = len(every)
        if self._model is not None:
            return self._model.at(self.macs(widths)).median
        # Fewer than three sizes: in proportion to the nearest of them.
        macs = self.macs(widths)
        near = min(self.known, key=lambda w: abs(self.macs(w) - macs))
        return self.known[near].median * macs / self.macs(near)


def sampled(space: Space, pick: Callable[[int], int], count: int = SAMPLES) -> tuple[Widths, ...]:
    """Subnets to measure first: both ends of the space and some between."""
    found = dict.fromkeys((space.smallest, space.largest))
    for _ in range(20 * count):
        if len(found) >= min(count, space.count):
            break
        found[space.drawn(pick)] = None
    return tuple(found)


def timing_on(model: TranslationModel, target: Target, between: Callable[[], None]) -> Timing:
    """Measures a subnet by compiling and running it on ``target``.

    Raises:
        BadChoice: when it is called, and the target cannot run the network.
    """
    from studio.runtimes.all import runtime

    chosen = runtime(target.runtime)
    config = model.info.config
    height, width = config.settings.height, config.settings.width

    def timed(widths: Widths) -> Spread:
        import numpy as np

        network = model.portable(choice_of(widths))
        shape = (1, config.sizes.inputs, height, width)
        values = np.random.default_rng(0).uniform(-1, 1, shape).astype(np.float32)
        threads = 1 if network.macs < SMALL else processor_count()
        record = benchmark(
            chosen,
            network,
            target,
            lambda count: {INPUT: values},
            batches=(1,),
            sizes={BATCH: 1, HEIGHT: height, WIDTH: width},
            threads=threads,
            layers=False,
            bounds=QUICK,
            between=between,
        )
        if record.refusals:
            raise BadChoice(f"{target} cannot run this: {record.refusals[0]}")
        spread = record.batches[0].spread
        if spread is None:
            raise RuntimeFailed(f"{target} gave no timing")
        return spread

    return timed
