"""How a measurement of another computer says by which recipe its variant was made. No Qt."""

from __future__ import annotations

from functools import lru_cache

from studio.session.steps import Steps
from studio.subnets.choice import SubnetChoice

MARK = "+recipe:"  # in no key of a model


def by_recipe(model: str, digest: str) -> str:
    """Under what a document keeps measurements of a variant, of which a bundle knows the model and
    the steps alone."""
    return f"{model}{MARK}{digest}"


@lru_cache(maxsize=256)
def digest_of(steps: Steps, choice: SubnetChoice) -> str:
    """What names the steps in a bundle that was made of them."""
    from studio.bundles.imported import recipe_digest
    from studio.recipes.recipe import from_text, to_json
    from widgets.recipes.baking import recipe_text

    return recipe_digest(to_json(from_text(recipe_text(steps, choice))))
