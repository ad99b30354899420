"""Models that are on this computer already: the caches and folders of other programs.

Only names, sizes and headers are looked at; nothing is opened, loaded or fetched.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from studio.checkpoints.causes import Cause
from studio.checkpoints.json_text import parse_json
from studio.checkpoints.safetensors_file import read_safetensors
from studio.checkpoints.spans import Span
from studio.families.diffusion.classes import OTHER_NAMES, PIPELINES
from studio.families.metadata import one_line
from studio.places import PIPELINE_INDEX

Source = Literal["hugging face", "comfyui", "invokeai", "folder"]
What = Literal["pipeline", "checkpoint", "denoiser", "lora", "vae", "text encoder", "other"]
MOST = 2000
"""Entries that are looked at below one folder; beyond it the rest is left out."""
DEEP = 4
MOST_DECODERS = 16

# Folders of ComfyUI and InvokeAI, each with what lies in it.
_COMFYUI: Mapping[str, What] = {
    "checkpoints": "checkpoint",
    "diffusion_models": "denoiser",
    "unet": "denoiser",
    "diffusers": "pipeline",
    "loras": "lora",
    "vae": "vae",
    "text_encoders": "text encoder",
    "clip": "text encoder",
}
_INVOKEAI: Mapping[str, What] = {"main": "checkpoint", "lora": "lora", "vae": "vae"}
_SUFFIXES = (".safetensors", ".gguf")


@dataclass(frozen=True)
class LocalModel:
    """A model that another program has on this computer.

    Args:
        name: as that program calls it. path: of the folder or file.
        source: whose it is. what: what it holds, as far as its place and names say.
        pipeline: class of a pipeline, empty for others.
        size_bytes: of all its weights on the disk.
        opens: Maquette opens it as it lies there; ``why`` says why not.
    """

    name: str
    path: str
    source: Source
    what: What
    pipeline: str
    size_bytes: int
    opens: bool
    why: str = ""


def places(environment: Mapping[str, str] | None = None, home: Path | None = None) -> list[Path]:
    """Folders in which other programs keep models, where there are any.

    Args:
        environment: variables of the process. home: of the user.
    """
    given = os.environ if environment is None else environment
    home = Path.home() if home is None else home
    found = [
        Path(given["HF_HUB_CACHE"])
        if given.get("HF_HUB_CACHE")
        else Path(given.get("HF_HOME") or home / ".cache/huggingface") / "hub"
    ]
    for variable, inner in (("COMFYUI_PATH", "models"), ("INVOKEAI_ROOT", "models")):
        if given.get(variable):
            found.append(Path(given[variable]) / inner)
    for name in ("ComfyUI", "comfyui", "Documents/ComfyUI", "invokeai", "InvokeAI"):
        found.append(home / name / "models")
    there = [path for path in found if _is_folder(path)]
    return list({os.path.realpath(path): path for path in there}.values())


def local_models(folders: Iterable[Path] | None = None) -> tuple[LocalModel, ...]:
    """What is in the folders of :func:`places`, or in these, by name.

    A folder that cannot be read is passed over. Caches and folders of models are told apart by what
    they hold, not by where they are.
    """
    found: dict[str, LocalModel] = {}
    for folder in places() if folders is None else folders:
        for each in _in(folder):
            found.setdefault(os.path.realpath(each.path), each)
    return tuple(sorted(found.values(), key=lambda each: (each.name.lower(), each.path)))


def _in(folder: Path) -> Iterator[LocalModel]:
    names = {each.name for each in _entries(folder)}
    if any(name.startswith("models--") for name in names):
        yield from _hub(folder)
    elif names & _COMFYUI.keys() and "sd-1" not in names:
        for kind, what in _COMFYUI.items():
            yield from _loose(folder / kind, "comfyui", what)
    elif any(name.startswith(("sd-", "sdxl", "sd3", "flux")) for name in names):
        for base in sorted(names):
            for kind, what in _INVOKEAI.items():
                yield from _loose(folder / base / kind, "invokeai", what)
    else:
        yield from _loose(folder, "folder", "checkpoint")


def _hub(folder: Path) -> Iterator[LocalModel]:
    """The newest snapshot of every repository that is a pipeline."""
    for repository in _entries(folder):
        if not repository.name.startswith("models--"):
            continue
        snapshots = [each for each in _entries(repository / "snapshots") if _is_folder(each)]
        snapshots = [each for each in snapshots if (each / PIPELINE_INDEX).is_file()]
        if not snapshots:
            continue
        newest = max(snapshots, key=lambda each: each.stat().st_mtime)
        name = repository.name.removeprefix("models--").replace("--", "/")
        yield _pipeline(newest, "hugging face", name)


def _loose(folder: Path, source: Source, what: What) -> Iterator[LocalModel]:
    """Files and pipeline folders at and below ``folder``."""
    for path in _below(folder, DEEP):
        if path.name == PIPELINE_INDEX:
            yield _pipeline(path.parent, source, path.parent.name)
        elif path.suffix.lower() in _SUFFIXES and not _in_pipeline(path, folder):
            yield _file(path, source, what)


def _in_pipeline(path: Path, root: Path) -> bool:
    """Whether a file is a component of a pipeline folder."""
    for parent in path.parents:
        if (parent / PIPELINE_INDEX).is_file():
            return True
        if parent == root:
            return False
    return False


def _pipeline(folder: Path, source: Source, name: str) -> LocalModel:
    named, why = "", ""
    try:
        index = parse_json((folder / PIPELINE_INDEX).read_bytes()[:1_000_000], PIPELINE_INDEX)
        given = index.get("_class_name") if isinstance(index, dict) else None
        named = one_line(given)[:80] if isinstance(given, str) else ""
    except (OSError, Cause):
        why = "its index cannot be read"
    if not why and OTHER_NAMES.get(named, named) not in PIPELINES:
        why = f"pipelines of the class {named or 'that it names'} are not opened"
    files = [path for path in _below(folder, 2) if path.suffix == ".safetensors"]
    if not why and not files:
        why = "it has no safetensors files"
    size = sum(_size(path) for path in files)
    return LocalModel(one_line(name), str(folder), source, "pipeline", named, size, not why, why)


def _file(path: Path, source: Source, what: What) -> LocalModel:
    why = ""
    if path.suffix.lower() == ".safetensors":
        try:
            with path.open("rb") as stream:
                names = read_safetensors(Span(stream, 0, _size(path))).tensors
            what = told_by(names) or what
        except (OSError, Cause):
            why = "its header cannot be read"
    opens = what == "checkpoint" and not why and path.suffix.lower() == ".safetensors"
    return LocalModel(one_line(path.stem), str(path), source, what, "", _size(path), opens, why)


def told_by(names: Iterable[str]) -> What | None:
    """What a file holds by the names of its tensors; None where they do not say."""
    names = list(names)
    if any(".lora_" in n or n.startswith("lora_") for n in names):
        return "lora"
    if any(n.startswith("model.diffusion_model.") for n in names):
        whole = any(n.startswith("first_stage_model.") for n in names)
        return "checkpoint" if whole else "denoiser"
    if any(n.startswith(("double_blocks.", "joint_blocks.")) for n in names):
        return "denoiser"
    if any(n.startswith(("decoder.conv_in.", "decoder.up.")) for n in names):
        return "vae"
    if any(n.startswith(("text_model.", "encoder.block.")) for n in names):
        return "text encoder"
    return None


def preview_decoders(pipeline: Path, folders: Iterable[Path] | None = None) -> tuple[Path, ...]:
    """Folders and files that may hold a tiny decoder, by their names: in and beside a pipeline,
    then in the folders of :func:`places`, or in these. Nothing is opened.

    Args:
        pipeline: its folder, or its file.
    """
    beside = [pipeline] if _is_folder(pipeline) else []
    # A snapshot of a cache stands among other versions of itself.
    beside += [] if pipeline.parent.name == "snapshots" else [pipeline.parent]
    found = [each for folder in beside for each in _entries(folder) if _is_tiny(each)]
    for folder in places() if folders is None else folders:
        names = [each for each in _entries(folder) if each.name.startswith("models--")]
        for repository in names:
            if repository.name.rpartition("--")[2].lower().startswith("tae"):
                found += [e for e in _entries(repository / "snapshots") if _is_folder(e)]
        found += [each for each in _entries(folder / "vae_approx") if _is_tiny(each)]
    return tuple({os.path.realpath(each): each for each in found}.values())[:MOST_DECODERS]


def _is_tiny(path: Path) -> bool:
    """Whether a name is that of a tiny decoder: ``taesd``, ``taesdxl_decoder.safetensors``."""
    name = path.name.lower()
    if not name.startswith(("tae", "preview_decoder")) or "encoder" in name.replace("decoder", ""):
        return False
    return path.suffix.lower() == ".safetensors" or _is_folder(path)


def _below(folder: Path, depth: int) -> list[Path]:
    """Files at most ``depth`` folders deep, in the order of their names; links to folders are
    not followed."""
    found: list[Path] = []
    waiting = [(folder, 0)]
    while waiting and len(found) < MOST:
        at, deep = waiting.pop()
        for each in _entries(at):
            if _is_folder(each):
                if deep < depth and not each.is_symlink() and not each.name.startswith("."):
                    waiting.append((each, deep + 1))
            else:
                found.append(each)
    return sorted(found)


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())[:MOST]
    except OSError:
        return []


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
