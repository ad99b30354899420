"""Writes the pipeline as a folder that diffusers opens by itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.processes.aside import folder_written_aside
from studio.training.words.denoiser import new_scheduler
from studio.training.words.tokenizer import write_tokenizer
from studio.training.words.wordings import all_words


@dataclass(frozen=True)
class Parts:
    """What a pipeline is made of; the autoencoder's configuration knows its scaling factor."""

    autoencoder: Any
    text_encoder: Any
    tokenizer: Any
    denoiser: Any


def assembled(parts: Parts) -> Any:
    """The parts as a ``StableDiffusionPipeline``, in their own dtype."""
    from diffusers import StableDiffusionPipeline

    pipeline = StableDiffusionPipeline(
        vae=parts.autoencoder,
        text_encoder=parts.text_encoder,
        tokenizer=parts.tokenizer,
        unet=parts.denoiser,
        scheduler=new_scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def write_pipeline(parts: Parts, folder: Path, card: str) -> None:
    """Write weights, configurations and the model card into ``folder``, a new or empty one.

    Weights are written in f16, which those of ``parts`` are from then on.

    Raises:
        OSError: it cannot be written, or holds something.
    """
    pipeline = assembled(parts)
    for network in (parts.autoencoder, parts.text_encoder, parts.denoiser):
        network.half()
    with folder_written_aside(folder, "words-pipeline") as aside:
        pipeline.save_pretrained(aside, safe_serialization=True)
        # Besides the library's newer single file, for readers of the older two.
        write_tokenizer(aside / "tokenizer", all_words(), parts.tokenizer.model_max_length)
        (aside / "README.md").write_text(card, encoding="utf-8")
        for file in aside.rglob("*"):
            if file.is_file():
                file.chmod(0o644)  # safetensors writes files that only their owner can read
            if file.name == "config.json":
                _settle(file)


def _settle(file: Path) -> None:
    """Drop from a configuration where on this machine it was made, and let it ask for f32.

    A text encoder opens in what its configuration names and the other networks in f32; a pipeline
    whose parts differ cannot run.
    """
    found = json.loads(file.read_text(encoding="utf-8"))
    found.pop("_name_or_path", None)
    if "dtype" in found:
        found["dtype"] = "float32"
    file.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
