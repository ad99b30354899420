"""From a pipeline folder to a model."""

from __future__ import annotations

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
from studio.families.diffusion.info import DiffusionInfo, PipelineComponent
from studio.families.diffusion.memory import computing_type
from studio.families.diffusion.model import DiffusionModel
from studio.families.diffusion.notes import read_elastic
from studio.families.info import HistoryStep, model_key
from studio.families.metadata import Described, one_line

Progress = Callable[[float, str], None] | None


def open_pipeline(
    path: str | Path, *, progress: Progress = None, memory_limit: int | None = None
) -> DiffusionModel:
    """Open a pipeline folder as diffusers writes it, or a Stable Diffusion in one safetensors file.
    No weight is read yet.

    Args:
        progress: told a fraction from 0 to 1 and what happens; may raise to stop.
        memory_limit: bytes that the model may take while it draws; None takes what is free.

    Raises:
        UnsupportedModel: it holds a pipeline that is not one of ours.
        NotEnoughMemory: drawing with it would take more than there is.
        RefusedFile: anything else that is wrong with it, in one sentence.
    """

    def tell(fraction: float, text: str) -> None:
        if progress is not None:
            progress(fraction, text)

    tell(0.0, f"looking at {Path(path).name}")
    if Path(path).is_dir():
        folder = read_folder(path)
    else:
        from studio.families.diffusion.single_file import read_single_file

        folder = read_single_file(path)
    config = config_of(folder)
    try:
        kept, ordered = read_elastic(folder.notes)
    except Cause as cause:
        raise RefusedFile(f"{path} cannot be opened: {cause}") from cause
    computes = computing_type(folder, memory_limit)
    weighty = [each for each in folder.components.values() if each.files]
    for done, component in enumerate(weighty):
        tell(0.2 + 0.8 * done / len(weighty), f"comparing {component.name} with its config")
        try:
            is_denoiser = component.name == folder.pipeline.denoiser
            network = checked(component, kept if is_denoiser else None)
            if is_denoiser:
                layers = counted_layers(config, network)
                layout = layout_of(network)
                config = replace(config, layers=layers, layout=layout, ordered=ordered)
        except Cause as cause:
            raise RefusedFile(f"{path} cannot be opened: {cause}") from cause
    tell(1.0, "done")
    stored = {each.dtype for each in weighty}
    if computes == "stored":
        computes = folder.denoiser.dtype
    described = Described(folder.notes, str(path))
    name = described.text("name") or one_line(named_by(folder.path))
    plan = described.quantization([each.name for each in config.layers])
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
        history=described.history(),
        seed=described.seed(),
        quantised=plan is not None,
        components=tuple(
            PipelineComponent(each.name, each.runs, each.dtype, each.parameters, each.bytes)
            for each in weighty
        ),
        denoiser=folder.pipeline.denoiser,
        computes=computes if stored != {"float32"} else "float32",
        passed_over=folder.passed_over,
    )
    return DiffusionModel(info, Components(folder, info.computes, kept), plan)


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
