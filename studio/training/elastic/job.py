"""Elastic training from file to file: what the command line and the job process both run."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import torch

from studio.errors import MaquetteError, NotEnoughMemory, cause_of
from studio.families.info import HistoryStep, ModelInfo, model_key
from studio.families.model import Model
from studio.families.opening import located, open_stylegan
from studio.families.picture_file import checked_target
from studio.processes.aside import written_aside
from studio.training.elastic.adversary import Adversary, critic_for
from studio.training.elastic.checkpoint import load_checkpoint, save_checkpoint
from studio.training.elastic.critic import FoundCritic, critic_of
from studio.training.elastic.data import Reals, read_folder
from studio.training.elastic.looking import REPORTED_SEED, HeldOut, held_out, look_at
from studio.training.elastic.memory import bytes_needed, largest_piece
from studio.training.elastic.options import ElasticOptions, checkpoint_path
from studio.training.elastic.report import ElasticReport, WidthFidelity
from studio.training.elastic.teacher import trained_resolutions
from studio.training.elastic.trainer import Look, Trainer

SHARE_OF_MEMORY = 0.7
SAVE_SECONDS = 180.0  # between checkpoints that no look brings about
PREPARED = 0.04  # of the progress; the training fills the rest

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class ElasticResult:
    """The model that was written, its description as read again from the file, and the report."""

    info: ModelInfo
    report: ElasticReport


class ElasticRun:
    """One order: a model file becomes an elastic one.

    Args:
        path: a model file of any layout, or the name of an embedded model.
        out: where the result goes; its checkpoint is kept beside it until the run is complete.
        resume: go on from that checkpoint.
        token: names the hidden folder beside ``out`` in which files are prepared.
    """

    def __init__(
        self,
        path: str | Path,
        out: str | Path,
        options: ElasticOptions,
        *,
        resume: bool = False,
        token: str | None = None,
    ) -> None:
        self.path = path
        self.out = checked_target(out)
        self.options = options
        self.resume = resume
        self.token = token or secrets.token_hex(8)

    @property
    def checkpoint(self) -> Path:
        """Where the state of this run is kept."""
        return checkpoint_path(self.out)

    def run(
        self,
        progress: Progress,
        seen: Callable[[Look], None] = lambda look: None,
        stopped: Callable[[], bool] = lambda: False,
        goes_on: Callable[[float], None] = lambda fraction: None,
    ) -> ElasticResult:
        """Do it.

        Args:
            progress: told a fraction in [0, 1] and what happens; may raise to end the run, which
                then leaves its checkpoint.
            seen: told of every look. stopped: asked before every step; True ends the training and
                the best so far is written.
            goes_on: told the fraction at which the training itself begins.

        Raises:
            MaquetteError: a file cannot be read or written, or there is not enough memory.
        """
        if self.resume and not self.checkpoint.is_file():
            raise MaquetteError(f"there is no checkpoint {self.checkpoint} to go on from")
        if self.options.threads is not None:
            torch.set_num_threads(self.options.threads)
        progress(0.0, "reading the file")
        file = located(self.path)
        original = open_stylegan(file)
        if original.info.config.factorised:
            raise MaquetteError(
                f"{original.info.name} has factorised layers, whose ranks stay the same at every "
                "width; elastic training takes a model whose kernels are whole"
            )
        piece = _piece(original, self.options)
        reals = self._reals(original, progress)
        model = original
        if not original.info.sorted_channels:
            model = original.sorted(progress=lambda f, text: progress(PREPARED * f, text))
        found = critic_of(file, model.info.config)
        trainer = self._trainer(model, found, reals, piece)
        out = held_out(model.network, REPORTED_SEED)
        before = look_at(model.network, out, self.options.widths)
        if self.resume:
            load_checkpoint(self.checkpoint, trainer, original.info.key)
        goes_on(_share(trainer.fraction))
        self._train(trainer, original.info.key, progress, seen, stopped)
        complete = trainer.fraction >= 1.0
        progress(1.0, "writing the result")
        report = self._report(trainer, out, before, found, reals, not complete)
        info = self._write(_finished(model, trainer, report, self.options))
        if complete:
            self.checkpoint.unlink(missing_ok=True)
        return ElasticResult(info, report)

    def _reals(self, original: Model, progress: Progress) -> Reals | None:
        if self.options.data is None:
            return None
        return read_folder(
            self.options.data,
            original.info.config.resolution,
            lambda f, text: progress(PREPARED * f, text),
        )

    def _trainer(
        self, model: Model, found: FoundCritic, reals: Reals | None, piece: int
    ) -> Trainer:
        trainer = Trainer(model.network, self.options, found.critic, piece=piece)
        if reals is not None:
            critic = critic_for(model.info.config, found.critic, self.options.seed)
            trainer.adversary = Adversary(critic, reals, trainer.random)
        return trainer

    def _train(
        self,
        trainer: Trainer,
        key: str,
        progress: Progress,
        seen: Callable[[Look], None],
        stopped: Callable[[], bool],
    ) -> None:
        saved = time.monotonic()

        def save() -> None:
            nonlocal saved
            save_checkpoint(self.checkpoint, trainer, key, self.token)
            saved = time.monotonic()

        def looked(look: Look) -> None:
            save()
            seen(look)

        def moved(fraction: float, loss: float) -> None:
            if time.monotonic() - saved > SAVE_SECONDS:
                save()
            progress(_share(fraction), f"step {trainer.step}, loss {loss:.3f}")

        trainer.run(looked, stopped, moved)
        if trainer.fraction < 1.0:
            save()
            seen(trainer.look())

    def _report(
        self,
        trainer: Trainer,
        out: HeldOut,
        before: Sequence[WidthFidelity],
        found: FoundCritic,
        reals: Reals | None,
        stopped: bool,
    ) -> ElasticReport:
        return ElasticReport(
            before=tuple(before),
            after=look_at(trainer.result(), out, self.options.widths),
            steps=trainer.step,
            minutes=trainer.elapsed / 60,
            stopped=stopped,
            critic=found.words,
            pictures=0 if reals is None else len(reals),
            unread=() if reals is None else reals.unread,
        )

    def _write(self, model: Model) -> ModelInfo:
        """Write the result aside, read it again, rename it; its description."""
        try:
            with written_aside(self.out, self.token) as aside:
                model.save(aside)
                # Reading it again is what tells a written file from one that can be opened.
                info = open_stylegan(aside).info
        except OSError as error:
            raise MaquetteError(f"cannot write {self.out}: {cause_of(error)}") from error
        return replace(info, path=str(self.out))


def _share(fraction: float) -> float:
    """How far the whole run is when its training is at ``fraction``."""
    return PREPARED + (1.0 - PREPARED) * fraction


def _piece(model: Model, options: ElasticOptions) -> int:
    """How many pictures of a batch are held at a time; the batch itself where there is memory."""
    free = SHARE_OF_MEMORY * psutil.virtual_memory().available
    piece = largest_piece(model.info.config, options.batch, free)
    if piece == 0:
        needed = bytes_needed(model.info.config, 1)
        raise NotEnoughMemory(
            f"training {model.info.name} needs {needed / 1e9:.1f} GB of memory, "
            f"and {free / 1e9:.1f} GB may be used"
        )
    return piece


def _finished(
    model: Model, trainer: Trainer, report: ElasticReport, options: ElasticOptions
) -> Model:
    """The best network as a model that says what was done."""
    step = HistoryStep("elastic", _detail(report, options))
    info = replace(
        model.info,
        key=model_key(model.info.key, step),
        widths=options.widths,
        resolutions=trained_resolutions(model.info.config),
        sorted_channels=True,
        quantised=False,  # other weights want other ranges
        history=(*model.info.history, step),
    )
    return Model(info, trainer.result(), model.directions)


def _detail(report: ElasticReport, options: ElasticOptions) -> str:
    widths = ", ".join(f"{w:g}" for w in options.widths)
    parts = [
        f"widths {widths} taught to draw what full drew",
        f"{report.steps} steps of {options.batch} in {report.minutes:.1f} minutes",
        f"seed {options.seed}",
        "full held to the original" if options.keep_full else "full free to change",
        report.critic,
    ]
    if report.pictures:
        parts.append(f"adversarial part on {report.pictures} pictures")
    flips = ", ".join(
        f"{a.width:g}: {b.flip:.3f} to {a.flip:.3f}"
        for b, a in zip(report.before, report.after, strict=True)
    )
    parts.append(f"FLIP to the original {flips}")
    return "; ".join(parts)
