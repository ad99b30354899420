"""Low-rank factorisation of the denoiser of a diffusion pipeline.

Linear layers and 1x1 convolutions by SVD, 3x3 convolutions by SVD, Tucker-2 or CP. By activations a
layer keeps the directions of its outputs that hold most energy along short runs: with U the leading
eigenvectors of the outputs' second moments, ``U U^T W`` is the matrix of that rank with the least
error of what the layer gives (Zhang et al. 2016, "Accelerating Very Deep Convolutional Networks for
Classification and Detection", section 3.1, without the mean). Of Tucker-2 the outputs are found so;
the inputs follow from the kernel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from plugins.lowrank.chains import NotSmaller, convolution_chain
from plugins.lowrank.observing import by_outputs, moments, places, sensitivities
from plugins.lowrank.params import LowRankParams
from plugins.lowrank.picking import FLOAT, Pick, all_kernels, in_parts, picked
from plugins.lowrank.ranks import Spectrum, by_budget, rule_of, together
from plugins.lowrank.singular import Wanted, _enough, leading
from plugins.lowrank.tucker import tucker2
from studio.errors import BadChoice
from studio.families.info import HistoryStep
from studio.recipes.contract import Baked, Context, LayerReport, Report
from studio.subnets.denoisers.chain_shapes import ChainShape
from studio.subnets.denoisers.chains import Chain, chain_of

if TYPE_CHECKING:
    from studio.families.diffusion.model import DiffusionModel
    from studio.subnets.denoisers.calls import Call

RUN, SEEN, TRIED, LOOKED, WORKED = 0.2, 0.3, 0.45, 0.5, 0.95
"""Where on the way to 1 short runs end, looking at layers, differentiating, ranks and chains."""


def factorised(model: DiffusionModel, params: LowRankParams, context: Context) -> Baked:
    """The model with layers of its denoiser as chains, as far as that makes them smaller.

    Raises:
        MaquetteError: the budget cannot be kept, the model has a plan for int8, or the calibration
            folder has no prompts.
    """
    from studio.subnets.denoisers.clones import replaced

    if model.plan is not None:
        raise BadChoice("it has a plan for int8, which names its layers; factorise it before that")
    work = _Work(model, params, context)
    layers = work.run()
    touched = sum(not layer.skipped for layer in layers)
    said = f"{touched} of {len(layers)} layers as chains ({params.method})"
    if not touched:
        return Baked(model, Report(said, layers))
    step = HistoryStep("lowrank", f"{params.model_dump_json()}, seed {context.seed}")
    shapes = {name: chain.shape for name, chain in work.chains.items()}
    made = model.reshaped(replaced(model.network, work.chains), step, chains=shapes)
    context.progress(1.0, "done")
    return Baked(made, Report(said, layers, notes=_notes(model, made, work)))


class _Work:
    """From layers to chains, a part of them at a time."""

    def __init__(self, model: DiffusionModel, params: LowRankParams, context: Context) -> None:
        self._model, self._params, self._context = model, params, context
        self._network: nn.Module = model.running_network
        self.chains: dict[str, Chain] = {}
        self.calls: list[Call] = []
        self.judged = False
        self._rule = rule_of(params)

    def run(self) -> tuple[LayerReport, ...]:
        """Make :attr:`chains`, and say of every layer what was done."""
        params, context = self._params, self._context
        layers, rows = picked(self._model.network, params)
        looks = params.activations and not (params.method == "cp" and all_kernels(layers))
        self.judged = looks
        together = self._rule == "multiplies"
        if layers and (looks or together):
            from studio.families.diffusion.trajectories import short_runs

            count = params.samples if looks else 1
            folder, tell = context.calibration, self._part(0, RUN)
            self.calls = short_runs(self._model, count, context.seed, folder, tell)
        groups = list(in_parts(layers)) if looks else [layers]
        held = self._moments(groups[0]) if looks and len(groups) == 1 else None
        wanted = self._together(groups, held, looks) if together and layers else {}
        done = 0
        for group in groups:
            seen = held if held is not None else self._moments(group) if looks else {}
            for layer in group:
                tell = self._part(LOOKED, WORKED)
                tell(done / len(layers), f"factorising layer {done + 1} of {len(layers)}")
                done += 1
                rows[layer.name] = self._made(layer, seen.get(layer.name), wanted)
        return tuple(rows.values())

    def _moments(self, group: Sequence[Pick]) -> Mapping[str, Tensor]:
        names = [layer.name for layer in group if self._looked_at(layer)]
        return moments(self._network, names, self.calls, self._part(RUN, SEEN))

    def _looked_at(self, layer: Pick) -> bool:
        return self._params.method != "cp" or layer.shape[2] == 1

    def _together(
        self, groups: Sequence[Sequence[Pick]], held: Mapping[str, Tensor] | None, looks: bool
    ) -> Mapping[str, ChainShape | None]:
        """The chains by a share of all multiplies."""
        params, every = self._params, [layer for group in groups for layer in group]
        names = [layer.name for layer in every]
        often = places(self._network, names, self.calls[0])
        weights = None
        if looks:
            tell = self._part(SEEN, TRIED)
            seed = self._context.seed
            weights = sensitivities(self._network, names, self.calls, seed, tell)
        spectra = {}
        for group in groups:
            seen = held if held is not None else self._moments(group) if looks else {}
            for layer in group:
                self._part(TRIED, LOOKED)(len(spectra) / len(every), "finding ranks")
                o, i, taps = layer.shape
                outputs = _squares(layer.weight, seen.get(layer.name))
                worth = 1 / float(outputs.sum().clamp(min=1e-300))
                if weights is not None:
                    worth = weights[layer.name]
                inputs = torch.zeros(0, dtype=outputs.dtype)
                if taps > 1 and params.method == "tucker2":
                    inputs = _squares(layer.weight.transpose(0, 1), None)
                    inputs = inputs * (outputs.sum() / inputs.sum().clamp(min=1e-300))
                macs = often.get(layer.name, 0.0) * o * i * taps
                spectra[layer.name] = Spectrum(outputs * worth, inputs * worth, layer.shape, macs)
        spectra = {name: each for name, each in spectra.items() if each.macs}
        if not spectra:
            return {}
        total = sum(layer.macs for layer in self._model.info.config.layers)
        return together(spectra, total, params.left)

    def _made(
        self, layer: Pick, moment: Tensor | None, wanted: Mapping[str, ChainShape | None]
    ) -> LayerReport:
        """Turn one layer into a chain, unless that is not smaller."""
        o, i, taps = layer.shape
        size = FLOAT * o * i * taps
        params = self._params
        generator = torch.Generator().manual_seed(self._context.seed * 1000 + layer.number)
        ranks = by_budget(layer.shape, params) if self._rule == "budget" else None
        if self._rule == "multiplies":
            shape = wanted.get(layer.name)
            if shape is None:
                why = "as a chain it would not be smaller, or its ranks matter more than others"
                return LayerReport(layer.name, why, "", size, size)
            ranks = shape.ranks
        try:
            shape, tensors, error = _chain(layer, moment, ranks, params, generator)
        except NotSmaller as reason:
            return LayerReport(layer.name, str(reason), "", size, size)
        after = shape.weights(i, o, taps)
        said = " and ".join(map(str, shape.ranks))
        if after >= o * i * taps:
            why = f"at rank {said} its chain has {after} weights, the layer {o * i * taps}"
            return LayerReport(layer.name, why, "", size, size)
        chain = self.chains[layer.name] = chain_of(layer.module, shape, tensors)
        if error is None:
            kernel = layer.module.weight.detach().double()
            apart = (chain.whole() - kernel).norm() / kernel.norm().clamp(min=1e-300)
            error = float(apart)
        kind = "kernel" if taps > 1 else "matrix"
        detail = f"rank {said} of a {kind} {' x '.join(map(str, layer.weight.shape))}"
        return LayerReport(layer.name, "", detail, size, FLOAT * after, error)

    def _part(self, low: float, high: float) -> Any:
        return lambda part, text: self._context.progress(low + (high - low) * part, text)


def _chain(
    layer: Pick,
    moment: Tensor | None,
    ranks: tuple[int, ...] | None,
    params: LowRankParams,
    generator: torch.Generator,
) -> tuple[ChainShape, dict[str, Tensor], float | None]:
    """A layer's chain with the ranks given, or those that keep the energy; its relative error where
    that is known without putting it together.

    Raises:
        NotSmaller: no chain with these parameters is smaller.
    """
    weight = layer.weight
    outputs = Wanted(generator, energy=params.energy, exact=params.exact)
    if ranks is not None:
        outputs = replace(outputs, rank=ranks[-1])
    if layer.shape[2] > 1 and params.method == "cp":
        by = "budget" if ranks is not None else "energy"
        asked = params.model_copy(update={"rank_by": by})
        chain = convolution_chain(layer.module.weight.detach().float(), asked, generator)
        tensors = {
            "reduce": chain.tensors["reduce"],
            "core": chain.tensors["weight"],
            "expand": chain.tensors["expand"],
        }
        return ChainShape("cp", chain.ranks), tensors, None
    if layer.shape[2] > 1 and params.method == "tucker2":
        inputs = replace(outputs, rank=ranks[0]) if ranks is not None else outputs
        reduce, core, expand = _tucker2(weight, moment, inputs, outputs, params.sweeps)
        shape = ChainShape("tucker2", (core.shape[1], core.shape[0]))
        return shape, {"reduce": reduce, "core": core, "expand": expand}, None
    left, error = _directions(weight, moment, outputs)
    core = torch.tensordot(left.T, weight, dims=1)
    return ChainShape("svd", (left.shape[1],)), {"core": core, "expand": left}, error


def _directions(weight: Tensor, moment: Tensor | None, wanted: Wanted) -> tuple[Tensor, float]:
    """Orthonormal directions (o, r) of what a weight (o, ...) gives, and the relative error of what
    is left out."""
    matrix = weight.flatten(1)
    if moment is not None and by_outputs(weight):
        squares, vectors = torch.linalg.eigh(moment)
        values = squares.flip(0).clamp(min=0).sqrt()
        total = float(values.square().sum())
        rank = _enough(values, total, wanted) or len(values)
        left, kept = vectors.flip(1)[:, :rank], float(values[:rank].square().sum())
    else:
        if moment is not None:
            squares, vectors = torch.linalg.eigh(moment)
            matrix = matrix @ (vectors * squares.clamp(min=0).sqrt())
        found = leading(matrix, wanted)
        left, kept = found.left, float(found.values.square().sum())
        total = float(matrix.square().sum())
    return left, max(0.0, 1 - kept / total) ** 0.5 if total else 0.0


def _tucker2(
    kernel: Tensor, moment: Tensor | None, inputs: Wanted, outputs: Wanted, sweeps: int
) -> tuple[Tensor, Tensor, Tensor]:
    """reduce (r1, i), core (r2, r1, k, k), expand (o, r2)."""
    if moment is None:
        return tucker2(kernel, inputs, outputs, sweeps)
    # Each of the two axes may lose half of what is not asked for.
    half = {"energy": 1 - (1 - outputs.energy) / 2}
    expand, _ = _directions(kernel, moment, replace(outputs, **half))
    made = torch.tensordot(expand.T, kernel, dims=1)
    by_inputs = made.transpose(0, 1).flatten(1)
    wanted = replace(inputs, **half)
    if wanted.rank is not None:
        wanted = replace(wanted, rank=min(wanted.rank, *by_inputs.shape))
    first = leading(by_inputs, wanted).left
    return first.T, torch.einsum("bihw,ia->bahw", made, first), expand


def _squares(weight: Tensor, moment: Tensor | None) -> Tensor:
    """Energies of the directions of what a weight (o, ...) gives, falling."""
    matrix = weight.flatten(1)
    if moment is not None and by_outputs(weight):
        return torch.linalg.eigvalsh(moment).flip(0).clamp(min=0)
    if moment is not None:
        squares, vectors = torch.linalg.eigh(moment)
        matrix = matrix @ (vectors * squares.clamp(min=0).sqrt())
    small = matrix @ matrix.T if matrix.shape[0] <= matrix.shape[1] else matrix.T @ matrix
    return torch.linalg.eigvalsh(small).flip(0).clamp(min=0)


def _notes(before: DiffusionModel, after: DiffusionModel, work: _Work) -> tuple[str, ...]:
    from studio.subnets.describe import size_notes

    notes = size_notes(before.info.config.layers, after.info.config.layers)
    if not work.judged:
        return notes
    return (*notes, f"judged over {len(work.calls)} steps of its own short runs")
