"""Low-rank factorisation of models that turn pictures into pictures.

3x3 convolutions by SVD, Tucker-2 or CP, 1x1 ones (the pointwise half of separable layers) by SVD.
Left whole are depthwise convolutions, which are small already, transposed ones, and the 7x7 ones at
both ends, which read or write few channels.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from plugins.lowrank.chains import Chain, NotSmaller, convolution_chain, matrix_chain
from plugins.lowrank.params import LowRankParams
from studio.checkpoints.factor import Factor
from studio.families.info import HistoryStep
from studio.families.translation.deriving import BYTES, derived
from studio.families.translation.model import TranslationModel
from studio.families.translation.program import program
from studio.families.translation.steps import Convolve, ConvolveUp
from studio.recipes.contract import Baked, Context, LayerReport, Report
from studio.subnets.describe import in_words


def factorised(model: TranslationModel, params: LowRankParams, context: Context) -> Baked:
    """The model with its convolutions as chains, as far as that makes them smaller."""
    sizes = model.info.config.sizes
    tensors = dict(model.network.tensors())
    done, chains, layers = dict(sizes.chains), dict(sizes.chains), []
    whole = replace(model.info.config, sizes=replace(sizes, chains=()))
    kernels = [s for s in program(whole) if isinstance(s, Convolve | ConvolveUp)]
    for number, step in enumerate(kernels):
        context.progress(number / len(kernels), f"factorising layer {number + 1} of {len(kernels)}")
        weight = tensors[step.weight]
        size = BYTES * weight.numel()
        why = "it is a chain already" if step.name in done else _whole(step, weight, params)
        if why:
            layers.append(LayerReport(step.name, why, "", size, size))
            continue
        # One seed for each layer: what happens to one does not depend on the others.
        generator = torch.Generator().manual_seed(context.seed * 1000 + number)
        try:
            chain, factor = _chain(weight, params, generator)
        except NotSmaller as reason:
            layers.append(LayerReport(step.name, str(reason), "", size, size))
            continue
        chains[step.name] = factor
        for part, tensor in chain.tensors.items():
            full = tensor if tensor.ndim == 4 else tensor[:, :, None, None]
            tensors[f"{step.name}.{part}"] = full.contiguous()
        after = BYTES * sum(tensor.numel() for tensor in chain.tensors.values())
        said = " and ".join(map(str, chain.ranks))
        detail = f"rank {said} of a kernel {' x '.join(map(str, weight.shape))}"
        layers.append(LayerReport(step.name, "", detail, size, after, chain.error))
    touched = sum(not layer.skipped for layer in layers)
    said = f"{touched} of {len(layers)} layers as chains ({params.method})"
    if not touched:
        return Baked(model, Report(said, tuple(layers)))
    config = replace(model.info.config, sizes=replace(sizes, chains=tuple(chains.items())))
    detail = f"{params.model_dump_json()}, seed {context.seed}"
    made = derived(model, config, tensors, HistoryStep("lowrank", detail))
    multiplies = [in_words(each.cost().macs) for each in (model, made)]
    note = f"multiplies of a picture: {multiplies[0]} before, {multiplies[1]} after"
    return Baked(made, Report(said, tuple(layers), notes=(note,)))


def _whole(step: Convolve | ConvolveUp, weight: Tensor, params: LowRankParams) -> str:
    """Why a convolution is left whole; empty when it is not."""
    if isinstance(step, ConvolveUp):
        return "it is transposed"
    if step.depthwise:
        return "it is depthwise, so nothing in it can be factorised"
    kernel = weight.shape[-1]
    if kernel not in (1, 3):
        return f"its kernel is {kernel} x {kernel}; those of 3 x 3 and 1 x 1 become chains"
    if weight.numel() < params.least_weights:
        return f"it has {weight.numel()} weights, fewer than {params.least_weights}"
    return ""


def _chain(
    weight: Tensor, params: LowRankParams, generator: torch.Generator
) -> tuple[Chain, Factor]:
    if weight.shape[-1] == 1:
        chain = matrix_chain(weight[:, :, 0, 0], params, generator)
        return chain, Factor("svd", chain.ranks)
    chain = convolution_chain(weight, params, generator)
    assert chain.factor is not None
    return chain, chain.factor
