"""A pipeline as a folder that draws a picture from a prompt without this app, verified before it
stands in its place.

Components lie as programs for exported diffusers pipelines expect them: ``text_encoder``, ``unet``
and ``vae_decoder`` with ``model.onnx`` or ``openvino_model.xml``, their configs, the tokenizer, the
scheduler and ``model_index.json``. ``run.py`` carries samplers of its own (DDIM and Euler).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import torch

from studio.bundles.folder import record_of
from studio.bundles.placing import placed
from studio.bundles.report import ExportRefused
from studio.bundles.requirements import pins
from studio.errors import BadChoice, MaquetteError, cause_of
from studio.families.diffusion.components import class_named, quiet
from studio.families.diffusion.schedulers import NOISE
from studio.families.diffusion.signatures import signature_of
from studio.families.traced import example_inputs, traced_network
from studio.runtimes.benchmark import ABSOLUTE, RELATIVE

if TYPE_CHECKING:
    from studio.families.diffusion.model import DiffusionModel
    from studio.families.portable import PortableNetwork

Format = Literal["onnx", "openvino"]
Progress = Callable[[float, str], None]
ABOUT, PROGRAM, LATENTS = "pipeline.json", "run.py", "latents.py"
DRAWS = "StableDiffusionPipeline"
COMPONENTS = {"text_encoder": "text_encoder", "unet": "unet", "vae": "vae_decoder"}
"""Components of the pipeline, each with the folder that it is exported to."""
PACKAGES = {"onnx": "onnxruntime", "openvino": "openvino"}
STEPS, SEED, PICTURE = 4, 7, 1e-3
PATIENCE = 3600.0  # seconds for the folder to verify itself
_TEMPLATES = Path(__file__).parents[1] / "template"
_MARKS = ("# --- the same latents", "# --- the runtimes")


@dataclass(frozen=True)
class Exported:
    """A folder that verified itself. ``said`` is what it said then, ``bytes`` its size."""

    folder: Path
    said: tuple[str, ...]
    bytes: int


def export_pipeline(
    model: DiffusionModel,
    target: Path,
    form: Format = "onnx",
    progress: Progress = lambda share, text: None,
) -> Exported:
    """Write a pipeline to ``target``, verified, or leave what was there as it was.

    Args:
        target: a new or an empty folder.
        progress: called with a fraction in [0, 1] and a line of text; may raise to stop.

    Raises:
        BadChoice: it is of a class that ``run.py`` cannot draw with.
        ExportRefused: it does not agree with PyTorch.
        MaquetteError: the place or the disk refuses, or a library failed.
    """
    named = model.components.folder.pipeline.name
    if named != DRAWS:
        raise BadChoice(
            f"a {named} cannot be exported so far; a {DRAWS} can, which run.py draws with"
        )
    if target.is_dir() and any(target.iterdir()):
        raise MaquetteError(f"cannot write {target}: it is not empty; name an empty or new folder")
    try:
        with placed(target) as folder:
            _Exporting(model, folder, form, progress).run()
            progress(0.8, "verifying")
            said = _verified(folder)
    except OSError as error:
        if isinstance(error, MaquetteError):
            raise
        raise MaquetteError(f"cannot write {target}: {cause_of(error)}") from error
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    return Exported(target, said, size)


class _Exporting:
    """The work within the folder that nobody sees yet."""

    def __init__(
        self, model: DiffusionModel, folder: Path, form: Format, progress: Progress
    ) -> None:
        self._model, self._folder, self._form, self._progress = model, folder, form, progress
        self._source = model.components.folder
        self._networks: dict[str, dict[str, list[str]]] = {}

    def run(self) -> None:
        for number, (component, place) in enumerate(COMPONENTS.items()):
            self._progress(0.2 * number, f"writing {place}")
            self._network(component, place)
        self._copied()
        self._progress(0.6, f"drawing {STEPS} steps in PyTorch")
        drawing = self._drawing()
        template = (_TEMPLATES / "run.py").read_text("utf-8")
        first, last = (template.index(mark) for mark in _MARKS)
        head = "from __future__ import annotations\n\nimport math\nfrom typing import Any\n\n"
        head = f'"""Latents of a seed."""\n\n{head}import numpy as np\n\n'
        (self._folder / LATENTS).write_text(head + template[first:last].rstrip() + "\n", "utf-8")
        shutil.copyfile(_TEMPLATES / "draw.py", self._folder / PROGRAM)
        needed = pins((PACKAGES[self._form], "tokenizers"))
        kept = [line for line in needed.splitlines() if not line.startswith("pillow")]
        (self._folder / "requirements.txt").write_text("\n".join(kept) + "\n", "utf-8")
        about = {**self._about(), "reference": {"networks": self._networks, "drawing": drawing}}
        paths = sorted(
            p.relative_to(self._folder).as_posix() for p in self._folder.rglob("*") if p.is_file()
        )
        records = [record_of(self._folder, path) for path in paths]
        about["files"] = {each.path: (each.bytes, each.sha256) for each in records}
        self._write(ABOUT, about)

    def _network(self, component: str, place: str) -> None:
        """One network, its config, and what PyTorch makes of its example inputs."""
        module = self._model.components.running(component)
        folder = self._folder / place
        folder.mkdir()
        key = f"{self._model.info.key}.{place}"
        network = traced_network(module, signature_of(module), key=key, name=place)
        _write_network(network, folder, self._form)
        config = dict(self._source.components[component].config)
        self._write(f"{place}/config.json", config)
        inputs = example_inputs(network)
        with torch.inference_mode():
            outputs = network.module()(*inputs)
        where = self._folder / "reference" / place
        where.mkdir(parents=True)
        told: dict[str, list[str]] = {"inputs": [], "outputs": []}
        for kind, ports, arrays in (
            ("in", network.inputs, inputs),
            ("out", network.outputs, outputs),
        ):
            for port, array in zip(ports, arrays, strict=True):
                np.save(where / f"{kind}-{port.name}.npy", array.numpy())
                told[f"{kind}puts"].append(port.name)
        self._networks[place] = told

    def _copied(self) -> None:
        """Tokenizer, scheduler and index, as they are; the tokenizer also in its fast form."""
        for name in ("tokenizer", "scheduler"):
            shutil.copytree(self._source.components[name].folder, self._folder / name)
        tokenizer = self._model.components.tokenizer("tokenizer")
        tokenizer.backend_tokenizer.save(str(self._folder / "tokenizer" / "tokenizer.json"))
        shutil.copyfile(self._source.path / "model_index.json", self._folder / "model_index.json")

    def _about(self) -> dict[str, Any]:
        """What ``run.py`` needs to know beside the files."""
        config, tokenizer = self._model.info.config, self._model.components.tokenizer("tokenizer")
        vae = self._source.components["vae"].config
        own = self._source.components["scheduler"]
        return {
            "format": self._form,
            "tokenizer": {
                "length": config.prompt_tokens,
                "pad": tokenizer.pad_token,
                "pad_id": tokenizer.pad_token_id,
            },
            "schedulers": {
                name: _settings(self._pipeline(name).scheduler) for name in ("ddim", "euler")
            },
            "scheduler": "euler" if own.runs.startswith("Euler") else "ddim",
            "guidance": config.guidance_scale,
            "factor": config.factor,
            "multiple": config.multiple,
            "channels": config.latent_channels,
            "scaling": vae.get("scaling_factor", 0.18215),
            "height": config.height,
            "width": config.width,
            "absolute": ABSOLUTE,
            "relative": RELATIVE,
            "picture": PICTURE,
        }

    def _pipeline(self, scheduler: str) -> Any:
        """diffusers' own pipeline, which also sets right what old schedulers say of themselves."""
        parts: dict[str, Any] = {name: self._model.components.running(name) for name in COMPONENTS}
        with quiet():
            made = class_named("network", DRAWS)(
                **parts,
                tokenizer=self._model.components.tokenizer("tokenizer"),
                scheduler=_scheduler(self._source.components["scheduler"].config, scheduler),
                safety_checker=None,
                feature_extractor=None,
                requires_safety_checker=False,
            )
        made.set_progress_bar_config(disable=True)
        return made

    def _drawing(self) -> dict[str, Any]:
        """A picture by diffusers' own call from fixed latents; its settings as ``run.py`` names
        them."""
        about, config = self._about(), self._model.info.config
        made = self._pipeline(about["scheduler"])
        side = (config.height // config.factor, config.width // config.factor)
        draw = torch.Generator().manual_seed(SEED)
        latents = torch.randn((1, config.latent_channels, *side), generator=draw)
        told = {
            "prompt": "a head",
            "negative": "",
            "steps": STEPS,
            "guidance": about["guidance"],
            "scheduler": about["scheduler"],
            "height": config.height,
            "width": config.width,
        }
        with quiet():
            picture = made(
                told["prompt"],
                negative_prompt=told["negative"],
                num_inference_steps=STEPS,
                guidance_scale=told["guidance"],
                height=config.height,
                width=config.width,
                latents=latents.clone(),
                output_type="np",
            ).images[0]
        where = self._folder / "reference" / "drawing"
        where.mkdir(parents=True)
        np.save(where / "latents.npy", latents.numpy())
        np.save(where / "picture.npy", picture.astype(np.float32))
        return told

    def _write(self, path: str, content: Mapping[str, Any]) -> None:
        text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
        (self._folder / path).write_text(text + "\n", "utf-8")


def _write_network(network: PortableNetwork, folder: Path, form: Format) -> None:
    """A network under the name that programs expect."""
    if form == "onnx":
        from studio.families.traced_graph import TracedGraph

        TracedGraph(network).write(folder / "model.onnx")
        return
    from studio.runtimes.openvino_core import failures, quiet_openvino
    from studio.runtimes.traced.openvino_model import converted

    model = converted(network)
    with failures(f"writing {network.name} for OpenVINO"):
        quiet_openvino().save_model(model, folder / "openvino_model.xml", compress_to_fp16=False)


def _scheduler(config: Mapping[str, Any], name: str) -> Any:
    """A scheduler of diffusers of a usual name, with the model's own settings under its own."""
    known = NOISE[name]
    with quiet():
        return class_named("scheduler", known.runs).from_config(dict(config), **known.settings)


def _settings(scheduler: Any) -> dict[str, Any]:
    """All settings of a scheduler, those that are usual among them."""
    found = dict(scheduler.config)
    plain = (str, int, float, bool, type(None))
    return {k: v for k, v in found.items() if isinstance(v, plain) and not k.startswith("_")}


def _verified(folder: Path) -> tuple[str, ...]:
    """What the folder says when it verifies itself, in a process of its own.

    Raises:
        ExportRefused: it does not agree with PyTorch, or does not run.
    """
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-B", str(folder / PROGRAM), "--verify"],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["it ended without a word"]
        raise ExportRefused(f"what was written does not verify: {lines[-1][:500]}", ())
    return tuple(done.stdout.strip().splitlines())


__all__ = ["Exported", "Format", "export_pipeline"]
