"""What is drawn from, as the document holds it, and as the session file keeps it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from studio.errors import RefusedFile
from studio.session import file
from studio.session.document import NO_SOURCE, Document
from studio.session.history import History
from studio.session.source import (
    MOST_BYTES,
    Drawing,
    Source,
    StoredPicture,
    Stroke,
    check_source,
)

LINE = Stroke("pen", ((1.0, 2.0, 1.0), (9.0, 2.0, 0.5)), 4.0)
SHEET = Drawing(16, 8, (LINE,))


def test_a_session_brings_picture_and_drawing_back(tmp_path) -> None:
    picture = StoredPicture.of("horse.jpg", 640, 480, b"\xff\xd8 any bytes \x00")
    source = Source("drawing", picture, SHEET, 16, 8)
    path = tmp_path / "work.maquette"
    file.save(Document(source=source), path)
    found = file.load(path).source
    assert found == source
    assert found.picture is not None
    assert found.picture.data == b"\xff\xd8 any bytes \x00"


def test_an_older_session_has_nothing_to_draw_from(tmp_path) -> None:
    path = tmp_path / "old.maquette"
    file.save(Document(), path)
    saved = json.loads(path.read_text())
    del saved["document"]["source"]
    path.write_text(json.dumps(saved | {"version": 5}))
    assert file.load(path) == Document(source=NO_SOURCE)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "picture"}, "the picture to draw from is missing"),
        ({"width": 0}, "a size of 0 px"),
        ({"drawing": replace(SHEET, width=0)}, "sides of 1 to 4096 px"),
        ({"drawing": replace(SHEET, paper=300)}, "the value 300"),
        ({"drawing": replace(SHEET, strokes=(replace(LINE, width=0.0),))}, "a width above 0"),
        ({"drawing": replace(SHEET, strokes=(replace(LINE, points=()),))}, "a stroke has points"),
        (
            {"drawing": replace(SHEET, strokes=(replace(LINE, points=((1e9, 0.0, 1.0),)),))},
            "far outside",
        ),
        ({"picture": StoredPicture("a.png", 4, 4, "no base64!")}, "a.png is damaged"),
        (
            {"picture": StoredPicture("b.png", 4, 4, "A" * (MOST_BYTES * 2))},
            "b.png has more than 5 MB",
        ),
    ],
)
def test_what_no_model_could_draw_from_is_refused(change, words, tmp_path) -> None:
    source = replace(Source("drawing", None, SHEET, 16, 8), **change)
    with pytest.raises(ValueError, match=words):
        check_source(source)
    path = tmp_path / "bad.maquette"
    file.save(Document(source=source), path)
    with pytest.raises(RefusedFile, match=words):
        file.load(path)


def test_an_unknown_tool_is_refused(tmp_path) -> None:
    path = tmp_path / "odd.maquette"
    file.save(Document(source=Source("drawing", None, SHEET, 16, 8)), path)
    path.write_text(path.read_text().replace('"pen"', '"brush"'))
    with pytest.raises(RefusedFile, match="tool"):
        file.load(path)


def test_strokes_stretch_with_their_sheet() -> None:
    twice = SHEET.resized(32, 16)
    assert (twice.width, twice.height) == (32, 16)
    assert twice.strokes[0].points == ((2.0, 4.0, 1.0), (18.0, 4.0, 0.5))
    assert twice.strokes[0].width == 8.0
    assert twice.resized(16, 8) == SHEET


def test_undo_takes_one_stroke_back() -> None:
    history = History(Document(source=Source("drawing", None, Drawing(16, 8), 16, 8)))
    first = history.present
    sheet = Drawing(16, 8)
    for points in (LINE.points[:1], LINE.points):
        grown = replace(LINE, points=points)
        drawing = sheet.with_stroke(grown)
        source = replace(first.source, drawing=drawing)
        history.do("Draw", replace(first, source=source), "stroke 1")
    assert history.present.source.drawing == SHEET
    assert history.undo().source.drawing == sheet
    assert history.redo().source.drawing == SHEET
