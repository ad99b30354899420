"""Tab goes through a panel as one reads it, also through what was added later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget


def follow_reading_order(panel: QWidget) -> None:
    """Chain everything in ``panel`` that Tab stops at in the order of its layouts.

    Qt chains widgets in the order in which they were made, so what is made anew for another model
    would come after everything else in the window.
    """
    stops = list(dict.fromkeys(_stops(panel)))
    with _moving(stops):
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)


@contextmanager
def _moving(stops: list[QWidget]) -> Iterator[None]:
    """Let Qt move widgets that only hand the focus on: it passes over those that take none."""
    handing = [
        (widget, widget.focusProxy(), widget.focusProxy().focusPolicy())
        for widget in stops
        if widget.focusProxy() is not None and widget.focusPolicy() == Qt.FocusPolicy.NoFocus
    ]
    for widget, _, policy in handing:
        widget.setFocusPolicy(policy)
    try:
        yield
    finally:
        for widget, proxy, policy in handing:
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # which also holds for its proxy
            proxy.setFocusPolicy(policy)


def _stops(widget: QWidget) -> Iterator[QWidget]:
    proxy = widget.focusProxy()
    if proxy is not None and widget.isAncestorOf(proxy):
        # Qt moves such a widget together with what is in it. Moving only that would leave the
        # widget itself behind, from where Tab would jump to its proxy.
        yield widget
        return
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
        yield widget
    layout = widget.layout()
    if layout is not None:
        yield from _stops_in(layout)


def _stops_in(layout: QLayout) -> Iterator[QWidget]:
    for index in range(layout.count()):
        item = layout.itemAt(index)
        inner, nested = item.widget(), item.layout()
        if inner is not None:
            yield from _stops(inner)
        elif nested is not None:
            yield from _stops_in(nested)
