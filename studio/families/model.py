"""A loaded StyleGAN2 / Anycost generator: what it is, what it draws, how it is saved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from studio.errors import BadChoice
from studio.families.directions import found_direction
from studio.families.info import ModelInfo
from studio.families.inputs import MAX_SEED, GanInputs
from studio.families.portable import Feeds, PortableNetwork, Quantisation
from studio.families.quantization import QuantPlan, unpacked
from studio.families.stylegan import sefa
from studio.families.stylegan import styles as style_rows
from studio.families.stylegan.network import StyleGan2
from studio.families.stylegan.portable import NOISE, PICTURE, STYLES, layers_of, portable
from studio.families.stylegan.stages import StageRange, rows_of, second_rows, stages_in
from studio.families.stylegan.synthesis import SynthesisView, synthesise
from studio.families.stylegan.way import SAMPLES, Way
from studio.families.walk import WalkPoint, WalkRoute
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import cost

if TYPE_CHECKING:
    from studio.families.exportable import Exportable

FULL = SubnetChoice()
Floats = npt.NDArray[np.float32]
Run = Callable[[Mapping[str, Floats], Callable[[], None] | None], dict[str, Floats]]
PACED_FROM = 32  # pixels
PACED_MACS = 10e9  # about half a second on two cores


class Model:
    """A generator with what describes it. Never changed after it was made.

    Args:
        info: everything known of it apart from the weights.
        network: the weights; frozen here (no gradients).
        directions: edit directions (count, w_dim), in the order of ``info.directions``.
        plan: how it is quantised, None when it is not.
    """

    def __init__(
        self,
        info: ModelInfo,
        network: StyleGan2,
        directions: Tensor | None = None,
        plan: QuantPlan | None = None,
    ):
        if info.quantised != (plan is not None):
            raise ValueError("info.quantised must say whether there is a plan")
        self.info = info
        self.plan = plan
        self.network = network.freeze()
        if directions is None:
            directions = torch.zeros(0, info.config.w_dim)
        if tuple(directions.shape) != (len(info.directions), info.config.w_dim):
            raise ValueError("directions must be (number of names, w_dim)")
        self.directions = directions
        # Worked out when first asked for: most who open a model never do.
        self._found: dict[StageRange, sefa.Found] = {}
        self._spread: Tensor | None = None
        self._way: tuple[WalkRoute, Way] | None = None

    def latent(self, seed: int) -> Tensor:
        """The latent z (1, z_dim) of a seed; the same on every machine.

        Raises:
            BadChoice: the seed is outside 0 to 2**32 - 1.
        """
        return style_rows.latent(seed, self.info.config.z_dim)

    def styles(self, inputs: GanInputs) -> Tensor:
        """The style inputs w+ (1, style_count, w_dim) of ``inputs``.

        Raises:
            BadChoice: a value is outside what this model accepts.
        """
        style_rows.check_inputs(inputs, self.info.config, self.info.directions)
        mix = None if inputs.mix_seed is None else self.latent(inputs.mix_seed)
        return self.styles_of(self.latent(inputs.seed), inputs, mix=mix)

    def styles_of(
        self,
        z: Tensor,
        inputs: GanInputs,
        *,
        labels: Tensor | None = None,
        mix: Tensor | None = None,
    ) -> Tensor:
        """Style inputs w+ (n, style_count, w_dim) of latents in place of the seeds of ``inputs``.

        Args:
            z: latents (n, z_dim).
            inputs: truncation, edits, class and mixing row; seeds are not read.
            labels: label vectors (n, c_dim), soft ones too, in place of ``inputs.label``.
            mix: latents (n, z_dim) of the second style, which feed rows from ``inputs.mix_from``.
        """
        config = self.info.config
        if labels is None and (vector := style_rows.one_hot(inputs.label, config)) is not None:
            labels = vector.expand(z.shape[0], -1)
        with torch.no_grad():
            w = self._rows(z, labels)
            if mix is not None:
                w = style_rows.mixed_at(w, self._rows(mix, labels), second_rows(inputs, config))
            w = style_rows.truncate(
                w, self.network.w_avg, inputs.truncation, inputs.truncation_cutoff
            )
            for name, strength in inputs.edits:
                if strength:
                    w = w + strength * self.direction(name).to(w)
        return w

    def direction(self, name: str) -> Tensor:
        """The step of one unit of a direction: (w_dim,), or (style_count, w_dim) for one found in
        the weights, zero in the rows that it leaves alone.

        Raises:
            BadChoice: the model has no such direction.
        """
        if name in self.info.directions:
            return self.directions[self.info.directions.index(name)]
        found = found_direction(name)
        if found is None or not 1 <= found.number <= self.info.config.w_dim:
            raise BadChoice(f"'{name}' is not a direction of this model")
        rows = rows_of(stages_in(found.stages, self.info.config), self.info.config)
        step = torch.zeros(self.info.config.style_count, self.info.config.w_dim)
        step[list(rows)] = self.found_directions(found.stages).steps[found.number - 1]
        return step

    def found_directions(self, stages: StageRange = "all") -> sefa.Found:
        """All w_dim directions found in the weights of a range of stages (see ``stylegan.sefa``).

        Raises:
            BadChoice: the model has no such stages.
        """
        if stages not in self._found:
            rows = rows_of(stages_in(stages, self.info.config), self.info.config)
            if not rows:
                raise BadChoice(f"this model has no {stages} stages")
            if self._spread is None:
                self._spread = sefa.covariance(self.network)
            factors = sefa.factorise(sefa.affines(self.network.view(), rows))
            self._found[stages] = sefa.scaled(factors, self._spread)
        return self._found[stages]

    def _rows(self, z: Tensor, labels: Tensor | None) -> Tensor:
        w = self.network.map(z, labels)
        return w[:, None].expand(-1, self.info.config.style_count, -1)

    def view(self, choice: SubnetChoice = FULL) -> SynthesisView:
        """The weights of a subnet, sharing memory with the model's; takes microseconds.

        Raises:
            BadChoice: the choice does not fit this model.
        """
        subnet = resolve(choice, self.info.config)
        return self.network.view(subnet.channels, subnet.resolution)

    def portable(self, choice: SubnetChoice = FULL) -> PortableNetwork:
        """A subnet as runtimes take it: ``styles`` (batch, style_count, w_dim) and, where noise
        maps are not zero, ``noise`` (1,) to ``picture`` (batch, 3, r, r). A plan for int8 goes
        with every subnet, which is calibrated by itself.

        Raises:
            BadChoice: the choice does not fit this model.
        """
        config, view = self.info.config, self.view(choice)
        macs = cost(config, resolve(choice, config)).macs
        found = portable(view, self.info.key, config.style_count, macs)
        if self.plan is None:
            return found
        names, plan = [port.name for port in found.inputs], self.plan
        quantisation = Quantisation(plan, lambda: self._calibration(plan, names))
        return portable(view, self.info.key, config.style_count, macs, quantisation)

    def calibration_latents(self, plan: QuantPlan) -> Tensor:
        """The latents w (n, w_dim) over which ranges of a plan are found: those that it carries, or
        as many of its seed as it says, where classes take turns."""
        if plan.latents:
            return torch.from_numpy(unpacked(plan.latents, self.info.config.w_dim))
        z, labels = style_rows.sample_latents(self.info.config, plan.samples, plan.seed)
        with torch.no_grad():
            return self.network.map(z, labels)

    def _calibration(self, plan: QuantPlan, names: Collection[str]) -> Feeds:
        count = self.info.config.style_count
        rows = self.calibration_latents(plan)[:, None].expand(-1, count, -1).contiguous().numpy()
        noise = np.ones(1, dtype=np.float32)
        return tuple(
            {name: row[None] if name == STYLES else noise for name in names} for row in rows
        )

    def quantised(self, plan: QuantPlan) -> Model:
        """A new model on the same weights that targets of precision int8 run by ``plan``. Others,
        and eager PyTorch, draw what they drew.

        Raises:
            BadChoice: the plan names a layer that the model does not have.
        """
        from studio.families.info import HistoryStep, model_key

        known = [layer.name for layer in layers_of(self.view())]
        for name in (*plan.layers, *(name for name, _ in plan.keep)):
            if name not in known:
                raise BadChoice(f"this model has no layer {name}; it has {', '.join(known)}")
        step = HistoryStep("quantise", f"int8 plan {plan.digest}, {len(plan.layers)} layers")
        info = replace(
            self.info,
            key=model_key(self.info.key, step),
            history=(*self.info.history, step),
            quantised=True,
        )
        return Model(info, self.network, self.directions, plan)

    def picture(
        self,
        styles: Tensor,
        choice: SubnetChoice = FULL,
        *,
        noise: float = 1.0,
        between: Callable[[], None] | None = None,
    ) -> Tensor:
        """Pictures (n, 3, r, r) of style inputs (n, style_count, w_dim), nominally in [-1, 1].

        Args:
            noise: strength of the stored noise maps, 0 to 2; 1 is as trained.
            between: called before every layer; may raise to stop.

        Raises:
            BadChoice: the choice does not fit this model.
        """
        if not 0 <= noise <= 2:
            raise BadChoice(f"noise {noise:g} is not within 0 and 2")
        view = self.view(choice)
        maps = None if noise in (0, 1) else [layer.noise * noise for layer in view.layers]
        with torch.no_grad():
            pictures = synthesise(view, styles, noise=maps, use_noise=noise > 0, between=between)
        return pictures[-1]

    def way(self, route: WalkRoute, *, between: Callable[[], None] | None = None) -> Way:
        """The path of a walk through w+, at a pace that changes the picture evenly.

        Args:
            between: called now and then while the pace is measured; may raise to stop.

        Raises:
            BadChoice: a pin is outside what this model accepts.
        """
        # One walk is drawn frame after frame; the ways of others are quickly laid again.
        if self._way is None or self._way[0] != route:
            knots = torch.cat([self.styles(pin) for pin in route.pins])
            noise = tuple(pin.noise for pin in route.pins)

            def changes(styles: Tensor) -> Tensor:
                pictures = self.picture(styles, self._pacing(), between=between).clamp(-1, 1)
                return (pictures[1:] - pictures[:-1]).square().mean(dim=(1, 2, 3)).sqrt()

            measured = changes if len(route.pins) <= self._most_paced() else None
            way = Way(knots, noise, closed=route.closed, eased=route.eased, changes=measured)
            self._way = (route, way)
        return self._way[1]

    def _pacing(self) -> SubnetChoice:
        """The cheapest subnet that still tells how much a picture changes."""
        seen = [r for r in self.info.resolutions if r >= PACED_FROM]
        return SubnetChoice(width=self.info.widths[0], resolution=min(seen, default=None))

    def _most_paced(self) -> int:
        """How many pins a way may have whose pace is worth measuring: it must not keep anybody
        waiting, which a large model that has no narrow subnets would."""
        layers = self.view(self._pacing()).layers
        macs = sum(layer.weights * layer.noise.numel() for layer in layers)
        return int(PACED_MACS / (macs * (SAMPLES + 1)))

    def render(
        self,
        inputs: GanInputs | WalkPoint,
        choice: SubnetChoice = FULL,
        *,
        between: Callable[[], None] | None = None,
    ) -> npt.NDArray[np.uint8]:
        """The picture of ``inputs``, or of a point on a walk, as 8-bit RGB (h, w, 3).

        Args:
            between: called before every layer; may raise to stop.

        Raises:
            BadChoice: the inputs or the choice do not fit this model.
        """
        styles, noise = self._styles_and_noise(inputs, between)
        pictures = self.picture(styles, choice, noise=noise, between=between)
        pixels: npt.NDArray[np.uint8] = to_pixels(pictures)[0]
        return pixels

    def render_with(
        self,
        run: Run,
        names: Collection[str],
        inputs: GanInputs | WalkPoint,
        *,
        between: Callable[[], None] | None = None,
    ) -> npt.NDArray[np.uint8]:
        """Like :meth:`render`, but ``run`` is the network: a compiled form of :meth:`portable`.

        Args:
            run: takes arrays by the names of the inputs, and ``between``; gives outputs by name.
            names: of the inputs that the network has.
        """
        picture = run(self.fed(names, inputs, between=between), between)[PICTURE]
        pixels: npt.NDArray[np.uint8] = to_pixels(torch.from_numpy(picture))[0]
        return pixels

    def fed(
        self,
        names: Collection[str],
        inputs: GanInputs | WalkPoint,
        *,
        between: Callable[[], None] | None = None,
    ) -> dict[str, Floats]:
        """What :meth:`portable` takes for one picture: arrays at batch 1 for the inputs ``names``.

        Raises:
            BadChoice: the inputs do not fit this model.
        """
        styles, noise = self._styles_and_noise(inputs, between)
        given = {STYLES: styles.numpy(), NOISE: np.asarray([noise], dtype=np.float32)}
        return {name: given[name] for name in names}

    def sizes(self, inputs: GanInputs | WalkPoint | None = None) -> dict[str, int]:
        """The dynamic dimensions of :meth:`portable` for one picture."""
        return {"batch": 1}

    def drawing(
        self,
        inputs: GanInputs | WalkPoint,
        choice: SubnetChoice = FULL,
        *,
        between: Callable[[], None] | None = None,
    ) -> Callable[[], Tensor]:
        """What draws once from w+ (1, style_count, w_dim) to the picture (1, 3, r, r).

        Raises:
            BadChoice: the inputs do not fit this model; the choice is looked at when it draws.
        """
        styles, noise = self._styles_and_noise(inputs, between)
        return lambda: self.picture(styles, choice, noise=noise, between=between)

    def several(
        self, first: GanInputs | WalkPoint, count: int
    ) -> tuple[GanInputs | WalkPoint, ...]:
        """``count`` inputs whose seeds follow that of ``first``, beginning anew after the last.

        Raises:
            BadChoice: a point on a walk has no seed to go on from.
        """
        if not isinstance(first, GanInputs):
            raise BadChoice("a point on a walk is one picture; several are made from a seed on")
        seeds = ((first.seed + n) % (MAX_SEED + 1) for n in range(count))
        return tuple(replace(first, seed=seed) for seed in seeds)

    def own_inputs(self, count: int) -> tuple[GanInputs | WalkPoint, ...]:
        """The seeds from that of the model on."""
        return self.several(GanInputs(seed=self.info.seed), count)

    def uncut(self, choice: SubnetChoice) -> str | None:
        """Why a subnet cannot be a model of its own: one of 4 px has too few layers."""
        least = self.info.config.resolutions[1]
        if resolve(choice, self.info.config).resolution >= least:
            return None
        return (
            f"a subnet of {self.info.config.resolutions[0]} px cannot be a model of its own; "
            f"accepted are {least} px and more"
        )

    def exportable(self, choice: SubnetChoice = FULL) -> Exportable:
        """A subnet with its mapping network and truncation before it."""
        from studio.families.stylegan.shipping import exportable

        return exportable(self, choice)

    def cut(self, choice: SubnetChoice) -> Model:
        """A subnet as a model of its own (see :func:`studio.families.stylegan.cutting.cut`)."""
        from studio.families.stylegan.cutting import cut

        if resolve(choice, self.info.config) == resolve(FULL, self.info.config):
            return self
        # A plan is for layers that may be gone, so who cuts plans anew.
        plain = self if self.plan is None else self._plain()
        return cut(plain, choice)

    def _plain(self) -> Model:
        info = replace(self.info, quantised=False)
        return Model(info, self.network, self.directions)

    def described(self, info: ModelInfo) -> Model:
        """The same weights, directions and plan under ``info``."""
        return Model(info, self.network, self.directions, self.plan)

    def _styles_and_noise(
        self, inputs: GanInputs | WalkPoint, between: Callable[[], None] | None
    ) -> tuple[Tensor, float]:
        if isinstance(inputs, WalkPoint):
            return self.way(inputs.route, between=between).at(inputs.at)
        return self.styles(inputs), inputs.noise

    def save(self, path: str | Path, dtype: Literal["f32", "f16"] = "f32") -> None:
        """Write the model in Maquette's own layout (``.safetensors``), aside and then renamed.

        Raises:
            MaquetteError: the file cannot be written.
        """
        from studio.families.saving import save_model

        save_model(self, path, dtype)

    def sorted(
        self,
        *,
        latents: Tensor | None = None,
        progress: Callable[[float, str], None] | None = None,
    ) -> Model:
        """A new model whose channels are in order of importance; it draws the same full picture.

        See :func:`studio.subnets.sorting.sort_channels` for the method and ``latents``.
        """
        from studio.families.info import HistoryStep, model_key
        from studio.subnets.sorting import sort_channels

        result = sort_channels(self.network, latents=latents, progress=progress)
        step = HistoryStep("sort_channels", result.detail)
        info = replace(
            self.info,
            key=model_key(self.info.key, step),
            sorted_channels=True,
            history=(*self.info.history, step),
        )
        return Model(info, result.network, self.directions, self.plan)


def to_pixels(pictures: Tensor) -> npt.NDArray[np.uint8]:
    """Pictures (n, 3, h, w) nominally in [-1, 1] as 8-bit (n, h, w, 3): clamped, rounded."""
    scaled = pictures.clamp(-1, 1).add(1).mul(127.5).add(0.5)
    return scaled.to(torch.uint8).permute(0, 2, 3, 1).contiguous().numpy()
