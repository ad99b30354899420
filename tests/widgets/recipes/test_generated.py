"""Panels made from a declaration: the right control for every kind, and values in and out."""

from __future__ import annotations

import json
from enum import Enum
from typing import Any, Literal

import pytest
from pydantic import Field
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox

from studio.recipes.contract import Params
from widgets.recipes.fields import defaults_of, fields_of, for_family
from widgets.recipes.generated import GeneratedPanel, label_of
from widgets.recipes.inputs import (
    ChoiceControl,
    NumberBox,
    SliderControl,
    SwitchControl,
    TextControl,
    nice_step,
)


class Rule(Enum):
    LOUD = "loud"
    QUIET = "quiet"


class Everything(Params):
    ratio: float = Field(0.5, ge=0, le=1, description="Share that stays")
    rank: int = Field(8, ge=1, le=64)
    strength: float = Field(0.5, gt=0, lt=1)
    wide: float = Field(1.0, ge=1e-4, le=10)
    seed: int = Field(0, ge=0)
    correct: bool = Field(True, description="Add the mean error", title="bias correction")
    method: Literal["l1", "l2"] = "l2"
    rule: Rule = Rule.QUIET
    keep: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    folder: str = ""
    budget: float | None = Field(None, gt=0, json_schema_extra={"unit": "MB"})
    left: Literal["auto"] | tuple[str, ...] = "auto"
    share: float | None = Field(0.25, ge=0, le=1)
    odd: dict[str, int] = Field(default_factory=dict)
    samples: int = Field(64, ge=1, le=512, json_schema_extra={"advanced": True, "unit": "px"})


SCHEMA = json.dumps(Everything.model_json_schema())


@pytest.fixture
def panel(qapp, qtbot):
    made = GeneratedPanel(SCHEMA)
    qtbot.addWidget(made)
    made.resize(280, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


def heard(panel) -> list[Any]:
    log: list[Any] = []
    panel.started.connect(lambda name: log.append(("started", name)))
    panel.changed.connect(lambda name, value: log.append((name, value)))
    panel.finished.connect(lambda name: log.append(("finished", name)))
    return log


def test_what_the_declaration_says():
    fields = {field.name: field for field in fields_of(SCHEMA)}
    assert list(fields) == list(Everything.model_fields)
    assert {name: field.kind for name, field in fields.items()} == {
        "ratio": "number",
        "rank": "integer",
        "strength": "number",
        "wide": "number",
        "seed": "integer",
        "correct": "switch",
        "method": "choice",
        "rule": "choice",
        "keep": "list",
        "counts": "list",
        "folder": "text",
        "budget": "number",
        "left": "list",
        "share": "number",
        "odd": "json",
        "samples": "integer",
    }
    assert fields["rule"].choices == ("loud", "quiet")
    assert fields["rule"].title == "rule"
    assert fields["correct"].title == "bias correction"
    assert fields["budget"].unit == "MB"
    assert [n for n, f in fields.items() if f.optional] == ["budget", "share"]
    assert [n for n, f in fields.items() if f.advanced] == ["samples"]
    assert fields["strength"].above
    assert not fields["strength"].accepts(0)
    assert fields["ratio"].accepts(0)
    assert fields["ratio"].description == "Share that stays"
    # What the window begins with is what the technique would.
    assert Everything(**defaults_of(SCHEMA)) == Everything()


def test_a_field_without_default_begins_at_something_that_is_accepted():
    class Bare(Params):
        rank: int = Field(ge=2, le=9)
        name: Literal["a", "b"]

    assert Bare(**defaults_of(json.dumps(Bare.model_json_schema()))) == Bare(rank=2, name="a")


def test_every_kind_has_its_control(panel):
    kinds = {name: type(row.control) for name, row in panel.rows.items()}
    assert kinds["ratio"] is kinds["rank"] is kinds["share"] is SliderControl
    assert kinds["seed"] is kinds["budget"] is NumberBox
    assert kinds["correct"] is SwitchControl
    assert kinds["method"] is kinds["rule"] is ChoiceControl
    assert kinds["keep"] is kinds["folder"] is kinds["odd"] is TextControl
    assert panel.rows["rank"].control.slider.minimum() == 1
    assert 0 < panel.rows["strength"].control.slider.minimum() < 0.05
    assert panel.rows["correct"].control.switch.toolTip() == "Add the mean error"
    assert panel.rows["samples"].control.slider.unit == "px"
    assert not panel.more.state()
    assert not panel.rows["samples"].isVisible()


def test_values_come_back_as_they_went_in(panel):
    values = {
        "ratio": 0.125,
        "rank": 3,
        "strength": 0.25,
        "wide": 0.001,
        "seed": 7,
        "correct": False,
        "method": "l1",
        "rule": "loud",
        "keep": ["layers.0", "layers.1"],
        "counts": [1, 2],
        "folder": "/pictures",
        "budget": 2.5,
        "left": ["layers.3"],
        "share": None,
        "odd": {"a": 1},
        "samples": 16,
    }
    log = heard(panel)
    panel.set_values(values)
    assert panel.values() == values
    assert Everything.model_validate_json(json.dumps(panel.values())).keep == (
        "layers.0",
        "layers.1",
    )
    assert isinstance(panel.values()["rank"], int)
    assert log == []
    panel.set_values({})
    assert panel.values() == defaults_of(SCHEMA)


def test_a_drag_is_one_edit_that_is_heard_while_it_happens(panel, qtbot):
    log = heard(panel)
    track = panel.rows["ratio"].control.slider.track
    track.drag_started.emit()
    track.moved.emit(0.25)
    track.moved.emit(0.75)
    track.drag_ended.emit()
    assert log == [("started", "ratio"), ("ratio", 0.25), ("ratio", 0.75), ("finished", "ratio")]


def test_labels_are_in_small_letters_except_for_abbreviations(panel):
    assert label_of("Fewest channels") == "fewest channels"
    assert label_of("ToRGB in int8 too") == "ToRGB in int8 too"
    assert label_of("SVD") == "SVD"
    assert panel.rows["ratio"].control.slider.label.full_text() == "ratio"


def test_switches_and_choices(panel, qtbot):
    log = heard(panel)
    qtbot.mouseClick(panel.rows["correct"].control.switch, Qt.MouseButton.LeftButton)
    box = panel.rows["method"].control.box
    box.setCurrentIndex(0)
    box.activated.emit(0)
    box.activated.emit(0)
    values = [item for item in log if item[0] not in ("started", "finished")]
    assert values == [("correct", False), ("method", "l1")]


def typed(qtbot, edit, text):
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, text)
    qtbot.keyClick(edit, Qt.Key.Key_Return)


