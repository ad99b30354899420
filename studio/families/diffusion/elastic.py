"""What a pipeline's model asks of subnets of its denoiser; the one module that knows both sides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from torch import nn

from studio.errors import BadChoice
from studio.families.diffusion.config import DiffusionConfig
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import costs
from studio.subnets.denoisers.calls import recording
from studio.subnets.denoisers.chain_shapes import ChainShape
from studio.subnets.denoisers.chains import with_chains
from studio.subnets.denoisers.choice import Denoising, Elastic, Kept
from studio.subnets.denoisers.choice import resolve as resolve_kept
from studio.subnets.denoisers.conductor import Conductor
from studio.subnets.denoisers.cost import without_content
from studio.subnets.denoisers.finding import find_layout
from studio.subnets.denoisers.single import STEPS_DIFFER
from studio.subnets.denoisers.slicing import cut, view

if TYPE_CHECKING:
    from studio.subnets.denoisers.sites import Layout

__all__ = ["costs", "recording", "resolve", "without_content"]


def layout_of(network: nn.Module) -> Layout:
    """What can be narrowed and left out in a denoiser."""
    return find_layout(network)


def shaped(network: nn.Module, kept: Kept, chains: Mapping[str, ChainShape]) -> nn.Module:
    """A denoiser without content as a cut of it is shaped whose layers are chains.

    Raises:
        BadChoice: it has no such places or layers.
    """
    return with_chains(cut(network, find_layout(network), kept), chains)


def definite(choice: SubnetChoice, config: DiffusionConfig) -> Denoising | None:
    """A choice with the width in its place; None for the whole denoiser.

    Raises:
        BadChoice: the choice does not fit the pipeline.
    """
    return resolve(choice, config).denoising


def kept_of(elastic: Elastic, config: DiffusionConfig, width: float | None = None) -> Kept:
    """The elements and blocks of a choice at one width."""
    order = () if config.ordered is None else config.ordered.skip_order
    return resolve_kept(elastic, config.layout, order, width)


def one_network(network: nn.Module, choice: SubnetChoice, config: DiffusionConfig) -> Any:
    """The form of a denoiser that the first step of a run calls, on the same memory.

    Raises:
        BadChoice: the choice does not fit the pipeline.
    """
    denoising = definite(choice, config)
    if denoising is None:
        return network
    elastic = denoising.elastic
    return view(network, config.layout, kept_of(elastic, config, elastic.at(0, config.steps)))


def uncut(choice: SubnetChoice, config: DiffusionConfig) -> str | None:
    """Why a choice is no single network, a sentence; None where it is one.

    Raises:
        BadChoice: the choice does not fit the pipeline.
    """
    denoising = definite(choice, config)
    if denoising is not None and config.packed:
        return (
            f"the denoiser's weights are those of a GGUF file in {config.packed}, which cannot be "
            "written anew; leaving out blocks stays a way to run it"
        )
    if denoising is not None and denoising.within_a_run:
        return f"{STEPS_DIFFER}; it stays a way to run one"
    if choice.unsampled != choice:
        return (
            "steps, guidance and scheduler are what a run is asked for and no part of a network; "
            "they stay a way to run one"
        )
    return None


def cut_network(
    network: nn.Module, choice: SubnetChoice, config: DiffusionConfig
) -> tuple[nn.Module, Kept]:
    """A subnet of a denoiser on its own memory, and what it is of the denoiser.

    Raises:
        BadChoice: the choice does not fit the pipeline, or is no single network.
    """
    why = uncut(choice, config)
    if why is not None:
        raise BadChoice(why)
    denoising = definite(choice, config)
    if denoising is None:
        return network, Kept()
    kept = kept_of(denoising.elastic, config)
    return cut(network, config.layout, kept), kept


def combined(before: Kept | None, now: Kept) -> Kept | None:
    """What a cut of a cut is of the denoiser that its config.json describes."""
    if before is None:
        return None if now.whole else now
    made = Kept({**before.counts, **now.counts}, before.skipped | now.skipped)
    return None if made.whole else made


def remaining(chains: Mapping[str, ChainShape], kept: Kept | None) -> dict[str, ChainShape]:
    """The chains that do not lie in blocks that are left out."""
    skipped = () if kept is None else tuple(f"{block}." for block in kept.skipped)
    return {name: shape for name, shape in chains.items() if not f"{name}.".startswith(skipped)}


def running(conductor: Conductor[Any], choice: SubnetChoice, config: DiffusionConfig) -> bool:
    """Let a conductor follow a choice; whether there is anything to conduct.

    Raises:
        BadChoice: the choice does not fit the pipeline.
    """
    denoising = definite(choice, config)
    if denoising is None:
        conductor.choose()
        return False
    conductor.choose(denoising.elastic, denoising.reuse)
    return True


def conductor_of(network: nn.Module, config: DiffusionConfig) -> Conductor[Any]:
    """What runs a denoiser step by step."""
    order = () if config.ordered is None else config.ordered.skip_order
    return Conductor(network, config.layout, order)
