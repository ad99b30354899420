"""The real window on a fake engine, with a translation model in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.families.translation.info import TranslationInfo
from tests.families.translation.projects import RESNET, SPADE
from tests.families.translation.small import small_model

SUPER = replace(RESNET, stem=16, down=(32, 64), blocks=(64,) * 9, up=(32, 16))


def info_of(sizes=SUPER, key="trans", **fields) -> TranslationInfo:
    """What the window knows of a model of these sizes."""
    path = f"/models/{key}.safetensors"
    return replace(small_model(sizes).info, key=key, path=path, name=key, **fields)


@pytest.fixture
def pictured(window, stage, qapp):
    """The window with a supernet that turns pictures into pictures."""
    from tests.widgets.conftest import settle, use

    use(stage, info_of())
    settle(stage, qapp)
    return window


@pytest.fixture
def labelled(window, stage, qapp):
    """The window with a model that takes label maps of eight labels."""
    from tests.widgets.conftest import settle, use

    use(stage, info_of(replace(SPADE, inputs=8), "labels"))
    settle(stage, qapp)
    return window
