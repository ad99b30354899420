"""The rows of the cost table as CSV: full precision, plain column names, the same in every
language."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable
from pathlib import Path

from studio.errors import MaquetteError
from studio.fidelity.measurement import Measurement
from widgets.variant_rows import VariantRow

COLUMNS = (
    "name", "width", "resolution_px", "parameters", "macs", "macs_paper", "size_bytes",
    "latency_ms", "latency_p10_ms", "latency_p90_ms", "psnr_db", "ssim", "flip",
    "psnr_q1_db", "psnr_q3_db", "ssim_q1", "ssim_q3", "flip_q1", "flip_q3", "seeds",
    "lpips", "fid", "realism", "peak_memory_bytes", "steps", "denoiser_step_ms",
    "target", "threads", "source", "host",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(rows: Iterable[VariantRow]) -> str:
    """A line of names and a line for each row (RFC 4180, lines end with a line feed).

    Unknown numbers are empty. The PSNR of equal pictures is ``inf``. ``source`` is ``measured`` or
    ``live``: a live number is of the picture on show, not of a measurement. Predicted numbers are
    of the plot alone. q1 and q3 are quartiles over the seeds of a measurement. ``host`` is another
    computer that took the measurement; empty for this one.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(_cells(row))
    return out.getvalue()


def write_text(path: Path, text: str) -> None:
    """Write a text as UTF-8, aside and renamed.

    Raises:
        MaquetteError: it cannot be written there.
    """
    aside = path.with_name(f"{path.name}.part")
    try:
        aside.write_text(text, "utf-8", newline="")
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        reason = error.strerror or error
        raise MaquetteError(f"{path.name} cannot be saved in {path.parent}: {reason}") from error


def _cells(row: VariantRow) -> list[object]:
    speed, near = row.latency, row.fidelity
    times = ("", "", "") if speed is None else (speed.median, speed.low, speed.high)
    quality: tuple[object, ...] = ("", "", "")
    if near is not None:
        quality = ("inf" if near.psnr is None else near.psnr, near.ssim, near.flip)
    return [
        _text(row.name), _number(row.width.sort), row.resolution, row.cost.parameters,
        row.cost.macs, row.cost.paper_macs, row.cost.size_bytes, *times, *quality,
        *_spread(row.measurement), *_more(row.measurement), row.target,
        "" if row.threads is None else row.threads,
        "measured" if row.measured else "live",
        _text(row.host),
    ]  # fmt: skip


def _number(width: float) -> object:
    return "" if math.isnan(width) else round(width, 6)


def _spread(found: Measurement | None) -> tuple[object, ...]:
    """Quartiles over seeds, and over how many."""
    if found is None or found.spread is None:
        return ("",) * 7
    spread = found.spread
    psnr = ("inf" if q is None else q for q in spread.psnr)
    return (*psnr, *spread.ssim, *spread.flip, spread.seeds)


def _more(found: Measurement | None) -> tuple[object, ...]:
    """What is measured only when asked for."""
    if found is None:
        return ("",) * 6
    steps = found.steps or None
    more = (found.lpips, found.fid, found.realism, found.memory, steps, found.step_ms)
    return tuple("" if value is None else value for value in more)


def _text(text: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