def test_lists_are_typed_with_commas(panel, qtbot):
    log = heard(panel)
    typed(qtbot, panel.rows["keep"].control.edit, "layers.1,  layers.2 ,")
    typed(qtbot, panel.rows["counts"].control.edit, "1, 2.5")
    assert ("keep", ["layers.1", "layers.2"]) in log
    assert panel.rows["counts"].error.text() == "“2.5” is not a number."
    assert panel.values()["counts"] == []
    typed(qtbot, panel.rows["counts"].control.edit, "1, 2")
    assert panel.values()["counts"] == [1, 2]
    assert panel.rows["counts"].error.isHidden()


def test_a_word_may_stand_in_place_of_a_list(panel, qtbot):
    log = heard(panel)
    edit = panel.rows["left"].control.edit
    assert edit.text() == "auto"
    typed(qtbot, edit, "layers.1, layers.2")
    typed(qtbot, edit, "auto")
    assert [v for n, v in log if n == "left"] == [["layers.1", "layers.2"], "auto"]


def test_numbers_open_to_one_side_say_what_they_take(panel, qtbot):
    seed = panel.rows["seed"]
    log = heard(panel)
    typed(qtbot, seed.control.box, "-1")
    assert seed.error.text() == "-1 is less than 0."
    typed(qtbot, seed.control.box, "1.5")
    assert seed.error.text() == "“1.5” is not a whole number."
    assert log == []
    typed(qtbot, seed.control.box, "12")
    assert seed.error.isHidden()
    assert ("seed", 12) in log
    qtbot.keyClick(seed.control.box, Qt.Key.Key_Up)
    assert panel.values()["seed"] == 13


