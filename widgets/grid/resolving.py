"""What draws the columns of a grid: subnets of the model at once, baked variants once open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from studio.engine.messages import RenderSpec
from studio.engine.sizing import Sizes, sizes_of
from studio.families.info import ModelInfo
from studio.runtimes.target import Target, reference_of
from studio.session.document import FULL, FULL_SUBNET, Document
from studio.subnets.choice import SubnetChoice
from widgets.grid.filling import Wanted
from widgets.grid.plan import GridColumn, GridRow
from widgets.recipes.baking import Baking
from widgets.scene import PYTORCH, asked_of, normal, suited, wanted_inputs


@dataclass(frozen=True)
class Resolved:
    """What draws one column: ``info`` is of the model or of a baked variant; ``original`` of the
    model, whose *full* it is compared with. ``draft``: of a pipeline, in the steps of a draft."""

    original: ModelInfo
    info: ModelInfo
    choice: SubnetChoice
    target: str
    draft: bool = True

    def wanted(self, document: Document) -> Wanted:
        """What ``document`` draws, and that of full at equal precision (of int8, at f32)."""
        drawn = asked_of(document, self.original, self.info, self.choice, draft=self.draft)
        spec = RenderSpec(self.info.key, drawn, self.choice, self.target)
        reference = str(reference_of(Target.parse(self.target)))
        full = wanted_inputs(document, self.original)
        return Wanted(spec, RenderSpec(self.original.key, full, FULL_SUBNET, reference))


class Resolving:
    """Remembers what draws a column, also when the renderer has closed it since."""

    def __init__(self, baking: Baking) -> None:
        self._baking = baking
        self._info: ModelInfo | None = None
        self._target = PYTORCH
        self._found: dict[str, Resolved] = {}
        self._lost: set[str] = set()
        self._told: set[object] = set()
        self._wanted: dict[tuple[str, GridRow], tuple[Resolved, Wanted]] = {}
        self.waits = False
        """A baked variant is to be opened when the one before it is done."""

    def begin(self, info: ModelInfo, target: str) -> None:
        """Columns are of this model now, and drawn on this target."""
        self._info, self._target = info, target
        self._found.clear()
        self._lost.clear()
        self._told.clear()
        self._wanted.clear()
        self.waits = False

    def found(self, column: GridColumn) -> Resolved | None:
        """What draws a column, or None while that is not known."""
        return self._found.get(column.id)

    def wanted(self, column: GridColumn, row: GridRow) -> Wanted | None:
        """What a cell shows, or None while it is not known what draws its column."""
        found = self._found.get(column.id)
        if found is None:
            return None
        place = (column.id, row)
        known = self._wanted.get(place)
        if known is None or known[0] is not found:
            # Kept, since a drawing has to be put into a file for it.
            self._wanted[place] = known = (found, found.wanted(row.document))
        return known[1]

    def begin_rows(self) -> None:
        """Other rows are on show."""
        self._wanted.clear()

    def not_applied(self, column: GridColumn) -> bool:
        """Whether its recipe was never applied to this model."""
        return column.id in self._lost

    def open(self, column: GridColumn) -> bool:
        """Whether the renderer has what draws a column."""
        found = self._found.get(column.id)
        if found is None or self._info is None:
            return False
        return found.info.key == self._info.key or self._baking.known(found.info.key) is not None

    def first(self, place: object) -> bool:
        """Whether this is asked of a network for the first time."""
        new = place not in self._told
        self._told.add(place)
        return new

    def sizes(self, spec: RenderSpec) -> Sizes:
        """What a pipeline's network is made for to draw ``spec``."""
        found = (each.info for each in self._found.values() if each.info.key == spec.model)
        info = next(found, None)
        return () if info is None else sizes_of(info.config, spec.inputs)

    def look(self, columns: Sequence[GridColumn], unfinished: Callable[[GridColumn], bool]) -> None:
        """Find what can be found, and open the next baked variant once those that are open are
        done."""
        info, self.waits = self._info, False
        if info is None:
            return
        baked = [column for column in columns if column.recipe.active]
        for column in columns:
            if not column.recipe.active:
                self._found[column.id] = self._plain(column, info)
        for column in baked:
            self._take(column, info)
        busy = any(self.open(column) and unfinished(column) for column in baked)
        for column in baked:
            if column.id in self._lost or self.open(column) or not unfinished(column):
                continue
            if busy:
                self.waits = True
                return
            busy = self._open(column)
            self._take(column, info)

    def _plain(self, column: GridColumn, info: ModelInfo) -> Resolved:
        choice = normal(column.choice, info)
        target = suited(self._target, info, choice)
        return Resolved(info, info, choice, target, column.id != FULL)

    def _take(self, column: GridColumn, info: ModelInfo) -> None:
        there = self._baking.find(column.recipe, column.choice)
        if there is None:
            return
        choice = FULL_SUBNET if column.recipe.cuts else normal(column.choice, there.info)
        target = suited(self._target, there.info, choice)
        self._found[column.id] = Resolved(info, there.info, replace(choice), target)
        self._lost.discard(column.id)

    def _open(self, column: GridColumn) -> bool:
        """Whether it is open, or on its way."""
        if self._baking.open_known(column.recipe, column.choice):
            return True
        self._lost.add(column.id)
        return False
