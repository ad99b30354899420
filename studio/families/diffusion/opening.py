"""From a pipeline folder to a model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from studio.checkpoints.causes import Cause
from studio.errors import RefusedFile
from studio.families.diffusion.components import Components, checked
from studio.families.diffusion.describing import config_of
from studio.families.diffusion.folder import PipelineFolder, read_folder
from studio.families.diffusion.info import DiffusionInfo, PipelineComponent
from studio.families.diffusion.memory import computing_type
from studio.families.diffusion.model import DiffusionModel
from studio.families.info import HistoryStep, model_key

Progress = Callable[[float, str], None] | None


def open_pipeline(
    path: str | Path, *, progress: Progress = None, memory_limit: int | None = None
) -> DiffusionModel:
    """Open a pipeline folder as diffusers writes it. No weight is read yet.

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
    folder = read_folder(path)
    config = config_of(folder)
    computes = computing_type(folder, memory_limit)
    weighty = [each for each in folder.components.values() if each.files]
    for done, component in enumerate(weighty):
        tell(0.2 + 0.8 * done / len(weighty), f"comparing {component.name} with its config")
        try:
            checked(component)
        except Cause as cause:
            raise RefusedFile(f"{path} cannot be opened: {cause}") from cause
    tell(1.0, "done")
    stored = {each.dtype for each in weighty}
    if computes == "stored":
        computes = folder.denoiser.dtype
    info = DiffusionInfo(
        key=model_key(folder.digest, HistoryStep("computes", computes)),
        name=folder.path.resolve().name,
        title=folder.path.resolve().name,
        path=str(path),
        layout="diffusers",
        family="diffusion",
        config=config,
        parameters=sum(each.parameters for each in weighty),
        size_bytes=folder.bytes,
        licence=licence_of(folder),
        source_sha256=folder.digest,
        components=tuple(
            PipelineComponent(each.name, each.runs, each.dtype, each.parameters, each.bytes)
            for each in weighty
        ),
        denoiser=folder.pipeline.denoiser,
        computes=computes if stored != {"float32"} else "float32",
        passed_over=folder.passed_over,
    )
    return DiffusionModel(info, Components(folder, info.computes))


def licence_of(folder: PipelineFolder) -> str:
    """The licence that the folder's README says, as model pages have it in their first lines."""
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
