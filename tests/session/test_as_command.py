"""Command lines of what is on show: the program's own parser gives back what went in."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.main import get_command

from studio.commands import app, comparing, rendering, walking
from studio.engine import drawing
from studio.engine import walking as recording
from studio.errors import MaquetteError
from studio.families.inputs import MAX_SEED, GanInputs
from studio.families.walk import Walk, WalkRoute
from studio.fidelity import measure as measuring
from studio.recipes.recipe import Recipe, Step, to_line
from studio.runtimes.target import Target
from studio.session.as_command import (
    Drawn,
    compare_commands,
    compress_command,
    convert_command,
    directions_command,
    elastic_command,
    inspect_command,
    render_command,
    sensitivity_command,
    walk_command,
)
from studio.session.document import ModelRef
from studio.subnets.choice import SubnetChoice
from studio.training.elastic.options import ElasticOptions
from tests.families.small import small_config

COMMAND = get_command(app)


@dataclass
class Info:
    name: str = "one"
    config: Any = field(default_factory=small_config)


@dataclass
class Opened:
    info: Info = field(default_factory=Info)


class Stop(MaquetteError):
    pass


@dataclass
class Heard:
    """What the commands understood."""

    model: str = ""
    target: str = ""
    inputs: GanInputs | None = None
    choices: tuple[SubnetChoice, ...] = ()
    seeds: int = 0

    def open(self, model: str) -> Opened:
        self.model = model
        return Opened()

    def drawer(self, _model: object, target: str) -> Heard:
        self.target = str(Target.parse(target))
        return self

    def draw(self, inputs: GanInputs, choice: SubnetChoice) -> None:
        self.inputs, self.choices = inputs, (choice,)
        raise Stop("heard")

    def measure(self, _model: object, choices: Any, *, inputs: GanInputs, seeds: int, **_: Any):
        self.inputs, self.choices, self.seeds = inputs, tuple(choices), seeds
        raise Stop("heard")


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    found = Heard()
    monkeypatch.setattr(rendering, "open_any", lambda model, *files: found.open(model))
    monkeypatch.setattr(
        comparing, "open_answered", lambda model, answers, *files: found.open(model)
    )
    monkeypatch.setattr(drawing, "drawer", found.drawer)
    monkeypatch.setattr(measuring, "measure", found.measure)
    return found


def said(line: str, heard: Heard) -> Heard:
    program, *words = shlex.split(line)
    assert program == "maquette"
    result = CliRunner().invoke(COMMAND, words)
    assert result.stderr.strip() == "heard", result.output
    return heard


def ref(path: str = "/models/one.safetensors", embedded: str | None = None) -> ModelRef:
    return ModelRef(path, "one", "0" * 64, "key", embedded)


numbers = st.floats(0, 2, allow_nan=False)
names = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="=' -$\"%눈"), min_size=1
)
stages = st.sets(st.sampled_from([4, 8, 16, 32]), min_size=1).map(lambda s: tuple(sorted(s)))


@st.composite
def inputs(draw: st.DrawFn) -> GanInputs:
    mix_seed = draw(st.none() | st.integers(0, MAX_SEED))
    mixed = mix_seed is not None
    return GanInputs(
        seed=draw(st.integers(0, MAX_SEED)),
        label=draw(st.none() | st.integers(0, 999)),
        truncation=draw(numbers),
        truncation_cutoff=draw(st.none() | st.integers(0, 18)),
        noise=draw(numbers),
        edits=tuple(draw(st.lists(st.tuples(names, st.floats(-100, 100)), max_size=3))),
        mix_seed=mix_seed,
        mix_from=draw(st.integers(0, 18)) if mixed else 0,
        mix_stages=draw(st.none() | stages) if mixed else None,
    )


ratios = st.floats(1 / 64, 1)
free = st.lists(ratios | st.integers(1, 512).map(float), min_size=2, max_size=18).map(tuple)
rules = st.sampled_from(["literal", "anycost"])
resolutions = st.none() | st.sampled_from([16, 64, 1024])
uniform = st.builds(SubnetChoice, width=ratios, rule=rules, resolution=resolutions)
free_choices = st.builds(SubnetChoice, rule=rules, widths=free, resolution=resolutions)
targets = st.sampled_from(["pytorch:cpu:f32", "openvino:CPU:bf16", "onnxruntime:cpu:f32"])
drawn = st.builds(Drawn, uniform | free_choices, targets)
paths = st.sampled_from(
    [
        "/models/it's mine, 2.pt",
        "C:\\my models\\one.pt",
        "/models/one.safetensors",
        "/my models/it's $HOME `x`; rm -rf.pt",
        "/모델/눈사람 2.safetensors",
        '/a"b\\c/*.pkl',
    ]
)
slow = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@slow
@given(inputs(), drawn, paths)
def test_a_render_line_reads_back(heard: Heard, wanted: GanInputs, what: Drawn, path: str) -> None:
    found = said(render_command(ref(path), wanted, what, "/그림/out 1.png"), heard)
    assert found.model == path
    assert found.inputs == wanted
    assert found.choices == (what.choice,)
    assert found.target == what.target


@slow
@given(inputs(), st.lists(drawn, min_size=1, max_size=4, unique=True), paths)
def test_compare_lines_read_back(
    heard: Heard, wanted: GanInputs, subnets: list[Drawn], path: str
) -> None:
    together = []
    for line in compare_commands(ref(path), wanted, subnets):
        found = said(line, heard)
        assert (found.model, found.inputs, found.seeds) == (path, wanted, 8)
        together += [Drawn(choice, found.target) for choice in found.choices]
    assert set(together) == set(subnets)
    assert len(together) == len(subnets)


def test_defaults_are_left_out_and_embedded_models_go_by_name() -> None:
    line = render_command(
        ref("/app/assets/clay-heads.safetensors", "clay-heads"),
        GanInputs(421),
        Drawn(SubnetChoice()),
        "clay-heads-seed-421.png",
    )
    assert line == "maquette render clay-heads --output clay-heads-seed-421.png --seed 421"


def test_one_line_for_widths_that_share_the_rest() -> None:
    half, quarter = SubnetChoice(width=0.5), SubnetChoice(width=0.25)
    low = SubnetChoice(width=0.5, resolution=64)
    lines = compare_commands(
        ref(embedded="clay-heads"), GanInputs(), [Drawn(half), Drawn(low), Drawn(quarter)]
    )
    assert lines == (
        "maquette compare clay-heads --width 0.5 --width 0.25 --seed 0",
        "maquette compare clay-heads --width 0.5 --seed 0 --resolution 64",
    )


def test_a_path_is_never_taken_for_an_option(heard: Heard) -> None:
    line = render_command(ref("-v.pt"), GanInputs(), Drawn(SubnetChoice()), "-o.png")
    assert said(line, heard).model == "./-v.pt"


# ---- recipes -------------------------------------------------------------------------------------

PRUNED = Recipe("it's 눈", (Step("subnet", params={"width": 0.5}), Step("prune")))
LINE = to_line(PRUNED)


def test_a_recipe_stands_in_the_line_itself(monkeypatch: pytest.MonkeyPatch, heard: Heard) -> None:
    seen = []

    def varied(_model: object, recipe: Recipe, **_: object) -> None:
        seen.append(recipe)
        raise Stop("heard")

    monkeypatch.setattr(rendering, "varied", varied)
    monkeypatch.setattr(comparing, "varied", varied)
    on_openvino = Drawn(SubnetChoice(), "openvino:CPU:int8", LINE)
    line = render_command(ref(), GanInputs(3), on_openvino, "a.png")
    said(line, heard)
    assert line.endswith("--target openvino:CPU:int8")
    assert "--width" not in line.replace("width: 0.5", "")
    (one,) = compare_commands(ref(), GanInputs(3), [on_openvino])
    said(one, heard)
    assert seen == [PRUNED, PRUNED]


def test_recipes_share_a_line_with_widths_of_their_target() -> None:
    half = Drawn(SubnetChoice(width=0.5))
    there, elsewhere = (
        Drawn(SubnetChoice(), recipe=LINE),
        Drawn(SubnetChoice(), "openvino:GPU:f32", LINE),
    )
    lines = compare_commands(
        ref(embedded="clay-heads"), GanInputs(), [there, elsewhere, half, there], "out/r.html"
    )
    assert [shlex.split(line)[3:] for line in lines] == [
        ["--width", "0.5", "--recipe", LINE, "--seed", "0", "--html", "out/r.html"],
        [
            "--recipe", LINE, "--seed", "0", "--target", "openvino:GPU:f32", "--html",
            str(Path("out/r-2.html")),
        ],
    ]  # fmt: skip


# ---- other commands ------------------------------------------------------------------------------


def test_a_walk_over_seeds_and_one_over_anything(
    monkeypatch: pytest.MonkeyPatch, heard: Heard
) -> None:
    found: list[Walk] = []

    def record(_model: object, walk: Walk, choice: SubnetChoice, *_: object, **__: object) -> None:
        found.append(walk)
        heard.choices = (choice,)
        raise Stop("heard")

    monkeypatch.setattr(walking, "open_quietly", heard.open)
    monkeypatch.setattr(recording, "record_walk", record)
    plain = GanInputs(3, truncation=0.5, edits=(("age", 2.0),), mix_seed=4, mix_stages=(4,))
    free = SubnetChoice(widths=(0.5, 0.25), rule="anycost", resolution=16)
    seeds = Walk(WalkRoute((plain, replace(plain, seed=8), replace(plain, seed=5)), eased=True), 9)
    line = walk_command(ref(), seeds, Drawn(free), "a.gif")
    assert "--pin" not in line
    said(line, heard)
    other = GanInputs(9, noise=0.0, truncation_cutoff=2, edits=(("it's", -1.5), ("true", 1.0)))
    pins = Walk(WalkRoute((plain, other), closed=True), 12, 1.5)
    said(walk_command(ref(), pins, Drawn(SubnetChoice(width=0.5)), "a.gif"), heard)
    back = replace(pins, route=replace(pins.route, closed=False), back=True)
    said(walk_command(ref(), back, Drawn(SubnetChoice()), "a.gif"), heard)
    assert found == [seeds, pins, back]


def test_a_training_reads_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = []

    class Run:
        def __init__(self, model: str, output: Path, options: Any, *, resume: bool) -> None:
            found.append((model, str(output), options, resume))
            raise Stop("heard")

    monkeypatch.setattr("studio.training.elastic.job.ElasticRun", Run)
    out = str(tmp_path / "it's.safetensors")
    told = ElasticOptions(
        minutes=2.5,
        widths=(0.3, 1.0),
        seed=4,
        batch=2,
        threads=3,
        keep_full=False,
        data="/my, data",
    )
    for options, resume in (
        (ElasticOptions(), False),
        (told, True),
        (ElasticOptions(steps=7), False),
    ):
        words = shlex.split(elastic_command(ref(), options, out, resume=resume))[1:]
        assert CliRunner().invoke(COMMAND, words).stderr.strip() == "heard"
        assert found[-1] == (ref().path, out, options, resume)


def test_lines_without_a_picture() -> None:
    model = ref(embedded="clay-heads")
    assert inspect_command(model) == "maquette inspect clay-heads"
    assert convert_command(model, "a.safetensors", sort=True) == (
        "maquette convert clay-heads --output a.safetensors --sort"
    )
    assert directions_command(model, 5, "coarse") == (
        "maquette directions clay-heads --count 5 --stages coarse"
    )
    assert sensitivity_command(model, wanted=36.5, samples=16) == (
        "maquette sensitivity clay-heads --wanted 36.5 --samples 16"
    )
    assert shlex.split(compress_command(model, LINE, "-o.safetensors")) == [
        "maquette", "compress", "clay-heads", "--recipe", LINE, "--output", "./-o.safetensors",
    ]  # fmt: skip
