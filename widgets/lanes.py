"""What is under way in a lane, and which comparison comes next. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from studio.engine.messages import Compare, RenderSpec
from studio.runtimes.target import Target
from widgets.scene import PYTORCH, SIDES, Scene
from widgets.timings import Fidelities, Pictures

COMPARE_LANE = "compare"
MOST_WORK = 200e9
"""MACs of a picture that is drawn in PyTorch only to say what a precision costs."""


@dataclass
class Lane:
    """What was asked last in a lane and what waits for its answer."""

    sent: RenderSpec | None = None
    stamp: int = 0
    sent_at: float = 0.0
    held: RenderSpec | None = None


@dataclass(frozen=True)
class Known:
    """What has been answered so far: pictures on the sides, maps, fidelity, failures, and whether
    a compiled network draws a spec."""

    shown: dict[str, RenderSpec]
    pictures: Pictures
    fidelities: Fidelities
    refused: set[RenderSpec]
    compiled: Callable[[RenderSpec], bool] = lambda spec: False


def next_compare(scene: Scene, known: Known, *, settled: bool) -> Compare | None:
    """The comparison that is missing most, with stamp 0, or None.

    The map of the two sides comes first where it is on show, also during a drag; then, at rest,
    the fidelity to full of each side, then what its precision costs by itself, where PyTorch draws
    that in moments. Numbers wait for the picture they are about.
    """
    if any(scene.sides[s].visible and s not in known.shown for s in SIDES):
        return None
    # A drag that leaves a side behind is not compared: it would cost a full render at every move.
    caught_up = all(known.shown.get(s) == scene.sides[s].spec for s in SIDES)
    if scene.mode == "difference" and (settled or caught_up):
        pair = (scene.sides["A"].spec, scene.sides["B"].spec)
        if known.pictures.get(pair) is None and pair[1] not in known.refused:
            return Compare(COMPARE_LANE, 0, *pair, with_map=True)
    if not settled:
        return None
    for side in ("B", "A"):
        spec = scene.sides[side].spec
        if spec in known.refused or known.shown.get(side) != spec:
            continue
        full = scene.reference(spec)
        if spec != full and known.fidelities.get(full, spec) is None:
            return Compare(COMPARE_LANE, 0, full, spec)
    # Then what a precision costs by itself, once there is a network that really runs in it.
    for side in ("B", "A"):
        spec = scene.sides[side].spec
        plain = replace(spec, target=PYTORCH)
        if (
            Target.parse(spec.target).precision == "f32"
            or known.shown.get(side) != spec
            or spec in known.refused
            or scene.work(spec) > MOST_WORK
        ):
            continue
        if known.compiled(spec) and known.fidelities.get(plain, spec) is None:
            return Compare(COMPARE_LANE, 0, plain, spec)
    return None
