"""Which models draw what the shipped judge has learnt to judge. Imports no torch."""

from __future__ import annotations

from studio.families.info import BaseInfo

DRAWN, BUSTS = "drawn", "clay busts"


def judged(info: BaseInfo) -> bool:
    """Whether the shipped judge knows what ``info`` draws: clay heads, as the history of its
    weights says, which subnets, variants and elastic trainings of it carry on."""
    return any(s.step == DRAWN and s.detail.startswith(BUSTS) for s in info.history)


def not_judged(info: BaseInfo) -> str:
    """Why the realism of ``info`` cannot be told, as a sentence."""
    return (
        f"the judge that comes with Maquette knows clay heads alone, so the realism of {info.name} "
        "cannot be told"
    )
