"""What a plain pipeline folder says of itself: the sentences of a report, and its README."""

from __future__ import annotations

import json
from dataclasses import dataclass

from studio.checkpoints.causes import size_text

_STORED = {
    "f32": "",
    "f16": "All weights are stored in 16-bit floats.",
    "bf16": "All weights are stored in bfloat16.",
    "f8": (
        "Weights of the denoiser's layers are stored in 8-bit floats (e4m3), others in 16 bits. "
        "diffusers widens them when it opens the folder, so only the file is smaller; "
        "enable_layerwise_casting keeps them small in memory, with nothing more lost."
    ),
    "q8_0": (
        "The denoiser is a GGUF file: weights of its linear layers in Q8_0, others in 16 bits. "
        "diffusers keeps them packed in memory and unpacks each layer while it runs, which saves "
        "memory, not time."
    ),
}


@dataclass(frozen=True)
class Facts:
    """What is known of a folder.

    Args:
        pipeline, runs: classes of the pipeline and its denoiser. denoiser: its name.
        storage: of its weights. weights, zeros: how many it has, and how many stand for what was
            cut. whole: how many there were before the cut.
        blocks: left out by its configuration. multiplied: layers that were chains of smaller ones.
        rounded: layers with weights on an int8 grid.
        file_bytes: of the denoiser's file. error: of its answer, relative; limit: up to which a
            folder that rounds nothing may be off. setup: how a step-distilled model is drawn with,
            sentences; empty for others. history: what was done to the model, as lines.
    """

    title: str
    licence: str
    pipeline: str
    denoiser: str
    runs: str
    storage: str
    weights: int
    whole: int
    zeros: int
    blocks: int
    multiplied: int
    rounded: int
    file_bytes: int
    limit: float
    setup: str = ""
    history: tuple[str, ...] = ()
    error: float = 0.0

    @property
    def rounds(self) -> bool:
        """Whether numbers are not what they were."""
        return self.rounded > 0 or self.storage != "f32"


def sentences(facts: Facts) -> tuple[str, ...]:
    """What it is and what it is not, in the order in which a reader needs it."""
    made = []
    if facts.blocks:
        made.append(
            f"Its config leaves {_blocks(facts.blocks)} of the denoiser out: "
            f"{facts.weights:,} of {facts.whole:,} weights are left, in the file and in memory."
        )
    if facts.zeros:
        share = 100 * facts.zeros / max(1, facts.weights)
        made.append(
            f"{facts.zeros:,} weights ({share:.0f}%) are zeros for what was cut and diffusers' "
            "config cannot say: the picture is that of the cut denoiser, but what they fill is as "
            "large in memory and as slow as before the cut."
        )
    if facts.multiplied:
        made.append(
            f"{_layers(facts.multiplied)} that were chains of smaller ones are multiplied out: the "
            "same answers, as large and as slow as before."
        )
    if not (facts.blocks or facts.zeros or facts.multiplied):
        made.append("The denoiser has the sizes of the original: as large in memory, as fast.")
    if facts.rounded:
        made.append(
            f"The weights of {_layers(facts.rounded)} lie on their int8 grid, but are stored and "
            "run as floats, and what they read is not rounded: neither smaller nor faster for it."
        )
    if _STORED[facts.storage]:
        made.append(_STORED[facts.storage])
    near = f"within {facts.error:.1g} of that in Maquette, relative"
    if facts.error == 0:
        near = "that in Maquette, to the last bit"
    made.append(
        f"diffusers has read the denoiser ({size_text(facts.file_bytes)}); its answer is {near}."
    )
    return tuple(made)


def card(facts: Facts) -> str:
    """``README.md`` in the form that Hugging Face reads."""
    licence = facts.licence.lower() if facts.licence not in ("", "unknown") else "unknown"
    title = " ".join(facts.title.split())
    lines = ["---", f"license: {json.dumps(licence, ensure_ascii=False)}"]
    lines += ["library_name: diffusers", "tags:", "- maquette", "---", "", f"# {title}", ""]
    lines += [f"A {facts.pipeline} for diffusers alone, written by Maquette.", ""]
    lines += [f"- {each}" for each in sentences(facts)]
    lines += ["", "## Opening it", "", "```python", *_code(facts), "```"]
    if facts.setup:
        lines += ["", "## Drawing with it", "", " ".join(facts.setup.split())]
    if facts.history:
        lines += ["", "## What was done to the model", ""]
        lines += [f"- {' '.join(each.split())}" for each in facts.history]
    return "\n".join(lines) + "\n"


def _code(facts: Facts) -> list[str]:
    if facts.storage != "q8_0":
        code = ["from diffusers import DiffusionPipeline", ""]
        code += ['pipeline = DiffusionPipeline.from_pretrained("THIS FOLDER")']
        if facts.storage == "f8":
            code = ["import torch", *code, f"pipeline.{facts.denoiser}.enable_layerwise_casting("]
            code += ["    storage_dtype=torch.float8_e4m3fn, compute_dtype=torch.float32", ")"]
        return code
    return [
        "import torch",
        f"from diffusers import DiffusionPipeline, GGUFQuantizationConfig, {facts.runs}",
        "",
        f"denoiser = {facts.runs}.from_single_file(",
        f'    "THIS FOLDER/{facts.denoiser}/diffusion_pytorch_model.gguf",',
        f'    config="THIS FOLDER/{facts.denoiser}",',
        "    quantization_config=GGUFQuantizationConfig(compute_dtype=torch.float32),",
        "    torch_dtype=torch.float32,",
        ")",
        "pipeline = DiffusionPipeline.from_pretrained(",
        f'    "THIS FOLDER", {facts.denoiser}=denoiser',
        ")",
    ]


def _blocks(count: int) -> str:
    return "1 block" if count == 1 else f"{count} blocks"


def _layers(count: int) -> str:
    return "1 layer" if count == 1 else f"{count} layers"
