"""The denoiser of a pipeline as runtimes take it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from studio.errors import BadChoice
from studio.families.diffusion.calibrating import along_trajectories
from studio.families.diffusion.components import twin
from studio.families.diffusion.denoiser import named, prompt_states
from studio.families.diffusion.dimensions import WORDS, dimensions
from studio.families.diffusion.elastic import costs, resolve, uncut
from studio.families.diffusion.precisions import STORAGE, choice_of, within
from studio.families.diffusion.signatures import signature_of
from studio.families.diffusion.stored import IN_PYTORCH, stored_as
from studio.families.info import HistoryStep, model_key
from studio.families.portable import LayerMacs, PortableNetwork, Quantisation
from studio.families.traced import OPERATORS, settled, with_sizes
from studio.families.traced_graph import model_in_one

if TYPE_CHECKING:
    from studio.families.diffusion.model import DiffusionModel
    from studio.subnets.choice import SubnetChoice


def portable(
    model: DiffusionModel, choice: SubnetChoice, *, any_prompt: bool = False
) -> PortableNetwork:
    """A subnet of the denoiser of ``model`` with its inputs by name. Its weights are the model's
    own; only what ``onnx`` makes is a copy.

    Args:
        any_prompt: it takes any number of states of a prompt, instead of what the pipeline gives.

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
    signature = signature_of(network)
    names = tuple(port.name for port in signature.inputs)

    def module() -> nn.Module:
        return named(twin(model.plain_part(choice)), names).eval()

    def held() -> nn.Module:
        few = stored_as(model.network, kept, torch.float32, within("denoiser"))
        return named(few, names).eval()

    def onnx() -> bytes:
        if config.packed:
            raise BadChoice(
                f"{model.info.name} runs in PyTorch only: its denoiser's weights are those of a "
                f"GGUF file in {config.packed}, and other runtimes start from plain ones"
            )
        usual = dimensions(config, 1, config.height, config.width)
        return model_in_one(settled(made, usual))

    quantisation, kept = None, choice_of(model.plan, model.info.denoiser, model.info.denoiser)
    if (plan := model.plan) is not None and kept == "int8":
        quantisation = Quantisation(plan, lambda: along_trajectories(model, plan, names))
    made = PortableNetwork(
        key=key,
        name=f"{config.pipeline}, {model.info.denoiser}",
        inputs=signature.inputs,
        outputs=signature.outputs,
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
        baked=signature.baked,
        example=tuple(sorted(signature.example.items())),
        storage=STORAGE.get(kept, "float"),
        held=held if kept in IN_PYTORCH and subnet.denoising is None else None,
    )
    states = prompt_states(config)
    made = with_sizes(made, {WORDS: states} if states and not any_prompt else {})
    return made


def activations(model: DiffusionModel) -> int:
    """A bound of the activations alive at once at batch 1: a handful of maps at full size with the
    most channels of the first stage, or of the tokens."""
    config = model.info.config
    own: Any = model.network.config
    channels = getattr(own, "block_out_channels", None)
    places = config.latent_height * config.latent_width
    width = channels[0] if channels else own.num_attention_heads * own.attention_head_dim
    return int(12 * places * width)
