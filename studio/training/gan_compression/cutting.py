"""Steps of GAN Compression that train nothing: weight transfer, and the export of a subnet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from studio.errors import BadChoice
from studio.families.translation.info import TranslationInfo
from studio.families.translation.stages import with_widths
from studio.subnets.stages import stage_widths
from studio.training.gan_compression.data import read_pairs
from studio.training.gan_compression.job import (
    exported,
    named_subnet,
    open_translation,
    written,
)
from studio.training.gan_compression.making import narrowed
from studio.training.gan_compression.options import DataOptions
from studio.training.gan_compression.shapes import scaled_sizes

Progress = Callable[[float, str], None]


def transfer(
    model: str, ngf: int, config: str | None, out: Path, token: str, progress: Progress
) -> TranslationInfo:
    """Write the strongest channels of a wide network as a narrow one (section 3.3).

    Args:
        ngf: base channels of the narrow one, unless ``config`` names its stages.
        token: names the hidden folder beside ``out`` in which the file is prepared.

    Raises:
        MaquetteError: a file cannot be read or written, or the wide network is not that wide.
    """
    progress(0.0, "reading files")
    wide = open_translation(model)
    sizes = wide.info.config.sizes
    if config is None:
        narrow = scaled_sizes(sizes, ngf)
    else:
        narrow = with_widths(sizes, stage_widths(named_subnet(config, wide), wide.info.config))
    progress(0.5, "choosing channels")
    return written(narrowed(wide, narrow), out, token)


def export_subnet(
    supernet: str,
    config: str | None,
    data: DataOptions | None,
    out: Path,
    token: str,
    progress: Progress,
) -> TranslationInfo:
    """Write one subnet of a supernet on its own memory, its batch norms measured anew.

    Raises:
        BadChoice: no subnet is named, or it has batch norms and there are no pictures for them.
        MaquetteError: a file or folder cannot be read or written.
    """
    if config is None:
        raise BadChoice("name the subnet to export with a configuration string (--config-str)")
    progress(0.0, "reading files")
    model = open_translation(supernet)
    widths = stage_widths(named_subnet(config, model), model.info.config)
    pairs = None if data is None else read_pairs(data, model.info.config, 1.0, progress)
    progress(0.8, "writing the subnet")
    return written(exported(model, widths, pairs), out, token)
