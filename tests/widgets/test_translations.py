"""Korean says everything that English says, with the same placeholders."""

from __future__ import annotations

import re
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import PySide6
from PySide6.QtCore import QTranslator

from studio import places

ROOT = Path(__file__).resolve().parents[2]
KOREAN = places.assets_dir() / "translations" / "maquette_ko.ts"


def messages(path):
    """(context, source) -> translation."""
    found = {}
    for context in ElementTree.parse(path).getroot().findall("context"):
        name = context.findtext("name")
        for message in context.findall("message"):
            found[name, message.findtext("source")] = message.findtext("translation") or ""
    return found


def test_every_text_of_the_window_is_translated(tmp_path):
    fresh = tmp_path / "fresh.ts"
    files = [str(p) for p in sorted((ROOT / "widgets").rglob("*.py"))]
    tool = Path(PySide6.__file__).parent / "lupdate"
    subprocess.run([tool, *files, "-ts", fresh], check=True, capture_output=True, timeout=60)
    wanted, known = messages(fresh), messages(KOREAN)
    assert None not in {context for context, _ in wanted}, "a tr() outside of its class"
    assert sorted(set(wanted) - set(known)) == []
    assert [key for key, text in known.items() if not text] == []


def test_placeholders_are_kept():
    for (_, source), text in messages(KOREAN).items():
        assert set(re.findall(r"\{\w+\}", source)) == set(re.findall(r"\{\w+\}", text)), source


def test_the_compiled_translation_is_the_written_one(qapp):
    translator = QTranslator()
    assert translator.load(str(KOREAN.with_suffix(".qm")))
    for (context, source), text in messages(KOREAN).items():
        assert translator.translate(context, source) == text
