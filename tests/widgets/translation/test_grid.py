"""The grid of a model that draws from pictures: pictures as rows, widths as columns."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage

from studio.families.inputs import EncodedPicture
from studio.session.samples import samples
from studio.subnets.choice import SubnetChoice
from widgets.grid.cells import CELL_ROLE
from widgets.grid.plan import largest
from widgets.translation import pictures

HALF = SubnetChoice(0.5)


@pytest.fixture
def grid(pictured, qtbot, tmp_path):
    """Full, half (current) and others, for the present picture and the samples; all drawn."""
    image = QImage(40, 24, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    assert image.save(str(tmp_path / "mine.png"))
    (tmp_path / "broken.png").write_bytes(b"no picture")
    for name in ("gone", "broken", "mine"):
        pictures.note(tmp_path / f"{name}.png")
    pictured.controller.set_subnet(HALF, None)
    pictured.actions_["grid"].trigger()
    made = pictured.grid
    qtbot.waitUntil(lambda: len(made._rows) == len(samples(pictured.controller.info.config)))
    return made


def names(grid) -> list[str]:
    return [row.name for row in grid._rows]


def test_rows_are_the_present_picture_and_the_samples_each_once(pictured, grid, qtbot):
    known = [s.path.name for s in samples(pictured.controller.info.config)]
    assert names(grid) == known  # the first of them is what is drawn from
    assert grid.choice.rows.text() == "&Pictures"
    assert [column.choice for column in grid._columns][:2] == [SubnetChoice(), HALF]
    count = len(known) * len(grid._columns)
    qtbot.waitUntil(lambda: grid.state.text() == f"Pictures: {count}", timeout=20_000)
    wanted = grid._wanted(grid._columns[1], grid._rows[2])
    assert isinstance(wanted.spec.inputs, EncodedPicture)
    assert wanted.spec.inputs.data == grid._rows[2].document.source.picture.data
    assert wanted.reference.subnet == SubnetChoice()
    cells = grid.table.cells
    shown = {
        bytes(cells.index(r, c).data(CELL_ROLE).image.pixelColor(0, 0).getRgb()[:3])
        for r in range(len(known))
        for c in range(len(grid._columns))
    }
    assert len(shown) == count


def test_pictures_that_were_opened_last_can_be_the_rows(pictured, grid, qtbot):
    box = grid.choice.seeds
    box.setCurrentIndex(box.findData("recent"))
    assert names(grid)[1:] == ["mine.png"]  # what is gone or damaged is left out
    assert grid._rows[1].document.source.size == (40, 24)
    assert largest(grid._rows, pictured.controller.info) >= 40 * 24
    box.setCurrentIndex(box.findData("one"))
    assert len(grid._rows) == 1


def test_a_click_shows_picture_and_variant_on_side_b(pictured, grid):
    controller = pictured.controller
    row = grid._rows[3]
    grid._chosen(3, 1)
    document = controller.document
    assert document.source == row.document.source
    assert document.choice_of(document.view.side_b) == HALF
    assert grid.choice.renew.isEnabled()
    grid.choice.renew.click()
    assert names(grid)[0] == row.name


def test_a_drawing_is_a_row_too(pictured, grid, qtbot):
    pictured.sides.translation.kinds["drawing"].click()
    grid.choice.renew.click()
    qtbot.waitUntil(lambda: len(grid._rows) > 1)
    assert names(grid)[0] == "drawing"
    assert grid._rows[0].document.source.kind == "drawing"
