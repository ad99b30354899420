"""Takes over compiled networks in the render process, as they appear in the cache.

A thread loads what jobs have compiled; the renderer asks it for a network and goes on with PyTorch
until there is one. Nothing is compiled here, so that no slider ever waits for a compiler.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.engine.messages import Adopt, Adopted, Notice, Touching, Unusable
from studio.engine.sizing import Sizes, fixed
from studio.errors import BadChoice, MaquetteError
from studio.runtimes.target import PYTORCH_CPU, Target
from studio.subnets.choice import Subnet, SubnetChoice, resolve
from studio.subnets.threads import threads_for

if TYPE_CHECKING:
    from studio.families.generative import AnyModel
    from studio.runtimes.contract import Loaded, Plan

MEMORY = 1_500_000_000  # bytes that compiled networks may hold together
SHARE = 0.75
"""Of the memory that is free, what traced networks may take where that is more: the denoiser of a
pipeline may be larger than all the others together."""
_Key = tuple[str, Subnet, str, Sizes]  # model, subnet, target, sizes it is made for


def planned(
    model: AnyModel,
    choice: SubnetChoice,
    target: Target,
    threads: int,
    sizes: Mapping[str, int] | None = None,
) -> Plan:
    """The plan of one subnet for the slider: batch 1 where the device wants sizes, of a pipeline
    what guidance makes of it.

    Whoever compiles and whoever loads must ask for the same, or they would not meet in the cache.

    Args:
        threads: CPU threads there are; the plan takes as many as the subnet is worth.
        sizes: of one picture (``model.sizes``); None for one as in training.

    Raises:
        BadChoice: no such target here.
    """
    from studio.runtimes.all import runtime

    config = model.info.config
    used = threads_for(config, choice, threads)
    every = model.sizes() if sizes is None else sizes
    sizes = dict(fixed(config, target, tuple(sorted(every.items()))))
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

    def find(self, model: str, subnet: Subnet, target: Target, sizes: Sizes = ()) -> Held | None:
        """The network to draw with, or None while there is none.

        Args:
            sizes: of the picture, as in an ``Adopt`` (``sizing.sizes_of``).
        """
        return self._held.get(self._key(model, subnet, target, sizes))

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

    def failed(
        self, model: str, subnet: Subnet, target: Target, sentence: str, sizes: Sizes = ()
    ) -> None:
        """A network raised while it ran: never use it again, and say so once."""
        key = self._key(model, subnet, target, sizes)
        with self._changed:
            self._barred.add(key)
            self._held.pop(key, None)
        self._tell_once(f"{sentence}; {PYTORCH_CPU.title} draws instead")

    def _key(self, model: str, subnet: Subnet, target: Target, sizes: Sizes) -> _Key:
        known = self._models.get(model)
        made_for = () if known is None else fixed(known.info.config, target, sizes)
        return model, subnet, str(target), made_for

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
            key = self._wanted_key(request, model, choice, target)
            if key in self._held or key in self._barred:
                continue
            plan = self._plans.get(key)
            if plan is None:
                sizes = dict(request.sizes) or None
                plan = self._plans[key] = planned(model, choice, target, self._threads, sizes)
            if plan.refusals:
                del self._plans[key]  # of memory there may be more the next time
                self._tell_once(f"{plan.refusals[0]}; {PYTORCH_CPU.title} draws instead")
                return
            if not self._room(request, model, key, plan):
                return
            try:
                network = from_cache(plan)
            except MaquetteError as error:
                sentence = f"{error}; {PYTORCH_CPU.title} draws until it is compiled again"
                self._answer(Unusable(request.model, choice, str(target), sentence, key[-1]))
                continue
            if network is not None:
                with self._changed:
                    if self._models.get(request.model) is model:
                        self._held[key] = Held(network, plan)
                self._answer(Adopted(request.model, choice, str(target), key[-1]))

    def _wanted_key(
        self, request: Adopt, model: AnyModel, choice: SubnetChoice, target: Target
    ) -> _Key:
        config = model.info.config
        # Of a pipeline that is told of no size the plan is for its own.
        usual = model.info.family == "diffusion" and not request.sizes
        sizes = tuple(sorted(model.sizes().items())) if usual else request.sizes
        subnet = resolve(choice, config)
        return request.model, subnet, str(target), fixed(config, target, sizes)

    def _room(self, request: Adopt, model: AnyModel, key: _Key, plan: Plan) -> bool:
        """Make room for one more by letting go of what is wanted less; whether there is room."""
        order = [
            self._wanted_key(request, model, c, t)
            for t in _targets(request)
            for c in request.choices
        ]
        memory = plan.memory
        with self._changed:
            rank = {k: n for n, k in enumerate(order)}
            mine = rank.get(key, len(order))
            # What nobody asked for last goes first, then what is farthest from the sliders.
            going = sorted(self._held, key=lambda k: -rank.get(k, len(order)))
            limit = self._limit(plan)
            while self._holding() + memory > limit and going:
                if rank.get(going[0], len(order)) <= mine:
                    break
                del self._held[going.pop(0)]
            room = self._holding() + memory <= limit
        if not room and plan.network.traced:  # nothing else will come that draws these
            self._tell_once(
                f"'{plan.network.name}' needs about {memory / 2**30:.1f} GB on {plan.target}, "
                f"beside what is loaded already; {PYTORCH_CPU.title} draws instead"
            )
        return room

    def _limit(self, plan: Plan) -> int:
        """Bytes that compiled networks may hold together, should this be one of them."""
        if not plan.network.traced:
            return self._memory
        from studio.runtimes.planning import free_memory

        return max(self._memory, self._holding() + int(SHARE * free_memory()))

    def _holding(self) -> int:
        return sum(held.plan.memory for held in self._held.values())

    def _tell_once(self, sentence: str) -> None:
        with self._changed:
            if sentence in self._told:
                return
            self._told.add(sentence)
        self._answer(Notice(sentence))


def _targets(request: Adopt) -> Iterator[Target]:
    """The targets of a request, without those that are none."""
    for name in request.targets:
        with suppress(BadChoice):
            yield Target.parse(name)
