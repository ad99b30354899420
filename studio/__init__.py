"""Maquette's engine: open a generator, cut a subnet, make a picture.

Importing this package is cheap: torch is loaded when a function that needs it is first called.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from studio.errors import MaquetteError
    from studio.families.inputs import GanInputs, PictureInputs
    from studio.families.opening import open_model
    from studio.subnets.choice import SubnetChoice

_WHERE = {
    "open_model": "studio.families.opening",
    "GanInputs": "studio.families.inputs",
    "PictureInputs": "studio.families.inputs",
    "SubnetChoice": "studio.subnets.choice",
    "MaquetteError": "studio.errors",
}

__all__ = [
    "GanInputs",
    "MaquetteError",
    "PictureInputs",
    "SubnetChoice",
    "__version__",
    "open_model",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'studio' has no attribute {name!r}")
    return getattr(importlib.import_module(_WHERE[name]), name)
