"""The record of a pipeline in a manifest, and the files beside its networks."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from studio.bundles import manifest as said
from studio.bundles.comparing import PICTURE, tolerance_of
from studio.bundles.pipelines.components import DECODER, sources, text_length
from studio.bundles.pipelines.samplers import samplers_of
from studio.families.diffusion.denoiser import prompt_states

if TYPE_CHECKING:
    from studio.families.diffusion.model import DiffusionModel

_Taken = Literal["prompt", "negative", "label"]


def write_beside(model: DiffusionModel, folder: Path) -> dict[str, said.Tokenizer]:
    """Write configs, tokenizers, the scheduler and the index of a pipeline as programs expect them;
    the tokenizers by text encoder.

    Raises:
        OSError: the disk refused.
    """
    source, tokenizers = model.components.folder, dict[str, said.Tokenizer]()
    for place, name in sources(model).items():
        (folder / place).mkdir(exist_ok=True)
        write_json(folder / place / "config.json", source.components[name].config)
    for name, component in source.components.items():
        if component.part == "tokenizer":
            place = name.replace("tokenizer", "text_encoder")
            tokenizers[place] = _tokenizer(model, name, place, folder)
        elif component.part == "scheduler":
            (folder / name).mkdir()
            write_json(folder / name / "scheduler_config.json", component.config)
    index: dict[str, Any] = {"_class_name": source.named, **dict(source.options)}
    for name, component in source.components.items():
        library = "transformers" if component.part in ("text", "tokenizer") else "diffusers"
        index[name] = [library, component.runs]
    for name in source.pipeline.components:
        index.setdefault(name, [None, None])
    write_json(folder / "model_index.json", index)
    return tokenizers


def _tokenizer(model: DiffusionModel, name: str, place: str, folder: Path) -> said.Tokenizer:
    """A tokenizer in the form that programs know and in its fast form, which ``run.py`` reads."""
    from studio.families.diffusion.saving import TOKENIZER_FILES

    own = model.components.folder.components[name]
    (folder / name).mkdir()
    for file in sorted(own.folder.iterdir()):
        if file.is_file() and file.name in TOKENIZER_FILES:
            shutil.copyfile(file, folder / name / file.name)
    tokenizer = model.components.tokenizer(name)
    tokenizer.backend_tokenizer.save(str(folder / name / "tokenizer.json"))
    runs = model.components.folder.components[sources(model)[place]].runs
    return said.Tokenizer(
        file=f"{name}/tokenizer.json",
        length=text_length(model, place),
        pad=tokenizer.pad_token,
        pad_id=tokenizer.pad_token_id,
        lower=model.info.config.kind == "pixart",
        masked=runs == "T5EncoderModel",
    )


def pipeline_record(
    model: DiffusionModel,
    ident: str,
    title: str,
    networks: Mapping[str, said.Network],
    tokenizers: Mapping[str, said.Tokenizer],
    drawn: said.Drawing,
    *,
    form: str,
    precision: said.Precision,
    reference: str,
) -> said.Pipeline:
    """The record of a pipeline before it was run.

    Args:
        networks: by component. drawn: what its reference draws.
    """
    config, source = model.info.config, model.components.folder
    samplers, usual = samplers_of(model)
    vae = {} if source.vae is None else source.vae.config
    denoiser = networks[model.info.denoiser]
    third = config.kind == "sd3"
    # A size that tracing has fixed, or that is fixed for an NPU.
    fixed = config.fixed or not any(
        isinstance(side, said.Dimension) and side.name in ("height", "pixels")
        for port in denoiser.inputs
        for side in port.shape
    )
    return said.Pipeline(
        id=ident,
        title=title,
        format=form,
        precision=precision,
        subnet=denoiser.subnet,
        pixels=denoiser.pixels,
        parameters=sum(each.parameters for each in networks.values()),
        macs=denoiser.macs,
        paper_macs=denoiser.paper_macs,
        requirements=denoiser.requirements,
        reference=reference,
        tolerance=tolerance_of(precision, absolute=PICTURE),
        class_name=config.pipeline,
        kind=config.kind,
        denoiser=model.info.denoiser,
        components={name: each.id for name, each in networks.items()},
        tokenizers=dict(tokenizers),
        samplers=samplers,
        scheduler=usual,
        takes=tuple(each for each in get_args(_Taken) if each in config.takes),
        classes=config.classes,
        guidance_kind=config.guidance,
        guidance=config.guidance_scale,
        steps=config.steps,
        height=config.height,
        width=config.width,
        fixed=fixed,
        multiple=config.multiple,
        factor=config.factor,
        channels=config.latent_channels,
        scaling=float(vae.get("scaling_factor") or 0.18215) if DECODER in networks else 1.0,
        shift=float(vae.get("shift_factor") or 0.0),
        empty_is_zero=bool(source.options.get("force_zeros_for_empty_prompt", True)),
        text_width=_whole(source.denoiser.config.get("joint_attention_dim")) if third else 0,
        text_tokens=prompt_states(config) - 77 if third else 0,
        drawn=drawn,
    )


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write an object, names as they come."""
    text = json.dumps(dict(content), indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
