"""What a bust looks like in words, English and Korean, from its scene alone."""

from __future__ import annotations

from dataclasses import dataclass

from studio.training.clay_heads.scene import ATTRIBUTES, KINDS, Scenes

# Where each colour lies on the soft wheel, in turns, with its names.
COLOURS = (
    (0.00, "red", "빨간"),
    (0.10, "orange", "주황색"),
    (0.20, "yellow", "노란"),
    (0.34, "green", "초록"),
    (0.50, "teal", "청록색"),
    (0.66, "blue", "파란"),
    (0.80, "purple", "보라색"),
    (0.91, "pink", "분홍"),
)


@dataclass(frozen=True)
class Caption:
    """One bust in one sentence, twice."""

    english: str
    korean: str


@dataclass(frozen=True)
class _Words:
    english: str
    korean: str


def _share(scenes: Scenes, name: str) -> float:
    """Where the first scene stands in an attribute's range, 0 to 1."""
    attribute = next(a for a in ATTRIBUTES if a.name == name)
    value = float(scenes.column(name)[0])
    return (value - attribute.low) / (attribute.high - attribute.low)


def _colour(scenes: Scenes, name: str) -> _Words:
    hue = float(scenes.column(name)[0])

    def off(centre: float) -> float:
        apart = abs(hue - centre) % 1.0
        return min(apart, 1.0 - apart)

    _, english, korean = min(COLOURS, key=lambda c: off(c[0]))
    return _Words(english, korean)


def _choose(share: float, low: _Words, middle: _Words, high: _Words) -> _Words:
    return low if share < 0.34 else middle if share < 0.67 else high


def _option(scenes: Scenes, name: str) -> str:
    kind = next(k for k in KINDS if k.name == name)
    return kind.options[int(scenes.option(name)[0])]


def _head(scenes: Scenes) -> _Words:
    """What is on the head, as in "with ..."."""
    hair, cloth = _colour(scenes, "hair_hue"), _colour(scenes, "cloth_hue")
    words = {
        "bald": _Words("a bald head", "대머리에"),
        "curls": _Words(f"{hair.english} curls", f"{hair.korean} 곱슬머리에"),
        "bun": _Words(f"{hair.english} hair in a bun", f"{hair.korean} 올림머리에"),
        "cap": _Words(f"a {cloth.english} knitted cap", f"{cloth.korean} 털모자를 쓰고"),
        "hat": _Words(f"a {cloth.english} hat", f"{cloth.korean} 중절모를 쓰고"),
    }
    return words[_option(scenes, "hairstyle")]


def _face(scenes: Scenes) -> _Words:
    mood = _choose(
        _share(scenes, "smile"),
        _Words("frowning", "찡그린"),
        _Words("calm", "차분한"),
        _Words("smiling", "웃는"),
    )
    lids = _choose(
        _share(scenes, "lids"),
        _Words("wide-eyed", "눈을 크게 뜬"),
        _Words("", ""),
        _Words("drowsy", "졸린"),
    )
    english = ", ".join(w for w in (mood.english, lids.english) if w)
    korean = f"{lids.korean} {mood.korean}".strip()
    return _Words(english, korean)


def caption(scenes: Scenes) -> Caption:
    """Describe the first of ``scenes``.

    >>> from studio.training.clay_heads.scene import scene_from_z, Z_DIM
    >>> import torch
    >>> caption(scene_from_z(torch.zeros(1, Z_DIM))).english.startswith("A calm clay bust")
    True
    """
    face, head = _face(scenes), _head(scenes)
    extra_en, extra_ko = [head.english], [head.korean]
    if _option(scenes, "glasses") == "glasses":
        extra_en.append("round glasses")
        extra_ko.append("둥근 안경을 쓰고")
    if _option(scenes, "beard") == "beard":
        hair = _colour(scenes, "hair_hue")
        extra_en.append(f"a {hair.english} beard")
        extra_ko.append(f"{hair.korean} 수염을 기르고")
    listed = extra_en[0] if len(extra_en) == 1 else f"{', '.join(extra_en[:-1])} and {extra_en[-1]}"
    tone = _choose(
        _share(scenes, "clay_tone"),
        _Words("dark", "어두운"),
        _Words("mid-toned", "중간 톤의"),
        _Words("pale", "밝은"),
    )
    clay, back = _colour(scenes, "clay_hue"), _colour(scenes, "backdrop")
    side = _choose(
        _share(scenes, "light"),
        _Words("from the left", "왼쪽에서"),
        _Words("from the front", "앞에서"),
        _Words("from the right", "오른쪽에서"),
    )
    warmth = _choose(
        _share(scenes, "warmth"),
        _Words("cool", "차가운"),
        _Words("neutral", "은은한"),
        _Words("warm", "따뜻한"),
    )
    article = "An" if face.english[0] in "aeiou" else "A"
    return Caption(
        f"{article} {face.english} clay bust with {listed}, in {tone.english} {clay.english} clay "
        f"before a {back.english} backdrop, {warmth.english} light {side.english}",
        f"{' '.join(extra_ko)} {face.korean} 얼굴의 점토 흉상, {tone.korean} {clay.korean} 점토, "
        f"{back.korean} 배경, {side.korean} 비치는 {warmth.korean} 빛",
    )
