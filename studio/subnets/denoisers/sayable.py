"""Which left-out blocks a denoiser's own configuration can say, and how. Imports no torch.

Transformers of diffusers count their blocks, so any of them can go and the others close up. A U-Net
counts its layers together with the skip connections, which have to stay: it can lose the attention
of a whole stage (a stage of another type), transformer blocks within an attention, and its middle.
Widths inside of blocks follow from the trunk's and are never said.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

_LISTS: Mapping[str, Mapping[str, str]] = {
    "DiTTransformer2DModel": {"transformer_blocks": "num_layers"},
    "PixArtTransformer2DModel": {"transformer_blocks": "num_layers"},
    "SD3Transformer2DModel": {"transformer_blocks": "num_layers"},
    "FluxTransformer2DModel": {
        "transformer_blocks": "num_layers",
        "single_transformer_blocks": "num_single_layers",
    },
}
"""Lists of blocks of each class, with the field that counts them."""
_WITHOUT_ATTENTION = {
    "CrossAttnDownBlock2D": "DownBlock2D",
    "CrossAttnUpBlock2D": "UpBlock2D",
    "AttnDownBlock2D": "DownBlock2D",
    "AttnUpBlock2D": "UpBlock2D",
}
_CROSS_MIDDLE = "UNetMidBlock2DCrossAttn"


@dataclass(frozen=True)
class Said:
    """A smaller configuration.

    Args:
        config: fields that change.
        gone: blocks that it leaves out.
        moved: paths of blocks that get another number, with the new ones.
    """

    config: Mapping[str, Any] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    moved: Mapping[str, str] = field(default_factory=dict)

    def renamed(self, name: str) -> str:
        """A tensor's name in the smaller network."""
        for old, new in self.moved.items():
            if name.startswith(f"{old}."):
                return new + name.removeprefix(old)
        return name


def said(runs: str, config: Mapping[str, Any], skipped: Collection[str], names: Any) -> Said:
    """How a configuration says as many of the left-out blocks as it can.

    Args:
        runs: the denoiser's class. config: its own. skipped: paths of blocks that are left out.
        names: paths of all its modules.
    """
    left = frozenset(skipped)
    if not left:
        return Said()
    if runs in _LISTS:
        return _lists(_LISTS[runs], runs, config, left, frozenset(names))
    if runs == "UNet2DConditionModel":
        return _conditional(config, left, frozenset(names))
    if runs == "UNet2DModel":
        return _unconditional(config, left, frozenset(names))
    return Said()


def _lists(
    lists: Mapping[str, str],
    runs: str,
    config: Mapping[str, Any],
    skipped: frozenset[str],
    names: frozenset[str],
) -> Said:
    changed: dict[str, Any] = {}
    gone: set[str] = set()
    moved: dict[str, str] = {}
    for stem, key in lists.items():
        count = _length(stem, names)
        out = {at for at in range(count) if f"{stem}.{at}" in skipped}
        # The last block of SD3 is made differently; one block has to be there.
        out -= {count - 1} if runs.startswith("SD3") else set()
        if len(out) == count:
            out.discard(0)
        if not out:
            continue
        left = [at for at in range(count) if at not in out]
        gone |= {f"{stem}.{at}" for at in out}
        moved |= {f"{stem}.{at}": f"{stem}.{new}" for new, at in enumerate(left) if at != new}
        changed[key] = len(left)
        if runs.startswith("SD3") and (dual := config.get("dual_attention_layers")):
            changed["dual_attention_layers"] = [left.index(at) for at in dual if at in left]
    return Said(changed, frozenset(gone), moved)


def _conditional(config: Mapping[str, Any], skipped: frozenset[str], names: frozenset[str]) -> Said:
    changed, gone = _stages(config, skipped, names)
    moved: dict[str, str] = {}
    middle = config.get("mid_block_type", _CROSS_MIDDLE)
    parts = [f"mid_block.{each}" for each in ("resnets.0", "attentions.0", "resnets.1")]
    if middle == _CROSS_MIDDLE and parts[1] in skipped:
        out = [each for each in parts if each in skipped]
        if len(out) == len(parts):
            changed["mid_block_type"] = None
            gone.update(out)
        elif len(out) == 2:
            changed["mid_block_type"] = "UNetMidBlock2D"
            gone.update(out)
            if parts[0] in out:
                moved[parts[2]] = parts[0]
    depths = _depths(config, skipped - gone, names, changed)
    if depths is not None:
        changed |= depths.config
        gone |= depths.gone
        moved |= depths.moved
    return Said(changed, frozenset(gone), moved)


