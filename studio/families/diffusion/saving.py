"""Writing a pipeline as a folder that diffusers opens by itself."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import torch

from studio.errors import MaquetteError, cause_of
from studio.families.diffusion.folder import INDEX, NOTES, ComponentFolder
from studio.families.diffusion.notes import drawn_notes, elastic_notes
from studio.families.info import HistoryStep
from studio.families.picture_file import replacing

if TYPE_CHECKING:
    from studio.families.diffusion.model import DiffusionModel


TOKENIZER_FILES = (
    "added_tokens.json",
    "merges.txt",
    "special_tokens_map.json",
    "spiece.model",
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.json",
    "vocab.txt",
)


def save_pipeline(
    model: DiffusionModel, path: str | Path, dtype: Literal["f32", "f16"] = "f32"
) -> None:
    """Write ``model`` as a folder at ``path``, aside and then renamed; an earlier pipeline folder
    there is replaced.

    Args:
        dtype: ``f16`` rounds all weights to 16 bits; ``f32`` keeps the types they have.

    Raises:
        MaquetteError: the folder cannot be written, or something else stands there.
    """
    target = Path(path)
    if packed := model.info.config.packed:
        raise MaquetteError(
            f"cannot write {target}: the denoiser's weights are those of a GGUF file in {packed}, "
            "which no pipeline folder of diffusers has; open its safetensors instead"
        )
    if target.exists() and not (target / INDEX).is_file():
        raise MaquetteError(f"cannot write {target}: something that is no pipeline stands there")
    if not target.parent.is_dir():
        raise MaquetteError(f"cannot write {target}: the folder {target.parent} does not exist")
    aside = target.parent / f".{target.name}.{secrets.token_hex(8)}"
    try:
        aside.mkdir()
        _fill(model, aside, dtype)
        old = target.parent / f".{target.name}.{secrets.token_hex(8)}"
        if target.exists():
            target.rename(old)
        aside.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise MaquetteError(f"cannot write {target}: {cause_of(error)}") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _fill(model: DiffusionModel, folder: Path, dtype: str) -> None:
    source = model.components.folder
    index: dict[str, Any] = {"_class_name": source.named, **dict(source.options)}
    libraries = {"text": "transformers", "tokenizer": "transformers"}
    for name, component in source.components.items():
        place = folder / name
        place.mkdir()
        index[name] = [libraries.get(component.part, "diffusers"), component.runs]
        if component.runs.startswith("LDMBert"):
            index[name][0] = "latent_diffusion"
        if component.part == "tokenizer":
            for file in component.folder.iterdir():
                if file.is_file() and file.name in TOKENIZER_FILES:
                    shutil.copyfile(file, place / file.name)
            continue
        if component.part == "scheduler":
            write_json(place / "scheduler_config.json", component.config)
            continue
        _network(model, component, place, dtype)
    for name in source.pipeline.components:
        index.setdefault(name, [None, None])
    write_json(folder / INDEX, index)
    write_json(folder / NOTES, notes_of(model, dtype))


def notes_of(model: DiffusionModel, dtype: str = "f32") -> dict[str, str]:
    """What is written beside the index: texts, as in the metadata of Maquette's files."""
    info, history = model.info, model.info.history
    if dtype == "f16":
        history = (*history, HistoryStep("store", "weights rounded to 16-bit floats"))
    quantised = {} if model.plan is None else {"quantization": model.plan.to_json()}
    return quantised | {
        "name": info.name,
        "title": info.title,
        "licence": info.licence,
        "source_sha256": info.source_sha256,
        "seed": json.dumps(info.seed),
        "history": json.dumps([asdict(step) for step in history], ensure_ascii=False),
        **drawn_notes(info.config),
        **elastic_notes(model.components.kept, info.config.ordered, model.components.chains),
    }


def _network(model: DiffusionModel, component: ComponentFolder, place: Path, dtype: str) -> None:
    from safetensors.torch import save_file

    network: Any = model.components.stored(component.name)
    config = dict(component.config)
    stem = "diffusion_pytorch_model" if component.part == "network" else "model"
    tensors, seen = {}, set()
    for name, tensor in network.state_dict().items():
        pointer = tensor.data_ptr(), tensor.shape, tensor.stride()
        if pointer in seen:  # T5 has its embedding under two names
            continue
        seen.add(pointer)
        tensor = tensor.detach()
        if dtype == "f16" and tensor.is_floating_point():
            tensor = tensor.to(torch.float16)
            if not bool(torch.isfinite(tensor).all()):
                raise MaquetteError(f"the weights {component.name}.{name} do not fit 16-bit floats")
        tensors[name] = tensor.contiguous()
    file = place / f"{stem}.safetensors"
    with replacing(file) as aside:
        save_file(tensors, aside, metadata={"format": "pt"})
    write_json(place / "config.json", config)


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write an object as diffusers does: indented, names sorted."""
    text = json.dumps(dict(value), indent=2, sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
