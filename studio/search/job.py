"""One search from file to file: what the command line and any other front end run."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import torch

from studio.errors import BadChoice, MaquetteError, cause_of
from studio.families.picture_file import checked_target
from studio.families.translation.info import TranslationInfo
from studio.families.translation.model import TranslationModel
from studio.fidelity.frontier import unbeaten
from studio.processes.aside import written_aside
from studio.runtimes.target import Target
from studio.search.evolution import Candidate, EvolutionOptions, evolve
from studio.search.latency import Clock, sampled, timing_on
from studio.search.orders import SearchOrder
from studio.search.reach import refuse_above
from studio.search.report import Found, SearchReport
from studio.search.scoring import Scorer, pixels_of
from studio.training.gan_compression.data import Pairs, read_pairs
from studio.training.gan_compression.job import exported, open_translation, written
from studio.training.gan_compression.space import Space, Widths, choice_of, space_of

SAVE_SECONDS = 30.0
ROUNDS = 4  # of measuring finalists, each of which corrects the prediction
Progress = Callable[[float, str], None]


class SearchRun:
    """One search. Scores and latencies that are known are kept beside ``out`` until it is written,
    so a search that was killed repeats none of them.

    Args:
        out: where the chosen subnet goes, as a model file; None writes none.
        token: names the hidden folder beside ``out`` in which files are prepared.
    """

    def __init__(
        self,
        order: SearchOrder,
        out: str | Path | None,
        options: EvolutionOptions,
        *,
        token: str | None = None,
        save_seconds: float = SAVE_SECONDS,
    ) -> None:
        self.order, self.options = order, options
        self.out = None if out is None else checked_target(out)
        self.token = token or secrets.token_hex(8)
        self.save_seconds = save_seconds

    @property
    def notes(self) -> Path | None:
        """Where what is known of subnets is kept meanwhile."""
        return None if self.out is None else self.out.with_name(f"{self.out.name}.search")

    def run(
        self, progress: Progress, stopped: Callable[[], bool] = lambda: False
    ) -> tuple[TranslationInfo | None, SearchReport]:
        """Do it; the subnet that was written, and the report.

        Args:
            progress: told a fraction in [0, 1] and what happens; may raise to end the search.
            stopped: asked before every subnet; True ends the search with what was found.

        Raises:
            MaquetteError: a file cannot be read or written, models do not fit, the target cannot
                run them, or no subnet meets the budget: then the sentence says what can be reached.
        """
        progress(0.0, "reading files")
        supernet = open_translation(self.order.model)
        teacher = supernet
        if self.order.teacher is not None:
            teacher = open_translation(self.order.teacher)
        space = space_of(supernet.info.config.sizes, self.order.ratios)
        pairs = read_pairs(
            self.order.data, supernet.info.config, 1.0, lambda f, t: progress(0.05 * f, t)
        )
        scorer = _scorer(supernet, teacher, pairs, self.order.pictures)
        clock = self._clock(supernet, progress)
        self._recall(scorer, clock, supernet, teacher)
        saved = time.monotonic()

        def moved(fraction: float, text: str) -> None:
            nonlocal saved
            if time.monotonic() - saved >= self.save_seconds:
                self._keep(scorer, clock, supernet, teacher)
                saved = time.monotonic()
            progress(fraction, text)

        self._sample(space, clock, moved)
        cost = self._cost(supernet, clock)
        self._check_reachable(space, clock, cost)
        candidates = evolve(
            space,
            scorer,
            cost,
            self.order.budget.limit,
            self.options,
            progress=lambda f, text: moved(0.2 + 0.7 * f, text),
            stopped=stopped,
        )
        found = self._finalists(candidates, supernet, space, clock, scorer, moved)
        report = self._report(found, space, len(scorer.known), len(scorer.wanted), stopped())
        info = None
        if self.out is not None:
            progress(0.99, "writing the subnet")
            widths = tuple(int(w) for w in report.best.choice.widths or ())
            info = written(exported(supernet, widths, pairs), self.out, self.token)
            if self.notes is not None and not report.stopped:
                self.notes.unlink(missing_ok=True)
        progress(1.0, "done")
        return info, report

    def _clock(self, supernet: TranslationModel, progress: Progress) -> Clock | None:
        if self.order.target is None:
            return None
        target = Target.parse(self.order.target)
        timed = timing_on(supernet, target, lambda: progress(0.1, f"measuring on {target}"))
        return Clock(lambda widths: supernet.cost(choice_of(widths)).macs, timed)

    def _sample(self, space: Space, clock: Clock | None, progress: Progress) -> None:
        """Measure what predictions are made from."""
        if clock is None or self.order.budget.unit != "ms":
            return
        draw = torch.Generator().manual_seed(self.options.seed)
        chosen = sampled(space, lambda n: int(torch.randint(n, (), generator=draw)))
        for number, widths in enumerate(chosen):
            progress(0.05 + 0.15 * number / len(chosen), f"measuring {space.name(widths)}")
            clock.measured(widths)

    def _cost(self, supernet: TranslationModel, clock: Clock | None) -> Callable[[Widths], float]:
        unit = self.order.budget.unit
        if unit == "ms":
            assert clock is not None
            return clock.predicted
        known: dict[Widths, float] = {}

        def count(widths: Widths) -> float:
            if widths not in known:
                cost = supernet.cost(choice_of(widths))
                known[widths] = cost.macs if unit == "macs" else cost.paper_macs
            return known[widths]

        return count

    def _check_reachable(
        self, space: Space, clock: Clock | None, cost: Callable[[Widths], float]
    ) -> None:
        least = space.smallest
        if self.order.budget.unit == "ms":
            assert clock is not None
            least = min(clock.known, key=lambda widths: clock.known[widths].median)
        refuse_above(self.order.budget, space, least, cost(least))

    def _finalists(
        self,
        candidates: Sequence[Candidate],
        supernet: TranslationModel,
        space: Space,
        clock: Clock | None,
        scorer: Scorer,
        progress: Progress,
    ) -> tuple[Found, ...]:
        """The nearest, measured where there is a target, until enough of them meet the budget."""
        budget, count = self.order.budget, self.order.finalists
        if not candidates:  # stopped before the first
            widths = space.smallest
            candidates = (Candidate(widths, scorer(widths), 0.0),)
        chosen: dict[Widths, Candidate] = {}
        for turn in range(ROUNDS):
            fits = [c for c in candidates if c.widths not in chosen]
            if clock is not None and budget.unit == "ms":
                fits = [c for c in fits if clock.predicted(c.widths) <= budget.limit]
            wanted = count - sum(self._meets(c, clock) for c in chosen.values())
            if wanted <= 0 or not fits:
                break
            for number, each in enumerate(fits[:wanted]):
                chosen[each.widths] = each
                if clock is not None:
                    done = 0.9 + 0.08 * (turn + number / wanted) / ROUNDS
                    progress(done, f"measuring {space.name(each.widths)}")
                    clock.measured(each.widths)
        every = [c for c in chosen.values() if self._meets(c, clock)]
        if not every:
            # Those that were predicted to meet it do not; one that was measured does.
            assert clock is not None
            widths = min(clock.known, key=lambda w: clock.known[w].median)
            refuse_above(self.order.budget, space, widths, clock.known[widths].median)
            every = [Candidate(widths, scorer(widths), clock.known[widths].median)]
        every.sort(key=lambda c: c.distance)
        return tuple(self._found(c, supernet, space, clock) for c in every)

    def _meets(self, each: Candidate, clock: Clock | None) -> bool:
        if clock is None or self.order.budget.unit != "ms":
            return True
        return each.widths in clock.known and (
            clock.known[each.widths].median <= self.order.budget.limit
        )

    def _found(
        self, each: Candidate, supernet: TranslationModel, space: Space, clock: Clock | None
    ) -> Found:
        choice = choice_of(each.widths)
        cost = supernet.cost(choice)
        spread = None if clock is None else clock.known.get(each.widths)
        return Found(
            name=space.name(each.widths),
            choice=choice,
            distance=each.distance,
            parameters=cost.parameters,
            macs=cost.macs,
            paper_macs=cost.paper_macs,
            predicted_ms=each.cost if self.order.budget.unit == "ms" else None,
            latency_ms=None if spread is None else spread.median,
            low_ms=None if spread is None else spread.p10,
            high_ms=None if spread is None else spread.p90,
        )

    def _report(
        self, found: Sequence[Found], space: Space, tried: int, pictures: int, stopped: bool
    ) -> SearchReport:
        costs = [float(f.macs) if f.latency_ms is None else f.latency_ms for f in found]
        front = unbeaten([(cost, -f.distance) for cost, f in zip(costs, found, strict=True)])
        kept = sorted(front, key=lambda index: costs[index])
        return SearchReport(
            best=found[0],
            front=tuple(found[index] for index in kept),
            tried=tried,
            space=space.count,
            budget=self.order.budget.text(self.order.budget.limit),
            target=self.order.target or "",
            pictures=pictures,
            stopped=stopped,
        )

    def _identity(self, supernet: TranslationModel, teacher: TranslationModel) -> list[str]:
        order = self.order
        data = repr(replace(order.data, pairing="auto"))
        return [supernet.info.key, teacher.info.key, data, str(order.pictures), str(order.target)]

    def _keep(
        self,
        scorer: Scorer,
        clock: Clock | None,
        supernet: TranslationModel,
        teacher: TranslationModel,
    ) -> None:
        if self.notes is None:
            return
        record = {
            "of": self._identity(supernet, teacher),
            "scores": [[list(w), d] for w, d in scorer.known.items()],
            "times": []
            if clock is None
            else [[list(w), s.median, s.p10, s.p90, s.runs] for w, s in clock.known.items()],
        }
        try:
            with written_aside(self.notes, self.token) as aside:
                aside.write_text(json.dumps(record), "utf-8")
        except OSError as error:
            raise MaquetteError(f"cannot write {self.notes}: {cause_of(error)}") from error

    def _recall(
        self,
        scorer: Scorer,
        clock: Clock | None,
        supernet: TranslationModel,
        teacher: TranslationModel,
    ) -> None:
        """What an earlier run of the same search knew; of another search, nothing."""
        from studio.runtimes.timing_record import Spread

        if self.notes is None or not self.notes.is_file():
            return
        try:
            record = json.loads(self.notes.read_text("utf-8"))
            if record["of"] != self._identity(supernet, teacher):
                return
            scores = {tuple(w): float(d) for w, d in record["scores"]}
            times = {tuple(w): Spread(*rest) for w, *rest in record["times"]}
        except (OSError, ValueError, KeyError, TypeError):
            return
        scorer.known.update(scores)
        if clock is not None:
            clock.known.update(times)


def _scorer(
    supernet: TranslationModel, teacher: TranslationModel, pairs: Pairs, pictures: int
) -> Scorer:
    mine, theirs = supernet.info.config.sizes, teacher.info.config.sizes
    if (mine.inputs, mine.outputs) != (theirs.inputs, theirs.outputs):
        raise BadChoice(
            f"{teacher.info.name} turns {theirs.inputs} channels into {theirs.outputs}, the "
            f"supernet {mine.inputs} into {mine.outputs}; a teacher has those of its student"
        )
    count = min(pictures, len(pairs))
    rows = [round(k * (len(pairs) - 1) / max(1, count - 1)) for k in range(count)]
    inputs = pairs.middles(rows).inputs
    drawn = [teacher.picture(each[None]) for each in inputs]
    return Scorer(supernet, inputs, pixels_of(torch.cat(drawn)))
