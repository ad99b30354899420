"""How the embedded pipelines are drawn from. Imports neither torch nor Qt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from studio.families.info import BaseInfo
from studio.places import embedded_name


@dataclass(frozen=True)
class Shipped:
    """What is known of an embedded pipeline beyond its folder.

    Args:
        steps, guidance: those that it was measured with, as its model card tells.
        draft_steps: the fewest of those measured.
        prompts: to try it with, in words that it knows; the first is drawn when it is opened.
    """

    steps: int
    draft_steps: int
    guidance: float
    prompts: tuple[str, ...]


CLAY_WORDS_ENGLISH = (
    "a green clay head with glasses, smiling, lit from the left",
    "a smiling pale pink clay head with a blue cap and no glasses, on a yellow background",
    "a frowning dark red clay bust with a beard, turned to the right, cool light",
    "a drowsy teal clay head with red curls and round glasses, before a purple backdrop",
    "an orange clay head with a green hat and an open mouth, facing left, warm light",
)
CLAY_WORDS_KOREAN = (
    "안경을 쓴 웃는 초록 점토 두상, 왼쪽에서 비치는 빛",
    "파란 털모자를 쓴 밝은 분홍 점토 두상, 노란 배경",
    "수염을 기른 찡그린 어두운 빨간 점토 흉상, 차가운 빛",
)
_SHIPPED = {
    "clay-words": Shipped(20, 4, 4.0, (*CLAY_WORDS_ENGLISH, *CLAY_WORDS_KOREAN)),
}


def shipped(path: str | Path) -> Shipped | None:
    """What is known of the embedded pipeline in the folder ``path``; None of any other model."""
    return _SHIPPED.get(embedded_name(Path(path)) or "")


def prompts_of(info: BaseInfo) -> tuple[str, ...]:
    """Prompts that an embedded pipeline, or what was made of one, knows the words of; none for any
    other model."""
    known = shipped(info.path) or _SHIPPED.get(info.name)
    return () if known is None else known.prompts
