"""Networks to begin with: MobileNet-style students, narrower ones, and new ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import torch
from torch import Tensor

from studio.checkpoints.translation_sizes import ResNetSizes, SpadeSizes, TranslationSizes
from studio.errors import BadChoice
from studio.families.info import HistoryStep, model_key
from studio.families.translation.config import TranslationConfig
from studio.families.translation.info import TranslationInfo
from studio.families.translation.model import TranslationModel
from studio.families.translation.network import STATISTICS, TranslationNetwork
from studio.families.translation.questions import answered, configured, questions
from studio.families.translation.stages import stages
from studio.training.gan_compression.shapes import mobile_sizes
from studio.training.gan_compression.transfer import transferred

ORIGIN = "gan-compression"


def new_model(
    sizes: TranslationSizes, *, name: str, size: tuple[int, int], seed: int = 0
) -> TranslationModel:
    """A model of random weights for pictures of ``size`` (height, width).

    Raises:
        BadChoice: the network cannot draw at that size.
    """
    asked = questions(sizes, ORIGIN)
    said = {"size": f"{size[1]}x{size[0]}"}
    answers = answered(asked, said)
    config = configured(sizes, answers)
    if why := config.refusal(*size):
        raise BadChoice(why)
    step = HistoryStep("new", f"random weights, seed {seed}")
    info = TranslationInfo(
        key=model_key("", step, HistoryStep("sizes", repr(config))),
        name=name,
        title=name,
        path="",
        layout="maquette",
        family="translation",
        config=config,
        parameters=_parameters(sizes),
        size_bytes=0,
        licence="unknown",
        source_sha256="0" * 64,
        questions=asked,
        answers=answers,
        assumed=tuple(q.name for q in asked if q.name not in said),
        # The history tells a reader which project's habits are likely.
        history=(HistoryStep("read", ORIGIN), step),
    )
    return TranslationModel(info, fresh_network(config, seed))


def fresh_network(config: TranslationConfig, seed: int) -> TranslationNetwork:
    """Random weights, normal with 0.02; the seed of others is left as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return TranslationNetwork(config)


def remade(
    model: TranslationModel,
    sizes: TranslationSizes,
    tensors: Mapping[str, Tensor],
    step: HistoryStep,
) -> TranslationModel:
    """A model of other sizes or weights that descends from ``model`` and answers as it does.

    Raises:
        BadChoice: an answer of the model does not suit the new sizes.
    """
    asked = questions(sizes, ORIGIN)
    names = {question.name for question in asked}
    said = {name: value for name, value in model.info.answers if name in names}
    answers = answered(asked, said)
    assumed = tuple(n for n in model.info.assumed if n in said)
    config = configured(sizes, answers)
    info = replace(
        model.info,
        key=model_key(model.info.key, step),
        config=config,
        parameters=_parameters(sizes),
        questions=asked,
        answers=answers,
        assumed=assumed + tuple(q.name for q in asked if q.name not in said),
        history=(*model.info.history, step),
    )
    return TranslationModel(info, TranslationNetwork.from_tensors(config, tensors))


def mobile_student(teacher: TranslationModel, seed: int = 0) -> TranslationModel:
    """A MobileNet-style network of a teacher's widths with random weights.

    Raises:
        BadChoice: the teacher has no such form, or is one already.
    """
    sizes = teacher.info.config.sizes
    if not isinstance(sizes, ResNetSizes | SpadeSizes) or sizes.separable:
        mobile_sizes(sizes)
        raise BadChoice(f"{teacher.info.name} is MobileNet-style already")
    mobile = mobile_sizes(sizes)
    step = HistoryStep("student", f"MobileNet-style, random weights, seed {seed}")
    config = replace(teacher.info.config, sizes=mobile)
    return remade(teacher, mobile, fresh_network(config, seed).state_dict(), step)


def narrowed(model: TranslationModel, sizes: TranslationSizes) -> TranslationModel:
    """A narrower model that begins with the strongest channels of ``model``.

    Raises:
        BadChoice: the sizes are of another form, or wider somewhere.
    """
    tensors = transferred(model.network.state_dict(), model.info.config.sizes, sizes)
    widths = "/".join(str(stage.channels) for stage in stages(sizes))
    step = HistoryStep("transfer", f"strongest channels by L1, widths {widths}")
    return remade(model, sizes, tensors, step)


def _parameters(sizes: TranslationSizes) -> int:
    total = 0
    for name, shape in sizes.shapes().items():
        if name.rpartition(".")[2] not in STATISTICS:
            count = 1
            for side in shape:
                count *= side
            total += count
    return total
