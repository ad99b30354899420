"""One stage from file to file: what the command line and any other front end run."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import torch.nn.functional as F

from studio.errors import BadChoice, MaquetteError, NotEnoughMemory, UnsupportedModel, cause_of
from studio.families.info import HistoryStep
from studio.families.opening import located, open_model
from studio.families.picture_file import checked_target
from studio.families.translation.info import TranslationInfo
from studio.families.translation.model import TranslationModel
from studio.families.translation.recalibrating import has_batch_norms, recalibrated
from studio.processes.aside import written_aside
from studio.subnets.choice import SubnetChoice
from studio.subnets.stages import configuration
from studio.training.gan_compression.checkpoint import load_checkpoint, save_checkpoint
from studio.training.gan_compression.data import Pairs, read_pairs
from studio.training.gan_compression.making import mobile_student, narrowed, new_model, remade
from studio.training.gan_compression.memory import bytes_needed
from studio.training.gan_compression.options import (
    TrainingOptions,
    checkpoint_path,
)
from studio.training.gan_compression.orders import Order
from studio.training.gan_compression.report import Look, Losses, TrainingReport
from studio.training.gan_compression.shapes import resnet_sizes, scaled_sizes
from studio.training.gan_compression.space import choice_of, space_of
from studio.training.gan_compression.together import Together
from studio.training.gan_compression.trainer import Reconstruction, Trainer

SHARE_OF_MEMORY = 0.8
SAVE_SECONDS = 60.0  # between checkpoints; what a killed run loses at most
PREPARED = 0.04  # of the progress; the training fills the rest
CALIBRATION = 8  # batches for batch norms of a subnet

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class StageResult:
    """The model that was written, read again from its file, and the report."""

    info: TranslationInfo
    report: TrainingReport


class StageRun:
    """One order, done in every process that shares it; the first one writes.

    Args:
        out: where the result goes; the checkpoint is kept beside it until the run is complete.
        resume: go on from that checkpoint.
        token: names the hidden folder beside ``out`` in which files are prepared.
        save_seconds: between checkpoints.
        reconstruction, half: see :class:`Trainer`.
    """

    def __init__(
        self,
        order: Order,
        out: str | Path,
        options: TrainingOptions,
        *,
        resume: bool = False,
        token: str | None = None,
        save_seconds: float = SAVE_SECONDS,
        reconstruction: Reconstruction = F.l1_loss,
        half: bool = False,
    ) -> None:
        self.reconstruction, self.half = reconstruction, half
        self.order, self.options, self.resume = order, options, resume
        self.out = checked_target(out)
        self.token = token or secrets.token_hex(8)
        self.save_seconds = save_seconds

    @property
    def checkpoint(self) -> Path:
        """Where the state of this run is kept."""
        return checkpoint_path(self.out)

    def run(
        self,
        progress: Progress,
        seen: Callable[[Look], None] = lambda look: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> StageResult:
        """Do it.

        Args:
            progress: told a fraction in [0, 1] and what happens; may raise to end the run, which
                then leaves its checkpoint.
            seen: told of every look. stopped: asked before every step; True ends the training and
                the best so far is written.

        Raises:
            MaquetteError: a file or folder cannot be read or written, models and pairs do not fit,
                or there is not enough memory.
        """
        if self.resume and not self.checkpoint.is_file():
            raise MaquetteError(f"there is no checkpoint {self.checkpoint} to go on from")
        progress(0.0, "reading files")
        together = Together(self.options.batch)
        student, teacher = self._models()
        config = student.info.config
        pairs = read_pairs(
            self.order.data,
            config,
            self.options.crop,
            lambda f, text: progress(PREPARED * f, text),
        )
        self._check(student, teacher, pairs, together)
        student = self._calibrated(student, pairs)
        space = None
        if self.order.stage == "supernet":
            space = space_of(config.sizes, self.order.ratios)
        trainer = Trainer(
            self.order.stage,
            student,
            teacher,
            pairs,
            self.options,
            together,
            space,
            reconstruction=self.reconstruction,
            half=self.half,
        )
        keys = [student.info.key, "" if teacher is None else teacher.info.key]
        if self.resume:
            load_checkpoint(self.checkpoint, trainer, keys)
        self._train(trainer, keys, progress, seen, stopped)
        complete = trainer.fraction >= 1.0 and not trainer.broken
        progress(1.0, "writing the result")
        report = self._report(trainer, pairs, complete)
        if together.first:
            if not trainer.best:
                raise MaquetteError(
                    f"nothing could be kept: {trainer.broken or 'no state could be judged'}"
                )
            written(self._finished(student, trainer, report), self.out, self.token)
            if complete:
                self.checkpoint.unlink(missing_ok=True)
        together.wait()
        return StageResult(replace(open_translation(self.out).info, path=str(self.out)), report)

    def _models(self) -> tuple[TranslationModel, TranslationModel | None]:
        """Where the student begins, and the teacher."""
        o = self.order
        if o.stage == "teacher":
            if o.model is not None:
                return open_translation(o.model), None
            sizes = resnet_sizes(o.inputs, 3, o.ngf, o.blocks)
            name = self.out.stem
            return new_model(sizes, name=name, size=o.size, seed=self.options.seed), None
        if o.model is None:
            raise BadChoice(f"stage '{o.stage}' needs a model")
        model = open_translation(o.model)
        if o.stage == "student":
            return mobile_student(model, self.options.seed), model
        if o.stage == "finetune":
            if o.config is None:
                raise BadChoice("fine-tuning needs the configuration string of a subnet")
            choice = named_subnet(o.config, model)
            teacher = model if o.teacher is None else open_translation(o.teacher)
            return model.cut(choice), teacher
        if o.student is not None:
            return open_translation(o.student), model
        if o.stage == "distil":
            return narrowed(model, scaled_sizes(model.info.config.sizes, o.ngf)), model
        return model, model

    def _calibrated(self, student: TranslationModel, pairs: Pairs) -> TranslationModel:
        """A subnet to fine-tune needs statistics of its own where it has batch norms."""
        if self.order.stage != "finetune" or not has_batch_norms(student):
            return student
        return calibrated(student, pairs)

    def _check(
        self,
        student: TranslationModel,
        teacher: TranslationModel | None,
        pairs: Pairs,
        together: Together,
    ) -> None:
        mine = student.info.config
        if teacher is None and not pairs.paired:
            raise MaquetteError(
                "a teacher learns from pairs here; these folders hold none. Bring one that was "
                "trained without pairs (CycleGAN) as the model, and leave this stage out"
            )
        if teacher is not None:
            theirs = teacher.info.config
            if (mine.sizes.inputs, mine.sizes.outputs) != (
                theirs.sizes.inputs,
                theirs.sizes.outputs,
            ):
                raise BadChoice(
                    f"{teacher.info.name} turns {theirs.sizes.inputs} channels into "
                    f"{theirs.sizes.outputs}, the student {mine.sizes.inputs} into "
                    f"{mine.sizes.outputs}; a teacher has those of its student"
                )
            if why := theirs.refusal(*pairs.size):
                raise BadChoice(f"the teacher cannot draw at the student's size: {why}")
        share = self.options.batch // together.count
        needed = bytes_needed(mine, None if teacher is None else teacher.info.config, share)
        free = SHARE_OF_MEMORY * psutil.virtual_memory().available
        if together.device.type == "cpu" and needed * together.count > free:
            raise NotEnoughMemory(
                f"training {student.info.name} needs {needed * together.count / 1e9:.1f} GB of "
                f"memory, and {free / 1e9:.1f} GB may be used; smaller batches take less"
            )

    def _train(
        self,
        trainer: Trainer,
        keys: list[str],
        progress: Progress,
        seen: Callable[[Look], None],
        stopped: Callable[[], bool],
    ) -> None:
        saved = time.monotonic()

        def save() -> None:
            nonlocal saved
            save_checkpoint(self.checkpoint, trainer, keys, self.token)
            saved = time.monotonic()

        def looked(look: Look) -> None:
            save()
            seen(look)

        def moved(fraction: float, losses: Losses) -> None:
            if trainer.together.first and time.monotonic() - saved >= self.save_seconds:
                save()
            text = f"step {trainer.step}, reconstruction {losses.recon:.3f}"
            progress(PREPARED + (1 - PREPARED) * fraction, text)

        trainer.run(looked, stopped, moved)
        if trainer.fraction < 1.0 and not trainer.broken and trainer.together.first:
            seen(trainer.look())
            save()

    def _report(self, trainer: Trainer, pairs: Pairs, complete: bool) -> TrainingReport:
        return TrainingReport(
            stage=self.order.stage,
            before=trainer.first_close,
            after=trainer.best_close,
            steps=trainer.step,
            minutes=trainer.elapsed / 60,
            stopped=not complete,
            broken=trainer.broken,
            pairs=len(pairs),
            skipped=pairs.skipped,
            processes=trainer.together.count,
        )

    def _finished(
        self, student: TranslationModel, trainer: Trainer, report: TrainingReport
    ) -> TranslationModel:
        """The best state as a model that says what was done."""
        o = self.options
        errors = ", ".join(f"{each.name} {each.error:.4f}" for each in report.after)
        parts = [
            f"{report.steps} steps of {o.batch} in {report.minutes:.1f} minutes",
            f"{report.pairs} {'pairs' if trainer.pairs.paired else 'pictures without pairs'}",
            f"weights {o.recon:g} reconstruction, {o.distil:g} distillation, {o.gan:g} adversarial",
            f"seed {o.seed}",
            f"mean error {errors}",
        ]
        if trainer.space is not None:
            parts.append(f"{trainer.space.count} subnets, {o.sampling} sampling")
        if report.broken:
            parts.append(f"broke off: {report.broken}")
        step = HistoryStep(self.order.stage, "; ".join(parts))
        made = remade(student, student.info.config.sizes, trainer.result(), step)
        # Subnets rarely are the widest, so its statistics of batch norms hardly moved.
        return made if trainer.space is None else calibrated(made, trainer.pairs)


def named_subnet(text: str, model: TranslationModel) -> SubnetChoice:
    """The subnet of a configuration string, or of channels ``64/128/...`` for every stage.

    Raises:
        BadChoice: it is neither, or asks for more than the model has.
    """
    if "/" not in text:
        return configuration(text, model.info.config)
    parts = text.split("/")
    if not all(part.isascii() and part.isdecimal() and len(part) <= 6 for part in parts):
        raise BadChoice(f"'{text}' is no list of channels such as 64/128/256")
    choice = choice_of([int(part) for part in parts])
    model.config_of(choice)
    return choice


def open_translation(path: str | Path) -> TranslationModel:
    """A model that turns pictures into pictures.

    Raises:
        UnsupportedModel: it is of another family. RefusedFile: it cannot be opened.
    """
    model = open_model(located(path))
    if not isinstance(model, TranslationModel):
        raise UnsupportedModel(
            f"{Path(path).name} does not turn pictures into pictures; GAN Compression takes "
            "pix2pix, CycleGAN, GauGAN and GAN Compression models"
        )
    return model


def written(model: TranslationModel, out: Path, token: str) -> TranslationInfo:
    """Write a model aside, read it again, rename it; its description.

    Raises:
        MaquetteError: it cannot be written.
    """
    try:
        with written_aside(out, token) as aside:
            model.save(aside)
            # Reading it again is what tells a written file from one that can be opened.
            info = open_translation(aside).info
    except OSError as error:
        raise MaquetteError(f"cannot write {out}: {cause_of(error)}") from error
    return replace(info, path=str(out))


def calibrated(model: TranslationModel, pairs: Pairs) -> TranslationModel:
    """A subnet with the statistics of its own values, where it has batch norms."""
    if not has_batch_norms(model):
        return model
    rows = list(range(len(pairs)))
    size = max(1, min(4, len(rows)))
    batches = [rows[k : k + size] for k in range(0, len(rows), size)][:CALIBRATION]
    return recalibrated(model, [pairs.middles(batch).inputs for batch in batches])


def exported(
    supernet: TranslationModel, widths: Sequence[int], pairs: Pairs | None
) -> TranslationModel:
    """A subnet on its own memory, its batch norms measured anew.

    Raises:
        BadChoice: the widths do not fit, or batch norms need pictures and there are none.
    """
    model = supernet.cut(choice_of(widths))
    if not has_batch_norms(model):
        return model
    if pairs is None:
        raise BadChoice(
            "the statistics of this model's batch norms are those of the whole network; a subnet "
            "needs its own, so give pictures to take them from (--data)"
        )
    return calibrated(model, pairs)
