"""An inline panel for one sentence: information, a warning or an error."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFontDatabase,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from widgets.controls.fold import Fold
from widgets.controls.snug import Snug
from widgets.style.frames import draw_panel
from widgets.style.theme import GRID, colours, current_scheme, icon

SEVERITIES = ("info", "warning", "error")
DETAIL_LINES = 8


class NoticeBar(Snug):
    """Hidden until `set` gives it something to say."""

    action_clicked = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._severity = "info"
        self._icon = QLabel(self)
        self._icon.setFixedSize(16, 20)
        self._sentence = QLabel(self)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setWordWrap(True)
        self._sentence.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.action = QPushButton(self)
        self.action.clicked.connect(self.action_clicked)
        self.close_button = QToolButton(self)
        self.close_button.setIcon(icon("close"))
        self.close_button.setIconSize(QSize(16, 16))
        self.close_button.setAutoRaise(True)
        self.close_button.setAccessibleName(self.tr("Dismiss"))
        self.close_button.setToolTip(self.tr("Dismiss"))
        self.close_button.clicked.connect(self._dismiss)
        self.fold = Fold(self.tr("Details"), self)
        self._details = QPlainTextEdit()
        self._details.setReadOnly(True)
        self._details.setAccessibleName(self.tr("Details"))
        self._details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._details.setFixedHeight(self._details.fontMetrics().height() * DETAIL_LINES + 8)
        self.fold.set_content(self._details)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._sentence, 1)
        row.addWidget(self.action, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID // 2)
        layout.addLayout(row)
        layout.addWidget(self.fold)
        self.hide()

    def sentence(self) -> str:
        return self._sentence.text()

    def severity(self) -> str:
        return self._severity

    def details(self) -> str:
        return self._details.toPlainText()

    def set(
        self, sentence: str, details: str = "", severity: str = "info", action: str | None = None
    ) -> None:
        """Show ``sentence``; ``details`` behind a fold, ``action`` as the text of a button.

        Raises:
            ValueError: the severity is not info, warning or error.
        """
        if severity not in SEVERITIES:
            raise ValueError(f"severity '{severity}' is not one of: {', '.join(SEVERITIES)}")
        self._severity = severity
        self._sentence.setText(sentence)
        self._details.setPlainText(details)
        self.fold.restore(False)
        self.fold.setVisible(bool(details))
        self.action.setText(action or "")
        self.action.setVisible(bool(action))
        self._draw_icon()
        self.setAccessibleName(sentence)
        self.setAccessibleDescription(self._spoken_severity())
        self.show()
        self.update()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def clear(self) -> None:
        """Say nothing more, without a signal."""
        self.hide()
        self._sentence.clear()
        self._details.clear()

    def _dismiss(self) -> None:
        self.clear()
        self.dismissed.emit()

    def _spoken_severity(self) -> str:
        words = {
            "info": self.tr("Note"),
            "warning": self.tr("Warning"),
            "error": self.tr("Error"),
        }
        return words[self._severity]

    def _draw_icon(self) -> None:
        size = QSize(16, 16)
        self._icon.setPixmap(icon(self._severity).pixmap(size, self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icon()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_panel(painter, self.rect(), self.palette())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour())
        painter.drawRoundedRect(4, 4, 4, self.height() - 8, 2, 2)

    def _colour(self) -> QColor:
        scheme = colours(current_scheme())
        shades = {"info": scheme.faint, "warning": scheme.warning, "error": scheme.error}
        return QColor(shades[self._severity])
