"""Models that were distilled to draw in a few steps, and how each kind is to be run. No torch.

Such a model has the weights and files of its base, so it is recognised by what its authors leave:
an input for guidance (Luo et al. 2023, "Latent Consistency Models", section 4.3), a scheduler, the
spacing of its timesteps, or a name. What is found are defaults; the user may ask for anything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from studio.checkpoints.causes import Cause
from studio.checkpoints.safetensors_file import read_safetensors
from studio.checkpoints.spans import Span
from studio.families.diffusion.classes import Kind
from studio.families.diffusion.config import MOST_GUIDANCE, DiffusionConfig
from studio.families.diffusion.folder import PipelineFolder
from studio.families.diffusion.notes import read_note
from studio.families.diffusion.schedulers import suited

Technique = Literal["LCM", "TCD", "Turbo", "Lightning", "Hyper", "schnell"]
DISTILLED = "distilled"
"""The field of the notes of a folder."""
MOST = 16
_EMBEDDED, _UNGUIDED = 8.0, 1.0
_STEPS = re.compile(r"(?<!\d)(\d{1,2})[-_ ]?steps?(?![a-z])")
_NAMED: tuple[tuple[Technique, re.Pattern[str]], ...] = (
    ("Hyper", re.compile(r"(?<![a-z])hyper[-_ ]?(?:sd|flux)|(?<![a-z])hyper(?![a-z]).*steps?")),
    ("Lightning", re.compile(r"lightning(?![a-z])")),
    ("LCM", re.compile(r"(?<![a-z])lcm(?![a-z])|latent[-_ ]consistency")),
    ("TCD", re.compile(r"(?<![a-z])tcd(?![a-z])")),
    ("schnell", re.compile(r"(?<![a-z])schnell(?![a-z])")),
    ("Turbo", re.compile(r"turbo(?![a-z])")),
)
_USUAL_FILES = ("pytorch_lora_weights", "diffusion_pytorch_model", "model", "adapter_model")
"""Stems that say nothing, so that the folder's name counts as well."""
_TOLD = ("ss_output_name", "modelspec.title", "modelspec.architecture", "modelspec.description")
"""Fields of a file's metadata that trainers put a name into."""


@dataclass(frozen=True)
class Distilled:
    """How a model that was distilled is drawn with.

    Args:
        technique: by which it was. steps: 1 to 16. guidance: 1 for none.
        scheduler: usual name; empty for the model's own.
        why: what it was recognised by, and what follows, as sentences.
    """

    technique: Technique
    steps: int
    guidance: float
    scheduler: str
    why: str


def recognised(folder: PipelineFolder, own: str) -> Distilled | None:
    """How a pipeline is to be drawn with if it was distilled; None where nothing says so.

    Args:
        own: usual name of its own scheduler.
    """
    kind, denoiser = folder.pipeline.kind, folder.denoiser
    if kind in ("unconditional", "dit", "ldm"):
        return None
    names = [*_names(folder.path), str(denoiser.config.get("_name_or_path") or "")]
    if denoiser.gguf is not None:
        names.insert(0, denoiser.files[0].stem)
    elif folder.path.is_file():
        said = metadata_of(folder.path)
        names += [said.get(each, "") for each in _TOLD]
    technique, name = _named(names)
    if kind == "unet" and denoiser.config.get("time_cond_proj_dim"):
        sign = "its denoiser is told the guidance (time_cond_proj_dim)"
        return _found("LCM", kind, own, sign, _steps(name, 4), embedded=True)
    if folder.named.startswith("LatentConsistencyModel"):
        return _found("LCM", kind, own, f"it is a {folder.named}", _steps(name, 4))
    for runs, made in (("LCMScheduler", "LCM"), ("TCDScheduler", "TCD")):
        if folder.scheduler.runs == runs and technique not in ("Hyper", "Lightning"):
            found: Technique = "LCM" if made == "LCM" else "TCD"
            return _found(found, kind, own, f"its scheduler is a {runs}", _steps(name, 4))
    unguided = kind == "flux" and not denoiser.config.get("guidance_embeds")
    if unguided and technique in (None, "schnell"):
        sign = "its FLUX denoiser takes no guidance"
        return _found("schnell", kind, own, sign, _steps(name, 4))
    if technique is not None and not (technique == "schnell" and kind != "flux"):
        return _of_name(technique, kind, own, name, 1 if _trailing(folder) else 4)
    if kind == "unet" and _trailing(folder):
        sign = "its scheduler spaces timesteps from the last one (trailing), as Turbo models do"
        return _found("Turbo", kind, own, sign, 1)
    return None


def recognised_lora(
    path: Path, metadata: Mapping[str, str], config: DiffusionConfig
) -> Distilled | None:
    """How a pipeline is to be drawn with once a LoRA file is fused into it; None where the file is
    none that takes steps away.

    Args:
        path: of the file. metadata: in it. config: of the pipeline before.
    """
    names = [path.stem, *(metadata.get(each, "") for each in _TOLD)]
    if path.stem.lower() in _USUAL_FILES:
        names += _names(path.parent)
    technique, name = _named(names)
    if technique is None or (technique == "schnell") != (
        config.kind == "flux" and "schnell" in name
    ):
        return None
    own = config.own_scheduler or config.scheduler
    return _of_name(technique, config.kind, own, name, lora=True)


