"""A denoiser that takes another form at each step of a run: narrower, with features used again, or
without guidance. Pipelines get it in the place of the denoiser and need not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from torch import nn

from studio.errors import BadChoice
from studio.subnets.denoisers.calls import Call, timestep_of
from studio.subnets.denoisers.choice import Elastic, Reuse, resolve
from studio.subnets.denoisers.clones import steered, twin
from studio.subnets.denoisers.cost import multiplies
from studio.subnets.denoisers.guidance import batch_of, doubled, half
from studio.subnets.denoisers.reuse import Memory, Split, split
from studio.subnets.denoisers.sites import Layout
from studio.subnets.denoisers.slicing import view

Module = TypeVar("Module", bound=nn.Module)


class Conductor(Generic[Module]):
    """Runs a denoiser as a choice says, step by step.

    Args:
        denoiser: the whole one, which stays as it is. layout: of it.
        skip_order: as for ``resolve``.

    ``network`` is what a pipeline takes: of the same class, config and tensors. ``begin`` is told
    of every run; steps are then counted by the timesteps of the calls, a new one where it changes,
    so a scheduler that asks twice in a step counts two. ``choose`` may be called at any time.
    """

    def __init__(self, denoiser: Module, layout: Layout, skip_order: Sequence[str] = ()) -> None:
        self.denoiser, self.layout, self.skip_order = denoiser, layout, tuple(skip_order)
        self.network: Module = steered(denoiser, self._answer)
        self.elastic, self.reuse = Elastic(), Reuse()
        self._memory = Memory()
        self._forms: dict[object, Any] = {}
        self.begin(1)

    def choose(self, elastic: Elastic | None = None, reuse: Reuse | None = None) -> None:
        """Take another choice from the next call on; None for the whole of it.

        Raises:
            BadChoice: the choice does not fit the denoiser; the one before stays.
        """
        elastic, reuse = elastic or Elastic(), (reuse or Reuse()).checked()
        for width in elastic.widths():
            resolve(elastic, self.layout, self.skip_order, width)
        if reuse.interval > 1:
            split(self.denoiser, reuse.branch)
        if reuse.threshold:
            self._check_cache(elastic, reuse)
        if elastic != self.elastic or reuse != self.reuse:
            self._forms.clear()
            self._memory.clear()
        self.elastic, self.reuse = elastic, reuse

    def begin(
        self, steps: int, *, guided: bool = False, prompt_first: bool = False, before: int = 0
    ) -> None:
        """A new run begins: nothing of the last one is used again.

        Args:
            steps: that it will have.
            guided: whether its batches have a half without the prompt.
            prompt_first: whether the half with the prompt (or the class) comes first, as in DiT.
            before: steps of a schedule of widths that it leaves out, for it begins from a picture.
        """
        self.steps, self.guided, self.prompt_first = steps, guided, prompt_first
        self._before = before
        self._step, self._nth, self._time = -1, 0, float("nan")
        self._memory.clear()
        for form in self._forms.values():
            if hasattr(form, "_reset_stateful_cache") and getattr(form, "is_cache_enabled", False):
                form._reset_stateful_cache()

    @property
    def step(self) -> int:
        """The step of the last call, from 0; -1 before the first."""
        return self._step

    def _answer(self, *args: Any, **kwargs: Any) -> Any:
        """The ``forward`` of ``network``."""
        self._count(timestep_of(args, kwargs))
        if not self.guided or self.reuse.guides(self._step, self.steps):
            return self._run(args, kwargs)
        args, kwargs = half(args, kwargs, self.prompt_first)
        return doubled(self._run(args, kwargs))

    def _count(self, time: float) -> None:
        # The comparison with the number before the first call, not a number, is never equal.
        if time == self._time:
            self._nth += 1
        else:
            self._step, self._nth, self._time = self._step + 1, 0, time

    def _run(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        width = self.elastic.at(self._step + self._before, self.steps + self._before)
        # Hooks of the network have run when ``_answer`` was called: the forms' own run none.
        if self.reuse.threshold:
            cached = self._cached(width)
            with cached.cache_context(f"call {self._nth} of {batch_of(args, kwargs)}"):
                return cached.forward(*args, **kwargs)
        if self.reuse.interval == 1:
            return self._view(width).forward(*args, **kwargs)
        forms = self._split(width)
        # Calls of one step, and batches with and without guidance, each have features of their own.
        self._memory.key = (self._nth, batch_of(args, kwargs))
        full = self.reuse.computes(self._step) or not self._memory.known
        return (forms.whole if full else forms.part).forward(*args, **kwargs)

    def _view(self, width: float) -> Module:
        key = ("view", width)
        if key not in self._forms:
            kept = resolve(self.elastic, self.layout, self.skip_order, width)
            self._forms[key] = view(self.denoiser, self.layout, kept)
        form: Module = self._forms[key]
        return form

    def _split(self, width: float) -> Split[Module]:
        # The trunk has one width, so features of one width fit any other.
        key = ("split", width)
        if key not in self._forms:
            self._forms[key] = split(self._view(width), self.reuse.branch, self._memory)
        forms: Split[Module] = self._forms[key]
        return forms

    def _cached(self, width: float) -> Any:
        key = ("cache", width)
        if key not in self._forms:
            from diffusers.hooks import FirstBlockCacheConfig

            form: Any = twin(self._view(width), hooks=True)
            form.enable_cache(FirstBlockCacheConfig(threshold=self.reuse.threshold))
            self._forms[key] = form
        return self._forms[key]

    def _check_cache(self, elastic: Elastic, reuse: Reuse) -> None:
        if not hasattr(self.denoiser, "enable_cache"):
            raise BadChoice(
                f"diffusers has no cache for a {type(self.denoiser).__name__}; use an interval"
            )
        if reuse.interval > 1:
            raise BadChoice("an interval and a threshold do not go together")
        if resolve(elastic, self.layout, self.skip_order).skipped or len(elastic.widths()) > 1:
            raise BadChoice("a threshold goes with every block and one width throughout")

    def multiplies(self, call: Call, steps: int, *, guided: bool = False) -> float:
        """Mean multiplies of a step of a run.

        Args:
            call: of the sizes of a step, with both halves where ``guided``. steps: of the run.

        Raises:
            BadChoice: it depends on what is drawn (``threshold``).
        """
        if self.reuse.threshold:
            raise BadChoice("how often a cache by threshold is used depends on what is drawn")
        known: dict[object, int] = {}
        total = 0
        for step in range(steps):
            width = self.elastic.at(step, steps)
            with_prompt_alone = guided and not self.reuse.guides(step, steps)
            key = (width, self.reuse.computes(step), with_prompt_alone)
            if key not in known:
                asked = call
                if with_prompt_alone:
                    asked = Call(*half(call.args, call.kwargs, False))
                known[key] = self._multiplies(width, self.reuse.computes(step), asked)
            total += known[key]
        return total / steps

    def _multiplies(self, width: float, full: bool, call: Call) -> int:
        kept = resolve(self.elastic, self.layout, self.skip_order, width)
        narrow = view(self.denoiser, self.layout, kept)
        if full:
            return multiplies(narrow, call)
        # What the steps between read is there once a step without content has left it.
        forms = split(narrow, self.reuse.branch)
        multiplies(forms.whole, call)
        return multiplies(forms.part, call)
