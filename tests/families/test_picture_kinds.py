"""One list of picture files; what runs without the app has the same."""

from __future__ import annotations

from PIL import Image

from studio.bundles.template.runner import filling
from studio.families.picture_kinds import FORMATS, SUFFIXES


def test_every_suffix_is_of_a_kind_that_is_read() -> None:
    known = Image.registered_extensions()
    assert {known[suffix] for suffix in SUFFIXES} == set(FORMATS)


def test_bundles_take_the_same_files() -> None:
    assert filling.PICTURES == SUFFIXES
