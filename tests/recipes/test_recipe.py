"""Recipes as values and as text: what is written comes back, what is no recipe is refused."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from studio.errors import BadRecipe, MaquetteError, RefusedFile
from studio.places import assets_dir
from studio.recipes import recipe as recipes
from studio.recipes.recipe import (
    Recipe,
    Step,
    from_text,
    migrated,
    read_recipe,
    to_json,
    to_text,
    write_recipe,
)
from studio.recipes.values import Values

TWO = Recipe(
    "two steps",
    (
        Step("subnet", params={"width": 0.25, "widths": [1, 0.5], "resolution": None}),
        Step("prune", 2, on=False),
    ),
)
TEXT = """\
maquette_recipe: 1
name: two steps
steps:
  - technique: subnet
    version: 1
    params:
      resolution: null
      width: 0.25
      widths: [1, 0.5]
  - technique: prune
    version: 2
    on: false
"""


def refusal(text: str) -> str:
    with pytest.raises(BadRecipe) as caught:
        from_text(text)
    sentence = str(caught.value)
    assert len(sentence) < 300
    assert "\n" not in sentence
    return sentence


def one_step(params: str) -> str:
    return f"maquette_recipe: 1\nsteps:\n  - technique: a\n    version: 1\n    params: {params}\n"


def test_the_text_of_a_recipe_is_this_and_reads_back() -> None:
    assert to_text(TWO) == TEXT
    assert from_text(TEXT) == TWO
    assert from_text(TEXT.replace("\n", "\r\n")) == TWO


def test_values_that_look_like_others_keep_their_kind() -> None:
    params = {"a": "true", "b": "on", "c": "1", "d": 1e-7, "e": 1.0, "f": "", "g": [], "h": "null"}
    params |= {"i": "2020-01-01", "j": "0x1F", "k": "1:30", "l": "모델", "m": {"n": [[1, 2], [3]]}}
    back = from_text(to_text(Recipe(steps=(Step("a", params=params),)))).steps[0].params
    assert dict(back) == {**params, "g": (), "m": Values({"n": ((1, 2), (3,))})}
    assert [type(back[name]) for name in "acde"] == [str, str, float, float]


def test_numbers_and_switches_are_those_that_people_mean() -> None:
    read = from_text(one_step("{a: 1e-3, b: on, c: yes, d: 010, e: 1:30, f: .5}")).steps[0].params
    assert dict(read) == {"a": 0.001, "b": "on", "c": "yes", "d": 10, "e": "1:30", "f": 0.5}


@pytest.mark.parametrize("fence", ["```", "```yaml", "~~~", "    ```"])
def test_a_recipe_comes_back_out_of_a_chat(fence: str) -> None:
    close = fence.removesuffix("yaml")
    indent = " " * (len(fence) - len(fence.lstrip()))
    body = "".join(f"{indent}{line}\n" for line in TEXT.splitlines())
    assert from_text(f"Try this one:\n\n{fence}\n{body}{close}\nIt is quick.") == TWO
    other = "```\npip install maquette\n```\nand then\n"
    assert from_text(f"{other}{fence}\n{body}{close}\n") == TWO


def test_recipes_are_values() -> None:
    same = from_text(TEXT)
    assert hash(same) == hash(TWO)
    assert pickle.loads(pickle.dumps(TWO)) == TWO
    assert to_json(same) == to_json(TWO)
    given = [1.0, 0.5]
    step = Step("a", params={"widths": given})
    given.append(0.25)
    assert step.params["widths"] == (1.0, 0.5)
    with pytest.raises(TypeError):
        step.params["widths"] = ()  # type: ignore[index]


def test_steps_are_inserted_moved_replaced_and_removed() -> None:
    a, b, c = (Step(name) for name in "abc")
    three = Recipe("r", (a, b)).inserted(1, c)
    assert three.steps == (a, c, b)
    assert three.moved(0, 2).steps == (c, b, a)
    assert three.moved(2, 0).steps == (b, a, c)
    assert three.without(1).steps == (a, b)
    off = Step("c", on=False)
    assert three.with_step(1, off).active == ((1, a), (3, b))


def test_aliases_anchors_and_tags_are_refused_with_their_line() -> None:
    laughs = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    assert "line 1: anchors and aliases" in refusal(laughs)
    assert "line 5: anchors and aliases" in refusal(one_step("*a"))
    for tag in ("!!python/object/apply:os.system [ls]", "!!binary aaaa", "!x 1", "!!set {a}"):
        assert "line 5: the tag" in refusal(one_step(tag))
    assert refusal(one_step("{<<: {a: 1}, <<: {b: 2}}")).endswith("the name << stands there twice")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no line “maquette_recipe: 1”"),
        ("just words", "no line “maquette_recipe: 1”"),
        ("[" * 5000, "levels deep"),
        ("{" * 30 + "}" * 30, "levels deep"),
        ("a: [", "line 1"),
        ("a: 1\n---\nb: 2", "another document"),
        ("maquette_recipe: 1\nmaquette_recipe: 1", "stands there twice"),
        ("`" * 65_000, "cannot start any token"),
        (" " * 65_000, "no line"),
        ("```\n" * 16_000, "no line"),
        ("x" * 70_000, "at most 65536"),
        ("\x00", "characters that no text has"),
        (f"maquette_recipe: {'9' * 5000}", "too many digits"),
        ("maquette_recipe: 2", "the field maquette_recipe is 2; this version of Maquette reads 1"),
        ("maquette_recipe: true", "maquette_recipe is True"),
        ("maquette_recipe: 1\nstep: []", "the field step is not known; it has maquette_recipe"),
        ("maquette_recipe: 1\nname: [a]", "the field name"),
        ("maquette_recipe: 1\nsteps: 5", "the field steps is not a list"),
        ("maquette_recipe: 1\nsteps: [5]", "step 1 is not a step"),
        ("maquette_recipe: 1\nsteps: [{version: 1}]", "step 1: the field technique"),
        ("maquette_recipe: 1\nsteps: [{technique: ../x, version: 1}]", "the field technique"),
        ("maquette_recipe: 1\nsteps: [{technique: a}]", "step 1 (a): the field version"),
        (
            "maquette_recipe: 1\nsteps: [{technique: a, version: 0}]",
            "step 1 (a): the field version",
        ),
        ("maquette_recipe: 1\nsteps: [{technique: a, version: 1, on: 1}]", "the field on"),
        ("maquette_recipe: 1\nsteps: [{technique: a, version: 1, off: 1}]", "the field off is not"),
        (f"maquette_recipe: 1\n{'y' * 900}: 1", "the field yyyyyy"),
        (f"maquette_recipe: 1\nsteps: !{'y' * 9000} []", "line 2: the tag !yyyy"),
        (f"maquette_recipe: {'y' * 9000}", "maquette_recipe is yyyy"),
        (one_step(f"{{{'y' * 99}: 1, {'y' * 99}: 2}}"), "the name yyyy"),
        (one_step("[1]"), "step 1 (a): the field params"),
        (one_step("{x: .nan}"), "in the field params, nan is not a finite number"),
        (one_step("{x: -.inf}"), "in the field params, -inf is not a finite number"),
        (one_step("{1: 2}"), "1 is not the name of a field"),
        (one_step("{? [a] : 2}"), "a name was expected"),
    ],
)
def test_what_is_no_recipe_is_refused_in_one_sentence(text: str, words: str) -> None:
    assert words in refusal(text)


def test_more_steps_than_anybody_needs_are_refused() -> None:
    steps = ", ".join(["{technique: a, version: 1}"] * 65)
    assert "at most 64 steps" in refusal(f"maquette_recipe: 1\nsteps: [{steps}]")


def test_older_forms_are_brought_up_one_by_one() -> None:
    migrations = {
        1: lambda raw: {**raw, "steps": raw["stages"]},
        2: lambda raw: {key: value for key, value in raw.items() if key != "stages"},
    }
    old = {"maquette_recipe": 1, "stages": ["x"]}
    assert migrated(old, migrations, 3) == {"maquette_recipe": 3, "steps": ["x"]}
    assert old == {"maquette_recipe": 1, "stages": ["x"]}
    with pytest.raises(BadRecipe, match="is 4; this version of Maquette reads 1, 2, 3"):
        migrated({"maquette_recipe": 4}, migrations, 3)


def test_reading_uses_the_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    def named(raw: dict[str, object]) -> dict[str, object]:
        return {**raw, "name": f"{raw['name']}, migrated"}

    monkeypatch.setattr(recipes, "migrated", lambda raw: migrated(raw, {0: named}, 1))
    assert from_text("maquette_recipe: 0\nname: old").name == "old, migrated"


def test_files_are_written_and_read(tmp_path: Path) -> None:
    file = tmp_path / "모델 하나.yaml"
    write_recipe(TWO, file)
    assert file.read_text("utf-8") == TEXT
    assert read_recipe(file) == TWO
    file.write_text("maquette_recipe: 1\n", "utf-8-sig")
    assert read_recipe(file) == Recipe("모델 하나")
    with pytest.raises(MaquetteError, match="does not exist"):
        write_recipe(TWO, tmp_path / "none" / "a.yaml")


def test_files_that_are_no_recipes_are_refused_with_their_name(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    for content in (b"\xff\xfe\x00", b"[", b"x" * 1_000_000):
        file.write_bytes(content)
        with pytest.raises(RefusedFile, match=r"a\.yaml"):
            read_recipe(file)
    with pytest.raises(RefusedFile, match="cannot read"):
        read_recipe(tmp_path / "none.yaml")
    with pytest.raises(RefusedFile, match="cannot read"):
        read_recipe(tmp_path)


def test_the_shipped_recipes_are_written_as_maquette_writes_them() -> None:
    files = sorted((assets_dir() / "recipes").glob("*.yaml"))
    assert {"draft", "balanced", "faithful"} <= {file.stem for file in files}
    for file in files:
        read = read_recipe(file)
        assert read.name == file.stem
        assert to_text(read) == file.read_text("utf-8")
