"""The denoiser of a pipeline as runtimes take it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from studio.errors import BadChoice
from studio.families.diffusion.calibrating import along_trajectories
from studio.families.diffusion.components import twin
from studio.families.diffusion.denoiser import NamedDenoiser, output_port, ports
from studio.families.diffusion.dimensions import BATCH, HEIGHT, TOKENS, WIDTH, baked
from studio.families.diffusion.elastic import costs, resolve, uncut
from studio.families.diffusion.precisions import STORAGE, choice_of, within
from studio.families.diffusion.signatures import TRACED
from studio.families.diffusion.stored import IN_PYTORCH, stored_as
from studio.families.info import HistoryStep, model_key
from studio.families.portable import LayerMacs, PortableNetwork, Quantisation
from studio.families.traced import OPERATORS, settled
from studio.families.traced_graph import model_in_one

if TYPE_CHECKING:
    from studio.families.diffusion.model import DiffusionModel
    from studio.subnets.choice import SubnetChoice


def portable(model: DiffusionModel, choice: SubnetChoice) -> PortableNetwork:
    """A subnet of the denoiser of ``model`` with its inputs by name. Its weights are the model's
    own; only what ``onnx`` makes is a copy.

    Raises:
        BadChoice: the choice does not fit the model, or is no single network.
    """
    config, network = model.info.config, model.network
    why = uncut(choice.unsampled, config)
    if why is not None:
        raise BadChoice(why)
    subnet = resolve(choice, config)
    layers = costs(config, subnet)
    key = model.info.key
    if subnet.denoising is not None:
        key = model_key(key, HistoryStep("subnet", repr(subnet.denoising.elastic)))
    inputs, output = ports(config, network), output_port(config, network)
    made_of = [port.shape for port in inputs]
    names = tuple(port.name for port in inputs)

    def module() -> nn.Module:
        return NamedDenoiser(config.kind, names, twin(model.plain_part(choice))).eval()

    def held() -> nn.Module:
        few = stored_as(model.network, kept, torch.float32, within("denoiser"))
        return NamedDenoiser(config.kind, names, few).eval()

    def onnx() -> bytes:
        if config.packed:
            raise BadChoice(
                f"{model.info.name} runs in PyTorch only: its denoiser's weights are those of a "
                f"GGUF file in {config.packed}, and other runtimes start from plain ones"
            )
        usual = {HEIGHT: config.latent_height, WIDTH: config.latent_width}
        return model_in_one(settled(made, usual))

    quantisation, kept = None, choice_of(model.plan, model.info.denoiser, model.info.denoiser)
    if (plan := model.plan) is not None and kept == "int8":
        quantisation = Quantisation(plan, lambda: along_trajectories(model, plan, names))
    made = PortableNetwork(
        key=key,
        name=f"{config.pipeline}, {model.info.denoiser}",
        inputs=inputs,
        outputs=(output,),
        operators=OPERATORS,
        parameters=sum(each.cost.parameters for each in layers),
        macs=sum(each.cost.macs for each in layers),
        activations=activations(model),
        onnx=onnx,
        module=module,
        layers=tuple(
            LayerMacs(each.name, each.cost.macs, each.cost.parameters)
            for each in layers
            if each.cost.macs
        ),
        quantisation=quantisation,
        traced=not config.packed,
        baked=baked(config),
        example=tuple(sorted(_example(network, made_of).items())),
        storage=STORAGE.get(kept, "float"),
        held=held if kept in IN_PYTORCH and subnet.denoising is None else None,
    )
    return made


def _example(network: nn.Module, shapes: Iterable[tuple[int | str, ...]]) -> dict[str, int]:
    """A small size for every dynamic dimension; height and width differ, so that no graph can
    mistake one for the other."""
    own: Any = network.config
    least = 2 * 2 ** (len(getattr(own, "block_out_channels", (0,))) - 1)
    sizes = {BATCH: TRACED, HEIGHT: least, WIDTH: 2 * least, TOKENS: 6}
    named = {side for shape in shapes for side in shape if isinstance(side, str)}
    return {name: size for name, size in sizes.items() if name in named}


def activations(model: DiffusionModel) -> int:
    """A bound of the activations alive at once at batch 1: a handful of maps at full size with the
    most channels of the first stage, or of the tokens."""
    config = model.info.config
    own: Any = model.network.config
    channels = getattr(own, "block_out_channels", None)
    places = config.latent_height * config.latent_width
    width = channels[0] if channels else own.num_attention_heads * own.attention_head_dim
    return int(12 * places * width)
