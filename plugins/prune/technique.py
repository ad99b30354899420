"""Structured pruning without training; of StyleGAN2 networks here.

Why not by Torch-Pruning's dependency graph: it traces which tensors share a dimension, module by
module, and knows how to narrow the modules of ``torch.nn``. In a modulated convolution the input
channels are also the rows of a style affine and the columns of the demodulation's energy, in one
module of ours with bare parameters, and one feature map is read under two styles (convolution and
ToRGB). Each of these would need a pruner of its own, while the whole dependency is one rule: entry
k of the channel list is what layer k - 1 makes and what layer k and, for odd k, ToRGB k // 2 read
(``studio.families.stylegan.cutting.keep_channels``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plugins.prune.params import PruneParams
from studio.recipes.contract import Baked, Context, LayerReport, Report, Technique

if TYPE_CHECKING:
    from plugins.prune.selecting import Kept
    from studio.families.info import BaseInfo
    from studio.families.model import Model
    from studio.families.stylegan.synthesis import Layer, ToRgb

SCORED = 0.9  # of the progress; the rest is cutting


class Prune(Technique):
    """Removes the channels that matter least."""

    name = "prune"
    title = "Prune channels"
    summary = "Remove the channels that matter least; the network is smaller in every runtime."
    paper = (
        "Molchanov et al. 2019, Importance Estimation for Neural Network Pruning; Li et al. 2017, "
        "Pruning Filters for Efficient ConvNets"
    )
    params = PruneParams
    after = ("subnet",)
    before = ("lowrank",)

    def applies_to(self, info: BaseInfo) -> str | None:
        fits = info.family in ("stylegan", "translation", "diffusion")
        if packed := getattr(info.config, "packed", ""):
            return f"its denoiser's weights are those of a GGUF file in {packed}"
        return None if fits else f"models of the family {info.family} cannot be pruned yet"

    def transform(self, model: Any, params: PruneParams, context: Context) -> Baked:
        if model.info.family == "translation":
            from plugins.prune.pictures import pruned

            return pruned(model, params, context)
        if model.info.family == "diffusion":
            from plugins.prune import denoisers

            return denoisers.pruned(model, params, context)
        from plugins.prune.importance import scores
        from plugins.prune.selecting import kept_channels
        from studio.families.info import HistoryStep
        from studio.families.stylegan.cutting import derived, keep_channels
        from studio.subnets.footprint import resident_bytes, stored_bytes

        def tell(fraction: float, text: str) -> None:
            context.progress(SCORED * fraction, text)

        found = scores(model, params.importance, params.samples, context.seed, tell)
        kept = kept_channels(found, params, model.info.config)
        context.progress(SCORED, "removing channels")
        before, after = model.info.config.channels, tuple(map(len, kept.indices))
        result = model
        if after != before:
            network = keep_channels(model.network, kept.indices)
            detail = f"{params.model_dump_json()}, seed {context.seed}"
            result = derived(model, network, HistoryStep(self.name, detail))
        report = Report(
            f"{sum(before) - sum(after)} of {sum(before)} channels removed ({params.importance})",
            tuple(_layers(model, result, kept)),
            stored_bytes(model.network),
            stored_bytes(result.network),
            resident_bytes(model.network),
            resident_bytes(result.network),
            (_multiplies(model, result),),
        )
        return Baked(result, report)


def _layers(before: Model, after: Model, kept: Kept) -> list[LayerReport]:
    from studio.subnets.footprint import stored_bytes

    old, new = before.info.config.channels, after.info.config.channels
    view = before.view()
    rows = []

    def row(name: str, changed: str, entry: int, error: float | None) -> None:
        prefix = name if name == "const" else f"{name}."
        sizes = [stored_bytes(m.network, prefix) for m in (before, after)]
        same = sizes[0] == sizes[1]
        reason = kept.reasons[entry] if same else ""
        rows.append(LayerReport(name, reason, "" if same else changed, *sizes, error))

    row("const", f"{old[0]} to {new[0]} channels", 0, None)
    for k, layer in enumerate(view.layers):
        outputs = f"{old[k + 1]} to {new[k + 1]} channels"
        row(f"layers.{k}", f"{outputs}, reads {new[k]} of {old[k]}", k + 1, _lost(layer, kept, k))
    for stage, head in enumerate(view.rgb):
        entry = 2 * stage + 1
        changed = f"reads {new[entry]} of {old[entry]} channels"
        row(f"rgb.{stage}", changed, entry, _lost(head, kept, entry))
    return rows


def _lost(reader: Layer | ToRgb, kept: Kept, entry: int) -> float:
    """Norm of the weights whose inputs went, by the norm of all of them."""
    from plugins.prune.importance import kernel_of

    squares = kernel_of(reader).double().square().sum(dim=(0, 2, 3))
    left, total = float(squares[kept.indices[entry]].sum()), float(squares.sum())
    return max(0.0, 1 - left / total) ** 0.5 if total else 0.0


def _multiplies(before: Model, after: Model) -> str:
    from studio.subnets.choice import Subnet
    from studio.subnets.cost import cost
    from studio.subnets.describe import in_words

    said = [
        in_words(cost(c, Subnet(c.channels, c.resolution)).macs)
        for c in (before.info.config, after.info.config)
    ]
    return f"multiplies of a picture: {said[0]} before, {said[1]} after"


TECHNIQUE = Prune
