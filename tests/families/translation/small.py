"""Small translation models with random weights, without a file."""

from __future__ import annotations

from studio.checkpoints.translation_sizes import TranslationSizes
from studio.families.translation.info import TranslationInfo
from studio.families.translation.model import TranslationModel
from studio.families.translation.network import TranslationNetwork
from studio.families.translation.questions import answered, configured, questions
from tests.families.translation.projects import random_tensors


def small_model(sizes: TranslationSizes, layout: str = "gan-compression") -> TranslationModel:
    """A model of these sizes under the likely answers."""
    asked = questions(sizes, layout)
    answers = answered(asked, {})
    config = configured(sizes, answers)
    network = TranslationNetwork.from_tensors(config, random_tensors(sizes))
    info = TranslationInfo(
        key="small",
        name="small",
        title="Small",
        path="small.safetensors",
        layout=layout,
        family="translation",
        config=config,
        parameters=1,
        size_bytes=4,
        licence="Apache-2.0",
        source_sha256="0" * 64,
        questions=asked,
        answers=answers,
        assumed=tuple(question.name for question in asked),
    )
    return TranslationModel(info, network)
