"""Drawing subnets with compiled networks, for commands and measurements that may wait for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from studio.engine.adopting import Held, planned
from studio.errors import BadChoice
from studio.families.generative import AnyModel
from studio.fidelity.drawing import Between, Drawer, EagerDrawer
from studio.fidelity.measurement import Measurement
from studio.fidelity.picture_run import PictureRun, Stopwatch
from studio.processes.child import processor_count
from studio.runtimes.target import PYTORCH_CPU, Target
from studio.subnets.choice import Subnet, SubnetChoice, asked, resolve

if TYPE_CHECKING:
    from studio.families.diffusion.model import DiffusionModel


def drawer(model: AnyModel, target: str) -> Drawer:
    """Who draws ``model`` on ``target``.

    Raises:
        BadChoice: there is no such target.
    """
    named = Target.parse(target)
    return EagerDrawer(model) if named == PYTORCH_CPU else CompiledDrawer(model, named)


def made_here(measurements: Sequence[Measurement]) -> tuple[Measurement, ...]:
    """Measurements that were just taken, with the names of this host and of their runtime."""
    from studio.runtimes.all import runtime
    from studio.runtimes.host import host_name

    host = host_name()
    return tuple(
        replace(m, host=host, version=runtime(Target.parse(m.target).runtime).version() or "")
        for m in measurements
    )


class CompiledDrawer:
    """Compiles every subnet it is asked for, or takes it from the cache."""

    def __init__(self, model: AnyModel, target: Target, threads: int | None = None) -> None:
        """``threads``: CPU threads there are; None for those of the machine."""
        self.target = str(target)
        self._model = model
        self._target = target
        self._threads = processor_count() if threads is None else threads
        self._ready: tuple[tuple[Subnet, dict[str, int]], Held] | None = None

    def draw(
        self, inputs: Any, choice: SubnetChoice, between: Between = None
    ) -> npt.NDArray[np.uint8]:
        inputs = asked(inputs, choice)
        held = self._held(choice, inputs)
        return self._model.render_with(held.network.run, held.inputs, inputs, between=between)

    def instead(self, inputs: Any, choice: SubnetChoice) -> Callable[..., Any]:
        """Of a pipeline, the compiled network as the ``denoiser`` of its ``render``."""
        held = self._held(choice, asked(inputs, choice))
        model: DiffusionModel = self._model  # type: ignore[assignment]
        run: Callable[..., Any] = model.compiled(held.network.run, held.inputs)
        return run

    @contextmanager
    def running(
        self, inputs: Any, choice: SubnetChoice
    ) -> Iterator[tuple[Callable[[], object], int]]:
        inputs = asked(inputs, choice)
        held = self._held(choice, inputs)
        if self._model.info.family == "diffusion":
            yield _whole_picture(self._model, held, inputs), held.plan.threads  # type: ignore[arg-type]
            return
        fed = self._model.fed(held.inputs, inputs)
        yield lambda: held.network.run(fed), held.plan.threads

    def made_by(self, choice: SubnetChoice) -> str:
        """Where a subnet really runs, in words."""
        return self._held(choice).by.title

    def _held(self, choice: SubnetChoice, inputs: Any = None) -> Held:
        from studio.runtimes.compiling import ready

        sizes = self._model.sizes(inputs)
        wanted = resolve(choice, self._model.info.config), sizes
        if self._ready is None or self._ready[0] != wanted:
            plan = planned(self._model, choice, self._target, self._threads, sizes)
            if plan.refusals:
                raise BadChoice(f"{self.target} cannot run this: {plan.refusals[0]}")
            if self._ready is not None:
                before, held = self._ready
                if before[0] == wanted[0] and held.plan.sizes == plan.sizes:  # of any size
                    self._ready = (wanted, held)
                    return held
                held.network.close()
            self._ready = (wanted, Held(ready(plan), plan))
        return self._ready[1]


def _whole_picture(model: DiffusionModel, held: Held, inputs: Any) -> PictureRun:
    """What draws a picture of a pipeline with a compiled denoiser."""

    def draw(watch: Stopwatch) -> object:
        run = model.compiled(held.network.run, held.inputs)
        return model.render(inputs, denoiser=run, watch=watch)

    return PictureRun(draw, model.settled(inputs).steps_run)
