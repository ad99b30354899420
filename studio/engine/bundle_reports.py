"""What a manifest says, as records for the window. Imports no torch and no runtime."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from studio.engine.bundle_messages import BundleNetwork, BundleQuality, BundleReport

if TYPE_CHECKING:
    from studio.bundles.manifest import Manifest, Quality, Runnable


def report_of(folder: Path, manifest: Manifest, seconds: float) -> BundleReport:
    """What a manifest says, for the window."""
    return BundleReport(
        str(folder),
        manifest.model.name,
        manifest.model.licence,
        tuple(_network(manifest, each) for each in manifest.shown),
        len(manifest.files),
        sum(each.bytes for each in manifest.files),
        seconds,
    )


def _network(manifest: Manifest, found: Runnable) -> BundleNetwork:
    on = found.verified_on[0] if found.verified_on else None
    timed = found.measurements
    return BundleNetwork(
        found.id,
        found.title,
        getattr(found, "main", ""),
        found.precision,
        sum(manifest.file(path).bytes for path in manifest.files_of(found)),
        "" if on is None else ran_on(on.runtime, on.version, on.device),
        found.not_run,
        None if found.parity is None else found.parity.max_abs,
        None if found.quality is None else quality_of(found.quality),
        timed[0].latency_ms.median if timed else None,
        found.notes,
        (timed[0].steps or 0) if timed else 0,
    )


def ran_on(runtime: str, version: str, device: str) -> str:
    """Where something ran, in words."""
    return f"{runtime} {version}, {device}"


def quality_of(found: Quality) -> BundleQuality:
    """Fidelity without its seeds."""
    return BundleQuality(found.flip, found.ssim, found.psnr)
