"""A package with one working technique, to start one's own from. Imports no torch."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

from studio.errors import BadChoice, MaquetteError, cause_of
from studio.processes.aside import folder_written_aside

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST = 40

_PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "maquette-@name@"
version = "0.1.0"
description = "The technique @name@ for Maquette."
requires-python = ">=3.11"
dependencies = ["maquette"]

[project.entry-points."maquette.techniques"]
@name@ = "@package@.technique:TECHNIQUE"

[tool.hatch.build.targets.wheel]
packages = ["@package@"]

[tool.pytest.ini_options]
pythonpath = ["."]
"""

_README = """\
# @title@ for Maquette

`@package@/params.py` declares the parameters: panel, command-line help, checks and messages come
from there. `@package@/technique.py` does the work; it imports torch inside functions only.

    python -m pytest                              # what every technique must do
    pip install -e .                              # into the environment that Maquette runs in
    maquette techniques --allow maquette-@name@   # agree to run this package's code
    maquette compress clay-heads --recipe example.yaml -o smaller.safetensors
"""

_RECIPE = """\
maquette_recipe: 1
name: example
steps:
  - technique: @name@
    version: 1
    params:
      bits: 6
"""

_INIT = '''\
"""The technique @name@ for Maquette."""
'''

_PARAMS = '''\
"""What @name@ takes. Imports pydantic alone."""

from __future__ import annotations

from pydantic import Field

from studio.recipes.contract import Params


class @class@Params(Params):
    """The parameters; every one has bounds, a default and a description."""

    bits: int = Field(
        default=8,
        ge=2,
        le=16,
        title="Bits",
        description="Weights of a layer are rounded to two to the power of this many steps.",
        json_schema_extra={"search": [4, 6, 8]},
    )
'''

_TECHNIQUE = '''\
"""An example that works: rounds the weights of every convolution to a grid."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from @package@.params import @class@Params
from studio.recipes.contract import Baked, Context, LayerReport, Report, Technique

if TYPE_CHECKING:
    from studio.families.info import ModelInfo
    from studio.families.model import Model

BYTES = 4  # of a float32


class @class@(Technique):
    """Rounds weights."""

    name = "@name@"
    title = "@title@"
    summary = "Round the weights of every convolution to a grid."
    params = @class@Params
    after = ("subnet",)

    def applies_to(self, info: ModelInfo) -> str | None:
        return None if info.family == "stylegan" else f"it knows no models of {info.family}"

    def transform(self, model: Model, params: @class@Params, context: Context) -> Baked:
        from studio.families.model import Model
        from studio.families.stylegan.network import StyleGan2

        tensors = dict(model.network.state_dict())
        size = BYTES * sum(tensor.numel() for tensor in tensors.values())
        names = [name for name in tensors if name.startswith("layers.") and tensors[name].ndim == 4]
        layers = []
        for index, name in enumerate(names):
            context.progress(index / len(names), f"rounding {name}")
            weight = tensors[name]
            step = 2 * weight.abs().max() / 2**params.bits
            # A new tensor: the model that was given must stay as it is.
            tensors[name] = (weight / step).round() * step if step > 0 else weight.clone()
            error = float((tensors[name] - weight).norm() / weight.norm().clamp_min(1e-12))
            stored = BYTES * weight.numel()
            layers.append(
                LayerReport(
                    name.removesuffix(".weight"),
                    detail=f"rounded to {params.bits} bits",
                    bytes_before=stored,
                    bytes_after=stored,
                    error=error,
                )
            )
        network = StyleGan2.from_tensors(model.info.config, tensors)
        summary = f"{len(layers)} layers rounded to {params.bits} bits"
        made = Model(replace(model.info), network, model.directions)
        return Baked(made, Report(summary, tuple(layers), size, size, size, size))


TECHNIQUE = @class@
'''

_TEST = '''\
"""The technique does what every technique must, and what it is for."""

from __future__ import annotations

import pytest

from @package@.technique import @class@
from studio.recipes.contract import Context
from studio.recipes.testing import CHECKS, case


@pytest.mark.parametrize("params", [{}, {"bits": 4}])
@pytest.mark.parametrize("check", CHECKS, ids=[check.__name__ for check in CHECKS])
def test_it_conforms(check, params) -> None:
    check(case(@class@, params))


def test_few_steps_are_left() -> None:
    each = case(@class@, {"bits": 2})
    made = each.technique.transform(each.model, each.params, Context()).model
    for layer in made.network.layers:
        assert len(layer.weight.unique()) <= 5
'''

_FILES = {
    "pyproject.toml": _PROJECT,
    "README.md": _README,
    "example.yaml": _RECIPE,
    "@package@/__init__.py": _INIT,
    "@package@/params.py": _PARAMS,
    "@package@/technique.py": _TECHNIQUE,
    "tests/test_@module@.py": _TEST,
}


def write_skeleton(name: str, folder: Path) -> Path:
    """Write the package ``maquette-<name>`` into ``folder`` and return where it lies.

    Raises:
        BadChoice: the name is not one that a technique can have.
        MaquetteError: it is there already, or cannot be written.
    """
    if not _NAME.fullmatch(name) or len(name) > LONGEST:
        raise BadChoice(
            f"'{name}' is not a name for a technique; accepted are lower-case letters, digits and "
            f"single dashes, at most {LONGEST}, such as round-weights"
        )
    module = name.replace("-", "_")
    words = {
        "@name@": name,
        "@module@": module,
        "@package@": f"maquette_{module}",
        "@class@": "".join(part.capitalize() for part in name.split("-")),
        "@title@": name.replace("-", " ").capitalize(),
    }
    target = folder / f"maquette-{name}"
    if target.exists():
        raise MaquetteError(f"cannot write {target}: it is there already")
    try:
        with folder_written_aside(target, secrets.token_hex(8)) as made:
            for path, text in _FILES.items():
                file = made / _filled(path, words)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(_filled(text, words), encoding="utf-8")
    except OSError as error:
        raise MaquetteError(f"cannot write {target}: {cause_of(error)}") from error
    return target


def _filled(text: str, words: dict[str, str]) -> str:
    for word, meaning in words.items():
        text = text.replace(word, meaning)
    return text
