"""Low-rank factorisation: layers become chains of smaller ones, without any training.

Of StyleGAN2 networks 3x3 convolutions by SVD, Tucker-2 or CP, fully connected layers of the mapping
network by SVD. Left whole are ToRGB (3 channels, so its rank is at most 3) and the style affines
(each is read with its own kernel and costs one product a picture).

Demodulation needs the sum of squares of each whole kernel. It is worked out from the chain once and
kept, so a chain draws exactly what its kernel would; see ``studio.families.stylegan.synthesis``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from plugins.lowrank.params import LowRankParams
from studio.errors import BadChoice
from studio.recipes.contract import Baked, Context, LayerReport, Report, Technique

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch
    from torch import Tensor

    from plugins.lowrank.chains import Chain
    from studio.families.info import BaseInfo
    from studio.families.model import Model

    Make = Callable[[Tensor, LowRankParams, torch.Generator], Chain]

BYTES = 4  # of a float32


class LowRank(Technique):
    """Replaces kernels and matrices by products of smaller ones."""

    name = "lowrank"
    title = "Low rank"
    summary = "Replace layers by chains of smaller ones: SVD, Tucker-2 or CP, without training."
    paper = (
        "Kim et al. 2016, Compression of Deep Convolutional Neural Networks for Fast and Low Power "
        "Mobile Applications; Lebedev et al. 2015, Speeding-up Convolutional Neural Networks Using "
        "Fine-tuned CP-Decomposition; Halko et al. 2011, Finding Structure with Randomness"
    )
    params = LowRankParams
    after = ("subnet", "prune")

    def applies_to(self, info: BaseInfo) -> str | None:
        if info.family == "translation":
            from studio.checkpoints.translation_sizes import UNetSizes

            if isinstance(getattr(info.config, "sizes", None), UNetSizes):
                return "its convolutions are all 4 x 4; those of 3 x 3 and 1 x 1 can be factorised"
            return None
        if packed := getattr(info.config, "packed", ""):
            return f"its denoiser's weights are those of a GGUF file in {packed}"
        fits = info.family in ("stylegan", "diffusion")
        return None if fits else f"models of the family {info.family} cannot be factorised yet"

    def transform(self, model: Any, params: LowRankParams, context: Context) -> Baked:
        if model.info.family == "diffusion":
            from plugins.lowrank import denoisers

            return denoisers.factorised(model, params, context)
        if params.rank_by == "multiplies":
            raise BadChoice(
                "rank_by multiplies is for denoisers; accepted for this model are budget, energy"
            )
        if model.info.family == "translation":
            from plugins.lowrank.pictures import factorised

            return factorised(model, params, context)
        from studio.families.info import HistoryStep
        from studio.families.stylegan.cutting import derived
        from studio.families.stylegan.network import StyleGan2
        from studio.subnets.footprint import resident_bytes, stored_bytes

        work = _Work(model, params, context)
        work.run()
        touched = sum(not layer.skipped for layer in work.layers)
        said = f"{touched} of {len(work.layers)} layers as chains ({params.method})"
        before = stored_bytes(model.network), resident_bytes(model.network)
        result, after, notes = model, before, ()
        if touched:
            network = StyleGan2.from_tensors(work.config, work.tensors)
            detail = f"{params.model_dump_json()}, seed {context.seed}"
            step = HistoryStep(self.name, detail)
            result = derived(model, network, step, widths=model.info.widths)
            after = stored_bytes(network), resident_bytes(network)
            notes = (_multiplies(model, result),)
        layers = tuple(work.layers)
        report = Report(said, layers, before[0], after[0], before[1], after[1], notes)
        return Baked(result, report)


class _Work:
    """The tensors as they become chains, one layer after another."""

    def __init__(self, model: Model, params: LowRankParams, context: Context) -> None:
        self._network = model.network
        self._params = params
        self._context = context
        self.config = model.info.config
        self.tensors: dict[str, Tensor] = dict(model.network.state_dict())
        self.layers: list[LayerReport] = []

    def run(self) -> None:
        from plugins.lowrank.chains import convolution_chain, matrix_chain

        config = self.config
        factors = [config.factor(k) for k in range(len(config.channels) - 1)]
        ranks = [config.mapping_rank(i) for i in range(config.mapping_layers)]
        total = len(factors) + len(ranks)
        for k, factor in enumerate(factors):
            self._tell(k, total)
            chain = self._chain(f"layers.{k}", factor is not None, k, convolution_chain)
            factors[k] = factor if chain is None else chain.factor
        for i, rank in enumerate(ranks):
            self._tell(len(factors) + i, total)
            name = f"mapping.{i}"
            if not self._params.mapping:
                self._skip(name, "the mapping network was left out")
                continue
            chain = self._chain(name, rank > 0, len(factors) + i, matrix_chain)
            ranks[i] = rank if chain is None else chain.ranks[0]
        for stage in range(len(config.resolutions)):
            self._skip(f"rgb.{stage}", "it makes 3 channels, so its rank is 3 at most")
        self.config = replace(config, factors=tuple(factors), mapping_ranks=tuple(ranks))

    def _chain(self, name: str, done: bool, number: int, make: Make) -> Chain | None:
        """Turn one layer into a chain; None where it stays as it is, with the reason reported."""
        import torch

        from plugins.lowrank.chains import NotSmaller

        weight = self.tensors[f"{name}.weight"]
        if done:
            return self._skip(name, "it is a chain already")
        if weight.numel() < self._params.least_weights:
            least = self._params.least_weights
            return self._skip(name, f"it has {weight.numel()} weights, fewer than {least}")
        # One seed for each layer: what happens to one does not depend on the others.
        generator = torch.Generator().manual_seed(self._context.seed * 1000 + number)
        try:
            chain = make(weight, self._params, generator)
        except NotSmaller as reason:
            return self._skip(name, str(reason))
        self.tensors |= {f"{name}.{part}": tensor for part, tensor in chain.tensors.items()}
        after = sum(tensor.numel() for tensor in chain.tensors.values())
        said = " and ".join(map(str, chain.ranks))
        kind = "kernel" if weight.ndim == 4 else "matrix"
        detail = f"rank {said} of a {kind} {' x '.join(map(str, weight.shape))}"
        sizes = BYTES * weight.numel(), BYTES * after
        self.layers.append(LayerReport(name, "", detail, *sizes, chain.error))
        return chain

    def _skip(self, name: str, why: str) -> None:
        size = BYTES * sum(
            tensor.numel()
            for part in ("reduce", "weight", "expand")
            if (tensor := self.tensors.get(f"{name}.{part}")) is not None
        )
        self.layers.append(LayerReport(name, why, "", size, size))

    def _tell(self, done: int, total: int) -> None:
        self._context.progress(done / total, f"factorising layer {done + 1} of {total}")


def _multiplies(before: Model, after: Model) -> str:
    """How the multiplies of one picture changed: a chain can have fewer weights and more work."""
    from studio.subnets.choice import Subnet
    from studio.subnets.cost import cost
    from studio.subnets.describe import in_words

    said = [
        in_words(cost(c, Subnet(c.channels, c.resolution)).macs)
        for c in (before.info.config, after.info.config)
    ]
    return f"multiplies of a picture: {said[0]} before, {said[1]} after"


TECHNIQUE = LowRank
