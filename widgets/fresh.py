"""The document that a newly opened model begins with."""

from __future__ import annotations

from dataclasses import replace

from studio.families.diffusion.shipped import shipped
from studio.families.info import ModelInfo
from studio.families.inputs import GanInputs
from studio.session.diffusion_source import first_words
from studio.session.document import CURRENT, FULL, NO_STEPS, Document, ModelRef
from studio.session.samples import first_source
from studio.subnets.choice import SubnetChoice
from widgets.scene import DIFFUSION, TRANSLATION


def fresh_document(info: ModelInfo, ref: ModelRef, before: Document) -> Document:
    """The document to begin with on a model: half its width where it was trained for that."""
    usable = [w for w in info.widths if 0.4 <= w < 1]
    subnet = (
        SubnetChoice(width=min(usable, key=lambda w: abs(w - 0.5))) if usable else SubnetChoice()
    )
    pictured, worded = info.family == TRANSLATION, info.family == DIFFUSION
    label = 0 if not (pictured or worded) and info.config.c_dim else None
    seed = info.seed if before.model is None else before.inputs.seed
    view = replace(before.view, side_a=FULL, side_b=CURRENT, zoom=None, centre=(0.5, 0.5))
    document = replace(
        before,
        model=ref,
        inputs=GanInputs(seed=seed, label=label),
        subnet=subnet,
        kept=(),
        recipe=NO_STEPS,
        pins=(),
        view=view,
        source=first_source(info, before.source) if pictured else before.source,
        words=(
            first_words(info.config, before.words, shipped(info.path)) if worded else before.words
        ),
    )
    return document.with_strip_at_seed()
