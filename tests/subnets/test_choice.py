"""From a choice to channel counts: the rules, their limits, and sentences for the rest."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import BadChoice
from studio.families.inputs import GanInputs
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import cost
from studio.subnets.describe import in_words, picture_metadata, variant_name
from studio.subnets.ladder import ladder
from tests.families.small import small_config, small_model
from tests.subnets.test_cost import CONFIG_F

CONFIG = small_config()


def test_literal_takes_that_share_of_every_layer() -> None:
    assert resolve(SubnetChoice(width=0.5), CONFIG).channels == (12, 12, 12, 10, 8, 8, 6, 6)
    assert resolve(SubnetChoice(width=0.01), CONFIG).channels == (1,) * 8
    assert resolve(SubnetChoice(width=0.7), small_config((10,) * 4)).channels == (7,) * 4


def test_anycost_multiplies_before_it_clamps() -> None:
    half = resolve(SubnetChoice(width=0.5, rule="anycost"), CONFIG_F).channels
    assert half == (512,) * 8 + (256, 256, 128, 128, 64, 64, 32, 32, 16, 16)
    assert resolve(SubnetChoice(rule="anycost"), CONFIG_F).channels == CONFIG_F.channels


@given(
    width=st.floats(allow_nan=True, allow_infinity=True),
    widths=st.none() | st.lists(st.floats() | st.integers(-3, 40), max_size=9).map(tuple),
    rule=st.sampled_from(["literal", "anycost", "other"]),
    resolution=st.none() | st.integers(-4, 70),
)
def test_any_choice_is_a_subnet_or_a_sentence(
    width: float, widths: tuple[float, ...] | None, rule: str, resolution: int | None
) -> None:
    choice = SubnetChoice(width, rule, widths, resolution)  # type: ignore[arg-type]
    try:
        subnet = resolve(choice, CONFIG)
    except BadChoice:
        return
    assert subnet.resolution in CONFIG.resolutions
    assert all(1 <= c <= full for c, full in zip(subnet.channels, CONFIG.channels, strict=True))
    price = cost(CONFIG, subnet)
    whole = cost(CONFIG, resolve(SubnetChoice(), CONFIG))
    assert 0 < price.macs <= whole.macs
    assert 0 < price.parameters <= whole.parameters


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 0.0, -1.0])
def test_numbers_that_are_no_widths(bad: float) -> None:
    with pytest.raises(BadChoice):
        resolve(SubnetChoice(width=bad), CONFIG)
    with pytest.raises(BadChoice):
        resolve(SubnetChoice(widths=(1.0, 1.0, bad, 0.5)), CONFIG)


def test_names() -> None:
    assert variant_name(SubnetChoice()) == "full"
    assert variant_name(SubnetChoice(width=0.5)) == "width 0.5"
    assert variant_name(SubnetChoice(width=0.5, resolution=64)) == "width 0.5, 64 px"
    assert variant_name(SubnetChoice(resolution=64)) == "full width, 64 px"
    assert variant_name(SubnetChoice(width=0.25, rule="anycost")) == "width 0.25 (anycost rule)"
    assert variant_name(SubnetChoice(widths=(8, 16, 4, 2))) == "widths 8/16/4/2"


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0"), (999, "999"), (1000, "1 k"), (12_345, "12.3 k"), (75.11e9, "75.1 G")],
)
def test_counts_in_words(count: float, words: str) -> None:
    assert in_words(count) == words


def test_metadata_holds_the_whole_choice() -> None:
    info = small_model().info
    (_, app), (key, text) = picture_metadata(info, GanInputs(seed=3), SubnetChoice(width=0.5))
    assert app.startswith("Maquette ")
    assert key == "maquette"
    assert '"seed": 3' in text
    assert '"width": 0.5' in text


def test_the_ladder_is_what_the_model_was_trained_for() -> None:
    assert ladder(small_model().info) == (0.5,)
