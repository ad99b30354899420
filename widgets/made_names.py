"""What names the baked variant that steps and a subnet make, without opening it. No Qt."""

from __future__ import annotations

from functools import lru_cache

from studio.session.steps import Steps
from studio.subnets.choice import SubnetChoice


@lru_cache(maxsize=4096)
def made_name(key: str, steps: Steps, choice: SubnetChoice) -> str:
    """The name under which measurements of the variant are kept (``Measurement.made``).

    Args:
        key: of the model that the steps are applied to. Some of them are on.
    """
    from studio.engine.baked_files import baked_name
    from widgets.recipes.baking import recipe_text

    return baked_name(key, recipe_text(steps, choice))
