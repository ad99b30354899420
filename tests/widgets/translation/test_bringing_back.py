"""A finished picture that is dropped on the window: recipe and input come back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.families.inputs import EncodedPicture
from studio.families.picture_file import write_png
from studio.session.picture_record import read_record
from studio.session.raster import png
from studio.session.source import Drawing, Stroke
from studio.subnets.choice import SubnetChoice
from studio.subnets.describe import METADATA_KEY, picture_metadata
from tests.widgets.test_sharing import drop
from widgets.scene import wanted_inputs

HALF = SubnetChoice(0.5)


def finished(path: Path, info, inputs: EncodedPicture, current: SubnetChoice = HALF) -> Path:
    text = dict(picture_metadata(info, inputs, SubnetChoice(), current=current))
    write_png(path, np.zeros((4, 4, 3), np.uint8), text)
    return path


def photograph(path: Path) -> EncodedPicture:
    Image.new("RGB", (24, 16), (10, 200, 30)).save(path)
    return EncodedPicture(path.read_bytes(), 32, 48)


def test_the_present_picture_stays_and_the_subnet_comes_back(pictured, qtbot, tmp_path):
    controller = pictured.controller
    before = controller.document.source
    path = finished(
        tmp_path / "a.png", controller.info, wanted_inputs(controller.document, controller.info)
    )
    drop(pictured, path)
    qtbot.waitUntil(lambda: controller.document.subnet == HALF)
    assert controller.document.source == before
    assert pictured.notice.sentence() == "a.png is back, drawn from head-1-lines.png."
    assert controller.history.undo_label == "Bring back a.png"


def test_a_picture_beside_it_is_found_by_its_hash(pictured, qtbot, tmp_path):
    controller = pictured.controller
    inputs = photograph(tmp_path / "mine.png")
    drop(pictured, finished(tmp_path / "a.png", controller.info, inputs))
    qtbot.waitUntil(lambda: controller.document.source.picture.name == "mine.png")
    source = controller.document.source
    assert (source.kind, source.width, source.height) == ("picture", 48, 32)
    assert wanted_inputs(controller.document, controller.info) == inputs
    assert "mine.png" in pictured.notice.sentence()


def test_a_picture_that_is_nowhere_is_said_and_the_rest_comes_back(pictured, qtbot, tmp_path):
    controller = pictured.controller
    before = controller.document.source
    inputs = photograph(tmp_path / "mine.png")
    (tmp_path / "mine.png").unlink()
    drop(pictured, finished(tmp_path / "a.png", controller.info, inputs))
    qtbot.waitUntil(lambda: controller.document.subnet == HALF)
    assert controller.document.source == before
    assert "a.png is back without the picture" in pictured.notice.sentence()


def test_a_drawing_comes_along_in_the_picture_itself(pictured, qtbot, tmp_path):
    controller = pictured.controller
    drawing = Drawing(32, 32, (Stroke("pen", ((4.0, 4.0, 1.0), (20.0, 24.0, 1.0))),))
    inputs = EncodedPicture(png(drawing), 32, 32)
    drop(pictured, finished(tmp_path / "a.png", controller.info, inputs))
    qtbot.waitUntil(lambda: controller.document.source.width == 32)
    assert wanted_inputs(controller.document, controller.info) == inputs
    # While it is still the present drawing, its strokes are what comes back.
    controller.set_source("x", None, kind="drawing", drawing=drawing)
    drop(pictured, finished(tmp_path / "b.png", controller.info, inputs, SubnetChoice(0.25)))
    qtbot.waitUntil(lambda: controller.document.subnet == SubnetChoice(0.25))
    assert controller.document.source.drawing == drawing
    assert controller.document.source.kind == "drawing"
    assert pictured.notice.sentence() == "b.png is back, drawn from the drawing."


def test_photographs_do_not_travel_in_what_is_drawn_from_them(pictured, tmp_path):
    inputs = photograph(tmp_path / "mine.png")
    text = dict(picture_metadata(pictured.controller.info, inputs, HALF))[METADATA_KEY]
    assert set(json.loads(text)["picture"]) == {"sha256", "width", "height"}


def test_a_picture_of_no_model_is_drawn_from_as_before(pictured, qtbot, tmp_path):
    photograph(tmp_path / "mine.png")
    drop(pictured, tmp_path / "mine.png")
    qtbot.waitUntil(lambda: pictured.controller.document.source.picture.name == "mine.png")
    assert pictured.controller.history.undo_label != "Bring back mine.png"


@pytest.mark.parametrize("change", [{"sha256": "0" * 64}, {"content": "no base64"}])
def test_content_that_is_not_what_the_hash_says_is_not_taken(pictured, tmp_path, change):
    inputs = EncodedPicture(png(Drawing(8, 8)), 8, 8)
    record = read_record(finished(tmp_path / "a.png", pictured.controller.info, inputs))
    assert record.picture.data() == inputs.data
    assert replace(record.picture, **change).data() is None
