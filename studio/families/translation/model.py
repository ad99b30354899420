"""A loaded translation model: what it is, what it draws, how it is cut and saved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import psutil
import torch
from torch import Tensor

from studio.checkpoints.causes import size_text
from studio.errors import BadChoice, NotEnoughMemory
from studio.families.info import HistoryStep, model_key
from studio.families.inputs import EncodedPicture, PictureInputs
from studio.families.portable import PortableNetwork
from studio.families.translation.config import TranslationConfig
from studio.families.translation.cost import TranslationCost, cost
from studio.families.translation.info import TranslationInfo
from studio.families.translation.network import TranslationNetwork
from studio.families.translation.portable import portable
from studio.families.translation.program import program
from studio.families.translation.questions import answered, configured
from studio.families.translation.reading import prepared
from studio.families.translation.run import run
from studio.families.translation.slicing import sliced
from studio.families.translation.stages import config_string, with_widths
from studio.families.translation.steps import INPUT, PICTURE, Step
from studio.subnets.choice import SubnetChoice
from studio.subnets.stages import stage_widths

FULL = SubnetChoice()
Floats = npt.NDArray[np.float32]
Run = Callable[[Mapping[str, Floats], Callable[[], None] | None], dict[str, Floats]]


@dataclass(frozen=True)
class TranslationView:
    """A subnet ready to run: its sizes, its steps, and its weights as views on the model's."""

    config: TranslationConfig
    steps: tuple[Step, ...]
    tensors: Mapping[str, Tensor]

    def run(self, x: Tensor, between: Callable[[], None] | None = None) -> Tensor:
        """(n, inputs, h, w) to pictures (n, outputs, h, w) in [-1, 1]."""
        return run(self.steps, self.tensors, x, between)


