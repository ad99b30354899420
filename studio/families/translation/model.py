"""A loaded translation model: what it is, what it draws, how it is cut and saved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import psutil
import torch
from torch import Tensor

from studio.checkpoints.causes import size_text
from studio.errors import BadChoice, NotEnoughMemory
from studio.families.info import HistoryStep, model_key
from studio.families.inputs import EncodedPicture, PictureInputs
from studio.families.portable import Feeds, PortableNetwork, Quantisation
from studio.families.quantization import QuantPlan
from studio.families.translation.calibrating import unpacked_pictures
from studio.families.translation.config import TranslationConfig
from studio.families.translation.cost import TranslationCost, cost
from studio.families.translation.info import TranslationInfo
from studio.families.translation.network import TranslationNetwork
from studio.families.translation.portable import BATCH, HEIGHT, WIDTH, portable
from studio.families.translation.program import program
from studio.families.translation.questions import answered, configured
from studio.families.translation.reading import prepared
from studio.families.translation.run import run
from studio.families.translation.slicing import sliced
from studio.families.translation.stages import config_string, with_widths
from studio.families.translation.steps import INPUT, PICTURE, Step
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.stages import stage_widths

if TYPE_CHECKING:
    from studio.families.exportable import Exportable

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
        plan: how it is quantised, with its calibration inputs; None when it is not.
    """

    def __init__(
        self,
        info: TranslationInfo,
        network: TranslationNetwork,
        plan: QuantPlan | None = None,
    ) -> None:
        if info.config != network.config:
            raise ValueError("info and network must have the same config")
        if info.quantised != (plan is not None):
            raise ValueError("info.quantised must say whether there is a plan")
        self.info = info
        self.plan = plan
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
        quantisation = None
        if self.plan is not None:
            pictures = self.plan.pictures
            quantisation = Quantisation(self.plan, lambda: self._calibration(pictures))
        return portable(view.config, view.tensors, self.info.key, name, quantisation)

    def _calibration(self, pictures: str) -> Feeds:
        values = unpacked_pictures(pictures, self.info.config).numpy()
        return tuple({INPUT: value[None]} for value in values)

    def quantised(self, plan: QuantPlan) -> TranslationModel:
        """A new model on the same weights that targets of precision int8 run by ``plan``. Others,
        and eager PyTorch, draw what they drew.

        Raises:
            BadChoice: the plan names a layer that the model does not have, or has no calibration
                inputs that suit it.
        """
        known = [layer.name for layer in self.portable().layers]
        for name in (*plan.layers, *(name for name, _ in plan.keep)):
            if name not in known:
                raise BadChoice(f"this model has no layer {name}; it has {', '.join(known)}")
        if plan.layers:
            try:
                unpacked_pictures(plan.pictures, self.info.config)
            except ValueError as error:
                raise BadChoice(f"the plan cannot be followed: {error}") from error
        step = HistoryStep("quantise", f"int8 plan {plan.digest}, {len(plan.layers)} layers")
        info = replace(
            self.info,
            key=model_key(self.info.key, step),
            history=(*self.info.history, step),
            quantised=True,
        )
        return TranslationModel(info, self.network, plan)

    def described(self, info: TranslationInfo) -> TranslationModel:
        """The same weights and plan under ``info``."""
        return TranslationModel(info, self.network, self.plan)

    def sizes(self, inputs: PictureInputs | None = None) -> dict[str, int]:
        """The dynamic dimensions of :meth:`portable` for one picture: of ``inputs``, or of its
        training.

        Raises:
            MaquetteError: the picture does not fit, or cannot be read.
        """
        settings = self.info.config.settings
        height, width = settings.height, settings.width
        if inputs is not None:
            height, width = prepared(inputs, self.info.config).shape[2:]
        return {BATCH: 1, HEIGHT: height, WIDTH: width}

    def drawing(
        self,
        inputs: PictureInputs,
        choice: SubnetChoice = FULL,
        *,
        between: Callable[[], None] | None = None,
    ) -> Callable[[], Tensor]:
        """What draws once from the picture or label map, (1, inputs, h, w), to the picture.

        Raises:
            MaquetteError: the inputs do not fit this model; the choice is looked at when it draws.
        """
        x = prepared(inputs, self.info.config)
        return lambda: self.picture(x, choice, between=between)

    def several(self, first: PictureInputs, count: int) -> tuple[PictureInputs, ...]:
        """``count`` different inputs: that of ``first``, then its mirror image and crops of it (see
        ``studio.families.translation.sampling``).

        Raises:
            MaquetteError: the picture cannot be read, or is too small for so many.
        """
        from studio.families.translation.sampling import several

        return several(first, count, self.info.config)

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

    def own_inputs(self, count: int) -> tuple[PictureInputs, ...]:
        """Test pictures or label maps of the size of its training (see ``translation.scenes``)."""
        from studio.families.translation.scenes import drawn_inputs

        return drawn_inputs(self.info.config, count)

    def uncut(self, choice: SubnetChoice) -> str | None:
        """None: whatever can be drawn can be a model of its own."""
        resolve(choice, self.info.config)
        return None

    def exportable(self, choice: SubnetChoice = FULL) -> Exportable:
        """A subnet as it runs here: from what is filled with a picture to a picture."""
        from studio.families.translation.shipping import exportable

        return exportable(self, choice)

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
        return TranslationModel(info, network, self.plan)

    def cut(self, choice: SubnetChoice) -> TranslationModel:
        """A model of its own with the weights of a subnet, on their own memory; the model itself
        when all is kept.

        Raises:
            BadChoice: the choice does not fit this model.
        """
        view = self.view(choice)
        if view.config == self.info.config:
            return self
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
            size_bytes=4 * sum(tensor.numel() for tensor in tensors.values()),
            history=(*self.info.history, step),
            quantised=False,
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
