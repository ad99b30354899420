"""What a translation file cannot tell, as questions with the likely answer. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from studio.checkpoints.translation_sizes import (
    FIXED_BLOCKS,
    ResNetSizes,
    SpadeSizes,
    TranslationSizes,
    UNetSizes,
)
from studio.errors import BadChoice
from studio.families.translation.config import MOST_SIDE, Settings, TranslationConfig, takes_labels
from studio.families.translation.stages import is_uniform

Answers = Mapping[str, str]


@dataclass(frozen=True)
class Option:
    """One answer: the word that is stored, and what it says."""

    value: str
    title: str


@dataclass(frozen=True)
class Question:
    """Something about a model that its file does not say.

    Args:
        name: names it in ``ModelInfo.answers`` and in files.
        sentence: the question. reason: why ``likely`` is likely.
        options: the answers to choose from. likely: value of the one taken when nobody answers.
        free: other answers of the same form are accepted too (sizes).
        shows: pictures drawn from picture files look different by the answer.
    """

    name: str
    sentence: str
    options: tuple[Option, ...]
    likely: str
    reason: str
    free: bool = False
    shows: bool = True


_KNOWN_LABELS = {36: ("edges", 512, 256), 184: ("edges", 256, 256), 151: ("label", 256, 256)}
_SIZES = ("256x256", "512x256", "512x512", "1024x512")
_YES, _NO = Option("yes", "yes"), Option("no", "no")

_UPSAMPLING = Question(
    name="upsampling",
    sentence="How often does it double its picture?",
    options=(
        Option("more", "six times (“more”)"),
        Option("normal", "five times (“normal”)"),
    ),
    likely="more",
    reason="GAN Compression's generators double six times; the tensors are the same for five",
)
_INNER_NORM = Question(
    name="inner_norm",
    sentence="Is there a norm inside the separable convolutions of its SPADE layers?",
    options=(
        Option("instance", "instance norm"),
        Option("none", "none"),
    ),
    likely="instance",
    reason="it is GAN Compression's default, and an instance norm leaves no tensors in a file",
)


def questions(sizes: TranslationSizes, layout: str) -> tuple[Question, ...]:
    """What has to be asked about a network of ``sizes`` that came in ``layout``."""
    if isinstance(sizes, SpadeSizes):
        asked = [_last_channel(sizes)]
        if len(sizes.blocks) == FIXED_BLOCKS + 4:
            asked.append(_UPSAMPLING)
        if sizes.separable and sizes.inner_norm == "none":
            asked.append(_INNER_NORM)
        return (*asked, _size(sizes))
    asked = [_last_channel(sizes)] if takes_labels(sizes) else []
    if isinstance(sizes, ResNetSizes):
        asked.append(_clamp(sizes, layout))
    return (*asked, _size(sizes))


def answered(asked: tuple[Question, ...], given: Answers) -> tuple[tuple[str, str], ...]:
    """(name, value) for every question: what was given, else the likely answer.

    Raises:
        BadChoice: an answer is none of the options, or nobody asked for it.
    """
    names = [question.name for question in asked]
    for name in given:
        if name not in names:
            raise BadChoice(f"this model is not asked for '{name}'; its questions are {names}")
    return tuple((q.name, _checked(q, given.get(q.name, q.likely))) for q in asked)


def configured(sizes: TranslationSizes, answers: tuple[tuple[str, str], ...]) -> TranslationConfig:
    """The network as its answers have it."""
    said = dict(answers)
    fixed = Settings()
    fifth = isinstance(sizes, SpadeSizes) and len(sizes.blocks) > FIXED_BLOCKS + 4
    width, height = (int(side) for side in said.get("size", "256x256").split("x"))
    return TranslationConfig(
        sizes,
        Settings(
            clamp_input=said.get("clamp_input") == "yes",
            inner_norm="none" if said.get("inner_norm") == "none" else fixed.inner_norm,
            upsampling="most" if fifth else _upsampling(said.get("upsampling", "more")),
            last_channel="edges" if said.get("last_channel") == "edges" else "label",
            height=height,
            width=width,
        ),
    )


def _upsampling(value: str) -> Literal["normal", "more"]:
    return "normal" if value == "normal" else "more"


def _checked(question: Question, value: str) -> str:
    if value in [option.value for option in question.options]:
        return value
    if question.free and _is_size(value):
        return value
    known = ", ".join(option.value for option in question.options)
    more = " or another WIDTHxHEIGHT in pixels" if question.free else ""
    raise BadChoice(f"'{value}' is no answer to '{question.name}'; accepted are {known}{more}")


def _is_size(value: str) -> bool:
    parts = value.split("x")
    return len(parts) == 2 and all(
        p.isascii() and p.isdecimal() and len(p) <= 5 and 1 <= int(p) <= MOST_SIDE for p in parts
    )


def _last_channel(sizes: TranslationSizes) -> Question:
    likely = _KNOWN_LABELS.get(sizes.inputs, ("label", 0, 0))[0]
    known = {
        36: "36 channels are the 35 labels of Cityscapes and edges",
        184: "184 channels are the 183 labels of COCO-Stuff and edges",
        151: "151 channels are the labels of ADE20K, which has no instances",
    }
    return Question(
        name="last_channel",
        sentence="What is the last channel of its label map?",
        options=(
            Option("label", "one more label"),
            Option("edges", "edges between instances"),
        ),
        likely=likely,
        reason=known.get(sizes.inputs, "a label map alone is enough to draw then"),
    )


def _clamp(sizes: ResNetSizes, layout: str) -> Question:
    """Only inputs beyond [-1, 1] show it, which pictures never have."""
    if layout == "cyclegan":
        likely, reason = "no", "CycleGAN and pix2pix do not clamp"
    elif not sizes.separable:
        likely, reason = "yes", "GAN Compression's plain ResNets clamp"
    elif is_uniform(sizes):
        likely, reason = "no", "GAN Compression's MobileNet-style networks do not, supernets do"
    else:
        likely, reason = "yes", "its stages differ in width, and exported subnets clamp"
    return Question(
        name="clamp_input",
        sentence="Does it limit its input to [-1, 1] first?",
        options=(_YES, _NO),
        likely=likely,
        reason=reason,
        shows=False,
    )


def _size(sizes: TranslationSizes) -> Question:
    likely, reason = "256x256", "most of these networks were trained so"
    if takes_labels(sizes) and sizes.inputs in _KNOWN_LABELS:
        _, width, height = _KNOWN_LABELS[sizes.inputs]
        likely, reason = f"{width}x{height}", "that is usual for its number of labels"
    if isinstance(sizes, ResNetSizes):
        width, height = (int(side) for side in likely.split("x"))
        height, width = TranslationConfig(sizes).nearest(height, width)
        likely = f"{width}x{height}"
    if isinstance(sizes, UNetSizes):
        side = 1 << sizes.depth
        likely, reason = f"{side}x{side}", "its innermost layer is then one pixel, as in pix2pix"
    offered = _SIZES if likely in _SIZES else (likely, *_SIZES)
    return Question(
        name="size",
        sentence="How large were its pictures in training (width x height)?",
        options=tuple(Option(size, size.replace("x", " x ") + " px") for size in offered),
        likely=likely,
        reason=reason,
        free=True,
        shows=False,
    )
