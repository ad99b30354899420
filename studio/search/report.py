"""What a search tells. Imports no torch: it travels to the window."""

from __future__ import annotations

from dataclasses import dataclass

from studio.subnets.choice import SubnetChoice


@dataclass(frozen=True)
class Found:
    """A subnet that a search names.

    Args:
        name: configuration string, or channels. choice: names it to everything else.
        distance: mean FLIP to the teacher in [0, 1], on the pictures of the search.
        parameters, macs, paper_macs: exact.
        predicted_ms: by which the search went; None under a budget of multiplies.
        latency_ms, low_ms, high_ms: measured at batch 1: median, tenth and ninetieth percentile.
            None where it was not measured.
    """

    name: str
    choice: SubnetChoice
    distance: float
    parameters: int
    macs: int
    paper_macs: int
    predicted_ms: float | None = None
    latency_ms: float | None = None
    low_ms: float | None = None
    high_ms: float | None = None


@dataclass(frozen=True)
class SearchReport:
    """A finished search.

    Args:
        best: the nearest to the teacher that meets the budget.
        front: finalists that no other finalist beats in distance and cost, cheapest first.
        tried: how many different subnets were scored. space: how many there are.
        budget: as text. target: on which latencies were measured; empty where none were.
        pictures: on how many a subnet was scored.
        stopped: it was ended before its time.
    """

    best: Found
    front: tuple[Found, ...]
    tried: int
    space: int
    budget: str
    target: str = ""
    pictures: int = 0
    stopped: bool = False
