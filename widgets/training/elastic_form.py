"""What elastic training is told, as a form. Bounds and words come from the options themselves."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from studio.errors import BadChoice
from studio.families.info import ModelInfo
from studio.training.elastic.memory import bytes_needed
from studio.training.elastic.options import ElasticOptions, about, checkpoint_path
from widgets.style.theme import GRID
from widgets.training import files
from widgets.wiring import row

LARGEST_INT = 2**31 - 1  # of a spin box
DEFAULTS = ElasticOptions()


class ElasticForm(QWidget):
    """Signals: begin_wanted(), command_wanted(): it is filled in, to begin or as a command."""

    begin_wanted = Signal()
    command_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._info: ModelInfo | None = None
        self._path = Path()
        self.out = QLineEdit()
        self.out.setReadOnly(True)
        self._out_button = QPushButton(self.tr("Choose…"))
        self.minutes = QDoubleSpinBox()
        self.minutes.setRange(about("minutes").low, about("minutes").high)
        self.minutes.setDecimals(1)
        self.minutes.setSuffix(self.tr(" min"))
        self.widths = QLineEdit(" ".join(f"{w:g}" for w in DEFAULTS.widths))
        self.seed = self._whole("seed", DEFAULTS.seed)
        self.batch = self._whole("batch", DEFAULTS.batch)
        self.threads = self._whole("threads", 0)
        self.threads.setMinimum(0)
        self.threads.setValue(0)
        self.threads.setSpecialValueText(self.tr("all but one"))
        self.keep_full = QCheckBox(self.tr("Keep full as it is"))
        self.data = QLineEdit()
        self._data_button = QPushButton(self.tr("Choose…"))
        self.resume = QCheckBox(self.tr("Go on from the last checkpoint"))
        self.cost = QLabel()
        self.cost.setWordWrap(True)
        self.refusal = QLabel()
        self.refusal.setWordWrap(True)
        self.begin = QPushButton(self.tr("Begin"))
        self.begin.setDefault(True)
        self.copy = QPushButton(self.tr("Copy as command"))
        self._explain()
        self._arrange()
        self.minutes.setValue(DEFAULTS.minutes)
        self.keep_full.setChecked(DEFAULTS.keep_full)
        self._out_button.clicked.connect(self._choose_out)
        self._data_button.clicked.connect(self._choose_data)
        self.begin.clicked.connect(lambda _=False: self._sound() and self.begin_wanted.emit())
        self.copy.clicked.connect(lambda _=False: self._sound() and self.command_wanted.emit())
        for box in (self.minutes, self.batch):
            box.valueChanged.connect(self._show_cost)

    def show_model(self, info: ModelInfo, path: Path) -> None:
        """The model to train, and the file that the user knows it by."""
        if self._info is not None and path == self._path:
            self._out_changed()
            return
        self._info, self._path = info, path
        self.set_out(files.suggested(path, info.name))
        self._show_cost()

    def set_out(self, path: Path) -> None:
        """Where the result goes."""
        self.out.setText(str(path))
        self._out_changed()

    def out_path(self) -> Path:
        """Where the result goes."""
        return Path(self.out.text())

    def options(self) -> ElasticOptions:
        """What is filled in.

        Raises:
            BadChoice: a value is none, or out of bounds.
        """
        try:
            widths = tuple(float(part) for part in self.widths.text().replace(",", " ").split())
        except ValueError:
            raise BadChoice(
                self.tr("“{text}” is not a list of numbers such as 0.25 0.5 0.75 1").format(
                    text=self.widths.text()
                )
            ) from None
        return ElasticOptions(
            minutes=self.minutes.value(),
            widths=widths,
            seed=self.seed.value(),
            batch=self.batch.value(),
            threads=self.threads.value() or None,
            keep_full=self.keep_full.isChecked(),
            data=self.data.text().strip() or None,
        )

    def show_refusal(self, sentence: str) -> None:
        """Say why it cannot begin; an empty sentence says nothing."""
        self.refusal.setText(sentence)
        self.refusal.setVisible(bool(sentence))

    # ---- parts ----------------------------------------------------------------------------------

    def _whole(self, name: str, value: int) -> QSpinBox:
        box = QSpinBox()
        bounds = about(name)
        box.setRange(int(bounds.low), int(min(bounds.high, LARGEST_INT)))
        box.setValue(value)
        return box

    def _explain(self) -> None:
        tips = {
            self.minutes: self.tr("Length of the training. It can be stopped earlier."),
            self.widths: self.tr(
                "Widths that are taught to draw what full draws "
                "(sandwich rule, Yu & Huang 2019; Anycost GAN, Lin et al. 2021)"
            ),
            self.seed: self.tr("Seed of every random choice"),
            self.batch: self.tr("Pictures in one step (batch size)"),
            self.threads: self.tr("Threads that compute; one core is left to the window"),
            self.keep_full: self.tr("Hold the full network to the original, and repair it last"),
            self.data: self.tr(
                "Pictures like those the model was trained on; adds an adversarial part "
                "(Goodfellow et al. 2014). Without them the model's own pictures teach."
            ),
            self.resume: self.tr("A training that wrote to this file was ended before its time."),
        }
        for widget, tip in tips.items():
            widget.setToolTip(tip)

    def _arrange(self) -> None:
        form = QFormLayout()
        form.setSpacing(GRID)
        for label, field in (
            (self.tr("Result"), row(self.out, self._out_button, stretch=0)),
            (self.tr("Time"), self.minutes),
            (self.tr("Widths"), self.widths),
            (self.tr("Batch"), self.batch),
            (self.tr("Seed"), self.seed),
            (self.tr("Threads"), self.threads),
            (self.tr("Pictures"), row(self.data, self._data_button, stretch=0)),
        ):
            form.addRow(label, field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(form)
        for widget in (self.keep_full, self.resume, self.cost, self.refusal):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addWidget(row(QWidget(), self.copy, self.begin, stretch=0))
        for named, name in (
            (self.out, self.tr("Result")),
            (self.data, self.tr("Pictures")),
            (self._out_button, self.tr("Choose where the result goes")),
            (self._data_button, self.tr("Choose a folder of pictures")),
        ):
            named.setAccessibleName(name)
        self.data.setPlaceholderText(self.tr("the model's own"))
        self.refusal.hide()

    def _show_cost(self) -> None:
        if self._info is None:
            return
        gigabytes = bytes_needed(self._info.config, self.batch.value()) / 1e9
        self.cost.setText(
            self.tr("Takes about {minutes} min and up to {memory} GB of memory.").format(
                minutes=f"{self.minutes.value():g}", memory=f"{gigabytes:.1f}"
            )
        )

    def _out_changed(self) -> None:
        there = checkpoint_path(self.out_path()).is_file()
        self.resume.setVisible(there)
        self.resume.setChecked(there)

    def _choose_out(self) -> None:
        path = files.choose_result(self, self.out_path())
        if path is not None:
            self.set_out(path)

    def _choose_data(self) -> None:
        path = files.choose_pictures(self)
        if path is not None:
            self.data.setText(str(path))

    def _sound(self) -> bool:
        """Whether what is filled in can be; else it says why not."""
        try:
            self.options()
        except BadChoice as error:
            self.show_refusal(str(error))
            return False
        self.show_refusal("")
        return True
