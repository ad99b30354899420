"""From a pipeline folder to a model."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from torch import nn

from studio.checkpoints.causes import Cause
from studio.errors import RefusedFile
from studio.families.diffusion.components import UNBUILDABLE, Components, checked, quiet
from studio.families.diffusion.config import DiffusionConfig, LayerCount
from studio.families.diffusion.counting import counted
from studio.families.diffusion.describing import config_of
from studio.families.diffusion.elastic import layout_of
from studio.families.diffusion.folder import PipelineFolder, read_folder
from studio.families.diffusion.gguf_names import gguf_component
from studio.families.diffusion.info import DiffusionInfo, PipelineComponent
from studio.families.diffusion.memory import computing_type
from studio.families.diffusion.model import DiffusionModel
from studio.families.diffusion.notes import read_chains, read_elastic, with_drawn
from studio.families.diffusion.precisions import BETWEEN, in_pytorch, layers_of
from studio.families.info import HistoryStep, model_key
from studio.families.metadata import Described, one_line

Progress = Callable[[float, str], None] | None


def open_pipeline(
    path: str | Path,
    *,
    progress: Progress = None,
    memory_limit: int | None = None,
    denoiser: str | Path | None = None,
    preview_decoder: str | Path | None = None,
) -> DiffusionModel:
    """Open a pipeline folder as diffusers writes it, or a Stable Diffusion in one safetensors file.
    No weight is read yet.

    Args:
        progress: told a fraction from 0 to 1 and what happens; may raise to stop.
        memory_limit: bytes that the model may take while it draws; None takes what is free.
        denoiser: a GGUF file with the weights of its denoiser, instead of its own.
        preview_decoder: a tiny decoder for what steps look like, folder or file; None takes one
            that is beside the pipeline or in the folders of other programs, where it fits.

    Raises:
        UnsupportedModel: it holds a pipeline that is not one of ours.
        NotEnoughMemory: drawing with it would take more than there is.
        RefusedFile: anything else that is wrong with it, in one sentence.
    """

    def tell(fraction: float, text: str) -> None:
        if progress is not None:
            progress(fraction, text)

    tell(0.0, f"looking at {Path(path).name}")
    folder = pipeline_folder(path, None if denoiser is None else Path(denoiser))
    config = config_of(folder)
    if folder.packed:
        held = folder.denoiser.bytes / folder.denoiser.parameters
        config = replace(config, packed=folder.packed, packed_bytes=held)
    try:
        # Notes on a denoiser are not those of another file's.
        notes = folder.notes if folder.denoiser.gguf is None else {}
        (kept, ordered), chains = read_elastic(notes), read_chains(notes)
        config = with_drawn(config, folder.notes)
    except Cause as cause:
        raise RefusedFile(f"{path} cannot be opened: {cause}") from cause
    computes = computing_type(folder, memory_limit)
    weighty = [each for each in folder.components.values() if each.files]
    named: list[str] = []  # layers as plans name them
    for done, component in enumerate(weighty):
        tell(0.2 + 0.8 * done / len(weighty), f"comparing {component.name} with its config")
        try:
            is_denoiser = component.name == folder.pipeline.denoiser
            network = checked(component, *((kept, chains) if is_denoiser else ()))
            if is_denoiser:
                layers = counted_layers(config, network)
                layout = layout_of(network)
                config = replace(config, layers=layers, layout=layout, ordered=ordered)
                named += [each.name for each in layers]
            else:
                named += [f"{component.name}{BETWEEN}{each}" for each in layers_of(network)]
        except Cause as cause:
            raise RefusedFile(f"{path} cannot be opened: {cause}") from cause
    tell(1.0, "done")
    stored = {each.dtype for each in weighty}
    if computes == "stored":
        computes = _most_common(folder) if folder.packed else folder.denoiser.dtype
    described = Described(folder.notes, str(path))
    name = described.text("name") or one_line(named_by(folder.path))
    plan = None
    if folder.denoiser.gguf is None:
        plan = described.quantization(named, [each.name for each in weighty])
    computes = computes if stored != {"float32"} else "float32"
    info = DiffusionInfo(
        key=model_key(folder.digest, HistoryStep("computes", computes)),
        name=name,
        title=described.text("title") or name,
        path=str(path),
        layout=_layout(folder),
        family="diffusion",
        config=config,
        parameters=sum(each.parameters for each in weighty),
        size_bytes=folder.bytes,
        licence=described.text("licence") or licence_of(folder),
        source_sha256=described.text("source_sha256") or folder.digest,
        history=(*described.history(), *_gguf_step(folder, computes)),
        seed=described.seed(),
        quantised=plan is not None,
        components=tuple(
            PipelineComponent(each.name, each.runs, each.dtype, each.parameters, each.bytes)
            for each in weighty
        ),
        denoiser=folder.pipeline.denoiser,
        computes=computes,
        passed_over=folder.passed_over,
    )
    chosen = None if preview_decoder is None else Path(preview_decoder)
    components = Components(folder, info.computes, kept, chains, chosen)
    if chosen is not None:  # say at once what is wrong with it
        components.previewer(config.latent_channels, config.factor).decoder  # noqa: B018
    if plan is not None:
        components = components.with_choices(in_pytorch(plan))
    return DiffusionModel(info, components, plan)


def pipeline_folder(path: str | Path, denoiser: Path | None = None) -> PipelineFolder:
    """What is to be opened, its headers read and nothing loaded.

    Args:
        denoiser: as for :func:`open_pipeline`.

    Raises:
        RefusedFile: as of it.
    """
    if Path(path).is_dir():
        return read_folder(path, denoiser, gguf=gguf_component)
    from studio.families.diffusion.single_file import read_single_file

    folder = read_single_file(path)
    if denoiser is None:
        return folder
    digest = hashlib.sha256(folder.digest.encode())
    try:
        made = gguf_component(folder.denoiser, denoiser, digest)
    except Cause as cause:
        raise RefusedFile(f"{path} cannot be opened: {cause}") from cause
    components = {**folder.components, made.name: made}
    return replace(folder, components=components, digest=digest.hexdigest())


def _most_common(folder: PipelineFolder) -> str:
    """The floating type that most plain weights have, in all components."""
    counts = dict.fromkeys(("bfloat16", "float16", "float32"), 0)
    for component in folder.components.values():
        for each in component.tensors.values():
            if each.dtype in counts:
                counts[each.dtype] += each.count
    return max(counts, key=lambda name: counts[name])


def _gguf_step(folder: PipelineFolder, computes: str) -> tuple[HistoryStep, ...]:
    denoiser = folder.denoiser
    if denoiser.gguf is None:
        return ()
    held = f"{folder.packed} for memory" if folder.packed else denoiser.dtype
    name = one_line(denoiser.files[0].name)
    detail = f"{denoiser.name} from {name}: weights in {held}, computed in {computes}"
    return (HistoryStep("gguf", detail),)


def _layout(folder: PipelineFolder) -> str:
    if not folder.path.is_dir():
        return "single file"
    return "maquette" if folder.notes else "diffusers"


def named_by(path: Path) -> str:
    """The name of a folder or file without its ending."""
    return path.resolve().name if path.is_dir() else path.stem


def counted_layers(config: DiffusionConfig, network: nn.Module) -> tuple[LayerCount, ...]:
    """The layers of a denoiser on the ``meta`` device.

    Raises:
        Cause: it does not run with what its pipeline gives it.
    """
    try:
        with quiet():
            return counted(config, network)
    except UNBUILDABLE as error:
        why = " ".join(str(error).split())[:200] or type(error).__name__
        raise Cause(f"its denoiser does not fit the other components: {why}") from error


def licence_of(folder: PipelineFolder) -> str:
    """The licence that the folder's README says, as model pages have it in their first lines."""
    if not folder.path.is_dir():
        return "unknown"
    readme = folder.path / "README.md"
    try:
        lines = readme.read_text("utf-8", "replace")[:4000].splitlines()
    except OSError:
        return "unknown"
    if not lines or lines[0].strip() != "---":
        return "unknown"
    for line in lines[1:]:
        key, colon, value = line.partition(":")
        if line.strip() == "---":
            break
        if key.strip() in ("licence", "license"):
            value = value.strip().strip("\"'")
            return value[:60] if colon and value.isprintable() and value else "unknown"
    return "unknown"
