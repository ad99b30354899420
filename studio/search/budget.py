"""What a subnet may cost: milliseconds measured, or multiply-accumulates. Imports no torch."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from studio.errors import BadChoice

Unit = Literal["ms", "macs", "paper_macs"]
_FORM = re.compile(r"^\s*([0-9]*\.?[0-9]+)\s*(ms|s|[kmgt]?macs?(?:[-:]paper)?)\s*$", re.IGNORECASE)
_SCALES = {"": 1.0, "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12}


@dataclass(frozen=True)
class Budget:
    """At most ``limit``: milliseconds on a target, true multiply-accumulates, or as papers count
    them."""

    limit: float
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Budget:
        """``20ms``, ``0.5s``, ``5GMAC``, ``300MMAC``, or ``5GMAC-paper``.

        Raises:
            BadChoice: it is none of these.
        """
        found = _FORM.match(text)
        if found is None or not float(found[1]) > 0:
            raise BadChoice(
                f"'{text}' is no budget; accepted are milliseconds such as 20ms, true multiplies "
                "such as 5GMAC, and the paper's count such as 5GMAC-paper"
            )
        number, unit = float(found[1]), found[2].lower()
        if unit in ("ms", "s"):
            return cls(number * (1000 if unit == "s" else 1), "ms")
        scale = _SCALES[unit.partition("mac")[0]]
        return cls(number * scale, "paper_macs" if unit.endswith("paper") else "macs")

    def text(self, value: float) -> str:
        """A cost in this budget's unit, for people."""
        if self.unit == "ms":
            return f"{value:.3g} ms"
        words = "MACs as the paper counts" if self.unit == "paper_macs" else "MACs"
        power = min(4, max(0, int(math.log10(max(value, 1.0)) // 3)))
        prefix = ("", "k", "M", "G", "T")[power]
        return f"{value / 1000**power:.3g} {prefix}{words}"
