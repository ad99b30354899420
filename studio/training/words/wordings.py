"""Captions that name some of a bust's aspects, in English or Korean, in several wordings."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from studio.training.clay_heads.captions import COLOURS
from studio.training.words.aspects import ASPECT_NAMES, ASPECTS, COLOUR_NAMES, NOT_SAID, Said

KOREAN_COLOURS = {english: korean for _, english, korean in COLOURS}
HATS, HAIRS = ("cap", "hat"), ("curls", "bun")
FEWEST, MOST = 1, 7  # aspects in a caption

# Each option in words of which one is drawn; ``{c}`` is where its colour goes, if one is named.
_ENGLISH: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("hairstyle", "curls"): ("{c} curls", "curly {c} hair", "{c} curly hair"),
    ("hairstyle", "bun"): ("{c} hair in a bun", "a {c} bun"),
    ("hairstyle", "cap"): ("a {c} cap", "a {c} knitted cap"),
    ("hairstyle", "hat"): ("a {c} hat",),
    ("hair", ""): ("{c} hair",),
    ("cloth", ""): ("a {c} shirt",),
    ("glasses", "glasses"): ("glasses", "round glasses"),
    ("glasses", "none"): ("no glasses",),
    ("beard", "beard"): ("a {c} beard",),
    ("beard", "none"): ("no beard",),
    ("mouth", "open"): ("an open mouth",),
    ("mouth", "closed"): ("a closed mouth",),
    ("turn", "left"): ("turned left", "turned to the left", "facing left"),
    ("turn", "right"): ("turned right", "turned to the right", "facing right"),
    ("gaze", "left"): ("looking left", "looking to the left", "eyes to the left"),
    ("gaze", "right"): ("looking right", "looking to the right", "eyes to the right"),
    ("light", "left"): ("lit from the left", "light from the left"),
    ("light", "right"): ("lit from the right", "light from the right"),
    ("light", "front"): ("lit from the front", "light from the front"),
    ("warmth", "cool"): ("cool light", "in cool light"),
    ("warmth", "warm"): ("warm light", "in warm light"),
    ("backdrop", ""): (
        "before a {c} backdrop",
        "on a {c} background",
        "{c} background",
        "in front of a {c} wall",
    ),
}
_KOREAN: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("hairstyle", "bald"): ("대머리", "대머리의"),
    ("hairstyle", "curls"): ("{c} 곱슬머리의", "{c} 곱슬머리"),
    ("hairstyle", "bun"): ("{c} 올림머리의", "{c} 올림머리"),
    ("hairstyle", "cap"): ("{c} 털모자를 쓴", "{c} 털모자"),
    ("hairstyle", "hat"): ("{c} 중절모를 쓴", "{c} 중절모"),
    ("hair", ""): ("{c} 머리카락의", "{c} 머리카락"),
    ("cloth", ""): ("{c} 셔츠를 입은", "{c} 셔츠"),
    ("glasses", "glasses"): ("안경을 쓴", "둥근 안경을 쓴", "안경 쓴"),
    ("glasses", "none"): ("안경을 쓰지 않은", "안경 없는"),
    ("beard", "beard"): ("{c} 수염을 기른", "{c} 수염이 난"),
    ("beard", "none"): ("수염이 없는", "수염 없는"),
    ("mood", "smiling"): ("웃는", "미소 짓는"),
    ("mood", "frowning"): ("찡그린",),
    ("mouth", "open"): ("입을 벌린",),
    ("mouth", "closed"): ("입을 다문",),
    ("turn", "left"): ("왼쪽을 향한", "왼쪽으로 고개를 돌린"),
    ("turn", "right"): ("오른쪽을 향한", "오른쪽으로 고개를 돌린"),
    ("gaze", "left"): ("왼쪽을 보는", "왼쪽을 바라보는"),
    ("gaze", "right"): ("오른쪽을 보는", "오른쪽을 바라보는"),
    ("lids", "wide-eyed"): ("눈을 크게 뜬",),
    ("lids", "drowsy"): ("졸린",),
    ("tone", "dark"): ("어두운",),
    ("tone", "pale"): ("밝은",),
    ("light", "left"): ("왼쪽에서 비치는 빛", "왼쪽 조명"),
    ("light", "right"): ("오른쪽에서 비치는 빛", "오른쪽 조명"),
    ("light", "front"): ("앞에서 비치는 빛", "앞쪽 조명"),
    ("warmth", "cool"): ("차가운 빛",),
    ("warmth", "warm"): ("따뜻한 빛",),
    ("backdrop", ""): ("{c} 배경",),
}
NOUNS = ("clay head", "clay head", "clay bust", "head")
KOREAN_NOUNS = ("점토 두상", "점토 두상", "점토 흉상", "두상")
_WORN = ("glasses", "beard", "mouth")
_TRAILING = ("turn", "gaze", "light", "warmth")


def all_words() -> list[str]:
    """Every word that captions are made of, and the marks between them."""
    texts = [*NOUNS, *KOREAN_NOUNS, *COLOUR_NAMES, "a an with and , -", "bald smiling frowning"]
    texts += ["dark pale wide eyed drowsy"]
    texts += [word for name in COLOUR_NAMES for word in _korean_colour(name)]
    texts += [text for table in (_ENGLISH, _KOREAN) for row in table.values() for text in row]
    return sorted({word for text in texts for word in text.replace("{c}", "").split()})


def _korean_colour(name: str) -> tuple[str, str]:
    """Both ways to write a colour."""
    plain = KOREAN_COLOURS[name]
    return plain, f"{plain.removesuffix('색')}색"


def consistent(said: Said) -> dict[str, str]:
    """``said`` without colours of what the caption could not speak of.

    Hair under a hat or on a bald head has no colour to name, but a beard has.
    """
    kept = dict(said)
    style = kept.get("hairstyle")
    hairless = style is not None and style not in HAIRS
    if hairless and kept.get("beard") != "beard":
        kept.pop("hair", None)
    return kept


def chosen(options: Sequence[int], rng: random.Random) -> dict[str, str]:
    """Some of what is nameable of a bust: ``options`` is its row of ``nameable``."""
    can = [k for k, option in enumerate(options) if option != NOT_SAID]
    count = min(rng.randint(FEWEST, MOST), len(can))
    named = sorted(rng.sample(can, count))
    said = {ASPECT_NAMES[k]: ASPECTS[k].options[options[k]] for k in named}
    bearded = ASPECTS[ASPECT_NAMES.index("beard")].options[options[ASPECT_NAMES.index("beard")]]
    styles = ASPECTS[ASPECT_NAMES.index("hairstyle")]
    style = options[ASPECT_NAMES.index("hairstyle")]
    haired = style != NOT_SAID and styles.options[style] in HAIRS
    if "hair" in said and not haired:
        # The only hair that its colour could be of is the beard.
        if bearded == "beard" and options[ASPECT_NAMES.index("beard")] != NOT_SAID:
            said["beard"] = "beard"
            said["hairstyle"] = styles.options[style] if style != NOT_SAID else ""
            if not said["hairstyle"]:
                del said["hairstyle"]
        else:
            del said["hair"]
    return consistent(said)


def anything(rng: random.Random, fewest: int = 2, most: int = 6) -> dict[str, str]:
    """Any aspects with any options: what people may ask for, whether or not it is common."""
    named = sorted(rng.sample(range(len(ASPECTS)), rng.randint(fewest, most)))
    return consistent({ASPECT_NAMES[k]: rng.choice(ASPECTS[k].options) for k in named})


def english(said: Said, rng: random.Random) -> str:
    """A caption of what is ``said``, empty for nothing."""
    if not said:
        return ""
    left, colours = _taken_apart(said)

    def phrase(aspect: str, option: str, colour: str = "") -> str:
        words = rng.choice(_ENGLISH[aspect, option]).format(c=colour)
        return _articled(" ".join(words.split()))

    before = [left.pop(a) for a in ("lids", "mood") if a in left and rng.random() < 0.7]
    worn: list[str] = []
    style = left.pop("hairstyle", "")
    if style == "bald":
        before.append("bald")
    elif style:
        worn.append(phrase("hairstyle", style, colours.pop("hat" if style in HATS else "hair", "")))
    if "hair" in colours and left.get("beard") != "beard":
        worn.append(phrase("hair", "", colours.pop("hair")))
    for aspect in _WORN:
        if aspect in left:
            tint = colours.pop("hair", "") if left[aspect] == "beard" else ""
            worn.append(phrase(aspect, left.pop(aspect), tint))
    if "hat" in colours:
        worn.append(phrase("cloth", "", colours.pop("hat")))
    before += [left.pop("tone")] if "tone" in left else []
    before += [colours.pop("clay")] if "clay" in colours else []
    after = [left.pop(a) for a in ("lids", "mood") if a in left]
    after += [phrase(a, left.pop(a)) for a in _TRAILING if a in left]
    if "backdrop" in colours:
        after.append(phrase("backdrop", "", colours.pop("backdrop")))
    rng.shuffle(after)
    rng.shuffle(worn)
    noun = rng.choice(NOUNS)
    head = " ".join([*before, noun])
    if rng.random() < 0.6:
        head = _articled(f"a {head}")
    if worn and rng.random() < 0.75:
        return ", ".join([f"{head} with {_listed(worn)}", *after])
    return ", ".join([head, *worn, *after])


def korean(said: Said, rng: random.Random) -> str:
    """The same in Korean."""
    if not said:
        return ""
    left, colours = _taken_apart(said)
    tints = {k: rng.choice(_korean_colour(v)) for k, v in colours.items()}

    def phrase(aspect: str, option: str, colour: str = "") -> str:
        return " ".join(rng.choice(_KOREAN[aspect, option]).format(c=colour).split())

    before: list[str] = []
    style = left.pop("hairstyle", "")
    if style:
        tint = tints.pop("hat" if style in HATS else "hair", "") if style != "bald" else ""
        before.append(phrase("hairstyle", style, tint))
    if "hair" in tints and left.get("beard") != "beard":
        before.append(phrase("hair", "", tints.pop("hair")))
    for aspect in ("glasses", "beard", "mouth", "mood", "lids", "turn", "gaze"):
        if aspect in left:
            tint = tints.pop("hair", "") if left[aspect] == "beard" else ""
            before.append(phrase(aspect, left.pop(aspect), tint))
    if "hat" in tints:
        before.append(phrase("cloth", "", tints.pop("hat")))
    rng.shuffle(before)
    body = [phrase("tone", left.pop("tone"))] if "tone" in left else []
    body += [tints.pop("clay")] if "clay" in tints else []
    body.append(rng.choice(KOREAN_NOUNS))
    after = [phrase(a, left.pop(a)) for a in ("light", "warmth") if a in left]
    if "backdrop" in tints:
        after.append(phrase("backdrop", "", tints.pop("backdrop")))
    rng.shuffle(after)
    glue = " " if rng.random() < 0.6 else ", "
    return ", ".join([glue.join([*before, " ".join(body)]), *after])


def _taken_apart(said: Said) -> tuple[dict[str, str], dict[str, str]]:
    """What is said without colours, and colours by what they are of: clay, hair, hat, backdrop."""
    names = {"clay": "clay", "hair": "hair", "cloth": "hat", "backdrop": "backdrop"}
    left = {k: v for k, v in said.items() if k not in names}
    return left, {names[k]: v for k, v in said.items() if k in names}


def _articled(words: str) -> str:
    """``a`` before a vowel is ``an``."""
    parts = words.split(" ")
    for k, part in enumerate(parts[:-1]):
        if part == "a" and parts[k + 1][0] in "aeiou":
            parts[k] = "an"
    return " ".join(parts)


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
