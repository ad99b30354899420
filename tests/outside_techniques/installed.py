"""Packages with techniques as an installer leaves them, without one and without the network."""

from __future__ import annotations

from pathlib import Path

import pytest

PACKAGES = Path(__file__).parent / "packages"
NAMES = ("bends", "breaks", "raises", "works")


def install(site: Path, *names: str) -> None:
    """Write what tells Python that ``maquette-<name>`` is installed, each with one technique."""
    for name in names:
        info = site / f"maquette_{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: maquette-{name}\nVersion: 1.0\n", "utf-8"
        )
        (info / "entry_points.txt").write_text(
            f"[maquette.techniques]\n{name} = maquette_{name}.technique:TECHNIQUE\n", "utf-8"
        )


def make_importable(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the packages and what tells of them where Python looks."""
    monkeypatch.syspath_prepend(str(PACKAGES))
    monkeypatch.syspath_prepend(str(site))
