"""The report of a comparison: whole, on its own, honest about what it shows."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from studio.errors import MaquetteError
from studio.families.inputs import GanInputs
from studio.fidelity.measurement import Latency, Measurement, Quartiles
from studio.reporting.comparison import (
    COLUMNS,
    ReportedVariant,
    Subject,
    pictures,
    write_comparison,
)
from studio.reporting.plot import frontier, plot
from studio.subnets.choice import SubnetChoice
from tests.families.small import small_config, small_model

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


def measured(
    width: float, ms: float, flip: float, target: str = "pytorch:cpu:f32", name: str = ""
) -> Measurement:
    return Measurement(
        name or f"width {width:g}", SubnetChoice(width=width), 28.0 if flip else None, 0.9, flip,
        1000, 2000, 3000, 4000, Latency(ms, ms * 0.9, ms * 1.2), target, 2, "a processor", "1.0",
    )  # fmt: skip


FULL = measured(1.0, 10, 0.0, name="full")
HALF, QUARTER = measured(0.5, 5, 0.1), measured(0.25, 3, 0.2)
BEATEN = measured(0.75, 6, 0.15)


def test_the_frontier_is_what_nothing_beats() -> None:
    assert frontier([FULL, BEATEN, QUARTER, HALF]) == (QUARTER, HALF, FULL)
    assert frontier([]) == ()
    same = replace(HALF, name="again")
    assert frontier([HALF, same]) == (HALF,)


def test_the_plot_says_what_it_shows() -> None:
    fast = measured(0.5, 2, 0.1, "openvino:cpu:bf16")
    svg = ElementTree.fromstring(plot([FULL, HALF, QUARTER, BEATEN, fast]))
    assert svg.get("role") == "img"
    named = {svg.find("title").get("id"), svg.find("desc").get("id")}
    assert set(svg.get("aria-labelledby").split()) == named
    assert "width 0.25 on pytorch:cpu:f32" in svg.find("desc").text
    assert "width 0.75" not in svg.find("desc").text
    assert len(svg.findall("g[@class='beaten']")) == 1
    assert len(svg.findall("polyline")) == 2
    # Faster is further left, closer to full is higher up, and bars span the percentiles.
    spots = {
        g.find("title").text.partition(":")[0]: g.find("circle")
        for g in svg.findall("g")
        if "pytorch" in g.find("title").text
    }
    x = {name: float(c.get("cx")) for name, c in spots.items()}
    y = {name: float(c.get("cy")) for name, c in spots.items()}
    assert x["width 0.25, pytorch"] < x["width 0.5, pytorch"] < x["full, pytorch"]
    assert y["full, pytorch"] < y["width 0.5, pytorch"] < y["width 0.25, pytorch"]
    words = [t.text for t in svg.findall("text")]
    assert "pytorch:cpu:f32" in words
    assert "openvino:cpu:bf16" in words


def test_names_cannot_break_the_page() -> None:
    svg = plot([replace(FULL, name="<script>&"), HALF])
    assert "<script>" not in svg
    ElementTree.fromstring(svg)


class Outside(HTMLParser):
    """Collects whatever a browser would fetch, and the tags that stay open."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            fetches = name in ("src", "href", "srcset", "data", "poster") and value
            if fetches and not value.startswith("data:image/png;base64,"):
                self.fetched.append(value)


