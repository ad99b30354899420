"""A report as one HTML page that needs nothing beside it: pictures are inlined."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import numpy.typing as npt
from PIL import Image

from studio.families.info import ModelInfo
from studio.fidelity.measurement import Measurement
from studio.reporting import host
from studio.subnets.describe import in_words

Pixels = npt.NDArray[np.uint8]

STYLE = """
:root { color-scheme: light dark; --paper: #faf9f6; --card: #ffffff; --ink: #26241f;
  --soft: #77736a; --line: #e4e1d9; --accent: #b4552d; }
@media (prefers-color-scheme: dark) { :root { --paper: #1b1a18; --card: #242320; --ink: #ece8df;
  --soft: #9d978b; --line: #3a3833; --accent: #e58a5f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 48px 24px 64px; }
h1 { font-size: 32px; line-height: 1.2; margin: 0 0 8px; letter-spacing: -0.01em; }
h2 { font-size: 20px; margin: 48px 0 12px; }
p { margin: 0 0 12px; max-width: 70ch; } .soft { color: var(--soft); }
.three { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 20px;
  margin-top: 28px; }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  overflow: hidden; }
figure img { display: block; width: 100%; aspect-ratio: 1; object-fit: cover; }
figcaption { padding: 10px 14px 12px; font-size: 14px; color: var(--soft); }
figcaption b { display: block; color: var(--ink); font-size: 15px; }
.scroll { overflow-x: auto; margin-bottom: 16px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 9px 12px; text-align: right; white-space: nowrap;
  border-bottom: 1px solid var(--line); }
th { font-weight: 600; font-size: 13px; color: var(--soft); }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
tr.chosen td:first-child { color: var(--accent); font-weight: 600; }
td small { color: var(--soft); }
table.sheet { table-layout: fixed; min-width: 560px; }
table.sheet td, table.sheet th { border: 0; padding: 4px; text-align: center; }
table.sheet img { display: block; width: 100%; border-radius: 6px; }
table.sheet th:first-child { width: 68px; }
table.sheet td:first-child { color: var(--soft); font-size: 13px; text-align: left; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 20px; margin: 0;
  font-size: 14px; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
"""


@dataclass(frozen=True)
class Example:
    """The pictures (h, w, 3) at the head of the page: full, one subnet of it, their FLIP map."""

    full: Pixels
    subnet: Pixels
    difference: Pixels
    measurement: Measurement
    seed: int


@dataclass(frozen=True)
class Grid:
    """Pictures of variants (across) for seeds (down), or for the pictures of these numbers."""

    columns: tuple[str, ...]
    seeds: tuple[int, ...]
    rows: tuple[tuple[Pixels, ...], ...]
    what: str = "seed"


def html_page(
    info: ModelInfo, measurements: Sequence[Measurement], example: Example, grid: Grid, seeds: int
) -> str:
    """The whole page as text.

    Args:
        measurements: *full* first.
        seeds: over how many seeds the medians were taken.
    """
    full, chosen = measurements[0], example.measurement
    title = f"{info.title}: full and cut"
    return framed(
        title,
        f'<h1>{escape(title)}</h1><p class="soft">{_lead(info, full, chosen)}</p>'
        f"{_three(example, full)}"
        f"<h2>What each subnet costs</h2>{_table(measurements, chosen)}"
        f'<p class="soft">Fidelity is the median over {seeds} seeds, against full at full '
        "resolution. Latency is the median at batch 1 with its 10th and 90th percentile, measured "
        f"after warm-up.{_spread(measurements)} MACs are true multiplies; a smaller count is no "
        "promise of speed.</p>"
        f"<h2>Seeds down, subnets across</h2>{pictures_table(grid)}"
        f"<h2>How this was measured</h2>{_facts(info, full)}",
    )


def framed(title: str, content: str, style: str = "") -> str:
    """A whole page around ``content`` (HTML), in light or dark as the reader's system prefers."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}{style}</style></head><body><main>"
        f"{content}</main></body></html>\n"
    )


def _lead(info: ModelInfo, full: Measurement, chosen: Measurement) -> str:
    # A subnet that brings no speed is reported as it is: nothing is promised by its size.
    ratio = full.latency_ms.median / chosen.latency_ms.median
    gain = f"{ratio:.1f} times as fast" if ratio >= 1.05 else "no faster"
    text = (
        f"{info.title} cut to {chosen.name} draws with the same weights in "
        f"{_milliseconds(chosen.latency_ms.median)} where full takes "
        f"{_milliseconds(full.latency_ms.median)}: {gain} on this machine."
    )
    return escape(text)


def _spread(measurements: Sequence[Measurement]) -> str:
    if any(m.latency_ms.p90 > 2 * m.latency_ms.p10 for m in measurements):
        return " They spread widely here, as they do on a busy machine."
    return ""


def _milliseconds(value: float) -> str:
    return f"{value:.1f} ms" if value < 99.95 else f"{value:.0f} ms"


def _three(example: Example, full: Measurement) -> str:
    m = example.measurement
    close = "equal" if m.psnr is None else f"{m.psnr:.1f} dB PSNR"
    captions = (
        (example.full, "Full", f"{_milliseconds(full.latency_ms.median)}, seed {example.seed}"),
        (example.subnet, m.name.capitalize(), f"{_milliseconds(m.latency_ms.median)}, {close}"),
        (
            example.difference,
            "Difference (FLIP)",
            f"dark is equal; median of the seeds {m.flip:.3f}",
        ),
    )
    figures = "".join(
        f'<figure><img src="{_uri(picture)}" alt="{escape(name)}">'
        f"<figcaption><b>{escape(name)}</b>{escape(text)}</figcaption></figure>"
        for picture, name, text in captions
    )
    return f'<div class="three">{figures}</div>'


def _table(measurements: Sequence[Measurement], chosen: Measurement) -> str:
    columns = ("variant", "parameters", "MACs", "latency", "PSNR", "SSIM", "FLIP", "weights")
    rows = []
    for m in measurements:
        latency = m.latency_ms
        cells = (
            escape(m.name),
            in_words(m.parameters),
            in_words(m.macs),
            f"{_milliseconds(latency.median)} <small>{latency.p10:.1f}-{latency.p90:.1f}</small>",
            "equal" if m.psnr is None else f"{m.psnr:.1f} dB",
            f"{m.ssim:.3f}",
            f"{m.flip:.3f}",
            f"{m.size_bytes / 1e6:.1f} MB",
        )
        kind = ' class="chosen"' if m == chosen else ""
        rows.append(f"<tr{kind}>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    head = "".join(f"<th>{name}</th>" for name in columns)
    body = "".join(rows)
    return (
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def pictures_table(grid: Grid) -> str:
    """The pictures of ``grid`` as a table, inlined."""
    head = "<th></th>" + "".join(f"<th>{escape(name)}</th>" for name in grid.columns)
    rows = []
    for seed, pictures in zip(grid.seeds, grid.rows, strict=True):
        cells = "".join(
            f'<td><img src="{_uri(picture)}" alt="{escape(name)}, {grid.what} {seed}"></td>'
            for name, picture in zip(grid.columns, pictures, strict=True)
        )
        rows.append(f"<tr><td>{grid.what}&nbsp;{seed}</td>{cells}</tr>")
    return f'<div class="scroll"><table class="sheet"><tr>{head}</tr>{"".join(rows)}</table></div>'


def _facts(info: ModelInfo, full: Measurement) -> str:
    facts = (
        ("Model", f"{info.name} ({info.config.architecture}, {info.config.resolution} px)"),
        ("Licence", info.licence),
        ("Source SHA-256", info.source_sha256),
        ("Target", f"{full.target}, {full.threads} threads"),
        ("Machine", f"{host.processor()}, {host.cores()} cores"),
        ("Versions", ", ".join(f"{name} {number}" for name, number in host.versions())),
    )
    return facts_list(facts)


def facts_list(facts: Sequence[tuple[str, str]]) -> str:
    """Names and what they stand for, as a list."""
    return "<dl>" + "".join(f"<dt>{k}</dt><dd>{escape(v)}</dd>" for k, v in facts) + "</dl>"


def _uri(picture: Pixels) -> str:
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(picture)).save(buffer, format="PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
