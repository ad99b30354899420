"""Has a ladder of subnets compiled in the background, and the renderer draw with what is ready."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from studio.engine.job_messages import CompileJob, JobDone, JobFailed, JobNear, JobRung
from studio.engine.messages import Adopt, Adopted, Notice, RenderSpec, Unusable
from studio.engine.sizing import Sizes, fixed, sizes_of, written_for
from studio.families.info import ModelInfo
from studio.runtimes.target import Target
from studio.session.document import CURRENT, Document
from studio.subnets.choice import Subnet, SubnetChoice, resolve
from studio.subnets.rungs import rungs
from widgets.jobs import Jobs
from widgets.scene import DIFFUSION, PYTORCH, Scene

SETTLE_MS = 250
_Rung = tuple[Subnet, str]


class Compiling(QObject):
    """Follows the sliders: what is near them is compiled first.

    One job compiles the whole ladder and is told where the sliders are; every rung that it brings
    into the cache is offered to the renderer, which goes on with PyTorch until it has taken it.

    Args:
        variants: follow the baked variant that is on show instead of the model itself.

    Signals:
        adopted(subnet, target): a compiled network draws ``subnet`` from now on.
        changed(): another rung is ready, or another ladder is wanted.
        noticed(sentence): something could not be compiled or used; PyTorch draws instead.
    """

    adopted = Signal(object, str)
    changed = Signal()
    noticed = Signal(str)

    def __init__(
        self,
        send: Callable[[Any], None],
        jobs: Jobs,
        parent: QObject | None = None,
        *,
        variants: bool = False,
    ) -> None:
        super().__init__(parent)
        self._variants = variants
        self._send = send
        self._jobs = jobs
        self._threads = 0
        self._info: ModelInfo | None = None
        self._wanted: tuple[tuple[SubnetChoice, ...], tuple[str, ...]] = ((), ())
        self._sizes: Sizes = ()
        self._made_for: dict[str, Sizes] = {}
        self._compiled: set[_Rung] = set()
        self._refused: dict[_Rung, str] = {}
        self._adopted: set[tuple[Subnet, str, Sizes]] = set()
        self._spoilt: set[_Rung] = set()
        self._job: int | None = None
        self._given_up = False
        self._resting = False
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._ask)
        self._next: tuple[Document, Scene] | None = None
        jobs.rung_ready.connect(self._rung)

    def started(self, threads: int) -> None:
        """A render process has started, with so many threads; compiled networks take as many. It is
        told again what to take over, so only what it has taken must be forgotten."""
        self._adopted.clear()
        if threads != self._threads:
            self._threads = threads
            self._compiled.clear()
            self._wanted = ((), ())
            self._end_job()
        self._settle.start()

    def follow(self, document: Document, scene: Scene | None) -> None:
        """The document has changed, or another model is open."""
        info = None if scene is None else self._followed(scene)
        if (info and info.key) != (self._info and self._info.key):
            self._forget(info)
        if scene is not None and info is not None:
            self._next = (document, scene)
            self._settle.start()

    def drag(self, active: bool) -> None:
        """A drag has begun or ended: nothing is compiled meanwhile."""
        self._resting = active
        if self._job is not None:
            self._jobs.near(self._job, JobNear(*self._wanted, resting=active))

    def draws(self, spec: RenderSpec) -> bool:
        """Whether a compiled network draws ``spec``."""
        if self._info is None or spec.model != self._info.key:
            return False
        config = self._info.config
        made_for = fixed(config, Target.parse(spec.target), sizes_of(config, spec.inputs))
        return (resolve(spec.subnet, config), spec.target, made_for) in self._adopted

    def counts(self) -> tuple[int, int]:
        """How many rungs of the ladder are ready, and how many are wanted."""
        rungs_ = self._rungs()
        ready = sum((*rung, self._made_for.get(rung[1], ())) in self._adopted for rung in rungs_)
        return ready, len(rungs_)

    def take(self, answer: object, pixels: object = None) -> bool:
        """Take one answer of the renderer in; False when it is not for this object."""
        if isinstance(answer, Notice):
            self.noticed.emit(answer.sentence)
            return True
        if isinstance(answer, Unusable):
            if self._variants and not self._mine(answer.model):
                return False
            self._unusable(answer)
            return True
        if not isinstance(answer, Adopted):
            return False
        if self._variants and not self._mine(answer.model):
            return False
        if self._mine(answer.model):
            assert self._info is not None
            subnet = resolve(answer.subnet, self._info.config)
            self._adopted.add((subnet, answer.target, answer.sizes))
            self._compiled.add((subnet, answer.target))
            if self._info.family == DIFFUSION and not self._missing():
                self._end_job()  # which would read the whole pipeline only to find that out
            if answer.sizes == self._made_for.get(answer.target, answer.sizes):
                self.adopted.emit(subnet, answer.target)
            self.changed.emit()
        return True

    def _mine(self, model: str) -> bool:
        return self._info is not None and model == self._info.key

    def _followed(self, scene: Scene) -> ModelInfo | None:
        if not self._variants:
            return scene.info
        baked = [side for side in scene.sides.values() if side.spec.model != scene.info.key]
        current = [side for side in baked if side.ref == CURRENT]
        return scene.info_of((current or baked)[0].spec) if baked else None

    def _unusable(self, answer: Unusable) -> None:
        if self._info is None or answer.model != self._info.key:
            return
        rung = (resolve(answer.subnet, self._info.config), answer.target)
        self.noticed.emit(answer.sentence)
        if rung in self._spoilt:
            # Compiled again, and it cannot be loaded again: enough.
            self._refused[rung] = answer.sentence
            return
        self._spoilt.add(rung)
        self._compiled.discard(rung)
        if self._job is None:
            self._compile()

    def cancel_job(self, job: int) -> bool:
        """Stop compiling if it is ``job``, until another model or target is chosen."""
        if job != self._job:
            return False
        self._given_up = True
        self._jobs.cancel(job)
        return True

    # ---- asking -------------------------------------------------------------------------------

    def _forget(self, info: ModelInfo | None) -> None:
        self._info, self._next = info, None
        self._wanted, self._made_for = ((), ()), {}
        for known in (self._compiled, self._refused, self._adopted, self._spoilt):
            known.clear()
        self._given_up = False
        self._end_job()
        self.changed.emit()

    def _end_job(self) -> None:
        if self._job is not None:
            self._jobs.cancel(self._job)
            self._job = None

    def _rungs(self) -> list[_Rung]:
        if self._info is None:
            return []
        choices, targets = self._wanted
        return [(resolve(c, self._info.config), t) for t in targets for c in choices]

    def _ask(self) -> None:
        if self._next is None or self._info is None or self._threads == 0:
            return
        document, scene = self._next
        sides = [s for s in scene.sides.values() if self._mine(s.spec.model)]
        shown = tuple(side.spec.subnet for side in sides if side.visible)
        # Beside a variant in int8, the model itself is drawn as it is compared with that.
        named = [side.spec.target for side in sides]
        if not self._variants:
            named += [scene.reference(s.spec).target for s in scene.sides.values()]
        targets = tuple(dict.fromkeys(t for t in named if t != PYTORCH))
        near = sides[0].spec.subnet if self._variants and sides else document.subnet
        choices = rungs(self._info, near, shown) if targets else ()
        if targets != self._wanted[1]:
            self._given_up = False
        sizes = sizes_of(self._info.config, sides[0].spec.inputs) if sides else self._sizes
        made_for = {t: fixed(self._info.config, Target.parse(t), sizes) for t in targets}
        if (choices, targets, made_for) == (*self._wanted, self._made_for):
            return
        if written_for(self._info.config, sizes) != written_for(self._info.config, self._sizes):
            # Other files: what is known of those says nothing of these.
            for known in (self._compiled, self._refused, self._spoilt):
                known.clear()
            self._end_job()
        self._sizes, self._made_for = sizes, made_for
        self._wanted = (choices, targets)
        self._offer()
        self._compile()
        self.changed.emit()

    def _offer(self) -> None:
        """Let the renderer look in the cache."""
        if self._info is not None and self._wanted[1]:
            self._send(Adopt(self._info.key, *self._wanted, self._sizes))

    def _compile(self) -> None:
        """Have what is missing compiled, by the job under way or by a new one."""
        if self._info is None or self._given_up:
            return
        if self._job is not None:
            self._jobs.near(self._job, JobNear(*self._wanted, resting=self._resting))
        elif self._missing():
            job = CompileJob(self._info.path, *self._wanted, self._threads, self._sizes)
            started: list[int] = []
            self._job = self._jobs.start(
                job,
                self.tr("Compile"),
                lambda end: self._done(started[0], end),
                lambda end: self._failed(started[0], end),
                lambda: self._cancelled(started[0]),
            )
            started.append(self._job)
            if self._resting:
                self.drag(True)

    def _missing(self) -> list[_Rung]:
        """The rungs that nobody has compiled, nor said why not."""
        known = self._compiled | self._refused.keys()
        return [rung for rung in self._rungs() if rung not in known]

    # ---- the job ------------------------------------------------------------------------------

    def _rung(self, job: int, rung: JobRung) -> None:
        if job != self._job or self._info is None:
            return
        key = (resolve(rung.choice, self._info.config), rung.target)
        if rung.seconds is None:
            if rung.sentence not in self._refused.values():
                self.noticed.emit(rung.sentence)
            self._refused[key] = rung.sentence
        else:
            self._compiled.add(key)
            self._offer()

    def _done(self, job: int, end: JobDone) -> None:
        if job != self._job:
            return  # of a model that is no longer on show
        self._job = None
        # The sliders may have moved while the last rung was under way.
        self._compile()

    def _failed(self, job: int, end: JobFailed) -> None:
        if job != self._job:
            return
        self._job = None
        self._given_up = True
        self.noticed.emit(end.sentence)

    def _cancelled(self, job: int) -> None:
        if job == self._job:
            self._job = None