def _unconditional(
    config: Mapping[str, Any], skipped: frozenset[str], names: frozenset[str]
) -> Said:
    changed: dict[str, Any] = {}
    gone: set[str] = set()
    # Stages with attention may change their size by other means.
    if config.get("downsample_type", "conv") == config.get("upsample_type", "conv") == "conv":
        changed, gone = _stages(config, skipped, names)
    parts = [f"mid_block.{each}" for each in ("resnets.0", "attentions.0", "resnets.1")]
    if parts[1] in skipped and config.get("mid_block_type", "UNetMidBlock2D") == "UNetMidBlock2D":
        if skipped.issuperset(parts):
            changed["mid_block_type"] = None
            gone.update(parts)
        else:
            changed["add_attention"] = False
            gone.add(parts[1])
    return Said(changed, frozenset(gone))


def _stages(
    config: Mapping[str, Any], skipped: frozenset[str], names: frozenset[str]
) -> tuple[dict[str, Any], set[str]]:
    """Stages all of whose attention is left out, as stages of a type without."""
    changed: dict[str, Any] = {}
    gone: set[str] = set()
    for side in ("down", "up"):
        key = f"{side}_block_types"
        types = list(config.get(key) or ())
        for at, named in enumerate(types):
            stem = f"{side}_blocks.{at}.attentions"
            parts = {f"{stem}.{number}" for number in range(_length(stem, names))}
            if named in _WITHOUT_ATTENTION and parts and parts <= skipped:
                types[at] = _WITHOUT_ATTENTION[named]
                gone |= parts
                changed[key] = types
    return changed, gone


def _depths(
    config: Mapping[str, Any],
    skipped: frozenset[str],
    names: frozenset[str],
    changed: Mapping[str, Any],
) -> Said | None:
    """Transformer blocks within attentions, which a U-Net counts one attention at a time; None
    where none is left out.

    The middle takes its number from the first attention of the last stage on the way down, so
    where the two differ, the one with fewer keeps some that are zero.
    """
    if not any(".transformer_blocks." in each for each in skipped):
        return None
    types = {
        side: list(changed.get(f"{side}_block_types", config.get(f"{side}_block_types")) or ())
        for side in ("down", "up")
    }
    stems: dict[tuple[str, int], list[str]] = {}
    for side, named in types.items():
        for at, kind in enumerate(named):
            stem = f"{side}_blocks.{at}.attentions"
            count = _length(stem, names) if kind.startswith("CrossAttn") else 0
            stems[side, at] = [f"{stem}.{number}" for number in range(count)]
    every = [each for found in stems.values() for each in found]
    middle = "mid_block.attentions.0"
    has_middle = middle in names and changed.get("mid_block_type", _CROSS_MIDDLE) == _CROSS_MIDDLE
    every += [middle] if has_middle else []
    runs = {each: _running(each, skipped, names) for each in every}
    wanted = {each: max(1, len(found)) for each, found in runs.items()}
    last = stems["down", len(types["down"]) - 1]
    if has_middle and last:
        wanted[middle] = wanted[last[0]] = max(wanted[middle], wanted[last[0]])
    gone: set[str] = set()
    moved: dict[str, str] = {}
    for each, found in runs.items():
        stem = f"{each}.transformer_blocks"
        count = _length(stem, names)
        # Those that are left out and stay as zeros are the first ones.
        spare = [at for at in range(count) if at not in found][: wanted[each] - len(found)]
        stay = sorted([*found, *spare])
        gone |= {f"{stem}.{at}" for at in range(count) if at not in stay}
        moved |= {f"{stem}.{at}": f"{stem}.{new}" for new, at in enumerate(stay) if new != at}
    down = [[wanted[each] for each in stems["down", at]] for at in range(len(types["down"]))]
    up = [[wanted[each] for each in stems["up", at]] for at in range(len(types["up"]))]
    if has_middle and not last:
        down[-1] = [wanted[middle]]
    plain = [_one(each) for each in down], [_one(each) for each in up]
    fields = {
        "transformer_layers_per_block": plain[0],
        "reverse_transformer_layers_per_block": plain[1],
    }
    return Said(fields, frozenset(gone), moved)


def _one(counts: list[int]) -> int | list[int]:
    """A number where all are equal, as configurations usually have it."""
    if not counts:
        return 1
    return counts[0] if len(set(counts)) == 1 else counts


def _running(attention: str, skipped: frozenset[str], names: frozenset[str]) -> list[int]:
    stem = f"{attention}.transformer_blocks"
    return [at for at in range(_length(stem, names)) if f"{stem}.{at}" not in skipped]


def _length(stem: str, names: frozenset[str]) -> int:
    count = 0
    while f"{stem}.{count}" in names:
        count += 1
    return count
