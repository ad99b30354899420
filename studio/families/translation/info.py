"""What is known of an opened translation model. Crosses process boundaries; imports no torch."""

from __future__ import annotations

from dataclasses import dataclass

from studio.families.info import HistoryStep
from studio.families.translation.config import TranslationConfig
from studio.families.translation.questions import Question
from studio.families.translation.stages import Stage, config_string, stages


@dataclass(frozen=True)
class TranslationInfo:
    """A loaded picture-to-picture model without its weights.

    Args:
        key: names the weights and the settings they run with; equal keys mean equal pictures.
        name: short name for captions. title: name for the window.
        path: the file that was opened.
        layout: ``gan-compression``, ``cyclegan``, ``pix2pix``, ``spade`` or ``maquette``.
        family: ``translation``.
        config: sizes of the network, and the settings that ``answers`` give it.
        parameters: number of trainable weights. size_bytes: size of the file.
        licence: SPDX name or "unknown".
        source_sha256: hash of the file the weights first came from.
        questions: what the file cannot tell.
        answers: (name of a question, answer taken) for each of them.
        assumed: names of the questions that nobody answered, so that the likely answer was taken.
        history: what was done to the weights.
        widths: uniform ratios it was trained for; (1.0,) where nothing is known of that.
        resolutions, sorted_channels, seed, quantised: as of ``ModelInfo``; no translation
            model has them yet.
    """

    key: str
    name: str
    title: str
    path: str
    layout: str
    family: str
    config: TranslationConfig
    parameters: int
    size_bytes: int
    licence: str
    source_sha256: str
    questions: tuple[Question, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    assumed: tuple[str, ...] = ()
    history: tuple[HistoryStep, ...] = ()
    widths: tuple[float, ...] = (1.0,)
    resolutions: tuple[int, ...] = ()
    sorted_channels: bool = False
    seed: int = 0
    quantised: bool = False

    @property
    def stages(self) -> tuple[Stage, ...]:
        """What has a width of its own, from input to output."""
        return stages(self.config.sizes)

    @property
    def config_string(self) -> str | None:
        """GAN Compression's name of the widths; None where there is none that fits."""
        return config_string(self.config.sizes)
