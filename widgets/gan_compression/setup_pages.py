"""Pages that all steps share: which pictures, and how long and how it trains."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QCheckBox, QLabel

from studio.session.gan_plan import GanPlan
from studio.training.gan_compression.options import (
    GanMode,
    Pairing,
    Sampling,
    TrainingOptions,
    about,
)
from widgets.gan_compression.inputs import Choice, Page, PathField, Quiet, QuietReal
from widgets.gan_compression.words import pairing_name

translate = QCoreApplication.translate
DEFAULTS = TrainingOptions()


class PicturesPage(Page):
    """Signals: folder_changed(): another folder of the work. data_changed(): other pictures."""

    folder_changed = Signal()
    data_changed = Signal()

    def __init__(self) -> None:
        super().__init__(
            translate("GanCompression", "Pictures"),
            translate(
                "GanCompression",
                "Pairs of an input and what should come out of it, or inputs alone where a trained "
                "teacher is there.",
            ),
        )
        self.folder = PathField(folders=True, purpose="gan-compression")
        pairings: tuple[Pairing, ...] = get_args(Pairing)
        self.pairing = Choice([(each, pairing_name(each)) for each in pairings])
        self.first = PathField(folders=True)
        self.second = PathField(folders=True)
        self.backwards = QCheckBox(translate("GanCompression", "wanted picture first"))
        self.instances = PathField(folders=True)
        self.told = QLabel()
        self.told.setWordWrap(True)
        self.add("folder", self.folder)
        self.add("pairing", self.pairing)
        self.add("first", self.first)
        self.add("second", self.second)
        self.add("backwards", self.backwards)
        self.add("instances", self.instances)
        self.add_below(self.told)
        none = translate("GanCompression", "none")
        for field in (self.second, self.instances):
            field.line.setPlaceholderText(none)
        self.folder.changed.connect(self.folder_changed)
        for field in (self.first, self.second, self.instances):
            field.changed.connect(self.data_changed)
        self.pairing.currentIndexChanged.connect(self._pairing_changed)
        self.backwards.toggled.connect(lambda _: self.data_changed.emit())

    def show_plan(self, plan: GanPlan) -> None:
        """Show what is filled in."""
        self.first.set_path(plan.first)
        self.second.set_path(plan.second)
        self.pairing.choose(plan.pairing)
        self.backwards.setChecked(plan.backwards)
        self.instances.set_path(plan.instances)
        self._show_second()

    def filled(self, plan: GanPlan) -> GanPlan:
        """``plan`` with what is filled in here."""
        alone = self.pairing.currentData() in ("joined", "inputs")
        return replace(
            plan,
            first=self.first.path(),
            second="" if alone else self.second.path(),
            pairing=self.pairing.currentData(),
            backwards=self.backwards.isChecked(),
            instances=self.instances.path(),
        )

    def tell(self, text: str) -> None:
        """Say what the folders hold, or what is wrong with them."""
        self.told.setText(text)

    def _pairing_changed(self) -> None:
        self._show_second()
        self.data_changed.emit()

    def _show_second(self) -> None:
        self.second.setEnabled(self.pairing.currentData() not in ("joined", "inputs"))
        self.backwards.setEnabled(self.pairing.currentData() != "inputs")


class TrainingPage(Page):
    """How every step trains that does."""

    def __init__(self) -> None:
        super().__init__(
            translate("GanCompression", "Training"),
            translate(
                "GanCompression",
                "The same for every step that trains. What stands here at first is what the "
                "paper's own code does, but for the time.",
            ),
        )
        minutes = translate("GanCompression", " min")
        self.minutes = QuietReal(
            about("minutes").low, about("minutes").high, DEFAULTS.minutes, 2, minutes
        )
        self.steps = Quiet(0, about("steps").high, 0)
        self.steps.setSpecialValueText(translate("GanCompression", "by time"))
        self.batch = self._whole("batch")
        self.rate = self._real("rate", 6)
        self.decay = self._real("decay", 2)
        self.recon = self._real("recon", 2)
        self.distil = self._real("distil", 2)
        self.gan = self._real("gan", 2)
        modes: tuple[GanMode, ...] = get_args(GanMode)
        self.gan_mode = Choice([(mode, mode) for mode in modes])
        self.ndf = self._whole("ndf")
        self.crop = self._real("crop", 3)
        self.flip = QCheckBox(translate("GanCompression", "half of the pairs"))
        self.held = self._whole("held")
        self.seed = self._whole("seed")
        self._crop = DEFAULTS.crop
        self.add_group(translate("GanCompression", "How long"))
        for name in ("minutes", "steps", "batch", "rate", "decay"):
            self.add(name, getattr(self, name))
        self.add_group(translate("GanCompression", "Learnt from"))
        for name in ("recon", "distil", "gan", "gan_mode", "ndf"):
            self.add(name, getattr(self, name))
        self.add_group(translate("GanCompression", "Pictures"))
        for name in ("crop", "flip", "held", "seed"):
            self.add(name, getattr(self, name))
        self.show_options(DEFAULTS)

    def show_options(self, o: TrainingOptions) -> None:
        """Show what is filled in."""
        for name in ("minutes", "batch", "rate", "decay", "recon", "distil", "gan", "ndf"):
            getattr(self, name).setValue(getattr(o, name))
        self.steps.setValue(o.steps or 0)
        self.gan_mode.choose(o.gan_mode)
        self._crop = o.crop
        self.crop.setValue(o.crop)
        self.flip.setChecked(o.flip)
        self.held.setValue(o.held)
        self.seed.setValue(min(o.seed, self.seed.maximum()))

    def options(self, sampling: Sampling) -> TrainingOptions:
        """What is filled in."""
        # The field rounds; what nobody touched stays as exact as it was.
        same = round(self._crop, self.crop.decimals()) == self.crop.value()
        return TrainingOptions(
            minutes=self.minutes.value(),
            steps=self.steps.value() or None,
            batch=self.batch.value(),
            rate=self.rate.value(),
            decay=self.decay.value(),
            seed=self.seed.value(),
            recon=self.recon.value(),
            distil=self.distil.value(),
            gan=self.gan.value(),
            gan_mode=self.gan_mode.currentData(),
            ndf=self.ndf.value(),
            crop=self._crop if same else self.crop.value(),
            flip=self.flip.isChecked(),
            sampling=sampling,
            held=self.held.value(),
        )

    def _whole(self, name: str) -> Quiet:
        bounds = about(name)
        return Quiet(int(bounds.low), bounds.high, getattr(DEFAULTS, name))

    def _real(self, name: str, decimals: int) -> QuietReal:
        bounds = about(name)
        return QuietReal(bounds.low, bounds.high, getattr(DEFAULTS, name), decimals)
