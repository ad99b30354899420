"""A loaded diffusion pipeline: what it is and what it draws."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from studio.errors import BadChoice
from studio.families.diffusion.components import NO_CHAINS, Components, in_type, quiet
from studio.families.diffusion.config import DiffusionConfig
from studio.families.diffusion.info import DiffusionInfo
from studio.families.diffusion.inputs import DiffusionInputs, Settled, plain_picture, settled
from studio.families.diffusion.inputs import several as several_inputs
from studio.families.info import HistoryStep, model_key
from studio.families.portable import PortableNetwork
from studio.families.quantization import QuantPlan
from studio.subnets.choice import SubnetChoice, asked
from studio.subnets.denoisers.chain_shapes import ChainShape
from studio.subnets.denoisers.choice import Kept

if TYPE_CHECKING:
    from studio.families.diffusion.remembering import Encodings
    from studio.families.diffusion.sampling import OnStep
    from studio.families.exportable import Exportable

Between = Callable[[], None] | None
Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Run = Callable[[Mapping[str, Floats], Between], dict[str, Floats]]
FULL = SubnetChoice()
WHOLE = Kept()
PROMPT = "a clay head on a grey table, lit from the left"
"""What is drawn where nobody has said what."""


class DiffusionModel:
    """A pipeline with what describes it. Never changed after it was made.

    Args:
        info: everything known of it apart from the weights.
        components: its networks and tokenizers, loaded when first needed.
        plan: how its denoiser is quantised; None when it is not.
    """

    def __init__(
        self, info: DiffusionInfo, components: Components, plan: QuantPlan | None = None
    ) -> None:
        if info.quantised != (plan is not None):
            raise ValueError("info.quantised must say whether there is a plan")
        self.info = info
        self.plan = plan
        self.components = components
        self._conductor: Any = None
        self._encodings: Encodings | None = None
        # Hooks sit on shared networks while a picture is drawn.
        self._drawing = threading.RLock()

    @property
    def network(self) -> nn.Module:
        """The denoiser in the type of its file, frozen."""
        return self.components.stored(self.info.denoiser)

    @property
    def running_network(self) -> Any:
        """The denoiser in the type that PyTorch computes in."""
        return self.components.running(self.info.denoiser)

    @property
    def plain_network(self) -> Any:
        """The denoiser in the type that PyTorch computes in, with plain weights: what subnets are
        views of, and what other runtimes start from."""
        return self.components.plain(self.info.denoiser)

    def settled(self, inputs: DiffusionInputs) -> Settled:
        """``inputs`` with nothing left open.

        Raises:
            BadChoice: they do not fit this model.
        """
        return settled(inputs, self.info.config)

    def prompt_tokens(self, prompt: str) -> int:
        """How many tokens a prompt has, those that begin and end it among them; what is beyond
        ``info.config.prompt_tokens`` is not read. 0 for models without a prompt."""
        parts = self.components.folder.components
        names = sorted(name for name, each in parts.items() if each.part == "tokenizer")
        if not names:
            return 0
        with quiet():  # of several, the last reads most
            return len(self.components.tokenizer(names[-1])(prompt).input_ids)

    def render(
        self,
        inputs: DiffusionInputs,
        choice: SubnetChoice = FULL,
        *,
        denoiser: nn.Module | Callable[..., Any] | None = None,
        between: Between = None,
        on_step: OnStep = None,
        watch: Callable[[Callable[..., Any]], Callable[..., Any]] | None = None,
        remember: bool = False,
    ) -> Pixels:
        """The picture of ``inputs`` as 8-bit RGB (h, w, 3), by PyTorch.

        Args:
            choice: what of the denoiser to run, and how, which may say of steps, guidance and
                scheduler what the inputs do not; all of it at every step unless another
                is given. Not looked at where ``denoiser`` is given.
            denoiser: runs in place of :attr:`running_network`, with the arguments of its
                ``forward``: a subnet of it, features reused, a compiled form.
            between: called before every layer; may raise to stop.
            on_step: told of every step (``studio.families.diffusion.sampling.Step``).
            watch: wraps what runs the denoiser, such as to time its calls.
            remember: encode no text and no picture again that was encoded a few pictures before;
                not for whoever times a picture.

        Raises:
            BadChoice: the inputs do not fit this model.
            MaquetteError: a picture cannot be read, or memory does not suffice.
        """
        from studio.families.diffusion.denoiser import StandIn
        from studio.families.diffusion.sampling import sample

        wanted = self.settled(asked(inputs, choice))
        weightless = isinstance(denoiser, StandIn)
        with self._drawing:
            if denoiser is None:
                denoiser = self._conducted(choice, wanted)
            if watch is not None:
                denoiser = watch(self.running_network if denoiser is None else denoiser)
            return sample(
                self,
                wanted,
                denoiser=denoiser,
                weightless=weightless,
                between=between,
                on_step=on_step,
                encodings=self._remembered() if remember else None,
            )

    def _remembered(self) -> Encodings:
        if self._encodings is None:
            from studio.families.diffusion.remembering import Encodings

            self._encodings = Encodings()
        return self._encodings

    def release(self) -> None:
        """Let go of what PyTorch alone runs the denoiser with; it is made again when needed."""
        with self._drawing:
            self._conductor = None
            self.components.release(self.info.denoiser)

    def preview(self, latents: Tensor) -> Pixels:
        """Latents of a step, (1, channels, h, w), as a picture (h, w, 3), or as large as the
        finished one where there is a tiny decoder for this VAE.

        Raises:
            RefusedFile: the tiny decoder that was chosen is none for this VAE.
        """
        config = self.info.config
        with self._drawing:
            previewer = self.components.previewer(config.latent_channels, config.factor)
            return previewer.preview(latents)

    def several(self, first: DiffusionInputs, count: int) -> tuple[DiffusionInputs, ...]:
        """``count`` inputs of which ``first`` is the first: the seeds that follow."""
        return several_inputs(first, count)

    def own_inputs(self, count: int) -> tuple[DiffusionInputs, ...]:
        """``count`` seeds from ``info.seed`` on, with a prompt where the model takes one, and a
        grey picture to be painted over where it needs that."""
        config = self.info.config
        first = DiffusionInputs(seed=self.info.seed)
        if "prompt" in config.takes:
            first = replace(first, prompt=PROMPT)
        if "picture" in config.needs:
            grey, white = (plain_picture(config.height, config.width, v) for v in (128, 255))
            first = replace(first, picture=grey, mask=white, strength=1.0)
        return several_inputs(first, count)

    def portable(self, choice: SubnetChoice = FULL) -> PortableNetwork:
        """The denoiser as runtimes take it: its tensors by name (``signatures``) to its output.

        Raises:
            BadChoice: the choice does not fit this model.
        """
        from studio.families.diffusion.portable import portable

        return portable(self, choice)

    def part(self, choice: SubnetChoice = FULL) -> Any:
        """The form of the denoiser that the first step of a run calls, on the model's own memory,
        in the type that PyTorch computes in.

        Raises:
            BadChoice: the choice does not fit this model.
        """
        return self._part(self.running_network if choice == FULL else self.plain_network, choice)

    def plain_part(self, choice: SubnetChoice = FULL) -> Any:
        """The same with plain weights, whatever the plan says of how they are kept.

        Raises:
            BadChoice: the choice does not fit this model.
        """
        return self._part(self.plain_network, choice)

    def _part(self, network: nn.Module, choice: SubnetChoice) -> Any:
        from studio.families.diffusion.elastic import one_network

        return one_network(network, choice, self.info.config)

    def denoiser_of(self, choice: SubnetChoice, wanted: Settled) -> nn.Module:
        """What runs the denoiser of ``choice`` in PyTorch, told that a run of ``wanted`` begins.

        Raises:
            BadChoice: the choice does not fit this model.
        """
        found = self._conducted(choice, wanted)
        network: nn.Module = self.running_network if found is None else found
        return network

    def _conducted(self, choice: SubnetChoice, wanted: Settled) -> nn.Module | None:
        """What runs in the denoiser's place, told that a run begins; None where it runs itself."""
        from studio.families.diffusion.elastic import conductor_of, running

        config = self.info.config
        if choice == FULL:
            return None
        if self._conductor is None:
            self._conductor = conductor_of(self.plain_network, config)
        if not running(self._conductor, choice, config):
            return None
        steps = wanted.steps_run
        guided = wanted.batch(config) == 2
        # DiT puts the class before the null class, all others the prompt behind the empty one.
        self._conductor.begin(
            steps,
            guided=guided,
            prompt_first=config.kind == "dit",
            before=wanted.steps - steps,
        )
        network: nn.Module = self._conductor.network
        return network

    def sizes(self, inputs: DiffusionInputs | None = None) -> dict[str, int]:
        """The dynamic dimensions of :meth:`portable` for one step of a picture; batch is 2 where
        guidance runs the denoiser with and without the prompt at once.

        Raises:
            BadChoice: the inputs do not fit this model.
        """
        from studio.families.diffusion.dimensions import dimensions

        config = self.info.config
        wanted = self.settled(self.own_inputs(1)[0] if inputs is None else inputs)
        return dimensions(config, wanted.batch(config), wanted.height, wanted.width)

    def fed(
        self, names: Collection[str], inputs: DiffusionInputs, *, between: Between = None
    ) -> dict[str, Floats]:
        """What the denoiser takes at the first step of a picture: arrays by name.

        Raises:
            MaquetteError: as of :meth:`render`.
        """
        from studio.families.diffusion.denoiser import arrays

        return arrays(self.first_call(inputs, between=between), names)

    def first_call(self, inputs: DiffusionInputs, *, between: Between = None) -> dict[str, Tensor]:
        """What the pipeline calls the denoiser with at the first step, by name.

        Raises:
            MaquetteError: as of :meth:`render`.
        """
        from studio.families.diffusion.denoiser import Taken, standing_in, take

        try:
            self.render(inputs, denoiser=standing_in(self.info.config.kind, take), between=between)
        except Taken as taken:
            return taken.tensors
        raise BadChoice("no step of these inputs runs the denoiser")

    def drawing(
        self, inputs: DiffusionInputs, choice: SubnetChoice = FULL, *, between: Between = None
    ) -> Callable[[], Tensor]:
        """What runs the denoiser once in PyTorch, at the first step of ``inputs``, to its output.

        Raises:
            MaquetteError: as of :meth:`render`.
        """
        from studio.families.diffusion.denoiser import named
        from studio.families.diffusion.sampling import interrupted

        given = self.first_call(inputs)
        network = named(self.part(choice), given)

        def once() -> Tensor:
            with self._drawing, torch.inference_mode(), interrupted([network], between):
                made: Tensor = network(*given.values())[0]
                return made

        return once

    def render_with(
        self,
        run: Run,
        names: Collection[str],
        inputs: DiffusionInputs,
        *,
        between: Between = None,
    ) -> Pixels:
        """Like :meth:`render`, but ``run`` is the denoiser: a compiled form of :meth:`portable`."""
        return self.render(inputs, denoiser=self.compiled(run, names, between), between=between)

    def compiled(self, run: Run, names: Collection[str], between: Between = None) -> Any:
        """A compiled form of :meth:`portable` as the ``denoiser`` of :meth:`render`."""
        from studio.families.diffusion.denoiser import arrays, output_of, standing_in

        output = output_of(self.info.config.kind)

        dtype = self.components.computes(self.info.denoiser)

        def step(tensors: dict[str, Tensor]) -> Tensor:
            made = run(arrays(tensors, names), between)[output]
            return torch.from_numpy(made).to(dtype)

        return standing_in(self.info.config.kind, step)

    def uncut(self, choice: SubnetChoice) -> str | None:
        """Why a subnet that can be drawn cannot be a model of its own, a sentence; None when it
        can."""
        from studio.families.diffusion.elastic import uncut

        return uncut(choice, self.info.config)

    def cut(self, choice: SubnetChoice) -> DiffusionModel:
        """A subnet as a model of its own, on its own memory; the model itself when all is kept.

        Raises:
            BadChoice: the choice does not fit this model, or its steps differ.
        """
        from studio.families.diffusion.elastic import cut_network

        network, kept = cut_network(self.network, choice, self.info.config)
        if kept.whole:
            return self
        done = f"{len(kept.counts)} places, {len(kept.skipped)} blocks left out"
        made = self.reshaped(network, HistoryStep("cut", done), kept=kept)
        key = model_key(
            self.info.key,
            HistoryStep("cut", repr(sorted(kept.counts.items()))),
            HistoryStep("skipped", repr(sorted(kept.skipped))),
        )
        return made.described(replace(made.info, key=key))

    def reshaped(
        self,
        network: nn.Module,
        step: HistoryStep,
        *,
        kept: Kept = WHOLE,
        chains: Mapping[str, ChainShape] = NO_CHAINS,
    ) -> DiffusionModel:
        """The same pipeline with a denoiser of other sizes made from its own.

        Args:
            network: of the class of :attr:`network`, in the same type. step: how it was made, with
                all that decides its weights.
            kept: what it is of :attr:`network`. chains: which layers have become chains.
        """
        from studio.families.diffusion.elastic import combined, remaining

        kept_of_all = combined(self.components.kept, kept)
        every = remaining({**self.components.chains, **chains}, kept_of_all)
        info = self._info_of(network, replace(self.info.config, ordered=None))
        info = replace(info, key=model_key(info.key, step), history=(*info.history, step))
        components = self.components.with_denoiser(network, kept_of_all, every)
        return DiffusionModel(info, components, self.plan)

    def with_denoiser(self, network: nn.Module, config: DiffusionConfig) -> DiffusionModel:
        """The same pipeline with another denoiser of the same shape, described by ``config``.

        Args:
            network: of the class and sizes of :attr:`network`, in the same type.
        """
        info = self._info_of(network, config)
        own = self.components
        return DiffusionModel(info, own.with_denoiser(network, own.kept, own.chains), self.plan)

    def _info_of(self, network: nn.Module, config: DiffusionConfig) -> DiffusionInfo:
        """The description with layers, sizes and places of another denoiser."""
        from studio.families.diffusion.elastic import layout_of, without_content
        from studio.families.diffusion.opening import counted_layers

        config = replace(
            config,
            layers=counted_layers(config, in_type(without_content(network), torch.float32)),
            layout=layout_of(network),
        )
        components = []
        for each in self.info.components:
            if each.name == self.info.denoiser:
                tensors = network.state_dict().values()
                each = replace(
                    each,
                    parameters=sum(tensor.numel() for tensor in tensors),
                    size_bytes=sum(tensor.numel() * tensor.element_size() for tensor in tensors),
                )
            components.append(each)
        return replace(
            self.info,
            config=config,
            components=tuple(components),
            parameters=sum(each.parameters for each in components),
            size_bytes=sum(each.size_bytes for each in components),
        )

    def exportable(self, choice: SubnetChoice = FULL) -> Exportable:
        """Not as one network.

        Raises:
            BadChoice: always; a pipeline is exported component by component.
        """
        raise BadChoice("a diffusion pipeline is no single network that could be exported so far")

    def quantised(self, plan: QuantPlan) -> DiffusionModel:
        """A new model on the same weights that targets of precision int8 run by ``plan``.

        Raises:
            BadChoice: the plan names a layer that the denoiser does not have.
        """
        if self.info.config.packed:
            raise BadChoice(
                f"the denoiser's weights are in {self.info.config.packed} already (a GGUF file); "
                "int8 starts from a denoiser in safetensors"
            )
        from studio.families.diffusion.precisions import in_pytorch, unfit

        if why := unfit(self, plan):
            raise BadChoice(why)
        said = f"int8 plan {plan.digest}, {len(plan.layers)} layers"
        if plan.components:
            said += "; " + ", ".join(f"{name} {choice}" for name, choice in plan.components)
        step = HistoryStep("quantise", said)
        info = replace(
            self.info,
            key=model_key(self.info.key, step),
            history=(*self.info.history, step),
            quantised=True,
        )
        return DiffusionModel(info, self.components.with_choices(in_pytorch(plan)), plan)

    def described(self, info: DiffusionInfo) -> DiffusionModel:
        """The same components and plan under ``info``."""
        return DiffusionModel(info, self.components, self.plan)

    def save(self, path: str | Path, dtype: Literal["f32", "f16"] = "f32") -> None:
        """Write the pipeline as a folder that diffusers opens, aside and then renamed.

        Raises:
            MaquetteError: the folder cannot be written.
        """
        from studio.families.diffusion.saving import save_pipeline

        save_pipeline(self, path, dtype)
