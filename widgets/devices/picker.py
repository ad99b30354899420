"""Choosing where networks run."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QWidget

from studio.errors import MaquetteError
from studio.runtimes.device import Device
from studio.runtimes.target import PRECISIONS, TITLES, Target
from widgets.controls.quiet import QuietBox
from widgets.devices.words import device_name, reason_text, runtime_name, status_text

TARGET_ROLE = Qt.ItemDataRole.UserRole
OTHER_ROLE = Qt.ItemDataRole.UserRole + 1  # it is on no list of devices


class TargetPicker(QuietBox):
    """Targets that are ready; devices that are not stand below, greyed out, and say why.

    Args:
        precisions: those offered. int8 is for networks that were quantised, so it is left out.

    Signals:
        chosen(target): the user has chosen one, written ``runtime:device:precision``.
    """

    chosen = Signal(str)

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        precisions: Sequence[str] = tuple(p for p in PRECISIONS if p != "int8"),
    ) -> None:
        super().__init__(parent)
        self._precisions = tuple(precisions)
        self._wanted = ""
        self._known = False
        self._items = QStandardItemModel(self)
        self.setModel(self._items)
        self.setAccessibleName(self.tr("Where it runs"))
        self.activated.connect(self._activated)

    def set_devices(self, devices: Sequence[Device]) -> None:
        """Offer these. What was chosen stays chosen, and is greyed out if it cannot be used now."""
        self._known = True
        self._items.clear()
        waiting = []
        for device in devices:
            if device.status != "ready":
                waiting.append(device)
                continue
            for precision in self._precisions:
                if precision in device.precisions:
                    self._items.appendRow(_offer(device, precision))
        spoken_of = {(d.kind, d.name) for d in devices if d.runtime in TITLES}
        for device in waiting:
            if device.runtime in TITLES or (device.kind, device.name) not in spoken_of:
                self._items.appendRow(_refusal(device))
        self.set_target(self._wanted)

    def set_target(self, target: str) -> None:
        """Show ``target`` as chosen, without saying so. One that is not on offer is shown all the
        same, greyed out once devices are known, so that nothing else seems to be in use."""
        self._wanted = target
        for row in reversed(range(self.count())):
            if self.itemData(row, OTHER_ROLE):
                self._items.removeRow(row)
        index = self._row_of(target) if target else -1
        if index < 0 and target:
            index = self.count()
            item = _other(target)
            if self._known:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
                item.setToolTip(self.tr("It is not among what is ready here."))
            self._items.appendRow(item)
        self.setCurrentIndex(index)
        self.setToolTip(str(self.itemData(index, Qt.ItemDataRole.ToolTipRole) or ""))

    def target(self) -> str:
        """What is chosen; empty for nothing."""
        return self._wanted

    def targets(self) -> tuple[str, ...]:
        """What can be chosen, from top to bottom."""
        rows = range(self.count())
        return tuple(self.itemData(r, TARGET_ROLE) for r in rows if self._enabled(r))

    def _enabled(self, row: int) -> bool:
        return bool(self._items.item(row).flags() & Qt.ItemFlag.ItemIsEnabled)

    def _row_of(self, target: str) -> int:
        wanted = target.lower()  # devices are named without regard to case
        rows = range(self.count())
        return next(
            (r for r in rows if (self.itemData(r, TARGET_ROLE) or "").lower() == wanted), -1
        )

    def _activated(self, row: int) -> None:
        target = self.itemData(row, TARGET_ROLE)
        if not self._enabled(row) or target == self._wanted:
            self.set_target(self._wanted)
            return
        self.set_target(target)
        self.chosen.emit(target)


def _offer(device: Device, precision: str) -> QStandardItem:
    target = Target(device.runtime, device.id, precision)
    item = QStandardItem(target.title)
    item.setData(str(target), TARGET_ROLE)
    about = [device_name(device), status_text(device) if device.static_only else None]
    item.setToolTip("\n".join(line for line in about if line))
    return item


def _refusal(device: Device) -> QStandardItem:
    runtime = runtime_name(device) if device.runtime in TITLES else ""
    parts = [runtime, device.kind, device.name]
    item = QStandardItem(" ".join(part for part in parts if part))
    item.setToolTip(reason_text(device) or "")
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    return item


def _other(target: str) -> QStandardItem:
    try:
        title = Target.parse(target).title
    except MaquetteError:  # a document of a later version may name anything
        title = target
    item = QStandardItem(title)
    item.setData(target, TARGET_ROLE)
    item.setData(True, OTHER_ROLE)
    return item
