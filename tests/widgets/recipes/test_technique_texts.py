"""What the techniques here show can be translated, and names are written as names."""

from __future__ import annotations

from studio.recipes.registry import described, load_registry
from widgets.recipes.fields import fields_of, for_family
from widgets.recipes.technique_texts import NAMES, TEXTS, value_name

BUILT_IN = (
    "subnet", "prune", "lowrank", "int8", "distil", "elastic_denoiser", "reuse",
    "fewer_steps",
)  # fmt: skip
FAMILIES = ("stylegan", "translation", "diffusion")
ALIKE = {"px", "%", "dB", "auto"}
"""The same in every language."""


def test_every_text_of_the_techniques_here_is_listed_for_translation():
    registry = load_registry()
    found = set()
    for entry in registry.entries:
        if entry.name in BUILT_IN:
            known = described(entry)
            found |= {known.title, known.summary, known.not_first}
            for schema in (known.schema, *(for_family(known.schema, f) for f in FAMILIES)):
                for field in fields_of(schema):
                    found |= {field.title, field.description, field.unit}
                    found |= {value_name(choice) for choice in field.choices}
    assert found - {""} - ALIKE - set(TEXTS) == set()
    assert set(TEXTS) - found == set()


def test_names_are_written_as_names_and_other_values_as_they_are(qapp):
    assert [value_name(each) for each in ("svd", "l2", "taylor", "mine", 3)] == [
        "SVD", "L2", "Taylor", "mine", "3"
    ]  # fmt: skip
    assert set(NAMES.values()) <= set(TEXTS)