def with_distilled(config: DiffusionConfig, found: Distilled | None) -> DiffusionConfig:
    """``config`` with what was found as its defaults."""
    if found is None:
        return config
    own = config.own_scheduler or config.scheduler
    return replace(
        config,
        steps=found.steps,
        guidance_scale=config.guidance_scale if config.guidance == "none" else found.guidance,
        scheduler=found.scheduler or own,
        own_scheduler=own,
        distilled=found.technique,
        distilled_why=found.why,
    )


def distilled_notes(config: DiffusionConfig) -> dict[str, str]:
    """What the notes of a folder say of it, by name."""
    if not config.distilled:
        return {}
    own = config.scheduler == config.own_scheduler
    made = Distilled(
        config.distilled,  # type: ignore[arg-type]
        config.steps,
        config.guidance_scale,
        "" if own else config.scheduler,
        config.distilled_why,
    )
    return {DISTILLED: json.dumps(asdict(made), ensure_ascii=False)}


def read_distilled(notes: Mapping[str, str], kind: Kind) -> Distilled | None:
    """What :func:`distilled_notes` wrote.

    Raises:
        Cause: it is damaged.
    """
    return read_note(notes, DISTILLED, lambda given: _sound(Distilled(**given), kind))


def _sound(made: Distilled, kind: Kind) -> Distilled:
    if not (
        made.technique in get_args(Technique)
        and type(made.steps) is int
        and 1 <= made.steps <= MOST
        and type(made.guidance) in (int, float)
        and 0 <= made.guidance <= MOST_GUIDANCE
        and (made.scheduler == "" or made.scheduler in suited(kind))
        and isinstance(made.why, str)
        and len(made.why) <= 1000
        and made.why.isprintable()
    ):
        raise ValueError("distilled")
    return made


def _of_name(
    technique: Technique, kind: Kind, own: str, name: str, usual: int = 4, *, lora: bool = False
) -> Distilled:
    """What a name says; ``usual`` steps where it tells no number."""
    what = f"the LoRA is called “{name}”" if lora else f"it is called “{name}”"
    steps = _steps(name, usual)
    guided = "cfg" in name.lower() or kind == "sd3"
    if technique == "Hyper" and guided:
        return _found(technique, kind, own, what, max(steps, 8), guidance=5.0)
    if technique == "Hyper" and kind == "flux":
        return _found(technique, kind, own, what, max(steps, 8), guidance=3.5)
    return _found(technique, kind, own, what, steps)


def _found(
    technique: Technique,
    kind: Kind,
    own: str,
    sign: str,
    steps: int,
    *,
    guidance: float = _UNGUIDED,
    embedded: bool = False,
) -> Distilled:
    """The set-up of a technique."""
    scheduler = _scheduler(technique, kind, own, steps)
    used = "its own scheduler" if scheduler == "" else f"the scheduler {scheduler}"
    count = "1 step" if steps == 1 else f"{steps} steps"
    if embedded:
        guidance, told = _EMBEDDED, f"guidance {_EMBEDDED:g}, which it is told"
    elif guidance > 1:
        told = f"guidance {guidance:g}"
    else:
        told = "no guidance"
    why = f"{sign[0].upper()}{sign[1:]}: distilled for few steps ({technique})."
    return Distilled(technique, steps, guidance, scheduler, f"{why} So {count}, {told}, {used}.")


def _scheduler(technique: Technique, kind: Kind, own: str, steps: int) -> str:
    """The usual name of what a technique was trained for; empty where that is the model's own."""
    if kind in ("flux", "sd3"):
        return ""
    wanted = {
        "LCM": "lcm",
        "TCD": "tcd",
        "Turbo": "euler a trailing",
        "Lightning": "euler trailing",
        "Hyper": "tcd" if steps == 1 else "ddim trailing",
    }.get(technique, "")
    # Turbo models come with one of two samplers, and both are right at so few steps.
    fits = own == wanted or (technique == "Turbo" and own == "euler trailing")
    return "" if fits or wanted not in suited(kind) else wanted


def _trailing(folder: PipelineFolder) -> bool:
    config = folder.scheduler.config
    return (
        folder.scheduler.runs in ("EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler")
        and config.get("timestep_spacing") == "trailing"
        and config.get("prediction_type", "epsilon") == "epsilon"
        # Models whose last step is pure noise are spaced so as well, and need all their steps.
        and not config.get("rescale_betas_zero_snr")
    )


def _names(path: Path) -> list[str]:
    """What a folder or file is called; of a snapshot in a cache, its repository."""
    names = [path.stem if path.suffix in (".safetensors", ".gguf") else path.name]
    if path.parent.name == "snapshots":
        names.insert(0, path.parent.parent.name.removeprefix("models--").rpartition("--")[2])
    return names


def metadata_of(path: Path) -> Mapping[str, str]:
    """What a file that was read before says of itself."""
    try:
        with path.open("rb") as stream:
            return read_safetensors(Span(stream, 0, path.stat().st_size)).metadata
    except (Cause, OSError):
        return {}


def _named(names: Iterable[str]) -> tuple[Technique | None, str]:
    """The technique that one of the names says, and that name on one line."""
    first = ""
    for name in names:
        name = " ".join(name.split())[:80]
        first = first or name
        for technique, pattern in _NAMED:
            if pattern.search(name.lower()):
                return technique, name
    return None, first


def _steps(name: str, usual: int) -> int:
    found = _STEPS.search(name.lower())
    return int(found[1]) if found and 1 <= int(found[1]) <= MOST else usual