def test_the_page_is_whole_and_needs_nothing(tmp_path: Path) -> None:
    subject = Subject(
        (FULL, HALF, QUARTER),
        GanInputs(seed=5, truncation=0.7),
        GanInputs(seed=5, truncation=0.7),
        seeds=3,
        names=((HALF.choice, "나의 반"),),
        variants=(
            ReportedVariant(
                "말린 <것>",
                small_model(small_config((12,) * 8)),
                SubnetChoice(),
                "steps: <none>",
                (replace(QUARTER, choice=SubnetChoice()),),
            ),
        ),
    )
    told: list[float] = []
    path = tmp_path / "보고서.html"
    write_comparison(small_model(), subject, path, progress=lambda f, _: told.append(f), now=NOW)
    text = path.read_text("utf-8")
    page = Outside()
    page.feed(text)
    assert page.fetched == []
    assert not {"script", "link", "iframe"} & page.tags
    assert "url(" not in text
    assert "@import" not in text
    assert "prefers-color-scheme: dark" in text
    assert text.count("data:image/png;base64,") == 3 * 4
    for words in (
        "seed&nbsp;5", "seed&nbsp;7", "나의 반 (width 0.5)", "steps: &lt;none&gt;", "a processor",
        "<h2>Recipe</h2><h3>말린 &lt;것&gt;</h3>",
        "2026-03-01", "latency, ms", "weights, MB", "10th to 90th", "Source SHA-256", "openvino",
        "seeds 5 to 7, truncation 0.7", "<td>5.00</td><td>4.50-6.00</td>",
    ):  # fmt: skip
        assert words in text, words
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_many_variants_are_all_in_the_table(tmp_path: Path) -> None:
    many = tuple(measured(i / 20, i, (20 - i) / 100) for i in range(1, 21))
    path = tmp_path / "many.html"
    write_comparison(small_model(), Subject(many, seeds=1), path, now=NOW)
    text = path.read_text("utf-8")
    assert text.count("data:image/png") == COLUMNS
    assert "Median over 1 pictures, each against full" in text  # which seeds is not known
    assert f"{20 - COLUMNS} more variants are in the table only" in text
    assert len(re.findall(r"<tr><td>width|<tr><td>full", text)) == 20


def test_the_spread_is_drawn_and_in_the_table_and_variants_keep_their_names(tmp_path: Path) -> None:
    spread = Quartiles(8, (27.0, None), (0.85, 0.95), (0.05, 0.25))
    pruned = replace(FULL, name="prune ratio 0.3", made="abc", flip=0.1, psnr=28.0, spread=spread)
    svg = ElementTree.fromstring(plot([FULL, pruned]))
    drawn = {g.find("title").text: g.find("path").get("d") for g in svg.findall("g")}
    told = next(text for text in drawn if text.startswith("prune"))
    assert told.endswith("FLIP 0.100 (0.050 to 0.250)")
    # From 0.05 to 0.25 of an axis of which 0.1 is where the point stands.
    down = [float(v) for v in re.findall(r"M[\d.]+ ([\d.]+)V([\d.]+)", drawn[told])[0]]
    at = float(svg.findall("g")[1].find("circle").get("cy"))
    assert down[0] < at < down[1]
    assert (down[1] - at) / (at - down[0]) == pytest.approx(3.0, rel=0.02)
    path = tmp_path / "spread.html"
    write_comparison(small_model(), Subject((FULL, pruned), seeds=1), path, now=NOW)
    text = path.read_text("utf-8")
    for words in ("<td>prune ratio 0.3</td>", "0.100 (0.050-0.250)", "28.0 (27.0-equal)"):
        assert words in text
    assert text.count("data:image/png") == 1  # of full; the variant's own is not drawn by full
    assert "1 more variants are in the table only" in text


def test_a_place_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MaquetteError, match="does not exist"):
        write_comparison(small_model(), Subject((FULL,), seeds=1), tmp_path / "no" / "a.html")


def test_a_variant_is_drawn_by_its_own_model() -> None:
    narrow = small_model(small_config((8,) * 8))
    variant = ReportedVariant("narrow", narrow, SubnetChoice(), "steps: []", (QUARTER,))
    grid = pictures(
        small_model(), Subject((FULL, HALF), seeds=1, variants=(variant,)), lambda *_: None
    )
    assert grid.columns == ("full", "narrow", "width 0.5")
    drawn = narrow.render(GanInputs(), SubnetChoice())
    assert (grid.rows[0][1] == drawn).all()
    assert (grid.rows[0][0] != drawn).any()
