"""A comparison as one HTML file: plot, pictures, numbers, and how each of them was made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from studio.engine.drawing import drawer
from studio.families.diffusion.inputs import DiffusionInputs
from studio.families.generative import AnyModel
from studio.families.inputs import GanInputs
from studio.families.picture_file import replacing
from studio.fidelity.drawing import Drawer, EagerDrawer
from studio.fidelity.in_words import decibels, ranged
from studio.fidelity.measurement import Measurement
from studio.reporting import host
from studio.reporting.curves import Curve
from studio.reporting.page import Grid, Pixels, facts_list, framed, pictures_table
from studio.reporting.pipeline_parts import asked_facts, errors_part
from studio.reporting.plot import STYLE, plot
from studio.runtimes.target import Target
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.describe import in_words, variant_name

ROWS, FEW_ROWS = 4, 2  # seeds whose pictures are shown
RUNS = "9 to 30 runs of the synthesis network at batch 1 after 3 runs of warm-up"
PICTURE_RUNS = "3 to 30 whole pictures with all their steps after one of warm-up"
COLUMNS = 8  # variants whose pictures are shown
CELL = 256  # pixels across of one picture, at most
RECIPE = """
pre { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px;
  overflow-x: auto; font-size: 13px; margin: 0; }
"""

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class ReportedVariant:
    """A variant that a recipe has made of the model.

    Args:
        name: of its rows. model: with everything baked. choice: what of it was run.
        recipe: what made it, as text. measurements: of it, on any target.
    """

    name: str
    model: AnyModel
    choice: SubnetChoice
    recipe: str
    measurements: tuple[Measurement, ...] = ()


@dataclass(frozen=True)
class _Column:
    """Pictures under each other: their head, who draws them, and which subnet of what."""

    name: str
    model: AnyModel
    drawer: Drawer
    choice: SubnetChoice


@dataclass(frozen=True)
class Subject:
    """What a comparison is about.

    Args:
        measurements: everything that was measured of subnets of the model, on any target.
        inputs: what the pictures draw.
        measured_with: what was drawn for the measurements, from the first seed on; None where that
            is not known, since they were taken at various times.
        seeds: over how many seeds fidelity was taken.
        names: names of the user's own for subnets, beside the usual ones.
        variants: what recipes have made of the model, in the order of their rows.
        every: all the inputs, of models that turn pictures into pictures; None where seeds follow
            that of ``inputs``.
        compared_over: the inputs in words; empty for seeds.
    """

    measurements: tuple[Measurement, ...]
    inputs: Any = GanInputs()
    measured_with: Any = None
    seeds: int = 8
    names: tuple[tuple[SubnetChoice, str], ...] = ()
    variants: tuple[ReportedVariant, ...] = ()
    every: tuple[Any, ...] | None = None
    compared_over: str = ""


def write_comparison(
    model: AnyModel,
    subject: Subject,
    path: Path,
    *,
    token: str = "",
    progress: Progress = lambda fraction, text: None,
    now: datetime | None = None,
) -> None:
    """Draw the pictures and write the page at ``path``, whole or not at all.

    Args:
        token: names the hidden folder beside ``path`` in which it is prepared; empty for any.
        progress: called with a fraction in [0, 1] and a line of text; may raise to stop.
        now: the time that the page names; None takes the clock's.

    Raises:
        BadChoice: a measured subnet does not fit the model.
        MaquetteError: the file cannot be written.
    """
    grid = pictures(model, subject, progress)
    curves = errors_by_step(model, subject, progress)
    time = now or datetime.now().astimezone()
    text = comparison_page(model, subject, grid, time, curves)
    with replacing(path, token) as aside:
        aside.write_text(text, "utf-8")
    progress(1.0, "done")


def pictures(model: AnyModel, subject: Subject, progress: Progress) -> Grid:
    """Pictures of full, of the variants and of the first subnets that were measured, for the first
    seeds. Quantised variants are drawn where they were measured, since PyTorch draws their float.

    Raises:
        BadChoice: a measured subnet does not fit its model.
    """
    columns = _columns(model, subject)[:COLUMNS]
    worded = _worded(subject)
    # A picture of a pipeline takes many steps.
    count = min(FEW_ROWS if worded else ROWS, subject.seeds)
    if subject.every is None or worded:
        shown = model.several(subject.inputs, count)
        numbers, what = tuple(each.seed for each in shown), "seed"
    else:
        shown = subject.every[:count]
        numbers, what = tuple(range(1, len(shown) + 1)), "picture"
    rows: list[tuple[Pixels, ...]] = []
    for number, inputs in zip(numbers, shown, strict=True):
        drawn = []
        for place, each in enumerate(columns):
            done = (len(rows) + place / len(columns)) / count
            progress((0.7 if worded else 0.95) * done, f"drawing {what} {number}, {each.name}")
            drawn.append(_small(each.drawer.draw(inputs, each.choice)))
        rows.append(tuple(drawn))
    return Grid(tuple(each.name for each in columns), numbers, tuple(rows), what)


def errors_by_step(model: AnyModel, subject: Subject, progress: Progress) -> tuple[Curve, ...]:
    """How far the denoiser of each variant of a pipeline is from full's at every step of the first
    picture, both at the same latents; nothing of other models, nor of what full's denoiser draws,
    nor of what runs in int8, whose floats PyTorch would run."""
    if not _worded(subject):
        return ()
    from studio.families.diffusion.model import DiffusionModel
    from studio.fidelity.step_errors import step_errors

    int8 = {each.name for each in subject.variants if _int8_target(each) is not None}
    wanted = [
        each
        for each in _columns(model, subject)[1:COLUMNS]
        if each.name not in int8
        and (each.model is not model or each.choice.unsampled != SubnetChoice())
    ]
    found = []
    for number, each in enumerate(wanted):
        progress(0.7 + 0.25 * number / len(wanted), f"errors by step of {each.name}")
        assert isinstance(model, DiffusionModel)
        assert isinstance(each.model, DiffusionModel)
        found.append((each.name, step_errors(model, each.model, subject.inputs, each.choice)))
    return tuple(found)


def _worded(subject: Subject) -> bool:
    """Whether a pipeline draws the pictures."""
    return isinstance(subject.inputs, DiffusionInputs)


def _columns(model: AnyModel, subject: Subject) -> tuple[_Column, ...]:
    """Full, then what recipes made, then subnets: what comes first is sure of a picture."""
    eager, full = EagerDrawer(model), SubnetChoice()
    choices = dict.fromkeys(
        m.choice for m in subject.measurements if m.choice != full and not m.made
    )
    return (
        _Column(_name(subject, full), model, eager, full),
        *(_Column(each.name, each.model, _drawer(each), each.choice) for each in subject.variants),
        *(_Column(_name(subject, choice), model, eager, choice) for choice in choices),
    )


def _drawer(variant: ReportedVariant) -> Drawer:
    target = _int8_target(variant)
    return EagerDrawer(variant.model) if target is None else drawer(variant.model, target)


def _int8_target(variant: ReportedVariant) -> str | None:
    """Where a variant was measured in int8, if it was."""
    for each in variant.measurements:
        target = Target.parse(each.target, measured=True)
        if variant.model.info.quantised and target.precision == "int8":
            return each.target
    return None


def comparison_page(
    model: AnyModel, subject: Subject, grid: Grid, now: datetime, curves: Sequence[Curve] = ()
) -> str:
    """The page as text; ``grid`` are the pictures that it shows, ``curves`` the errors by step."""
    info = model.info
    named = (
        *(m if m.made else replace(m, name=_name(subject, m.choice)) for m in subject.measurements),
        *(replace(m, name=each.name) for each in subject.variants for m in each.measurements),
    )
    title = f"{info.title}: quality and latency"
    down = "Seeds" if subject.every is None or _worded(subject) else "Inputs"
    undrawn = len({(m.made, m.choice) for m in subject.measurements if m.made})
    left_out = len(_columns(model, subject)) + undrawn - len(grid.columns)
    more = f" {left_out} more variants are in the table only." if left_out > 0 else ""
    return framed(
        title,
        f'<h1>{escape(title)}</h1><p class="soft">{escape(_lead(named, now))}</p>'
        f"{plot(named)}{asked_facts(info.config, subject.inputs)}"
        f"<h2>Pictures</h2>{pictures_table(grid)}"
        f'<p class="soft">{down} down, variants across; {_drawn_by(subject)}, shown at most '
        f"{CELL} pixels across.{more}</p>"
        f"{errors_part(curves)}<h2>Numbers</h2>{_table(named)}"
        f"{_recipes(subject)}<h2>How each number was made</h2>{_how(subject)}"
        f"<h2>Where</h2>{_where(info.name, model, named, now)}",
        STYLE + RECIPE,
    )


def _drawn_by(subject: Subject) -> str:
    others = [each.name for each in subject.variants if _int8_target(each) is not None]
    apart = f" but for {', '.join(others)}, drawn in int8 where measured" if others else ""
    return escape(f"drawn by PyTorch in f32{apart}")


def _recipes(subject: Subject) -> str:
    """Each variant's recipe under its name; nothing where there are no variants."""
    parts = [
        f"<h3>{escape(each.name)}</h3><pre>{escape(each.recipe)}</pre>" for each in subject.variants
    ]
    title = "Recipe" if len(parts) == 1 else "Recipes"
    return f"<h2>{title}</h2>{''.join(parts)}" if parts else ""


