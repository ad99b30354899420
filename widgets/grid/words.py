"""What the grid says of its columns and cells."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from studio.runtimes.host import host_name
from studio.session.document import Document
from widgets.captions import milliseconds, psnr, target_name
from widgets.grid.filling import Drawn, Wanted
from widgets.grid.resolving import Resolved
from widgets.timings import Fidelity

translate = QCoreApplication.translate


def latency(document: Document, found: Resolved | None) -> str:
    """The latency of a column where it was measured on this computer: 5.2 ms, OpenVINO bf16 CPU."""
    if found is None:
        return ""
    one = document.measured(found.choice, found.target, host_name(), found.info.key)
    if one is None:
        return translate("GridWords", "not measured")
    if one.steps:
        return translate("GridWords", "{ms} ms at {n} steps, {target}").format(
            ms=milliseconds(one.latency_ms.median), n=one.steps, target=target_name(one.target)
        )
    return translate("GridWords", "{ms} ms, {target}").format(
        ms=milliseconds(one.latency_ms.median), target=target_name(one.target)
    )


def not_applied() -> str:
    """What stands below a cell whose recipe was never applied."""
    return translate("GridWords", "recipe not applied")


def caption(item: Wanted, drawn: Drawn | None, near: Fidelity | None, failure: str) -> str:
    """The line below a picture: FLIP 0.061, 28.1 dB."""
    if failure:
        return failure
    if drawn is None:
        return ""
    if drawn.float_only:
        return translate("GridWords", "in float; not compiled for int8")
    if item.spec == item.reference:
        return translate("GridWords", "reference")
    if near is None:
        return ""
    return translate("GridWords", "FLIP {flip}, {psnr}").format(
        flip=f"{near.flip:.3f}", psnr=psnr(near.psnr)
    )
