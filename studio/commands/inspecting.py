"""``maquette inspect``: what a model file holds."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from studio.commands.common import (
    JsonOption,
    ModelArgument,
    open_any,
    print_json,
    print_table,
    sentence_on_failure,
)
from studio.commands.diffusing import DenoiserOption

if TYPE_CHECKING:
    from studio.families.info import ModelInfo
    from studio.families.translation.model import TranslationModel
    from studio.families.translation.questions import Question


@sentence_on_failure
def inspect(
    model: ModelArgument, denoiser: DenoiserOption = None, as_json: JsonOption = False
) -> None:
    """Say what a model file holds: sizes, licence, what it was trained to be cut to."""
    from studio.commands.diffusing import pipeline_record
    from studio.families.diffusion.model import DiffusionModel
    from studio.families.translation.model import TranslationModel

    opened = open_any(model, denoiser)
    if isinstance(opened, DiffusionModel):
        record = pipeline_record(opened.info)
    elif isinstance(opened, TranslationModel):
        record = translation_record(opened)
    else:
        record = as_record(opened.info)
    if as_json:
        print_json(record)
        return
    title = str(record.pop("name"))
    if isinstance(opened, TranslationModel):
        record |= {
            "questions": [_taken(opened, question) for question in opened.info.questions],
            "stages": [f"{stage.name} {stage.channels}" for stage in opened.info.stages],
        }
    rows = [[key.replace("_", " "), _text(value)] for key, value in record.items()]
    print_table(["", title], rows, numbers=False)


def as_record(info: ModelInfo) -> dict[str, object]:
    """The JSON object that the command line promises."""
    from studio.subnets.choice import SubnetChoice, resolve
    from studio.subnets.cost import cost

    config = info.config
    price = cost(config, resolve(SubnetChoice(), config))
    return {
        "name": info.name,
        "family": info.family,
        "architecture": config.architecture,
        "layout": info.layout,
        "resolution": config.resolution,
        "parameters": info.parameters,
        "size_bytes": info.size_bytes,
        "licence": info.licence,
        "source_sha256": info.source_sha256,
        "widths": list(info.widths),
        "resolutions": list(info.resolutions),
        "channels": list(config.channels),
        "z_dim": config.z_dim,
        "w_dim": config.w_dim,
        "classes": config.c_dim,
        "mapping_layers": config.mapping_layers,
        "conv_clamp": config.conv_clamp,
        "directions": list(info.directions),
        "sorted_channels": info.sorted_channels,
        "history": [asdict(step) for step in info.history],
        "macs": price.macs,
        "paper_macs": price.paper_macs,
    }


def translation_record(model: TranslationModel) -> dict[str, object]:
    """The JSON object of a model that turns pictures into pictures; multiplies are those for a
    picture of the size it was trained at."""
    info, settings = model.info, model.info.config.settings
    price = model.cost()
    answers = dict(info.answers)
    return {
        "name": info.name,
        "family": info.family,
        "architecture": info.config.architecture,
        "layout": info.layout,
        "parameters": info.parameters,
        "size_bytes": info.size_bytes,
        "licence": info.licence,
        "source_sha256": info.source_sha256,
        "inputs": info.config.sizes.inputs,
        "outputs": info.config.sizes.outputs,
        "labels": info.config.labels,
        "norm": info.config.sizes.norm,
        "multiple_of": info.config.multiple,
        "smallest": info.config.smallest,
        "config_str": info.config_string,
        "stages": {stage.name: stage.channels for stage in info.stages},
        "questions": [
            {
                "name": question.name,
                "question": question.sentence,
                "answer": answers[question.name],
                "likely": question.likely,
                "assumed": question.name in info.assumed,
                "options": [option.value for option in question.options],
                "reason": question.reason,
            }
            for question in info.questions
        ],
        "history": [asdict(step) for step in info.history],
        "cost_at": [settings.width, settings.height],
        "macs": price.macs,
        "paper_macs": price.paper_macs,
    }


def _taken(model: TranslationModel, question: Question) -> str:
    """One answer that the file could not give, in words."""
    answer = dict(model.info.answers)[question.name]
    why = question.reason if question.name in model.info.assumed else "as answered"
    return f"{question.name}={answer} ({why})"


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_text(each) for each in value) or "none"
    if isinstance(value, dict):
        return ": ".join(str(each) for each in value.values())
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return "none" if value is None else str(value)
