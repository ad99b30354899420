"""Words as a line that a shell takes apart again.

One line has to do for two shells, for whoever copies it may paste it into either, or into a chat: a
POSIX shell and PowerShell. Both leave alone what stands between single quotes, and between double
quotes all that the two do not replace there. Only a word that holds both kinds of danger is written
for the shell of this system. A recipe stands in the line itself, since a here-document is written
differently in each and a file would stay behind; ``studio.recipes.recipe.to_line`` writes it
without double quotes, which Windows PowerShell 5 takes out of what it hands to a program.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable

_PLAIN = re.compile(r"[A-Za-z0-9_./+:-][A-Za-z0-9_./=+:-]*")  # a comma makes a list in PowerShell
_SINGLE = "'\u2018\u2019\u201a\u201b"  # PowerShell takes each for a single quote
_REPLACED = '"`$\\!\u201c\u201d\u201e'  # between double quotes: by one shell or the other


def shell_line(words: Iterable[str], *, windows: bool | None = None) -> str:
    """The words as one line.

    Args:
        windows: whether a word that no quoting suits in both shells is written for PowerShell; None
            asks the system.
    """
    return " ".join(
        _quoted(word, os.name == "nt" if windows is None else windows) for word in words
    )


def _quoted(word: str, windows: bool) -> str:
    if _PLAIN.fullmatch(word):
        return word
    if not any(mark in word for mark in _SINGLE):
        return f"'{word}'"
    if not any(mark in word for mark in _REPLACED):
        return f'"{word}"'
    if windows:
        doubled = "".join(2 * each if each in _SINGLE else each for each in word)
        return f"'{doubled}'"
    return shlex.quote(word)
