"""How each component of a pipeline is kept and computed, and each as a network of its own.

A plan names a choice for every component (``QuantPlan.components``); a plan that names none is for
the denoiser. Layers of text encoders and of the VAE have their component's name before a slash.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np
from torch import nn

from studio.errors import BadChoice
from studio.families.diffusion.calibrating import along_trajectories, decoded, encoded
from studio.families.diffusion.signatures import signature_of
from studio.families.info import HistoryStep, model_key
from studio.families.portable import Feeds, Port, PortableNetwork, Quantisation, Storage
from studio.families.quantization import QuantPlan
from studio.families.traced import traced_network

if TYPE_CHECKING:
    from studio.families.diffusion.model import DiffusionModel

Role = Literal["denoiser", "text", "vae"]
ROLES: tuple[Role, ...] = ("denoiser", "text", "vae")
BETWEEN = "/"  # a component's name and that of its layer
ENDS = "it reads or writes the latents"
PICTURE = "it reads the latents or writes the picture"
TIMES = "it embeds the time, and few multiplies are in it"
ENCODER = "it is no part of the decoder"
STORAGE: Mapping[str, Storage] = {"weights-int8": "int8", "weights-int4": "int4"}
_TIMES = ("time_", "timestep", "adaln", "norm_out", "add_embedding", "context_embedder")
_ENDS = ("conv_in", "conv_out", "proj_out", "proj_out_1", "proj_out_2", "x_embedder", "pos_embed")
_DECODER_ENDS = ("decoder.conv_in", "decoder.conv_out")


def role_of(model: DiffusionModel, name: str) -> Role:
    """What a component does.

    Raises:
        BadChoice: the pipeline has no component of that name with weights.
    """
    found = components_by_role(model)
    for role, names in found.items():
        if name in names:
            return role
    known = ", ".join(each for names in found.values() for each in names)
    raise BadChoice(f"this pipeline has no component {name}; it has {known}")


def components_by_role(model: DiffusionModel) -> dict[Role, tuple[str, ...]]:
    """The components with weights, by what they do; a pipeline without prompts has no text."""
    folder = model.components.folder
    pipeline = folder.pipeline
    texts = sorted(name for name, each in folder.components.items() if each.part == "text")
    vae = pipeline.vae
    has_vae = vae is not None and vae in folder.components
    return {
        "denoiser": (pipeline.denoiser,),
        "text": tuple(texts),
        "vae": (cast(str, vae),) if has_vae else (),
    }


def why_in_float(role: Role, name: str) -> str:
    """Why a layer of a component keeps its floats whatever is chosen; empty where it does not."""
    if role == "text":
        return ""
    if role == "vae":
        if not name.startswith(("decoder.", "post_quant_conv")):
            return ENCODER
        return PICTURE if name in _DECODER_ENDS or name == "post_quant_conv" else ""
    if name.split(".")[0] in _ENDS:
        return ENDS
    return TIMES if any(word in name for word in _TIMES) else ""


def within(role: Role) -> Callable[[str], bool]:
    """Whether a layer is meant by what is chosen for a component, by its name."""
    return lambda name: not why_in_float(role, name)


def choice_of(plan: QuantPlan | None, name: str, denoiser: str) -> str:
    """How a plan keeps a component: one of ``quantization.Stored``, or ``none``."""
    if plan is None:
        return "none"
    if not plan.components:
        return "int8" if name == denoiser and plan.layers else "none"
    return dict(plan.components).get(name, "none")


def in_pytorch(plan: QuantPlan) -> dict[str, str]:
    """The choices of a plan that change what PyTorch runs, by component."""
    return {name: choice for name, choice in plan.components if choice != "int8"}


def unfit(model: DiffusionModel, plan: QuantPlan) -> str | None:
    """Why a plan is not for a pipeline, a sentence; None where it is."""
    known = {each for names in components_by_role(model).values() for each in names}
    for name, _ in plan.components:
        if name not in known:
            return f"this pipeline has no component {name} that could be quantised"
    layers = {layer.name for layer in model.info.config.layers}
    named = [*plan.layers, *(name for name, _ in plan.keep)]
    for component in sorted({n.partition(BETWEEN)[0] for n in named if BETWEEN in n} & known):
        network = model.components.stored(component)
        layers |= {f"{component}{BETWEEN}{each}" for each in layers_of(network)}
    for name in named:
        if name not in layers:
            whose = "pipeline" if BETWEEN in name else "model's denoiser"
            return f"this {whose} has no layer {name}"
    return None


def layer_name(role: Role, component: str, layer: str) -> str:
    """A layer's name in a plan."""
    return layer if role == "denoiser" else f"{component}{BETWEEN}{layer}"


