"""What a scan of layers found: each one's own damage by int8, and which to leave in float.

Plain values, so that they can cross processes and be kept on disk. Imports no torch; the scan
itself is in :mod:`studio.recipes.sensitivity`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

FORMAT = 1
SCAN_SEEDS = 8
"""Pictures that a scan judges by unless it is told otherwise."""


@dataclass(frozen=True)
class LayerDamage:
    """One layer alone in int8.

    Args:
        name: node of the graph, e.g. ``layer3.convolved``.
        psnr: dB to the f32 picture over all seeds; None when nothing changed.
        error: mean squared error, pictures from -1 to 1. macs: share of the network's multiplies.
    """

    name: str
    psnr: float | None
    error: float
    macs: float


@dataclass(frozen=True)
class Sensitivity:
    """What a scan found.

    Args:
        layers: in the graph's order. together: dB with all of them in int8; None when nothing
            changed. seeds: pictures compared.
    """

    layers: tuple[LayerDamage, ...]
    together: float | None
    seeds: int

    @property
    def worst_first(self) -> tuple[LayerDamage, ...]:
        """By falling damage."""
        return tuple(sorted(self.layers, key=lambda layer: -layer.error))


@dataclass(frozen=True)
class Proposal:
    """Layers to leave in float, worst first.

    Args:
        psnr: predicted with all others in int8; None when they change nothing.
        share: of the network's multiplies that stay in int8. reached: the wanted quality is met.
    """

    keep: tuple[str, ...]
    psnr: float | None
    share: float
    reached: bool


@dataclass(frozen=True)
class Scan:
    """A scan with what it proposes.

    Args:
        found: each layer's damage. proposal: what to leave in float for ``wanted`` dB.
        fixed: layers that stay in float in any case, with the reason, as (name, reason).
        by_output: decibels are those of signal to noise of the network's output, not PSNR of a
            picture, and errors relative ones, squared.
    """

    found: Sensitivity
    proposal: Proposal
    wanted: float
    fixed: tuple[tuple[str, str], ...] = ()
    by_output: bool = False

    @property
    def errors(self) -> dict[str, float]:
        """Mean squared error of each layer alone in int8, by its name."""
        return {layer.name: layer.error for layer in self.found.layers}

    def to_json(self) -> str:
        """As text, for :meth:`from_json`."""
        return json.dumps({"format": FORMAT, **asdict(self)})

    @classmethod
    def from_json(cls, text: str | bytes) -> Scan:
        """What :meth:`to_json` wrote.

        Raises:
            ValueError: it is damaged, or of another version.
        """
        try:
            raw: dict[str, Any] = json.loads(text)
            if raw["format"] != FORMAT:
                raise ValueError("it is of another version")
            found, proposal = raw["found"], raw["proposal"]
            layers = tuple(_damage(each) for each in found["layers"])
            return cls(
                Sensitivity(layers, _decibels(found["together"]), int(found["seeds"])),
                Proposal(
                    tuple(str(name) for name in proposal["keep"]),
                    _decibels(proposal["psnr"]),
                    float(proposal["share"]),
                    bool(proposal["reached"]),
                ),
                float(raw["wanted"]),
                tuple((str(name), str(why)) for name, why in raw["fixed"]),
                bool(raw.get("by_output", False)),
            )
        except (TypeError, KeyError, AttributeError, RecursionError) as error:
            raise ValueError("it is damaged") from error


def decibels(error: float) -> float | None:
    """PSNR of a mean squared error of pictures from -1 to 1; None for no error."""
    return 10 * math.log10(4 / error) if error > 0 else None


def _damage(raw: Mapping[str, Any]) -> LayerDamage:
    return LayerDamage(
        str(raw["name"]), _decibels(raw["psnr"]), float(raw["error"]), float(raw["macs"])
    )


def _decibels(raw: object) -> float | None:
    return None if raw is None else float(raw)  # type: ignore[arg-type]
