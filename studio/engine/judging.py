"""The measures of whole sets that a measurement is asked for, made ready."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from studio import places
from studio.errors import BadChoice
from studio.families.info import BaseInfo
from studio.fidelity.domain import judged, not_judged

if TYPE_CHECKING:
    from torch import Tensor

    from studio.fidelity.metrics import Pixels
    from studio.fidelity.sets import SetMetric

REALISM_SEEDS = 256  # pictures a set; the judge has 128 features, and a set needs more
FID_SEEDS = 256
WORLD_SEED = 910_000  # of latents that no training draws
PART = 16  # busts drawn between two words of progress
Progress = Callable[[float, str], None]


def set_metrics(
    info: BaseInfo, *, realism: bool, fid_weights: str, progress: Progress
) -> tuple[SetMetric, ...]:
    """What is to be told of whole sets of pictures.

    Args:
        realism: against the world of clay heads. fid_weights: a file with the Inception network;
            empty for no FID.

    Raises:
        BadChoice: the judge does not know what the model draws. RefusedFile: the weights are none.
    """
    found = []
    if fid_weights:
        from studio.fidelity.inception import load_inception
        from studio.fidelity.sets import SetMetric

        network = load_inception(Path(fid_weights))
        found.append(SetMetric("fid", network.features, None, FID_SEEDS, least=False))
    if realism:
        found.append(realism_metric(info, progress))
    return tuple(found)


def realism_metric(info: BaseInfo, progress: Progress, seeds: int = REALISM_SEEDS) -> SetMetric:
    """The distance of sets of pictures to as many busts of the renderer that made the world.

    Raises:
        BadChoice: the judge does not know what the model draws.
    """
    if not judged(info):
        raise BadChoice(not_judged(info))
    from studio.fidelity.judge import clay_heads_judge
    from studio.fidelity.sets import SetMetric
    from studio.subnets.choice import SubnetChoice, resolve

    reference = world_features(resolve(SubnetChoice(), info.config).resolution, seeds, progress)
    return SetMetric("realism", clay_heads_judge().features, reference, seeds)


def world_features(size: int, count: int, progress: Progress) -> Tensor:
    """What the judge makes of ``count`` drawn busts of ``size`` pixels, (count, 128); drawn once
    and kept in the cache, since drawing takes a while."""
    import torch
    from safetensors.torch import load_file, save_file

    from studio.fidelity.judge import FILE, clay_heads_judge
    from studio.processes.aside import written_aside

    judge_hash = hashlib.sha256((places.assets_dir() / FILE).read_bytes()).hexdigest()[:16]
    kept = places.cache_dir() / "realism" / f"{judge_hash}-{size}-{count}.safetensors"
    try:
        found = load_file(kept)["features"]
        if found.shape[0] == count:
            return found
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it is made anew
        pass
    from studio.training.clay_heads.data import latents
    from studio.training.clay_heads.preview import drawn

    judge, parts = clay_heads_judge(), []
    for number, part in enumerate(torch.split(latents(count, WORLD_SEED), PART)):
        progress(number * PART / count, "drawing the world that the model learnt, once")
        # In whole bytes, as the pictures of variants are.
        pictures = (drawn(part, size) * 255.0).round() / 255.0
        with torch.no_grad():
            parts.append(judge.features(pictures))
    features = torch.cat(parts)
    kept.parent.mkdir(parents=True, exist_ok=True)
    with written_aside(kept, "world") as path:
        save_file({"features": features.contiguous()}, path)
    return features


def lpips_of(weights: str) -> Callable[[Pixels, Pixels], float] | None:
    """The learned perceptual distance with the network in a file; None for an empty name.

    Raises:
        RefusedFile: the weights are none.
    """
    if not weights:
        return None
    from studio.fidelity.perceptual import load_perceptual

    return load_perceptual(Path(weights)).distance
