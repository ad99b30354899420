"""A technique from outside whose work fails."""

from __future__ import annotations

from studio.recipes.contract import Baked, Context, Params, Technique


class Raises(Technique):
    """Raises in ``transform``."""

    name = "raises"
    title = "Raises"
    summary = "Fail."
    params = Params

    def transform(self, model, params, context: Context) -> Baked:
        raise ValueError("the sky\nis falling")


TECHNIQUE = Raises
