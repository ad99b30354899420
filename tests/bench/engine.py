"""Through the processes: what a slider move costs from request to decoded picture."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import psutil

from studio.engine.client import EngineClient, decode
from studio.engine.messages import Answer, Opened, OpenModel, Ready, Render, Rendered, RenderSpec
from studio.families.inputs import GanInputs
from studio.places import embedded_model
from studio.subnets.choice import SubnetChoice
from tests.bench.figures import Figure


@dataclass
class Engine:
    """A render process with the embedded model open."""

    answers: queue.Queue[Answer] = field(default_factory=queue.Queue)

    def __post_init__(self) -> None:
        self.client = EngineClient(self.answers.put, lambda state: None)
        self.client.start()
        self._await(Ready)
        path = embedded_model("clay-heads")
        self.client.send(OpenModel(1, str(path)))
        opened = self._await(Opened)
        assert isinstance(opened, Opened)
        self.key = opened.info.key

    def _await(self, kind: type) -> Answer:
        while True:
            answer = self.answers.get(timeout=60)
            if isinstance(answer, kind):
                return answer

    def move(self, stamp: int, width: float, seed: int) -> float:
        """Milliseconds from sending a request to holding its decoded picture."""
        # No picture twice: one that was made before would come from memory.
        inputs = GanInputs(seed=seed, truncation=1 - 1e-6 * stamp)
        spec = RenderSpec(self.key, inputs, SubnetChoice(width=width))
        start = time.perf_counter()
        self.client.send(Render("current", stamp, spec))
        answer = self._await(Rendered)
        assert isinstance(answer, Rendered)
        assert answer.stamp == stamp
        decode(answer.picture)
        return (time.perf_counter() - start) * 1e3

    def memory(self) -> float:
        """Resident megabytes of the render process."""
        assert self.client.pid is not None
        return psutil.Process(self.client.pid).memory_info().rss / 1e6


def figures(moves: int) -> Iterator[Figure]:
    engine = Engine()
    try:
        for i in range(20):
            engine.move(i, 0.25, i)
        samples = tuple(engine.move(100 + i, 0.25, i // 20) for i in range(300))
        yield Figure("request to picture, width 0.25, one seed", "ms", samples, "p95 <= 40")
        samples = tuple(engine.move(1000 + i, 0.25, 1000 + i) for i in range(300))
        yield Figure("request to picture, width 0.25, new seed each", "ms", samples, "p95 <= 40")
        for i in range(100):
            engine.move(2000 + i, 0.2 + 0.1 * (i % 8), i)
        early = engine.memory()
        for i in range(moves - 100):
            engine.move(3000 + i, 0.2 + 0.1 * (i % 8), i)
        late = engine.memory()
        name = f"renderer's memory after {moves:,} moves over after 100"
        yield Figure(name, "x", (late / early,), "within 1.02")
        yield Figure("renderer's memory after all moves", "MB", (late,))
    finally:
        engine.client.stop()
