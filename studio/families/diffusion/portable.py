"""The denoiser of a pipeline as runtimes take it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from studio.errors import BadChoice
from studio.families.diffusion.components import twin
from studio.families.diffusion.denoiser import NamedDenoiser, dimensions, output_port, ports
from studio.families.diffusion.elastic import costs, resolve, uncut
from studio.families.info import HistoryStep, model_key
from studio.families.portable import OPSET, LayerMacs, PortableNetwork

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
    why = uncut(choice, config)
    if why is not None:
        raise BadChoice(why)
    subnet = resolve(choice, config)
    layers = costs(config, subnet)
    key = model.info.key
    if subnet.denoising is not None:
        key = model_key(key, HistoryStep("subnet", repr(subnet.denoising.elastic)))
    inputs, output = ports(config, network), output_port(config, network)
    names = tuple(port.name for port in inputs)

    def module() -> nn.Module:
        return NamedDenoiser(config.kind, names, twin(model.part(choice))).eval()

    def onnx() -> bytes:
        if config.packed:
            raise BadChoice(
                f"{model.info.name} runs in PyTorch only: its denoiser's weights are those of a "
                f"GGUF file in {config.packed}, and other runtimes start from plain ones"
            )
        sizes = dimensions(config, 2, config.height, config.width)
        given = tuple(torch.zeros(port.fixed(**sizes)) for port in inputs)
        dynamic = {
            port.name: {axis: d for axis, d in enumerate(port.shape) if isinstance(d, str)}
            for port in (*inputs, output)
        }
        stream = io.BytesIO()
        with torch.inference_mode():
            torch.onnx.export(
                module(),
                given,
                stream,  # type: ignore[arg-type]
                input_names=list(names),
                output_names=[output.name],
                dynamic_axes=dynamic,
                opset_version=OPSET,
                dynamo=False,
            )
        return stream.getvalue()

    return PortableNetwork(
        key=key,
        name=f"{config.pipeline}, {model.info.denoiser}",
        inputs=inputs,
        outputs=(output,),
        operators=(),
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
    )


def activations(model: DiffusionModel) -> int:
    """A bound of the activations alive at once at batch 1: a handful of maps at full size with the
    most channels of the first stage, or of the tokens."""
    config = model.info.config
    own: Any = model.network.config
    channels = getattr(own, "block_out_channels", None)
    places = config.latent_height * config.latent_width
    width = channels[0] if channels else own.num_attention_heads * own.attention_head_dim
    return int(12 * places * width)
