"""The model card that lies in the pipeline's folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studio.families.diffusion.shipped import CLAY_WORDS_ENGLISH as SAMPLES
from studio.families.diffusion.shipped import CLAY_WORDS_KOREAN as KOREAN_SAMPLES
from studio.training.words.following import FULL, GUIDANCE, Followed, Preset
from studio.training.words.networks import Sizes


@dataclass(frozen=True)
class Line:
    """One measured way to sample: ``korean`` tells of Korean prompts."""

    preset: Preset
    found: Followed
    korean: bool = False


def card(sizes: Sizes, trained: Sequence[str], lines: Sequence[Line], prompts: int) -> str:
    """The card in Markdown.

    Args:
        trained: what was done, one sentence a stage. lines: what was measured, on ``prompts``
            prompts each; empty where nothing was.
    """
    samples = "\n".join(f"- {text}" for text in (*SAMPLES, *KOREAN_SAMPLES))
    done = "\n".join(f"- {text}" for text in trained)
    return (
        "---\nlicense: apache-2.0\nlibrary_name: diffusers\npipeline_tag: text-to-image\n---\n\n"
        "# Clay heads from words\n\n"
        f"A small Stable Diffusion: clay heads at {sizes.picture} x {sizes.picture} pixels from "
        "English or Korean prompts. It was trained from nothing on pictures and captions that "
        "Maquette drew; no photographs, no people.\n\n"
        "```python\nfrom diffusers import StableDiffusionPipeline\n\n"
        'pipeline = StableDiffusionPipeline.from_pretrained("clay-words", use_safetensors=True)\n'
        "picture = pipeline(\n"
        f'    "{SAMPLES[0]}",\n'
        f"    num_inference_steps={FULL.steps},\n    guidance_scale={GUIDANCE:g},\n"
        ").images[0]\n```\n\n"
        "## What it understands\n\n"
        "Colours (red, orange, yellow, green, teal, blue, purple, pink) of clay, backdrop, hair, "
        "beard, cap, hat and shirt; pale and dark clay; bald heads, curls, a bun, a knitted cap, a "
        "hat; glasses and beards, and their absence; smiling, frowning; an open or closed mouth; "
        "turned or looking left or right, as the viewer sees it; wide-eyed, drowsy; light from "
        "left, right or front, warm or cool. Other words were not taught. A prompt has "
        f"{sizes.text_limit - 2} tokens, about as many words.\n\n{samples}\n\n"
        f"## How it was trained\n\n{done}\n\n`maquette train clay-words` repeats it.\n"
        + (_measured(lines, prompts) if lines else "")
    )


def _measured(lines: Sequence[Line], prompts: int) -> str:
    rows = "\n".join(
        f"| {line.preset.name}{', Korean' if line.korean else ''} | {line.preset.steps} | "
        f"{line.preset.guidance:g} | {line.found.share:.1%} |"
        for line in lines
    )
    aspects = ", ".join(f"{name} {share:.0%}" for name, share, _ in lines[0].found.aspects)
    return (
        f"\n## How well it follows\n\nShare of named aspects that a network, which took no part in "
        f"the training, reads back from the pictures of {prompts} prompts, each naming two to six "
        "aspects at random. A picture agrees with a word when the reading falls on the word's side "
        "of the middle, or nearest to the named colour of eight.\n\n"
        f"| preset | steps | guidance | read back |\n|---|---|---|---|\n{rows}\n\n"
        f"At {lines[0].preset.name}: {aspects}.\n"
    )
