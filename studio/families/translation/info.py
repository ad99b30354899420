"""What is known of an opened translation model. Crosses process boundaries; imports no torch."""

from __future__ import annotations

from dataclasses import dataclass

from studio.families.info import BaseInfo
from studio.families.translation.config import TranslationConfig
from studio.families.translation.questions import Question
from studio.families.translation.stages import Stage, config_string, stages


@dataclass(frozen=True)
class TranslationInfo(BaseInfo):
    """A loaded picture-to-picture model without its weights.

    Args:
        key: names the weights and the settings they run with; equal keys mean equal pictures.
        layout: ``gan-compression``, ``cyclegan``, ``pix2pix``, ``spade`` or ``maquette``.
        config: sizes of the network, and the settings that ``answers`` give it.
        questions: what the file cannot tell.
        answers: (name of a question, answer taken) for each of them.
        assumed: names of the questions that nobody answered, so that the likely answer was taken.
    """

    config: TranslationConfig
    questions: tuple[Question, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    assumed: tuple[str, ...] = ()

    @property
    def stages(self) -> tuple[Stage, ...]:
        """What has a width of its own, from input to output."""
        return stages(self.config.sizes)

    @property
    def config_string(self) -> str | None:
        """GAN Compression's name of the widths; None where there is none that fits."""
        return config_string(self.config.sizes)
