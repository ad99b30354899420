"""From an opened checkpoint to a translation model."""

from __future__ import annotations

import os
from dataclasses import replace

from studio.checkpoints import Checkpoint
from studio.errors import BadChoice, RefusedFile
from studio.families.info import HistoryStep, model_key
from studio.families.metadata import Described, one_line
from studio.families.translation.calibrating import unpacked_pictures
from studio.families.translation.info import TranslationInfo
from studio.families.translation.model import TranslationModel, checked
from studio.families.translation.network import STATISTICS, TranslationNetwork
from studio.families.translation.questions import answered, configured, questions
from studio.families.translation.saving import READ, answers_in, assumed_in
from studio.families.translation.steps import is_convolution


def translation_from(checkpoint: Checkpoint) -> TranslationModel:
    """The model of an opened checkpoint, on the checkpoint's own tensors.

    What the file cannot tell is answered by what it keeps, else by what is likely:
    ``info.questions``, ``info.answers`` and ``info.assumed`` say which. Other answers are given by
    ``TranslationModel.answered``.

    Raises:
        RefusedFile: the answers it keeps do not fit.
    """
    assert checkpoint.sizes is not None
    path = str(checkpoint.path)
    described = Described(checkpoint.metadata, path)
    own = checkpoint.layout == "maquette"
    origin = described.text("origin") or checkpoint.layout
    asked = questions(checkpoint.sizes, origin)
    said = answers_in(checkpoint.metadata, path)
    unsure = assumed_in(checkpoint.metadata, path)
    try:
        kept = answered(asked, said)
        config = checked(configured(checkpoint.sizes, kept))
    except BadChoice as error:
        raise RefusedFile(f"{path} cannot be opened: {error}") from error
    history = described.history()
    if not own:
        history = (*history, *_read(checkpoint))
    # A name that the system's encoding cannot read is shown as well as it can be.
    stem = one_line(os.fsencode(checkpoint.path.stem).decode("utf-8", "replace"))
    name = described.text("name") or stem
    answers = HistoryStep("answer", ", ".join(f"{question} {value}" for question, value in kept))
    info = TranslationInfo(
        key=model_key(checkpoint.file_sha256, answers),
        name=name,
        title=described.text("title") or name,
        path=path,
        layout=checkpoint.layout,
        family=checkpoint.family,
        config=config,
        parameters=sum(
            tensor.numel()
            for name, tensor in checkpoint.tensors.items()
            if name.rpartition(".")[2] not in STATISTICS
        ),
        size_bytes=checkpoint.size_bytes,
        licence=described.text("licence") or "unknown",
        source_sha256=checkpoint.source_sha256,
        questions=asked,
        answers=kept,
        assumed=tuple(q.name for q in asked if q.name not in said or q.name in unsure),
        history=history,
    )
    try:
        network = TranslationNetwork.from_tensors(config, checkpoint.tensors)
    except ValueError as error:
        raise RefusedFile(f"{path} cannot be opened: {error}") from error
    plan = None
    if own:
        plan = described.quantization([s.name for s in network.steps if is_convolution(s)])
    if plan is not None and plan.layers:
        try:
            unpacked_pictures(plan.pictures, config)
        except ValueError as error:
            raise RefusedFile(
                f"{path} cannot be opened: “quantization” in its metadata does not fit: {error}"
            ) from error
    return TranslationModel(replace(info, quantised=plan is not None), network, plan)


def _read(checkpoint: Checkpoint) -> tuple[HistoryStep, ...]:
    """The layout, and what of the file was not used."""
    steps = [HistoryStep(READ, checkpoint.layout)]
    if checkpoint.unused:
        detail = f"{checkpoint.unused} statistics of instance norms, which read none"
        steps.append(HistoryStep("passed_over", detail))
    return tuple(steps)
