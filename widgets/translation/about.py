"""What a model file cannot tell, asked once, with the likely answer chosen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from studio.families.translation.info import TranslationInfo
from studio.families.translation.questions import Question
from widgets.controls.fold import Fold
from widgets.controls.quiet import QuietBox
from widgets.style.theme import GRID, caption_font
from widgets.translation.question_words import said
from widgets.wiring import row

translate = QCoreApplication.translate


class Answer(QWidget):
    """One question: the sentence, the answers, and why one is likely."""

    def __init__(self, question: Question, value: str, changed: Callable[[], None]) -> None:
        super().__init__()
        self.question = question
        sentence = QLabel(said(question.sentence))
        sentence.setWordWrap(True)
        self.box = QuietBox()
        self.box.setAccessibleName(said(question.sentence))
        for option in question.options:
            self.box.addItem(said(option.title), option.value)
        if question.free:
            self.box.setEditable(True)
            self.box.setInsertPolicy(QuietBox.InsertPolicy.NoInsert)
        index = self.box.findData(value)
        if index >= 0:
            self.box.setCurrentIndex(index)
        else:
            self.box.setEditText(value)
        why = said(question.reason)
        reason = QLabel(f"{why[:1].upper()}{why[1:]}.")
        reason.setFont(caption_font(reason.font()))
        reason.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        for widget in (sentence, self.box, reason):
            layout.addWidget(widget)
        self.box.currentIndexChanged.connect(lambda _: changed())
        if question.free:
            self.box.editTextChanged.connect(lambda _: changed())

    def value(self) -> str:
        """The word of the answer that is chosen or typed."""
        if not self.question.free:
            return str(self.box.currentData())
        text = self.box.currentText()
        index = self.box.findText(text)
        if index >= 0:
            return str(self.box.itemData(index))
        line = self.box.lineEdit()
        assert isinstance(line, QLineEdit)
        plain = text.lower().replace("px", "").replace("\N{MULTIPLICATION SIGN}", "x")
        return "".join(plain.split())


class About(Fold):
    """A fold with the questions of a model; open while nobody has answered them.

    Signals:
        answered(answers): {name: answer} for every question.
    """

    answered = Signal(object)

    def __init__(self) -> None:
        super().__init__(translate("About", "About this model"))
        self.setObjectName("about")
        self._info: TranslationInfo | None = None
        self._asked_of: set[str] = set()
        self.answers: list[Answer] = []
        self.use = QPushButton(translate("About", "Use these answers"))

    @property
    def asking(self) -> bool:
        """Whether something that shows in pictures is only guessed so far."""
        return self._info is not None and any(
            q.shows and q.name in self._info.assumed for q in self._info.questions
        )

    def show_model(self, info: TranslationInfo) -> None:
        """Ask what the file of a model does not say."""
        self._info = info
        self.setVisible(bool(info.questions))
        given = dict(info.answers)
        self.answers = [
            Answer(question, given.get(question.name, question.likely), self._changed)
            for question in info.questions
        ]
        intro = QLabel(
            translate("About", "The file does not say this. What is likely is chosen.")
            if info.assumed
            else translate("About", "The file does not say this; these are your answers.")
        )
        intro.setWordWrap(True)
        intro.setFont(caption_font(intro.font()))
        self.use = QPushButton(translate("About", "Use these answers"))
        self.use.clicked.connect(lambda _=False: self._use())
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, GRID)
        layout.setSpacing(GRID)
        for widget in (intro, *self.answers, row(self.use)):
            layout.addWidget(widget)
        self.set_content(holder)
        guesses = len(info.assumed)
        self.set_title(
            translate("About", "About this model ({n} guessed)").format(n=guesses)
            if guesses
            else translate("About", "About this model")
        )
        self._changed()
        # Asked once: who closes the fold has seen it.
        first = info.source_sha256 not in self._asked_of
        self._asked_of.add(info.source_sha256)
        self.restore(self.asking and first)

    def chosen(self) -> dict[str, str]:
        """The answers as they are now."""
        return {answer.question.name: answer.value() for answer in self.answers}

    def _changed(self) -> None:
        if self._info is not None:
            news = self.chosen() != dict(self._info.answers) or bool(self._info.assumed)
            self.use.setEnabled(news)

    def _use(self) -> None:
        self.answered.emit(self.chosen())