def test_none_is_a_box_that_is_not_ticked(panel):
    log = heard(panel)
    budget = panel.rows["budget"]
    assert isinstance(budget.check, QCheckBox)
    assert not budget.control.isEnabled()
    budget.check.click()
    assert budget.control.isEnabled()
    budget.check.click()
    assert [value for name, value in log if name == "budget"] == [0, None] or log[1][1] is not None
    assert panel.values()["budget"] is None


def test_a_number_without_default_begins_with_what_is_worth_trying(qapp, qtbot):
    class Long(Params):
        steps: int | None = Field(None, ge=0, json_schema_extra={"search": [1000, 5000]})
        least: int | None = Field(None, ge=4)

    made = GeneratedPanel(json.dumps(Long.model_json_schema()))
    qtbot.addWidget(made)
    for row in made.rows.values():
        row.check.click()
    assert made.values() == {"steps": 1000, "least": 4}


def test_a_sentence_of_the_engine_stands_at_its_field(panel):
    assert panel.set_error("samples", "64 is too many.")
    assert panel.rows["samples"].error.text() == "64 is too many."
    assert panel.more.state()
    assert not panel.set_error("unknown", "What?")
    panel.set_values({})
    assert panel.rows["samples"].error.isHidden()


def test_reset_goes_back_to_the_declaration(panel):
    panel.set_values({"rank": 2, "method": "l1"})
    log = heard(panel)
    panel.reset()
    assert panel.values() == defaults_of(SCHEMA)
    assert ("rank", 8) in log
    assert ("method", "l2") in log


def test_json_that_is_none_gets_a_sentence(panel, qtbot):
    typed(qtbot, panel.rows["odd"].control.edit, "{a")
    assert "is not JSON" in panel.rows["odd"].error.text()
    assert panel.values()["odd"] == {}


def test_a_technique_without_parameters_says_so(qtbot):
    class Nothing(Params):
        pass

    panel = GeneratedPanel(json.dumps(Nothing.model_json_schema()))
    qtbot.addWidget(panel)
    assert panel.values() == {}


@pytest.mark.parametrize(
    ("span", "step"), [(1, 0.01), (0.95, 0.01), (3, 0.05), (511, 10), (10, 0.1)]
)
def test_steps_are_round(span, step):
    assert nice_step(span) == pytest.approx(step)


def test_every_row_can_be_reached_and_is_named(panel):
    for row in panel.rows.values():
        assert row.control.focusable().accessibleName()
        assert row.control.focusable().focusPolicy() & Qt.FocusPolicy.TabFocus


def test_int8_shows_components_of_pipelines_and_pictures_of_others(qtbot):
    from plugins.int8.params import Int8Params

    schema = json.dumps(Int8Params.model_json_schema())
    shown = {name: GeneratedPanel(for_family(schema, name)) for name in ("diffusion", "stylegan")}
    for panel in shown.values():
        qtbot.addWidget(panel)
    alone = {"denoiser", "text_encoders", "vae_decoder", "budget"}
    assert alone <= set(shown["diffusion"].rows)
    assert not alone & set(shown["stylegan"].rows)
    assert "to_rgb" in shown["stylegan"].rows
    assert "to_rgb" not in shown["diffusion"].rows


def test_a_family_has_its_own_fields_and_words() -> None:
    class Some(Params):
        """Some."""

        plain: float = Field(
            default=0.5,
            title="Plain",
            description="Of all.",
            json_schema_extra={"words": {"one": {"title": "Mine", "description": "Of one."}}},
        )
        kind: Literal["a", "b"] = Field(
            default="a", description="Kind.", json_schema_extra={"words": {"two": {"enum": ["a"]}}}
        )
        own: bool = Field(
            default=False, description="Own.", json_schema_extra={"families": ["one"]}
        )

    schema = json.dumps(Some.model_json_schema())
    one, two = (fields_of(for_family(schema, family)) for family in ("one", "two"))
    assert [(f.name, f.title, f.description) for f in one[:1]] == [("plain", "Mine", "Of one.")]
    assert [f.name for f in one] == ["plain", "kind", "own"]
    assert [(f.name, f.title) for f in two] == [("plain", "Plain"), ("kind", "Kind")]
    assert (one[1].choices, two[1].choices) == (("a", "b"), ("a",))
