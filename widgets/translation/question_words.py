"""The texts of ``studio.families.translation.questions`` in the language of the window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate


def said(text: str) -> str:
    """A sentence, an answer or a reason; sizes say the same in every language."""
    return _known().get(text, text)


def _known() -> dict[str, str]:
    """Every text by itself, spelt out so that the tools of the translation find it."""
    found = {
        "How often does it double its picture?": translate(
            "Questions", "How often does it double its picture?"
        ),
        "six times (“more”)": translate("Questions", "six times (“more”)"),
        "five times (“normal”)": translate("Questions", "five times (“normal”)"),
        "GAN Compression's generators double six times; the tensors are the same for five": (
            translate(
                "Questions",
                "GAN Compression's generators double six times; the tensors are the same for five",
            )
        ),
        "Is there a norm inside the separable convolutions of its SPADE layers?": translate(
            "Questions", "Is there a norm inside the separable convolutions of its SPADE layers?"
        ),
        "instance norm": translate("Questions", "instance norm"),
        "none": translate("Questions", "none"),
        "it is GAN Compression's default, and an instance norm leaves no tensors in a file": (
            translate(
                "Questions",
                "it is GAN Compression's default, and an instance norm leaves no tensors in a file",
            )
        ),
        "What is the last channel of its label map?": translate(
            "Questions", "What is the last channel of its label map?"
        ),
        "one more label": translate("Questions", "one more label"),
        "edges between instances": translate("Questions", "edges between instances"),
        "36 channels are the 35 labels of Cityscapes and edges": translate(
            "Questions", "36 channels are the 35 labels of Cityscapes and edges"
        ),
        "184 channels are the 183 labels of COCO-Stuff and edges": translate(
            "Questions", "184 channels are the 183 labels of COCO-Stuff and edges"
        ),
        "151 channels are the labels of ADE20K, which has no instances": translate(
            "Questions", "151 channels are the labels of ADE20K, which has no instances"
        ),
        "a label map alone is enough to draw then": translate(
            "Questions", "a label map alone is enough to draw then"
        ),
        "Does it limit its input to [-1, 1] first?": translate(
            "Questions", "Does it limit its input to [-1, 1] first?"
        ),
        "yes": translate("Questions", "yes"),
        "no": translate("Questions", "no"),
        "CycleGAN and pix2pix do not clamp": translate(
            "Questions", "CycleGAN and pix2pix do not clamp"
        ),
        "GAN Compression's plain ResNets clamp": translate(
            "Questions", "GAN Compression's plain ResNets clamp"
        ),
        "GAN Compression's MobileNet-style networks do not, supernets do": translate(
            "Questions", "GAN Compression's MobileNet-style networks do not, supernets do"
        ),
        "its stages differ in width, and exported subnets clamp": translate(
            "Questions", "its stages differ in width, and exported subnets clamp"
        ),
        "How large were its pictures in training (width x height)?": translate(
            "Questions", "How large were its pictures in training (width x height)?"
        ),
        "most of these networks were trained so": translate(
            "Questions", "most of these networks were trained so"
        ),
        "that is usual for its number of labels": translate(
            "Questions", "that is usual for its number of labels"
        ),
        "its innermost layer is then one pixel, as in pix2pix": translate(
            "Questions", "its innermost layer is then one pixel, as in pix2pix"
        ),
    }
    return found
