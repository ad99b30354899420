"""Command lines of what is on show: the program's own parser gives back what went in."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.main import get_command

from studio.commands import app, comparing, rendering
from studio.engine import drawing
from studio.errors import MaquetteError
from studio.families.inputs import MAX_SEED, GanInputs
from studio.fidelity import measure as measuring
from studio.runtimes.target import Target
from studio.session.as_command import Drawn, compare_commands, render_command
from studio.session.document import ModelRef
from studio.subnets.choice import SubnetChoice
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
    for module in (rendering, comparing):
        opener = "open_any" if module is rendering else "open_quietly"
        monkeypatch.setattr(module, opener, found.open)
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
