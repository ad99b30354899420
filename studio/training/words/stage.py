"""One stage of the training: a network, its optimiser, its average, and where it stands.

What is drawn at random in a step depends on the seed and the step alone, so that a run that goes
on from a checkpoint ends where it would have ended without the break.
"""

from __future__ import annotations

import copy
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from studio.errors import RefusedFile
from studio.training.run_state import (
    check_options,
    moments,
    read_state,
    restore_moments,
    write_state,
)

log = logging.getLogger(__name__)

FORMAT = "maquette-words-stage"
WARM = 100  # steps until the rate is full
FALLS_FROM = 0.6  # share of the stage after which the rate falls
LEAST = 0.02  # share of the rate at the end
SAID_EVERY = 100  # steps
MIXED = 1_000_003  # spreads seed and step over the seeds of a step


@dataclass(frozen=True)
class Plan:
    """How long a stage trains and how fast.

    Args:
        minutes: its length, unless ``steps`` is given. rate: of Adam. average: share that the
            average of the weights keeps a step. checkpoint_minutes: between checkpoints.
        half: in bf16 where a bf16 copy of the weights does for a step.
    """

    minutes: float
    steps: int | None
    rate: float
    average: float
    seed: int = 0
    checkpoint_minutes: float = 3.0
    half: bool = False


@dataclass(frozen=True)
class Standing:
    """Where a stage stands; what a checkpoint holds beside tensors."""

    stage: str
    step: int
    elapsed: float
    seed: int
    done: bool


class Stage:
    """Trains ``network`` by a loss of (step, generator of random numbers)."""

    def __init__(
        self, name: str, network: nn.Module, plan: Plan, work: Path, *, resume: bool
    ) -> None:
        self.name, self.network, self.plan = name, network, plan
        self.file = work / f"{name}.safetensors"
        self.average = copy.deepcopy(network).requires_grad_(False)
        self.trained = dict(network.named_parameters())
        self.optimiser = torch.optim.AdamW(
            self.trained.values(), lr=plan.rate, betas=(0.9, 0.99), weight_decay=0.01
        )
        self.step, self.elapsed, self.done = 0, 0.0, False
        if resume and self.file.exists():
            self._load()

    @property
    def progress(self) -> float:
        """Share of the stage that is done, 0 to 1."""
        if self.plan.steps is not None:
            return min(self.step / self.plan.steps, 1.0)
        return min(self.elapsed / (self.plan.minutes * 60.0), 1.0)

    def run(
        self,
        loss_of: Callable[[int, torch.Generator], Tensor],
        stopped: Callable[[], bool] = lambda: False,
        *,
        goes_on: bool = False,
    ) -> bool:
        """Train to the end of the stage; False when ``stopped`` ended it early.

        A stage that once came to its end stays as it is: later stages are built on it. Only one
        that ``goes_on`` trains on where its plan has become longer.
        """
        if self.done and not (goes_on and self.progress < 1.0):
            return True
        began = time.perf_counter() - self.elapsed
        saved, mean = self.elapsed, 0.0
        while self.progress < 1.0:
            if stopped():
                if self.step:
                    self.save()
                return False
            random = torch.Generator().manual_seed(self.plan.seed * MIXED + self.step)
            with torch.autocast("cpu", torch.bfloat16, enabled=self.plan.half):
                loss = loss_of(self.step, random)
            loss.backward()  # type: ignore[no-untyped-call]
            self._update()
            found = loss.item()
            mean = found if self.step == 0 or mean == 0.0 else 0.98 * mean + 0.02 * found
            self.step += 1
            self.elapsed = time.perf_counter() - began
            if self.step % SAID_EVERY == 0 or self.progress >= 1.0:
                log.info(
                    "%s step %d, %.1f min, loss %.4f",
                    self.name,
                    self.step,
                    self.elapsed / 60.0,
                    mean,
                )
            if self.elapsed - saved > self.plan.checkpoint_minutes * 60.0:
                self.save()
                saved = self.elapsed
        self.done = True
        self.save()
        return True

    def _update(self) -> None:
        p = self.progress
        falling = 1.0 if p < FALLS_FROM else 1.0 - (p - FALLS_FROM) / (1.0 - FALLS_FROM)
        for group in self.optimiser.param_groups:
            group["lr"] = self.plan.rate * min((self.step + 1) / WARM, max(falling, LEAST))
        torch.nn.utils.clip_grad_norm_(self.trained.values(), 1.0)
        self.optimiser.step()
        self.optimiser.zero_grad()
        # A short memory at first, when the weights still change fast.
        kept = min(self.plan.average, (1.0 + self.step) / (10.0 + self.step))
        averaged = [p.data for p in self.average.parameters()]
        with torch.no_grad():
            torch._foreach_lerp_(averaged, [p.detach() for p in self.trained.values()], 1.0 - kept)

    def save(self) -> None:
        """Write the checkpoint.

        Raises:
            MaquetteError: it cannot be written.
        """
        tensors = {f"network.{n}": t.detach().contiguous() for n, t in self.trained.items()}
        averaged = dict(self.average.named_parameters())
        tensors |= {f"average.{n}": t.detach().contiguous() for n, t in averaged.items()}
        tensors |= {n: t.contiguous() for n, t in moments("adam", self.trained, self.optimiser)}
        record = Standing(self.name, self.step, self.elapsed, self.plan.seed, self.done)
        write_state(self.file, f"words-{self.name}", FORMAT, record, tensors)

    def _load(self) -> None:
        def check(record: dict[str, Any]) -> None:
            expected = Standing(self.name, self.step, self.elapsed, self.plan.seed, self.done)
            check_options(self.file, record, expected, free=("step", "elapsed", "done"))

        def restore(record: dict[str, Any], stored: Mapping[str, Tensor]) -> None:
            for prefix, network in (("network", self.network), ("average", self.average)):
                for name, parameter in network.named_parameters():
                    found = stored[f"{prefix}.{name}"]
                    if found.shape != parameter.shape:
                        raise RefusedFile(f"{self.file} is of a network of another size")
                    parameter.data.copy_(found)
            restore_moments("adam", self.trained, self.optimiser, stored)
            self.step, self.elapsed = int(record["step"]), float(record["elapsed"])
            self.done = bool(record["done"])

        read_state(self.file, FORMAT, f"the stage {self.name}", check, restore)
