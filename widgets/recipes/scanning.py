"""Scans of layers: which are known, and the job that makes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.engine.job_messages import Job, JobDone, ScanJob
from studio.errors import MaquetteError
from studio.families.info import ModelInfo
from studio.session.document import Document
from widgets.recipes.finding import Finding, Wanted, up_to
from widgets.scene import normal

if TYPE_CHECKING:
    from studio.recipes.scan import Scan

KEEP = "keep"
"""The field that a scan proposes; it decides nothing about the scan itself."""


class Scanning(Finding):
    """What each layer loses by a step."""

    def title(self) -> str:
        return self.tr("Scan the layers")

    def order(self, info: ModelInfo, text: str, wanted: Wanted) -> Job:
        return ScanJob(info.path, text)

    def taken(self, end: JobDone) -> Scan | None:
        return end.scan

    def kept(self, model: str, text: str, wanted: Wanted) -> Scan | None:
        from studio.recipes.recipe import from_text
        from studio.recipes.scan_store import kept_scan

        return kept_scan(model, from_text(text))

    def wanted(self, document: Document, ref: str) -> Wanted | None:
        """All that decides a scan: the model, the steps up to this one, and the subnet where they
        are cut to it."""
        from studio.recipes.scan_store import IGNORED

        assert self._info is not None
        steps = up_to(document.recipe, ref, (KEEP,))
        last = steps.steps[-1]
        values = {n: v for n, v in last.values().items() if n not in IGNORED}
        contents = (*(s.content for s in steps.active[:-1]), last.with_values(values).content)
        if not steps.cuts:
            return Wanted((self._info.key, contents, None, None), steps, document.subnet)
        try:
            cut = normal(document.subnet, self._info)
        except MaquetteError:
            return None
        assert steps.cut_at is not None
        place = sum(s.on for s in steps.steps[: steps.cut_at])
        return Wanted((self._info.key, contents, place, cut), steps, document.subnet)
