"""From words, or a class, to what a denoiser is told at every step."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from .common import Refused

Run = Callable[[str, dict[str, Any]], dict[str, Any]]
NULL_CLASS = 1000
"""What DiT takes for no class."""


def tokens(told: dict[str, Any], texts: list[str], folder: Path) -> tuple[Any, Any]:
    """Numbers of tokens (n, length) and which of them are of the text, padded and cut."""
    try:
        package = importlib.import_module("tokenizers")
    except ImportError as error:
        raise Refused(f"{error}; 'pip install tokenizers' adds what reads the prompt") from error
    try:
        tokenizer = package.Tokenizer.from_file(str(folder / told["file"]))
    except Exception as error:
        if type(error) is not Exception:  # the package has no kind of its own
            raise
        raise Refused(f"{told['file']} is no tokenizer: {error}") from error
    tokenizer.enable_truncation(told["length"])
    tokenizer.enable_padding(length=told["length"], pad_id=told["pad_id"], pad_token=told["pad"])
    if told["lower"]:
        texts = [text.lower().strip() for text in texts]
    made = tokenizer.encode_batch(texts)
    return tuple(
        np.array([getattr(each, name) for each in made], np.int64)
        for name in ("ids", "attention_mask")
    )  # type: ignore[return-value]  # of two


class Teller:
    """Asks the text encoders of a pipeline.

    Args:
        pipeline: its record in the manifest. run: runs one of its networks by name.
        folder: of the bundle.
    """

    def __init__(self, pipeline: dict[str, Any], run: Run, folder: Path) -> None:
        self._pipeline, self._run, self._folder = pipeline, run, folder

    def told(self, wanted: Any, guided: bool) -> dict[str, Any]:
        """Inputs of the denoiser by name, one behind the other where it is guided: without the
        prompt, then with it; of DiT the other way round."""
        kind = self._pipeline["kind"]
        if kind == "unconditional":
            return {}
        if kind == "dit":
            labels = [wanted.label, NULL_CLASS] if guided else [wanted.label]
            return {"class_labels": np.array(labels, np.int64)}
        texts = [wanted.negative, wanted.prompt] if guided else [wanted.prompt]
        if kind == "pixart":
            return self._masked(texts)
        if kind == "sd3":
            return self._three(texts)
        if kind == "flux":
            return self._two(texts, wanted)
        if "text_encoder_2" in self._pipeline["components"]:
            return self._larger(texts, wanted)
        return {"encoder_hidden_states": self._read("text_encoder", texts)["last_hidden_state"]}

    def _read(self, name: str, texts: list[str], *, mask: bool = True) -> dict[str, Any]:
        """What a text encoder makes of texts; ``states``: those before its last layer."""
        told = self._pipeline["tokenizers"][name]
        ids, kept = tokens(told, texts, self._folder)
        given = {"input_ids": ids}
        if told["masked"]:
            given["attention_mask"] = kept if mask else np.ones_like(kept)
        made = dict(self._run(name, given))
        hidden = [key for key in made if key.startswith("hidden_states.")]
        return {**made, "states": made[hidden[0]]} if hidden else made

    def _masked(self, texts: list[str]) -> dict[str, Any]:
        states = self._read("text_encoder", texts)["last_hidden_state"]
        _, mask = tokens(self._pipeline["tokenizers"]["text_encoder"], texts, self._folder)
        return {"encoder_hidden_states": states, "encoder_attention_mask": mask.astype(np.float32)}

    def _larger(self, texts: list[str], wanted: Any) -> dict[str, Any]:
        """Of SDXL: two encoders side by side, and the sizes that it was trained with."""
        first, second = (self._read(name, texts) for name in ("text_encoder", "text_encoder_2"))
        states = np.concatenate([first["states"], second["states"]], axis=-1)
        pooled = second["text_embeds"]
        if len(texts) == 2 and self._pipeline["empty_is_zero"] and not wanted.negative:
            states[0], pooled[0] = 0, 0
        size = (wanted.height, wanted.width)
        sizes = np.array([[*size, 0, 0, *size]] * len(texts), np.float32)
        return {"encoder_hidden_states": states, "text_embeds": pooled, "time_ids": sizes}

    def _three(self, texts: list[str]) -> dict[str, Any]:
        """Of Stable Diffusion 3: two CLIPs side by side, and behind them T5 where there is one."""
        made = [self._read(name, texts) for name in ("text_encoder", "text_encoder_2")]
        states = np.concatenate([each["states"] for each in made], axis=-1)
        width = self._pipeline["text_width"]
        states = np.pad(states, ((0, 0), (0, 0), (0, width - states.shape[-1])))
        if "text_encoder_3" in self._pipeline["components"]:
            long = self._read("text_encoder_3", texts, mask=False)["last_hidden_state"]
        else:
            long = np.zeros((len(texts), self._pipeline["text_tokens"], width), np.float32)
        return {
            "encoder_hidden_states": np.concatenate([states, long], axis=1),
            "pooled_projections": np.concatenate([e["text_embeds"] for e in made], axis=-1),
        }

    def _two(self, texts: list[str], wanted: Any) -> dict[str, Any]:
        """Of FLUX: what CLIP makes of the whole text, the states of T5, and places."""
        pooled = self._read("text_encoder", texts)["pooler_output"]
        states = self._read("text_encoder_2", texts, mask=False)["last_hidden_state"]
        side = 2 * self._pipeline["factor"]
        rows, columns = wanted.height // side, wanted.width // side
        places = np.zeros((rows, columns, 3), np.float32)
        places[..., 1] = np.arange(rows)[:, None]
        places[..., 2] = np.arange(columns)[None]
        made = {
            "encoder_hidden_states": states,
            "pooled_projections": pooled,
            "img_ids": places.reshape(-1, 3),
            "txt_ids": np.zeros((states.shape[1], 3), np.float32),
        }
        if self._pipeline["guidance_kind"] == "embedded":
            made["guidance"] = np.full(1, wanted.guidance, np.float32)
        return made


def checked(pipeline: dict[str, Any], wanted: Any) -> None:
    """Refuse what the pipeline cannot draw."""
    if not 0 <= wanted.seed < 1 << 32:
        raise Refused(f"the seed {wanted.seed} is not within 0 and 4294967295")
    if not 1 <= wanted.steps <= 1000:
        raise Refused(f"{wanted.steps} steps cannot be taken; 1 to 1000 can")
    if not 0 <= wanted.guidance <= 100:
        raise Refused(f"a guidance of {wanted.guidance:g} is not within 0 and 100")
    takes = pipeline["takes"]
    for name in ("prompt", "negative"):
        if getattr(wanted, name) and name not in takes:
            have = ", ".join(takes) or "a seed alone"
            raise Refused(f"this pipeline takes no {name}; it takes {have}")
    if wanted.label and not 0 <= wanted.label < pipeline["classes"]:
        if not pipeline["classes"]:
            raise Refused("this pipeline takes no class")
        raise Refused(f"class {wanted.label} is not within 0 and {pipeline['classes'] - 1}")
    if pipeline["guidance_kind"] == "none" and wanted.guidance != pipeline["guidance"]:
        raise Refused("this pipeline takes no guidance")
    for name in ("height", "width"):
        side, multiple = getattr(wanted, name), pipeline["multiple"]
        if pipeline["fixed"] and side != pipeline[name]:
            raise Refused(
                f"a {name} of {side} cannot be drawn: these files are made for "
                f"{pipeline['width']} x {pipeline['height']}"
            )
        if not multiple <= side <= 8192 or side % multiple:
            raise Refused(f"the {name} {side} is no multiple of {multiple} pixels up to 8192")
    if wanted.scheduler not in pipeline["samplers"]:
        have = ", ".join(sorted(pipeline["samplers"]))
        raise Refused(f"there is no scheduler {wanted.scheduler} here; there are {have}")
