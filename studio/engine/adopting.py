"""Takes over compiled networks in the render process, as they appear in the cache.

A thread loads what jobs have compiled; the renderer asks it for a network and goes on with PyTorch
until there is one. Nothing is compiled here, so that no slider ever waits for a compiler.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.engine.messages import Adopt, Adopted, Notice, Touching, Unusable
from studio.errors import MaquetteError
from studio.runtimes.target import PYTORCH_CPU, Target
from studio.subnets.choice import Subnet, SubnetChoice, resolve
from studio.subnets.threads import threads_for

if TYPE_CHECKING:
    from studio.families.generative import AnyModel
    from studio.runtimes.contract import Loaded, Plan

MEMORY = 1_500_000_000  # bytes that compiled networks may hold together
_Key = tuple[str, Subnet, str]  # model, subnet, target


def planned(
    model: AnyModel,
    choice: SubnetChoice,
    target: Target,
    threads: int,
    sizes: Mapping[str, int] | None = None,
) -> Plan:
    """The plan of one subnet for the slider: batch 1 where the device wants sizes.

    Whoever compiles and whoever loads must ask for the same, or they would not meet in the cache.

    Args:
        threads: CPU threads there are; the plan takes as many as the subnet is worth.
        sizes: of one picture (``model.sizes``); None for one as in training.

    Raises:
        BadChoice: no such target here.
    """
    from studio.runtimes.all import runtime

    used = threads_for(model.info.config, choice, threads)
    sizes = model.sizes() if sizes is None else sizes
    return runtime(target.runtime).plan(model.portable(choice), target, sizes=sizes, threads=used)


def from_cache(plan: Plan) -> Loaded | None:
    """The network that a job has compiled, or None while there is none.

    Raises:
        RuntimeFailed: what is in the cache cannot be used.
    """
    from studio.runtimes.compiling import loaded

    return loaded(plan)


@dataclass(frozen=True)
class Held:
    """A network that is ready, and what it was compiled from."""

    network: Loaded
    plan: Plan

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the inputs that it has."""
        return tuple(port.name for port in self.plan.network.inputs)

    @property
    def by(self) -> Target:
        """Where it really runs, which may be elsewhere than where it was meant to."""
        place = self.network.placement
        return Target(self.plan.target.runtime, "+".join(place.devices), place.precision)


class Adopter:
    """Compiled networks by model, subnet and target.

    Args:
        answer: receives Adopted, Unusable, Touching and Notice, on the thread of the adopter.
        threads: CPU threads for compiled networks.
        memory: bytes that they may hold together.
    """

    def __init__(
        self,
        answer: Callable[[Adopted | Unusable | Touching | Notice], None],
        threads: int,
        memory: int = MEMORY,
    ) -> None:
        self._answer = answer
        self._threads = threads
        self._memory = memory
        self._changed = threading.Condition()  # guards all that follows
        self._models: dict[str, AnyModel] = {}
        self._wanted: dict[str, Adopt] = {}
        self._held: dict[_Key, Held] = {}
        self._barred: set[_Key] = set()
        self._plans: dict[_Key, Plan] = {}  # of the adopter's thread alone
        self._told: set[str] = set()
        self._news = False
        self._thread: threading.Thread | None = None

    def find(self, model: str, subnet: Subnet, target: Target) -> Held | None:
        """The network to draw with, or None while there is none."""
        return self._held.get((model, subnet, str(target)))

    def want(self, request: Adopt) -> None:
        """Look in the cache for these, in this order. Returns at once; asking again looks again."""
        with self._changed:
            self._wanted[request.model] = request
            self._wake()

    def opened(self, key: str, model: AnyModel) -> None:
        """A model is open from now on."""
        with self._changed:
            self._models[key] = model
            self._wake()

    def closed(self, key: str) -> None:
        """Forget a model and its networks."""
        with self._changed:
            self._models.pop(key, None)
            self._wanted.pop(key, None)
            for held in [k for k in self._held if k[0] == key]:
                del self._held[held]

    def failed(self, model: str, subnet: Subnet, target: Target, sentence: str) -> None:
        """A network raised while it ran: never use it again, and say so once."""
        with self._changed:
            self._barred.add((model, subnet, str(target)))
            self._held.pop((model, subnet, str(target)), None)
        self._tell_once(f"{sentence}; {PYTORCH_CPU.title} draws instead")

    def _wake(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="adopt", daemon=True)
            self._thread.start()
        self._news = True
        self._changed.notify_all()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._news)
                self._news = False
                requests = [(r, self._models.get(key)) for key, r in self._wanted.items()]
                gone = {key for key in self._plans if key[0] not in self._models}
            for key in gone:
                del self._plans[key]
            for request, model in requests:
                if model is not None:
                    self._look(request, model)

    def _look(self, request: Adopt, model: AnyModel) -> None:
        """Load what is there and not loaded yet, until something newer is wanted."""
        for name in request.targets:
            try:
                target = Target.parse(name)
                if target == PYTORCH_CPU:
                    continue
                # On an old processor, or with a broken driver, loading may end this process.
                self._answer(Touching(str(target)))
                try:
                    self._look_for(request, model, target)
                finally:
                    self._answer(Touching(None))
            except MaquetteError as error:
                self._tell_once(f"{error}; {PYTORCH_CPU.title} draws instead")

    def _look_for(self, request: Adopt, model: AnyModel, target: Target) -> None:
        for choice in request.choices:
            if self._news:
                return
            key = (request.model, resolve(choice, model.info.config), str(target))
            if key in self._held or key in self._barred:
                continue
            plan = self._plans.get(key)
            if plan is None:
                plan = self._plans[key] = planned(model, choice, target, self._threads)
            if plan.refusals:
                self._tell_once(f"{plan.refusals[0]}; {PYTORCH_CPU.title} draws instead")
                return
            if not self._room(request, model, key, plan.memory):
                return
            try:
                network = from_cache(plan)
            except MaquetteError as error:
                sentence = f"{error}; {PYTORCH_CPU.title} draws until it is compiled again"
                self._answer(Unusable(request.model, choice, str(target), sentence))
                continue
            if network is not None:
                with self._changed:
                    if self._models.get(request.model) is model:
                        self._held[key] = Held(network, plan)
                self._answer(Adopted(request.model, choice, str(target)))

    def _room(self, request: Adopt, model: AnyModel, key: _Key, memory: int) -> bool:
        """Make room for one more by letting go of what is wanted less; whether there is room."""
        order = [
            (request.model, resolve(c, model.info.config), t)
            for t in request.targets
            for c in request.choices
        ]
        with self._changed:
            rank = {k: n for n, k in enumerate(order)}
            mine = rank.get(key, len(order))
            # What nobody asked for last goes first, then what is farthest from the sliders.
            going = sorted(self._held, key=lambda k: -rank.get(k, len(order)))
            while self._holding() + memory > self._memory and going:
                if rank.get(going[0], len(order)) <= mine:
                    return False
                del self._held[going.pop(0)]
            return self._holding() + memory <= self._memory

    def _holding(self) -> int:
        return sum(held.plan.memory for held in self._held.values())

    def _tell_once(self, sentence: str) -> None:
        with self._changed:
            if sentence in self._told:
                return
            self._told.add(sentence)
        self._answer(Notice(sentence))
