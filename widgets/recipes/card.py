"""The card of one baked step: its panel, whether it is on, where it stands, what it has done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QVBoxLayout, QWidget

from studio.session.steps import RecipeStep
from widgets.controls.card import Card
from widgets.controls.fold import Fold
from widgets.recipes.curve_panel import CurvePanel
from widgets.recipes.generated import GeneratedPanel, said
from widgets.recipes.handle import Handle
from widgets.recipes.reports import StepReportView
from widgets.recipes.scan_panel import ScanPanel
from widgets.style.theme import GRID, caption_font, colours, current_scheme

if TYPE_CHECKING:
    from studio.engine.job_messages import JobProgress
    from studio.recipes.contract import StepReport
    from studio.recipes.registry import Description
    from studio.recipes.scan import Scan


class StepCard(QWidget):
    """Shows a step and says what the user wants of it.

    Signals:
        values_started(name), values_changed(name, values), values_finished(): of the panel; values
            as a dict of what differs from the defaults.
        switched(on), removed(), copied(), resetted(), layers_wanted(), scan_wanted(),
            scan_cancelled(), curve_wanted(), curve_cancelled(), command_wanted(): the command of
            the scan.
    """

    values_started = Signal(str)
    values_changed = Signal(str, object)
    values_finished = Signal()
    switched = Signal(bool)
    removed = Signal()
    copied = Signal()
    resetted = Signal()
    command_wanted = Signal()
    layers_wanted = Signal()
    scan_wanted = Signal()
    scan_cancelled = Signal()
    curve_wanted = Signal()
    curve_cancelled = Signal()

    def __init__(self, step: RecipeStep, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"card {step.technique}")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.step = step
        self.panel: GeneratedPanel | None = None
        self.scan: ScanPanel | None = None
        self.curve: CurvePanel | None = None
        self.scanned = ""
        """The field that a scan proposes, empty for none."""
        self._described: object = None
        self._defaults: dict[str, Any] = {}
        self._wrong: set[str] = set()
        self._reported: tuple[StepReport, ...] | None = None
        self.card = Card(title, switchable=True)
        self.handle = Handle()
        self.handle.setAccessibleName(self.tr("Move {name}").format(name=title))
        self.card.add_handle(self.handle)
        self.state = QLabel()
        self.problem = QLabel()
        for label in (self.state, self.problem):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setFont(caption_font(label.font()))
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.report = Fold(self.tr("Report"))
        self.report.hide()
        body = QWidget()
        self._body = QVBoxLayout(body)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(GRID // 2)
        for widget in (self.problem, self.state, self.report):
            self._body.addWidget(widget)
        self.card.set_content(body)
        self.card.set_menu(self._menu())
        self.card.switched.connect(self._switched)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.card)
        self.set_problem("")

    def describe(self, description: Description | None, title: str, *, fields: bool = True) -> None:
        """What is known of the technique: words, and the panel unless it has no ``fields``."""
        if description == self._described:
            return
        self._described = description
        self.card.set_title(title)
        self.scan_command.setVisible(description is not None and "lower" in description.verbs)
        for made in (self.panel, self.scan, self.curve):
            if made is not None:
                self._body.removeWidget(made)
                made.deleteLater()
        self.panel = self.scan = self.curve = None
        if description is None:
            return
        paper = said(description.paper)
        summary = said(description.summary) if fields else ""
        self.card.header.setToolTip("\n".join(line for line in (summary, paper) if line))
        if not fields:
            return
        self.panel = GeneratedPanel(description.schema)
        self._defaults = {name: row.field.default for name, row in self.panel.rows.items()}
        self._body.insertWidget(0, self.panel)
        self._offer_scan()
        if "lower" in description.verbs:
            self._offer_curve()
        self.panel.started.connect(self.values_started)
        self.panel.changed.connect(self._changed)
        self.panel.finished.connect(lambda _name: self.values_finished.emit())
        self.show_step(self.step)

    def _offer_scan(self) -> None:
        assert self.panel is not None
        self.scanned = next((n for n, row in self.panel.rows.items() if row.field.scan), "")
        if not self.scanned:
            return
        self.scan = ScanPanel()
        self._body.insertWidget(1, self.scan)
        self.scan.scan_wanted.connect(self.scan_wanted)
        self.scan.cancel_wanted.connect(self.scan_cancelled)
        self.scan.keep_changed.connect(self._propose)

    def _offer_curve(self) -> None:
        self.curve = CurvePanel()
        self._body.insertWidget(1 if self.scan is None else 2, self.curve)
        self.curve.curve_wanted.connect(self.curve_wanted)
        self.curve.cancel_wanted.connect(self.curve_cancelled)

    def _propose(self, names: list[str]) -> None:
        """Take a list of layers as a whole edit."""
        self.values_started.emit(self.scanned)
        self._changed(self.scanned, names)
        self.values_finished.emit()

    def show_scan(self, scan: Scan | None, *, busy: bool, progress: JobProgress | None) -> None:
        """Show what a scan of this step has found, or that one is under way."""
        if self.scan is not None:
            keep = self.step.values().get(self.scanned, self._defaults.get(self.scanned))
            self.scan.show_scan(scan, keep, busy=busy, progress=progress)

    def show_step(self, step: RecipeStep) -> None:
        """Show what the document says of the step."""
        self.step = step
        self.card.set_on(step.on)
        if self.panel is not None:
            values = {**self._defaults, **step.values()}
            if any(values.get(n) != v for n, v in self.panel.values().items()):
                self.panel.set_values(values)

    def set_state(self, text: str) -> None:
        """Whether the step is in the picture, in words."""
        self.state.setText(text)
        self.state.setVisible(bool(text))

    def set_problem(self, sentence: str) -> None:
        """What is wrong with the step as a whole."""
        self.problem.setStyleSheet(f"color: {colours(current_scheme()).error}")
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def set_errors(self, found: Mapping[str, str]) -> None:
        """What is wrong, by field; without a field, or with one that is not shown, of the step."""
        others = []
        for name in self._wrong - found.keys():
            if self.panel is not None:
                self.panel.set_error(name, "")
        self._wrong = set()
        for name, sentence in found.items():
            if name and self.panel is not None and self.panel.set_error(name, sentence):
                self._wrong.add(name)
            else:
                others.append(f"{name}: {sentence}" if name else sentence)
        self.set_problem(" ".join(others))

    def set_reports(self, reports: Sequence[StepReport]) -> None:
        """What was done; nothing hides the fold."""
        reports = tuple(reports)
        if reports == self._reported:
            return
        self._reported = reports
        self.report.setVisible(bool(reports))
        self.report.set_maker(lambda: self._report_of(reports))

    def _report_of(self, reports: Sequence[StepReport]) -> QWidget:
        made = StepReportView(reports)
        made.layers_wanted.connect(self.layers_wanted)
        return made

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for text, signal in (
            (self.tr("Reset"), self.resetted),
            (self.tr("Copy step"), self.copied),
            (self.tr("Remove"), self.removed),
        ):
            menu.addAction(text).triggered.connect(lambda _=False, s=signal: s.emit())
        self.scan_command = QAction(self.tr("Copy sensitivity scan as command"), menu)
        self.scan_command.triggered.connect(lambda _=False: self.command_wanted.emit())
        self.scan_command.setVisible(False)
        menu.insertAction(menu.actions()[-1], self.scan_command)
        return menu

    def _switched(self, on: bool) -> None:
        if on != self.step.on:
            self.switched.emit(on)

    def _changed(self, name: str, value: object) -> None:
        values = {**self.step.values(), name: value}
        plain = {
            n: v for n, v in values.items() if n not in self._defaults or v != self._defaults[n]
        }
        self.values_changed.emit(name, plain)
