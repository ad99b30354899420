"""From a file, or the name of an embedded model, to a model of its family."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast, get_args

import torch
from torch import Tensor

from studio.checkpoints import Checkpoint, open_checkpoint, read_directions
from studio.checkpoints.causes import Cause
from studio.checkpoints.safetensors_file import read_header
from studio.checkpoints.spans import Span
from studio.errors import RefusedFile, UnsupportedModel
from studio.families.diffusion.folder import INDEX, is_folder, is_pipeline_folder
from studio.families.diffusion.gguf_file import SUFFIX
from studio.families.diffusion.model import DiffusionModel
from studio.families.diffusion.pairing import is_pair, read_pair
from studio.families.info import HistoryStep, ModelInfo, model_key
from studio.families.metadata import Described, one_line
from studio.families.model import Model
from studio.families.quantization import QuantPlan, unpacked
from studio.families.stylegan.config import Architecture, StyleGanConfig
from studio.families.stylegan.network import StyleGan2
from studio.families.stylegan.portable import layers_of
from studio.families.stylegan.styles import AVERAGE_LATENTS, average_style
from studio.families.translation.model import TranslationModel
from studio.families.translation.opening import translation_from
from studio.places import assets_dir, model_file

ELASTIC_WIDTHS = (0.25, 0.5, 0.75, 1.0)
LARGEST_DIRECTIONS = 16_000_000  # bytes; a few hundred directions fit

Progress = Callable[[float, str], None]
OpenedModel = Model | TranslationModel | DiffusionModel


def open_model(
    path: str | Path,
    *,
    progress: Progress | None = None,
    memory_limit: int | None = None,
    denoiser: str | Path | None = None,
    preview_decoder: str | Path | None = None,
) -> OpenedModel:
    """Open a generator of any family.

    A file named like ``*direction*.pt`` beside it that holds Anycost edit directions of the same
    w_dim comes along.

    Args:
        path: a model file of any supported layout, a pipeline folder as diffusers writes it, a
            file that names one with another denoiser (``diffusion.pairing``), or the name of an
            embedded model such as ``clay-heads``. A file of that name comes first.
        progress: called with a fraction in [0, 1] and a line of text; may raise to stop.
        memory_limit: bytes that opening may take; None takes what is free.
        denoiser: a GGUF file with the denoiser of a pipeline, instead of its own.
        preview_decoder: a tiny decoder for what a pipeline's steps look like, folder or file.

    Raises:
        RefusedFile: there is no such model, or the file is not one; the sentence says why.
        UnsupportedModel: the file is sound, but holds another kind of network.
        NotEnoughMemory: opening would need more memory than there is.
    """
    file = located(path)
    if is_pair(file):
        return _paired(file, progress, memory_limit, denoiser, preview_decoder)
    if is_pipeline_folder(file) or holds_pipeline(file):
        from studio.families.diffusion.opening import open_pipeline

        return open_pipeline(
            file,
            memory_limit=memory_limit,
            progress=progress,
            denoiser=denoiser,
            preview_decoder=preview_decoder,
        )
    if denoiser is not None or preview_decoder is not None:
        what = "denoiser" if denoiser is not None else "decoder for previews"
        raise RefusedFile(f"{path} is no diffusion pipeline, so it takes no {what}")
    if file.suffix.lower() == SUFFIX and file.is_file():
        raise RefusedFile(
            f"{path} cannot be opened: a GGUF file has the denoiser of a pipeline alone; open the "
            "pipeline's folder with it as --denoiser, or put it into its folder unet or transformer"
        )
    if is_folder(file):
        raise RefusedFile(
            f"{path} cannot be opened: it is a folder without {INDEX}; accepted are model files, "
            "and pipeline folders as diffusers writes them"
        )
    checkpoint = open_checkpoint(file, memory_limit=memory_limit, progress=progress)
    if checkpoint.sizes is not None:
        return translation_from(checkpoint)
    w_dim = checkpoint.tensors["w_avg"].numel()
    found = {} if checkpoint.directions else directions_beside(file, w_dim)
    return model_from(checkpoint, found)


def _paired(
    file: Path,
    progress: Progress | None,
    memory_limit: int | None,
    denoiser: str | Path | None,
    preview_decoder: str | Path | None,
) -> DiffusionModel:
    """The pipeline and the denoiser that a small file names, known by that file."""
    if denoiser is not None:
        raise RefusedFile(f"{file} names a denoiser itself; open its pipeline with another one")
    from studio.families.diffusion.opening import open_pipeline

    pair = read_pair(file)
    made = open_pipeline(
        pair.pipeline,
        memory_limit=memory_limit,
        progress=progress,
        denoiser=pair.denoiser,
        preview_decoder=preview_decoder,
    )
    held = made.info.config.packed or "GGUF"
    info = replace(
        made.info,
        path=str(file),
        name=f"{made.info.name} {held}",
        title=f"{made.info.title}, {held}",
    )
    return made.described(info)


def holds_pipeline(file: Path) -> bool:
    """Whether a file is a Stable Diffusion in safetensors, by the names in its header. What is
    wrong with another file is for its own reader to say."""
    if file.suffix.lower() != ".safetensors" or not file.is_file():
        return False
    from studio.families.diffusion.single_file import is_single_file

    try:
        with file.open("rb") as stream:
            return is_single_file(read_header(Span(stream, 0, file.stat().st_size)))
    except (Cause, OSError):
        return False


def open_stylegan(
    path: str | Path,
    *,
    progress: Progress | None = None,
    memory_limit: int | None = None,
) -> Model:
    """:func:`open_model` for those who can only work with StyleGAN2 and Anycost generators.

    Raises:
        UnsupportedModel: it is a model of another family, among the reasons of ``open_model``.
    """
    model = open_model(path, progress=progress, memory_limit=memory_limit)
    if isinstance(model, DiffusionModel):
        raise UnsupportedModel(
            f"{Path(path).name} is a diffusion pipeline; accepted here are StyleGAN models so far "
            "(on the command line, inspect and render take it)"
        )
    if isinstance(model, TranslationModel):
        raise UnsupportedModel(
            f"{Path(path).name} turns pictures into pictures; accepted here are StyleGAN models so "
            "far (on the command line, inspect, render and convert take it)"
        )
    return model


def located(path: str | Path) -> Path:
    """The file that ``path`` means: itself, or that of an embedded model.

    Raises:
        RefusedFile: neither exists; the sentence lists the embedded models.
    """
    file = model_file(os.fspath(path))
    if file is not None:
        return file
    names = ", ".join(embedded_names()) or "none"
    raise RefusedFile(
        f"{path} is neither a file nor an embedded model; embedded models here: {names}"
    )


def embedded_names() -> tuple[str, ...]:
    """Names of the models that come with Maquette."""
    models = assets_dir() / "models"
    files = [file.stem for file in models.glob("*.safetensors")]
    return tuple(sorted([*files, *(file.parent.name for file in models.glob(f"*/{INDEX}"))]))


def directions_beside(file: Path, w_dim: int) -> dict[str, Tensor]:
    """Edit directions (w_dim,) by name from a file beside ``file``; empty when there are none.

    The file may hold something else, or belong to another model: then it is passed over, because
    nobody asked for it.
    """
    for candidate in sorted(file.parent.glob("*direction*.pt")):
        if candidate == file or not candidate.is_file():
            continue
        if candidate.stat().st_size > LARGEST_DIRECTIONS:
            continue
        try:
            found = read_directions(candidate)
        except RefusedFile:
            continue
        if found and all(each.numel() == w_dim for each in found.values()):
            return {name: each.reshape(w_dim) for name, each in found.items()}
    return {}


def model_from(checkpoint: Checkpoint, directions: Mapping[str, Tensor] | None = None) -> Model:
    """The model of an opened checkpoint, on the checkpoint's own tensors.

    An average w that the file lacks is computed over 4096 latents of a fixed seed. An Anycost file
    does not say what it was trained for: ``info`` then names the four widths of that project and
    every resolution; for a plain StyleGAN2 full width, and every resolution it has a ToRGB for.

    Args:
        checkpoint: from ``studio.checkpoints.open_checkpoint``.
        directions: edit directions (w_dim,) by name when the file itself has none.

    Raises:
        RefusedFile: the tensors do not make a network of one piece.
    """
    named = dict(checkpoint.directions or directions or {})
    try:
        config = config_of(checkpoint)
        network = StyleGan2.from_tensors(config, checkpoint.tensors)
    except ValueError as error:
        raise RefusedFile(f"{checkpoint.path} cannot be opened: {error}") from error
    history = []
    if not checkpoint.w_avg_known:
        tensors = {**checkpoint.tensors, "w_avg": average_style(network)}
        network = StyleGan2.from_tensors(config, tensors)
        history.append(HistoryStep("average_w", f"mean over {AVERAGE_LATENTS} latents"))
    rows = torch.stack(list(named.values())) if named else torch.zeros(0, config.w_dim)
    info = _info(checkpoint, config, tuple(named), rows, tuple(history))
    plan = _plan(checkpoint, network)
    return Model(replace(info, quantised=plan is not None), network, rows, plan)


def _plan(checkpoint: Checkpoint, network: StyleGan2) -> QuantPlan | None:
    """The plan for int8 that a file of ours carries."""
    if checkpoint.layout != "maquette":
        return None
    path, view = str(checkpoint.path), network.view()
    names = [layer.name for layer in layers_of(view)]
    plan = Described(checkpoint.metadata, path).quantization(names)
    if plan is not None and plan.latents:
        try:
            unpacked(plan.latents, network.config.w_dim)
        except ValueError as error:
            raise RefusedFile(
                f"{path} cannot be opened: “quantization” in its metadata does not fit: {error}"
            ) from error
    return plan


def config_of(checkpoint: Checkpoint) -> StyleGanConfig:
    """Every size of the network, from the shapes of its tensors."""
    tensors = checkpoint.tensors
    architecture = checkpoint.architecture
    if architecture not in get_args(Architecture):
        raise ValueError(f"its architecture {architecture} is not known")
    layers = sum(name.startswith("layers.") and name.endswith(".bias") for name in tensors)
    mapping = sum(name.startswith("mapping.") and name.endswith(".bias") for name in tensors)
    w_dim = tensors["w_avg"].numel()
    inputs = tensors.get("mapping.0.reduce", tensors["mapping.0.weight"]).shape[1]
    embed = tensors.get("label_embed.weight")
    return StyleGanConfig(
        architecture=cast(Architecture, architecture),
        resolution=4 << (layers // 2),
        z_dim=inputs if embed is None else inputs - w_dim,
        w_dim=w_dim,
        c_dim=0 if embed is None else embed.shape[1],
        mapping_layers=mapping,
        channels=(
            tensors["const"].shape[0],
            *(tensors[f"layers.{k}.bias"].shape[0] for k in range(layers)),
        ),
        conv_clamp=checkpoint.conv_clamp,
        factors=checkpoint.chains.factors,
        mapping_ranks=checkpoint.chains.mapping_ranks,
    )


def _info(
    checkpoint: Checkpoint,
    config: StyleGanConfig,
    directions: tuple[str, ...],
    rows: Tensor,
    history: tuple[HistoryStep, ...],
) -> ModelInfo:
    described = Described(checkpoint.metadata, str(checkpoint.path))
    # A name that the system's encoding cannot read is shown as well as it can be.
    stem = one_line(os.fsencode(checkpoint.path.stem).decode("utf-8", "replace"))
    name = described.text("name") or stem
    own = checkpoint.layout == "maquette"
    if own:
        widths = described.widths()
    else:
        widths = ELASTIC_WIDTHS if config.architecture == "anycost" else (1.0,)
    digest = hashlib.sha256(rows.contiguous().numpy().tobytes()).hexdigest() if directions else ""
    return ModelInfo(
        key=model_key(checkpoint.file_sha256, HistoryStep("directions", digest)),
        name=name,
        title=described.text("title") or name,
        path=str(checkpoint.path),
        layout=checkpoint.layout,
        family=checkpoint.family,
        config=config,
        parameters=sum(
            tensor.numel()
            for name, tensor in checkpoint.tensors.items()
            if name != "w_avg" and not name.endswith(".noise")
        ),
        size_bytes=checkpoint.size_bytes,
        licence=described.text("licence") or "unknown",
        source_sha256=checkpoint.source_sha256,
        directions=directions,
        widths=widths,
        resolutions=described.resolutions(config),
        sorted_channels=described.sorted_channels() or config.architecture == "anycost",
        history=(*described.history(), *history),
        seed=described.seed(),
        noise=any(
            bool(tensor.any())
            for name, tensor in checkpoint.tensors.items()
            if name.endswith(".noise_strength")
        ),
    )
