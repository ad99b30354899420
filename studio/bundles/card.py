"""``README.md`` of a bundle: a model card in the form that Hugging Face reads. No torch.

The head is YAML that is written value by value in quotes, since names come from model files.
"""

from __future__ import annotations

import json
from pathlib import Path

from studio.bundles.formats.all import format_named
from studio.bundles.manifest import Manifest, Pipeline, Runnable

NAME = "README.md"


def write_card(manifest: Manifest, folder: Path) -> None:
    """Write the card, before the files are counted.

    Raises:
        OSError: it cannot be written.
    """
    (folder / NAME).write_text(card(manifest), encoding="utf-8")


def card(manifest: Manifest) -> str:
    """The text of the card."""
    parts = [_head(manifest), _beginning(manifest), _pictures(manifest), _running(manifest)]
    parts += [_figures(manifest), _limits(manifest), _origin(manifest)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(manifest: Manifest) -> str:
    model = manifest.model
    libraries = {"onnx": "onnx", "openvino": "openvino", "pt2": "pytorch"}
    kinds = list(dict.fromkeys(each.format.removesuffix("-npu") for each in manifest.networks))
    library = next((libraries[kind] for kind in kinds if kind in libraries), "maquette")
    tags = ["maquette", "image-generation", model.family, *kinds]
    known = model.licence not in ("", "unknown")
    lines = ["---", f"license: {_quoted(model.licence.lower() if known else 'unknown')}"]
    lines += [f"base_model: {_quoted(model.base_model)}", f"library_name: {_quoted(library)}"]
    task = "image-to-image" if _takes_pictures(manifest) else "unconditional-image-generation"
    if any("prompt" in each.takes for each in manifest.pipelines):
        task = "text-to-image"
    lines += [f"pipeline_tag: {task}", "tags:"]
    lines += [f"- {_quoted(tag)}" for tag in dict.fromkeys(tags)]
    return "\n".join([*lines, "---"])


def _takes_pictures(manifest: Manifest) -> bool:
    """Whether a picture or a label map fills an input."""
    fills = {port.fill.kind for each in manifest.networks for port in each.inputs}
    return bool(fills & {"picture", "labels"})


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _beginning(manifest: Manifest) -> str:
    model, recipe = manifest.model, manifest.recipe
    first = f"# {_plain(model.title)}"
    what = "one denoiser of it" if manifest.pipelines else "subnets of it"
    how = f"the recipe *{_plain(recipe.name)}* applied to it" if recipe else what
    return (
        f"{first}\n\nThis folder holds **{_plain(model.name)}**, {how}, made by Maquette; it runs "
        "without it. `manifest.json` says of every file what it is, where it ran before it was "
        "shipped, and how near it came to the original network in float32."
    )


def _pictures(manifest: Manifest) -> str:
    lines = []
    for each in manifest.references:
        shown = " ".join(f"![{each.id}]({path})" for path in each.pictures)
        if shown:
            lines.append(f"{each.id}: {shown}")
    return "\n\n".join(lines)


def _running(manifest: Manifest) -> str:
    files = sorted({each.requirements for each in manifest.networks if each.requirements})
    if not files:
        return "## Run\n\nOpen the files with Maquette."
    lines = ["## Run", "", "```", f"pip install -r {files[0]}"]
    drawing = "--input PICTURE" if _takes_pictures(manifest) else "--seed 7 --seed 8"
    if any("prompt" in each.takes for each in manifest.pipelines):
        drawing = f"{json.dumps(manifest.pipelines[0].drawn.prompt)} --seed 7"
    lines += [f"python run.py {drawing} --out pictures"]
    lines += ["python run.py --benchmark      # writes measurement.json, for Maquette to import"]
    lines += ["python run.py --verify         # hashes, and every network against reference/"]
    widths = sorted({each.subnet.width for each in manifest.networks})
    if len(widths) > 1 and not manifest.pipelines:
        lines += [f"python run.py --width {widths[0]:g} {drawing}    # one rung of the ladder"]
    lines += ["```"]
    if len(files) > 1:
        lines += ["", f"One of {', '.join(f'`{name}`' for name in files)} is enough."]
    kinds = dict.fromkeys(each.format for each in manifest.networks)
    lines += ["", *(f"- `{kind}`: {format_named(kind).good_for}." for kind in kinds)]
    return "\n".join(lines)


def _figures(manifest: Manifest) -> str:
    over = "pictures" if _takes_pictures(manifest) else "seeds"
    lines = [
        "## Measured",
        "",
        "Fidelity is of the file itself to the full model in float32, the median over "
        f"{_seeds(manifest)} {over}; latency is milliseconds of one picture (median, 10th to 90th "
        "percentile) on the machine named below." + _steps(manifest),
        "",
        "| network | px | MB | FLIP | SSIM | PSNR dB | ms | verified on |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    lines += [_row(manifest, each) for each in manifest.shown]
    hosts = {v.host for each in manifest.networks for v in each.verified_on}
    if hosts:
        lines += ["", f"Machine: {_plain(', '.join(sorted(hosts)))}."]
    return "\n".join(lines)


def _seeds(manifest: Manifest) -> int:
    return max((len(e.quality.seeds) for e in manifest.shown if e.quality), default=0)


def _steps(manifest: Manifest) -> str:
    """Of pipelines: over how many steps fidelity and latency were taken."""
    if not manifest.pipelines:
        return ""
    first = manifest.pipelines[0]
    return (
        f" Fidelity is of pictures of {first.drawn.steps} steps, latency of pictures of "
        f"{first.steps}. Networks within the pipeline are compared one by one."
    )


def _row(manifest: Manifest, network: Runnable) -> str:
    size = sum(manifest.file(path).bytes for path in manifest.files_of(network))
    close = network.quality
    cells = ["-", "-", "-"]
    if close is not None:
        psnr = "equal" if close.psnr is None else f"{close.psnr:.1f}"
        cells = [f"{close.flip:.4f}", f"{close.ssim:.4f}", psnr]
    timed = "-"
    if network.measurements:
        spread = network.measurements[0].latency_ms
        timed = f"{spread.median:.1f} ({spread.p10:.1f}-{spread.p90:.1f})"
    where = ", ".join(f"{v.runtime} {v.version}, {v.device}" for v in network.verified_on)
    row = [f"`{network.id}`", str(network.pixels), f"{size / 1e6:.1f}", *cells, timed]
    return f"| {' | '.join([*row, where or 'made here, not run here'])} |"


def _limits(manifest: Manifest) -> str:
    lines = ["## Limits", ""]
    kinds = {port.fill.kind for each in manifest.networks for port in each.inputs}
    if "latent" in kinds:
        lines += [
            "- A network takes a latent and the strength of truncation; style mixing and edit "
            "directions are not part of it."
        ]
    notes = dict.fromkeys(note for each in manifest.shown for note in each.notes)
    lines += [_error(each) for each in manifest.pipelines if each.precision != "f32"]
    lines += [f"- {_plain(note[:1].upper() + note[1:])}." for note in notes]
    lines += [
        f"- `{each.id}`: {each.int8:.0%} of its multiplies ran in int8; in float stayed "
        f"{', '.join(f'`{name}`' for name in each.left) or 'none of its convolutions'}."
        for each in manifest.shown
        if each.int8 is not None
    ]
    lines += [
        f"- `{each.id}`: {_plain(each.not_run)}." for each in manifest.networks if each.not_run
    ]
    return "\n".join(lines)


def _error(pipeline: Pipeline) -> str:
    """How far a pipeline in fewer bits is from PyTorch in float32, with the same denoiser."""
    found = pipeline.parity
    if found is None:
        return f"- `{pipeline.id}`: not run here."
    psnr = "equal" if found.psnr is None else f"{found.psnr:.1f} dB"
    return (
        f"- `{pipeline.id}`: after {pipeline.drawn.steps} steps {psnr} to PyTorch in float32 "
        f"(largest difference {found.max_abs:.2g} of 1)."
    )


def _origin(manifest: Manifest) -> str:
    model = manifest.model
    lines = ["## Where it comes from", "", f"- licence: {_plain(model.licence)}"]
    lines += [f"- sha256 of the source: `{model.source_sha256 or 'unknown'}`"]
    lines += [f"- {_plain(step)}: {_plain(detail)}" for step, detail in model.history]
    if manifest.recipe is not None:
        lines += [f"- recipe: `{manifest.recipe.canonical.replace('`', '')}`"]
    tools = ", ".join(f"{name} {version}" for name, version in manifest.tools.items())
    return "\n".join([*lines, f"- made with {tools}"])


def _plain(text: str) -> str:
    """A text of a model file without what Markdown or HTML would read."""
    return "".join("\\" + c if c in "\\`*_{}[]<>#|!" else c for c in text)