def _name(subject: Subject, choice: SubnetChoice) -> str:
    usual = variant_name(choice)
    own = dict(subject.names).get(choice)
    return usual if own is None or own == usual else f"{own} ({usual})"


def _lead(measurements: Sequence[Measurement], now: datetime) -> str:
    targets = len({m.target for m in measurements})
    where = "one target" if targets == 1 else f"{targets} targets"
    return f"{len(measurements)} measurements on {where}, put together on {now:%Y-%m-%d %H:%M}."


def _table(measurements: Sequence[Measurement]) -> str:
    columns: tuple[str, ...] = (
        "variant", "target", "threads", "latency, ms", "10th-90th, ms", "FLIP", "SSIM", "PSNR, dB",
        "parameters", "MACs", "weights, MB",
    )  # fmt: skip
    stepped = any(m.steps for m in measurements)
    if stepped:
        columns = (*columns, "steps", "a denoiser step, ms")
    rows = []
    for m in measurements:
        latency = m.latency_ms
        cells: tuple[str, ...] = (
            m.name,
            m.target,
            str(m.threads),
            f"{latency.median:.2f}",
            f"{latency.p10:.2f}-{latency.p90:.2f}",
            ranged(m.flip, m.spread.flip if m.spread else None),
            ranged(m.ssim, m.spread.ssim if m.spread else None),
            decibels(m),
            in_words(m.parameters),
            in_words(m.macs),
            f"{m.size_bytes / 1e6:.2f}",
        )
        if stepped:
            cells = (*cells, str(m.steps), "-" if m.step_ms is None else f"{m.step_ms:.2f}")
        rows.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
    head = "".join(f'<th scope="col">{name}</th>' for name in columns)
    return (
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _how(subject: Subject) -> str:
    same, inputs = "", subject.measured_with
    worded = _worded(subject)
    if subject.compared_over and subject.every is not None:
        same = f" ({subject.compared_over})"
    elif inputs is not None:
        last = inputs.seed + subject.seeds - 1
        same = f" (seeds {inputs.seed} to {last}, truncation {inputs.truncation:g})"
    facts = (
        (
            "FLIP, SSIM, PSNR",
            f"Median over {subject.seeds} pictures{same}, each against full with the same "
            "inputs and noise on the same target, what runs in int8 against full in f32; in "
            "brackets the quartiles. A picture of fewer pixels is scaled up bilinearly first. "
            "Equal pictures have no PSNR.",
        ),
        (
            "Latency",
            f"Median of {PICTURE_RUNS if worded else RUNS}, on the named target and threads, "
            "while no other process of Maquette measured.",
        ),
        (
            "MACs",
            "True multiplies, counted from the sizes of the layers; no promise of speed."
            + (" Of one call of the denoiser at its own size." if worded else ""),
        ),
        (
            "Weights",
            f"Bytes of the {'denoiser' if worded else 'subnet'}'s parameters as float32.",
        ),
        (
            "Frontier",
            "The variants of a target that no other one on it beats in both latency and FLIP.",
        ),
    )
    return facts_list(facts)


def _where(name: str, model: AnyModel, measurements: Sequence[Measurement], now: datetime) -> str:
    info = model.info
    pixels = resolve(SubnetChoice(), info.config).resolution
    hosts = ", ".join(dict.fromkeys(m.host for m in measurements if m.host))
    runs = dict.fromkeys(f"{m.target} {m.version}".strip() for m in measurements if m.version)
    facts = [
        ("Model", f"{name} ({info.config.architecture}, {pixels} px)"),
        ("Licence", info.licence),
        ("Source SHA-256", info.source_sha256),
        ("Machine", hosts or f"{host.processor()}, {host.cores()} cores"),
        ("Runtimes", ", ".join(runs)),
        ("Versions", ", ".join(f"{package} {number}" for package, number in host.versions())),
        ("Date", now.isoformat(timespec="minutes")),
    ]
    return facts_list([fact for fact in facts if fact[1]])


def _small(picture: Pixels) -> Pixels:
    if picture.shape[0] <= CELL:
        return picture
    shown = (max(1, round(CELL * picture.shape[1] / picture.shape[0])), CELL)
    image = Image.fromarray(picture).resize(shown, Image.Resampling.BOX)
    return np.asarray(image)
