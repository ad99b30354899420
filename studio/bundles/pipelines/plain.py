"""A pipeline as a folder that diffusers opens alone, with what was cut and rounded inside.

diffusers has no words for widths inside of blocks and none for int8 grids. What its configuration
can say is left out of the files; what it cannot say is zeros, or rounded numbers stored as floats:
the same picture, from a network as large as before. Every folder tells which of both it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import torch
from torch import Tensor, nn

from studio.bundles.pipelines.plain_card import Facts, card, sentences
from studio.bundles.pipelines.plain_types import GGUF_CLASSES, GGUF_FILE, in_storage, write_gguf
from studio.bundles.placing import placed
from studio.bundles.report import ExportRefused
from studio.errors import BadChoice, MaquetteError, cause_of
from studio.families.diffusion.components import built, class_named, quiet, replaced
from studio.families.diffusion.denoiser import named
from studio.families.diffusion.folder import NOTES, ComponentFolder
from studio.families.diffusion.saving import (
    fill_folder,
    notes_of,
    save_network,
    tensors_once,
    write_json,
)
from studio.families.info import HistoryStep
from studio.runtimes.traced.rounding import rounded
from studio.subnets.denoisers.choice import Kept
from studio.subnets.denoisers.finding import find_layout
from studio.subnets.denoisers.padding import padded
from studio.subnets.denoisers.sayable import said as said_of

if TYPE_CHECKING:
    from studio.families.diffusion.model import DiffusionModel

Storage = Literal["f32", "f16", "bf16", "f8", "q8_0"]
STORAGES: tuple[Storage, ...] = get_args(Storage)
Progress = Callable[[float, str], None]
AGREES, AGREES_HALF = 1e-4, 5e-2
"""Relative error of the denoiser's answer, computed in 32 and in 16 bits, up to which a folder that
rounds nothing agrees with what it was made of."""


@dataclass(frozen=True)
class PlainExported:
    """A folder that diffusers has read.

    Args:
        said: sentences about what it is and what it is not. bytes: of all its files.
        error: of the denoiser's answer at the first step of the model's own picture, relative to
            that before the export.
    """

    folder: Path
    said: tuple[str, ...]
    bytes: int
    error: float


@dataclass(frozen=True, eq=False)
class _Denoiser:
    """A denoiser as its folder gets it."""

    tensors: dict[str, Tensor]
    config: dict[str, Any]
    blocks: int  # left out by the configuration
    zeros: int
    multiplied: int  # layers that were chains
    whole: int  # weights before the cut


def export_plain(
    model: DiffusionModel,
    target: Path,
    storage: Storage = "f32",
    progress: Progress = lambda share, text: None,
) -> PlainExported:
    """Write a pipeline to ``target`` as a folder of diffusers, read back by it, or leave what was
    there as it was.

    Args:
        model: a pipeline; of a cut one, the cut. Where it has a plan for int8, the weights that the
            plan names are rounded to their grid.
        target: a new or an empty folder.
        storage: of the weights: ``f32`` keeps the types they have, ``f16`` and ``bf16`` halve
            them; ``f8`` stores what diffusers' layerwise casting would in 8-bit floats, and
            ``q8_0`` the denoiser as a GGUF file.
        progress: called with a fraction in [0, 1] and a line of text; may raise to stop.

    Raises:
        BadChoice: the denoiser cannot be stored so.
        ExportRefused: diffusers does not read it, or its answer is another.
        MaquetteError: the place or the disk refuses, or weights do not fit the type.
    """
    _check(model, storage)
    if target.is_dir() and any(target.iterdir()):
        raise MaquetteError(f"cannot write {target}: it is not empty; name an empty or new folder")
    try:
        with placed(target) as folder:
            work = _Writing(model, folder, storage, progress)
            work.run()
            progress(0.7, "reading it with diffusers")
            error = _compared(model, folder, storage)
            facts = replace(work.facts(), error=error)
            if not facts.rounds and not error <= facts.limit:
                raise ExportRefused(
                    "what was written is not what it was made of: the denoiser's answer is "
                    f"{error:.2g} off"
                )
            (folder / "README.md").write_text(card(facts), "utf-8")
    except OSError as failed:
        if isinstance(failed, MaquetteError):
            raise
        raise MaquetteError(f"cannot write {target}: {cause_of(failed)}") from failed
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    return PlainExported(target, sentences(facts), size, error)


def _check(model: DiffusionModel, storage: Storage) -> None:
    if packed := model.info.config.packed:
        raise BadChoice(
            f"the denoiser's weights are those of a GGUF file in {packed}, which no pipeline "
            "folder of diffusers has; open its safetensors instead"
        )
    # Choices that are for memory alone have no counterpart in plain weights.
    for name, choice in getattr(model.plan, "components", ()):
        if choice != "int8":
            raise BadChoice(
                f"{name} is kept as {choice}, which diffusers alone does not read; store the "
                "folder as f8 or q8_0 instead"
            )
    runs = model.components.folder.denoiser.runs
    if storage == "q8_0" and runs not in GGUF_CLASSES:
        raise BadChoice(
            f"diffusers reads no {runs} from a GGUF file; it does {', '.join(GGUF_CLASSES)}"
        )


class _Writing:
    """The work within the folder that nobody sees yet."""

    def __init__(
        self, model: DiffusionModel, folder: Path, storage: Storage, progress: Progress
    ) -> None:
        self._model, self._folder = model, folder
        self._storage, self._progress = storage, progress
        self._rounded = 0
        self._made: _Denoiser | None = None

    def run(self) -> None:
        fill_folder(self._model, self._folder, self._write)
        model, storage = self._model, self._storage
        made = self.denoiser
        notes = notes_of(model.described(self._told()), "f32")
        # What they say of the denoiser is of one that is no longer there.
        for name in ("kept", "chains", "quantization", *(("ordered",) if made.blocks else ())):
            notes.pop(name, None)
        if storage == "q8_0":
            notes.pop("ordered", None)
        write_json(self._folder / NOTES, notes)

    def facts(self) -> Facts:
        made, info = self.denoiser, self._model.info
        folder = self._model.components.folder
        return Facts(
            title=info.title,
            licence=info.licence,
            pipeline=folder.named,
            denoiser=info.denoiser,
            runs=folder.denoiser.runs,
            storage=self._storage,
            weights=sum(tensor.numel() for tensor in made.tensors.values()),
            whole=made.whole,
            zeros=made.zeros,
            blocks=made.blocks,
            multiplied=made.multiplied,
            rounded=self._rounded,
            file_bytes=sum(
                path.stat().st_size
                for path in (self._folder / info.denoiser).iterdir()
                if path.suffix in (".safetensors", ".gguf")
            ),
            limit=AGREES if info.computes == "float32" else AGREES_HALF,
            setup=info.config.distilled_why,
            history=tuple(f"{step.step}: {step.detail}" for step in self._told().history),
        )

    @property
    def denoiser(self) -> _Denoiser:
        assert self._made is not None
        return self._made

    def _told(self) -> Any:
        info, made = self._model.info, self.denoiser
        done = []
        if made.blocks or made.zeros:
            done.append(f"{made.blocks} blocks left out, {made.zeros} zeros for what was cut")
        if made.multiplied:
            done.append(f"{made.multiplied} chains multiplied out")
        if self._rounded:
            done.append(f"weights of {self._rounded} layers on their int8 grid")
        if self._storage != "f32":
            done.append(f"stored in {self._storage}")
        steps = [HistoryStep("plain", "; ".join(done))] if done else []
        return replace(
            info, history=(*info.history, *steps), quantised=self._model.plan is not None
        )

    def _write(self, component: ComponentFolder, place: Path) -> None:
        self._progress(0.1, f"writing {component.name}")
        network = self._model.components.stored(component.name)
        if component.name != self._model.info.denoiser:
            storage: Storage = "f16" if self._storage in ("f8", "q8_0") else self._storage
            tensors = in_storage(tensors_once(network), storage, component.name, network)
            save_network(component, place, tensors, component.config)
            return
        network = self._on_grid(network)
        kept = self._model.components.kept
        made = self._made = _plain(component, network, kept)
        smaller = built(replace(component, config=made.config), check=True)
        _same(smaller, made.tensors, component.name)
        if self._storage == "q8_0":
            write_gguf(made.tensors, smaller, place / GGUF_FILE)
            write_json(place / "config.json", made.config)
            return
        tensors = in_storage(made.tensors, self._storage, component.name, smaller)
        save_network(component, place, tensors, made.config)

    def _on_grid(self, network: nn.Module) -> nn.Module:
        """A denoiser whose plan is carried out on its weights."""
        plan = self._model.plan
        if plan is None or not plan.layers:
            return network
        changed = {}
        parameters = dict(network.named_parameters())
        for name in plan.layers:
            weight = parameters.get(f"{name}.weight")
            if weight is None:
                continue
            made = rounded(weight.detach().float().numpy())
            values = torch.from_numpy(made.numbers.astype("float32") * made.scale)
            changed[f"{name}.weight"] = values.to(weight.dtype)
        self._rounded = len(changed)
        return replaced(network, changed)


def _plain(component: ComponentFolder, network: nn.Module, kept: Kept | None) -> _Denoiser:
    """A denoiser in the sizes that a configuration of its class can say."""
    config = dict(component.config)
    whole = built(component, check=True)
    total = sum(tensor.numel() for tensor in whole.state_dict().values())
    given = Kept() if kept is None else kept
    names = [name for name, _ in whole.named_modules()]
    smaller = said_of(component.runs, config, given.skipped, names)
    made = padded(network, whole, find_layout(whole), given, smaller.gone)
    tensors = {smaller.renamed(name): tensor for name, tensor in made.tensors.items()}
    blocks = len(smaller.gone)
    config |= dict(smaller.config)
    return _Denoiser(tensors, config, blocks, made.zeros, made.multiplied, total)


def _same(network: nn.Module, tensors: dict[str, Tensor], name: str) -> None:
    """Whether tensors are those of a network without content.

    Raises:
        ExportRefused: they are not.
    """
    wanted = {each: tuple(tensor.shape) for each, tensor in network.state_dict().items()}
    held = {each: tuple(tensor.shape) for each, tensor in tensors.items()}
    if wanted != held:
        odd = sorted(set(wanted.items()) ^ set(held.items()))[0][0]
        raise ExportRefused(
            f"{name} does not fit its own configuration: {odd} is the first to differ"
        )


def _compared(model: DiffusionModel, folder: Path, storage: Storage) -> float:
    """How far the denoiser that diffusers reads is from the model's, relative to its answer."""
    component = model.components.folder.denoiser
    place = folder / component.name
    own: Any = model.running_network
    try:
        with quiet():
            read = read_by_diffusers(component, place, own.dtype, gguf=storage == "q8_0")
    except (OSError, ValueError, RuntimeError) as error:
        why = " ".join(str(error).split())[:300]
        raise ExportRefused(f"diffusers does not read what was written: {why}") from error
    inputs = model.own_inputs(1)[0]
    given = model.first_call(inputs)
    with torch.inference_mode():
        wanted, found = (named(each, given)(*given.values())[0].double() for each in (own, read))
    apart = float((found - wanted).norm() / wanted.norm().clamp_min(1e-12))
    if not bool(torch.isfinite(found).all()):
        raise ExportRefused("the denoiser that diffusers reads answers with numbers that are none")
    return apart


def read_by_diffusers(
    component: ComponentFolder, place: Path, dtype: torch.dtype, *, gguf: bool = False
) -> nn.Module:
    """A denoiser as diffusers reads it by itself.

    Raises:
        Exception: what diffusers raises.
    """
    made = class_named("network", component.runs)
    if gguf:
        from diffusers import GGUFQuantizationConfig

        network: nn.Module = made.from_single_file(
            str(place / GGUF_FILE),
            config=str(place),
            quantization_config=GGUFQuantizationConfig(compute_dtype=dtype),
            torch_dtype=dtype,
            local_files_only=True,
        )
    else:
        network = made.from_pretrained(
            str(place), torch_dtype=dtype, local_files_only=True, use_safetensors=True
        )
    return network.eval()