def plan_for(plan: QuantPlan, role: Role, component: str) -> QuantPlan:
    """A plan with the layers of one component alone, under their own names."""
    start = f"{component}{BETWEEN}"

    def own(name: str) -> bool:
        return BETWEEN not in name if role == "denoiser" else name.startswith(start)

    return replace(
        plan,
        layers=tuple(n.removeprefix(start) for n in plan.layers if own(n)),
        keep=tuple((n.removeprefix(start), why) for n, why in plan.keep if own(n)),
        components=(),
    )


def component_network(model: DiffusionModel, name: str) -> PortableNetwork:
    """A component as runtimes and exports take it, by the names that exported pipelines have
    (``signatures``), on the model's own weights, quantised or stored as the model's plan says.

    Raises:
        BadChoice: there is no such component, or its weights are those of a GGUF file.
    """
    role = role_of(model, name)
    if role == "denoiser" and model.info.config.packed:
        raise BadChoice(
            f"the denoiser's weights are those of a GGUF file in {model.info.config.packed}, and "
            "other runtimes start from plain ones"
        )
    network = model.components.plain(name)
    choice = choice_of(model.plan, name, model.info.denoiser)
    made = traced_network(
        network,
        signature_of(network),
        key=model_key(model.info.key, HistoryStep("component", f"{name}, {choice}")),
        name=f"{model.info.config.pipeline}, {name}",
    )
    if choice == "int8":
        assert model.plan is not None
        plan = plan_for(model.plan, role, name)
        return quantised_component(model, name, made, plan)
    return replace(made, storage=STORAGE.get(choice, "float"))


def quantised_component(
    model: DiffusionModel, name: str, network: PortableNetwork, plan: QuantPlan
) -> PortableNetwork:
    """A component to be quantised by ``plan``, over what pipelines call it with while they draw."""
    role = role_of(model, name)

    def feeds() -> Feeds:
        return calls_of(model, name, role, plan, network.inputs)

    return replace(network, quantisation=Quantisation(plan, feeds))


def calls_of(
    model: DiffusionModel, name: str, role: Role, plan: QuantPlan, ports: tuple[Port, ...]
) -> Feeds:
    """What a component is called with while pictures are drawn: arrays by the names of ``ports``.

    Raises:
        MaquetteError: a picture cannot be drawn.
    """
    calls: Sequence[Mapping[str, Any]]
    if role == "text":
        calls = encoded(model, name, plan)
    elif role == "vae":
        calls = decoded(model, name, plan)
    else:
        calls = along_trajectories(model, plan, [port.name for port in ports])
    return tuple(_fitting(call, ports) for call in calls)


def _fitting(call: Mapping[str, Any], ports: tuple[Port, ...]) -> dict[str, Any]:
    batch = next(len(array) for array in call.values() if np.ndim(array) > 1)
    made = {}
    for port in ports:
        array = np.asarray(call[port.name]).astype(port.dtype)
        if port.shape == ("batch",) and len(array) == 1:
            array = np.repeat(array, batch)
        made[port.name] = array
    return made


def layers_of(network: nn.Module) -> dict[str, nn.Module]:
    """Convolutions and linear layers of a component, by name."""
    return {
        name: part
        for name, part in network.named_modules()
        if isinstance(part, nn.Conv2d | nn.Linear)
    }
