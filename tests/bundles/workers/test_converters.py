"""What every converter declares: named packages, places, and sentences where it cannot be."""

from __future__ import annotations

import platform
import re
import sys
from dataclasses import replace

import pytest

from studio.bundles.workers.converters import CONVERTERS, Converter, converter_named
from studio.bundles.workers.environments import agreement
from studio.errors import BadChoice
from tests.bundles.workers.made import TINY

every_converter = pytest.mark.parametrize("converter", CONVERTERS, ids=lambda c: c.name)


@every_converter
def test_every_package_is_pinned_once(converter: Converter) -> None:
    lines = [line for line in converter.text.splitlines() if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
    names = [each.name.lower() for each in converter.packages]
    assert len(names) == len(set(names)) == len(lines)


@every_converter
def test_the_agreement_names_all_that_comes(converter: Converter) -> None:
    agreed = agreement(converter)
    assert agreed.packages == tuple(str(each) for each in converter.packages)
    for package in agreed.packages:
        assert package in agreed.sentence
    assert agreed.disk > agreed.download > 1_000_000


def test_core_ml_needs_no_torch() -> None:
    assert "torch" not in {each.name for each in converter_named("coreml").packages}


def test_comments_are_no_packages() -> None:
    assert [str(each) for each in TINY.packages] == ["tinyconv 1.0", "tiny_helper 2.5"]


def test_another_version_is_another_digest() -> None:
    other = replace(TINY, requirements="tinyconv==1.1\ntiny_helper==2.5")
    same = replace(TINY, requirements="tinyconv==1.0\n\ntiny_helper==2.5")
    assert other.digest != TINY.digest
    assert same.digest == TINY.digest


def test_a_host_without_packages_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(platform, "machine", lambda: "AMD64")
    assert converter_named("coreml").refusal() == (
        "coremltools 9.0 has no package for Windows on x86_64; it has for Linux on x86_64 and "
        "macOS on arm64"
    )
    assert converter_named("executorch").refusal() == ""


def test_a_python_without_packages_is_told_so() -> None:
    old = replace(TINY, pythons=((3, 8), (3, 9)))
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert old.refusal() == f"tinyconv 1.0 was not made for Python {here}; it was for 3.8 to 3.9"
    assert TINY.refusal() == ""


def test_core_ml_is_made_here_and_not_run_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert converter_named("coreml").runs_here() == (
        "coremltools converts on Linux, but Core ML models run on macOS only"
    )
    monkeypatch.setattr(sys, "platform", "darwin")
    assert converter_named("coreml").runs_here() == ""


def test_a_name_that_is_none() -> None:
    with pytest.raises(BadChoice, match="'onnx' is no converter; there are coreml, litert, exec"):
        converter_named("onnx")