class TranslationModel:
    """A picture-to-picture generator with what describes it. Never changed after it was made.

    Args:
        info: everything known of it apart from the weights.
        network: the weights; frozen here (no gradients).
    """

    def __init__(self, info: TranslationInfo, network: TranslationNetwork) -> None:
        if info.config != network.config:
            raise ValueError("info and network must have the same config")
        self.info = info
        self.network = network.freeze()

    def config_of(self, choice: SubnetChoice = FULL) -> TranslationConfig:
        """The network of a subnet.

        Raises:
            BadChoice: the choice does not fit this model.
        """
        config = self.info.config
        if choice == FULL:
            return config
        return replace(config, sizes=with_widths(config.sizes, stage_widths(choice, config)))

    def view(self, choice: SubnetChoice = FULL) -> TranslationView:
        """The weights of a subnet, the first channels of every stage; they share memory with the
        model's (of a narrowed U-Net, the transposed convolutions are copies).

        Raises:
            BadChoice: the choice does not fit this model.
        """
        config = self.config_of(choice)
        tensors = sliced(self.network.tensors(), self.info.config.sizes, config.sizes)
        return TranslationView(config, program(config), tensors)

    def cost(
        self, choice: SubnetChoice = FULL, size: tuple[int, int] | None = None
    ) -> TranslationCost:
        """What a subnet costs for a picture of ``size`` (height, width), by default that of its
        training.

        Raises:
            BadChoice: the choice or the size does not fit this model.
        """
        config = self.config_of(choice)
        height, width = size or (config.settings.height, config.settings.width)
        if why := config.refusal(height, width):
            raise BadChoice(why)
        return cost(config, height, width)

    def portable(self, choice: SubnetChoice = FULL) -> PortableNetwork:
        """A subnet as runtimes take it: ``input`` (batch, inputs, height, width) to ``picture``.

        Raises:
            BadChoice: the choice does not fit this model.
        """
        view = self.view(choice)
        counts = "/".join(str(width) for width in stage_widths(choice, self.info.config))
        name = f"{view.config.architecture}, {config_string(view.config.sizes) or counts}"
        return portable(view.config, view.tensors, self.info.key, name)

    def picture(
        self,
        x: Tensor,
        choice: SubnetChoice = FULL,
        *,
        between: Callable[[], None] | None = None,
    ) -> Tensor:
        """Pictures (n, outputs, h, w) in [-1, 1] of what goes into the network (n, inputs, h, w).

        Args:
            between: called before every convolution; may raise to stop.

        Raises:
            BadChoice: the choice or the size does not fit this model.
            NotEnoughMemory: the picture is too large for what is free.
        """
        view = self.view(choice)
        if x.ndim != 4 or x.shape[1] != view.config.sizes.inputs:
            raise BadChoice(
                f"this model takes {view.config.sizes.inputs} channels (n, channels, height, "
                f"width); what came has the shape {tuple(x.shape)}"
            )
        height, width = x.shape[2], x.shape[3]
        if why := view.config.refusal(height, width):
            raise BadChoice(why)
        needed = 4 * x.shape[0] * cost(view.config, height, width).activations
        free = psutil.virtual_memory().available
        if needed > free:
            raise NotEnoughMemory(
                f"drawing {width} x {height} px needs {size_text(needed)} of memory, and "
                f"{size_text(free)} is free; a smaller size would do"
            )
        with torch.inference_mode():
            return view.run(x, between)

    def render(
        self,
        inputs: PictureInputs | EncodedPicture,
        choice: SubnetChoice = FULL,
        *,
        between: Callable[[], None] | None = None,
    ) -> npt.NDArray[np.uint8]:
        """The picture made of ``inputs``, as 8-bit RGB (h, w, 3).

        Args:
            between: called before every convolution; may raise to stop.

        Raises:
            MaquetteError: inputs or choice do not fit this model, a file cannot be read, or memory
                does not suffice.
        """
        x = prepared(inputs, self.info.config)
        return as_pixels(self.picture(x, choice, between=between))

    def fed(
        self,
        names: Collection[str],
        inputs: PictureInputs | EncodedPicture,
        *,
        between: Callable[[], None] | None = None,
    ) -> dict[str, Floats]:
        """What :meth:`portable` takes for one picture: arrays at batch 1 for the inputs ``names``.

        Raises:
            MaquetteError: as of :meth:`render`.
        """
        if between is not None:
            between()
        given = {INPUT: prepared(inputs, self.info.config).numpy()}
        return {name: given[name] for name in names}

    def render_with(
        self,
        run: Run,
        names: Collection[str],
        inputs: PictureInputs | EncodedPicture,
        *,
        between: Callable[[], None] | None = None,
    ) -> npt.NDArray[np.uint8]:
        """Like :meth:`render`, but ``run`` is the network: a compiled form of :meth:`portable`."""
        return self.shown(run(self.fed(names, inputs, between=between), between))

    def shown(self, outputs: Mapping[str, Floats]) -> npt.NDArray[np.uint8]:
        """What a compiled network gave, by name, as 8-bit RGB (h, w, 3).

        Raises:
            BadChoice: its pictures have neither 1 nor 3 channels.
        """
        return as_pixels(torch.from_numpy(outputs[PICTURE]))

    def answered(self, answers: Mapping[str, str]) -> TranslationModel:
        """The same weights under other answers to ``info.questions``; those not given stay.

        Raises:
            BadChoice: an answer is none that is accepted.
        """
        taken = answered(self.info.questions, dict(self.info.answers) | dict(answers))
        assumed = tuple(name for name in self.info.assumed if name not in answers)
        if (taken, assumed) == (self.info.answers, self.info.assumed):
            return self
        config = checked(configured(self.info.config.sizes, taken))
        step = HistoryStep("answer", ", ".join(f"{name} {value}" for name, value in taken))
        key = self.info.key if taken == self.info.answers else model_key(self.info.key, step)
        info = replace(self.info, key=key, config=config, answers=taken, assumed=assumed)
        network = TranslationNetwork.from_tensors(config, self.network.state_dict())
        return TranslationModel(info, network)

    def cut(self, choice: SubnetChoice) -> TranslationModel:
        """A model of its own with the weights of a subnet, on their own memory.

        Raises:
            BadChoice: the choice does not fit this model.
        """
        view = self.view(choice)
        widths = "/".join(str(w) for w in stage_widths(choice, self.info.config))
        step = HistoryStep("cut", config_string(view.config.sizes) or f"widths {widths}")
        tensors = {
            name: tensor.detach().clone(memory_format=torch.contiguous_format)
            for name, tensor in view.tensors.items()
        }
        info = replace(
            self.info,
            key=model_key(self.info.key, step),
            config=view.config,
            parameters=self.cost(choice).parameters,
            history=(*self.info.history, step),
        )
        return TranslationModel(info, TranslationNetwork.from_tensors(view.config, tensors))

    def save(self, path: str | Path, dtype: Literal["f32", "f16"] = "f32") -> None:
        """Write the model in Maquette's own layout (``.safetensors``), aside and then renamed.

        Raises:
            MaquetteError: the file cannot be written.
        """
        from studio.families.translation.saving import save_translation_model

        save_translation_model(self, path, dtype)


def checked(config: TranslationConfig) -> TranslationConfig:
    """``config`` itself.

    Raises:
        BadChoice: the size of its training, as answered, is not one it can draw at.
    """
    if why := config.refusal(config.settings.height, config.settings.width):
        raise BadChoice(f"the answer to 'size' does not do: {why}")
    return config


def as_pixels(pictures: Tensor) -> npt.NDArray[np.uint8]:
    """The first of pictures (n, channels, h, w) in [-1, 1] as 8-bit RGB (h, w, 3).

    Raises:
        BadChoice: they have neither 1 nor 3 channels, so there is no showing them.
    """
    from studio.families.model import to_pixels

    channels = pictures.shape[1]
    if channels not in (1, 3):
        raise BadChoice(
            f"its pictures have {channels} channels; those with 1 (grey) or 3 (RGB) can be shown"
        )
    pixels: npt.NDArray[np.uint8] = to_pixels(pictures.expand(-1, 3, -1, -1))[0]
    return pixels
