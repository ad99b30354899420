"""One run of ``maquette train clay-words``, from a request to a pipeline folder.

Four stages, each with a checkpoint of its own in the working folder: the autoencoder of given
latents, the text encoder, the reader of latents, the U-Net.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import nn

from studio.errors import BadChoice, MaquetteError, NoFolder, cause_of
from studio.fidelity.judge import clay_heads_judge
from studio.training.clay_heads.data import BLOCK
from studio.training.clay_heads.job import made_folder, told
from studio.training.clay_heads.precision import bf16_pays
from studio.training.words.aspects import nameable
from studio.training.words.autoencoder import decibels, teach_autoencoder
from studio.training.words.card import Line, card
from studio.training.words.denoiser import Told, teach_denoiser
from studio.training.words.following import PRESETS, PROMPTS_SEED, followed, prompts
from studio.training.words.latent_reader import LatentReader, latents_read, teach_reader
from studio.training.words.networks import (
    Sizes,
    new_autoencoder,
    new_denoiser,
    new_text_encoder,
)
from studio.training.words.package import Parts, assembled, write_pipeline
from studio.training.words.patches import basis_of, latents_of
from studio.training.words.pictures import Pictures, drawn_pictures
from studio.training.words.prompts import Reader, read_right, teach_text
from studio.training.words.stage import Plan, Stage
from studio.training.words.tokenizer import read_tokenizer, write_tokenizer
from studio.training.words.wordings import all_words

log = logging.getLogger("studio.training.words")

ENDS = (0.3, 0.34, 0.37, 1.0)  # shares of the run at which its stages end
RATES = (2e-3, 2e-3, 1e-3, 7e-4)
MEMORIES = (0.995, 0.995, 0.995, 0.999)
STAGES = ("autoencoder", "text", "reader", "denoiser")
ABOUT = (
    "the autoencoder; its latents are principal components of patches, fixed beforehand, the "
    "decoder learns pictures from them (absolute differences of pixels and of neighbours, eyes, "
    "mouth and glasses counting more), the encoder the components",
    "the text encoder, by reading what captions name",
    "a reader of latents, not part of the pipeline, by what is nameable of them",
    "the U-Net, to predict velocity, captions left out of one picture in ten; what its captions "
    "name and the reader does not find in the latent it foresees counts too",
)
CHECKED = 1000  # captions


@dataclass(frozen=True)
class WordsRequest:
    """What a run is asked to do.

    Args:
        output: the folder to write, new or empty. work: folder of drawn busts and checkpoints.
        minutes: length of the run; ignored when ``steps`` is given.
        steps: length of each of the four stages in steps, which makes a run repeatable.
        renders: busts to learn from, a multiple of 32. threads: None for all.
        fuse: compile the renderer. resume: go on from the checkpoints in ``work``.
        prompts: how many prompts the result is measured with; 0 for none.
    """

    output: Path
    work: Path
    minutes: float = 90.0
    steps: int | None = None
    seed: int = 0
    renders: int = 24576
    threads: int | None = None
    fuse: bool = False
    resume: bool = False
    prompts: int = 500
    sizes: Sizes = field(default_factory=Sizes)


@dataclass(frozen=True)
class WordsResult:
    """What came of it: steps of each stage, the autoencoder's decibels, and what was measured."""

    steps: tuple[int, ...]
    decibels: float
    lines: tuple[Line, ...]


def check(request: WordsRequest) -> None:
    """Refuse what cannot be done.

    Raises:
        BadChoice: a number is out of range. NoFolder: the output holds something.
    """
    if request.renders < 2 * BLOCK or request.renders % (2 * BLOCK):
        raise BadChoice(
            f"--renders {request.renders} is not a multiple of {2 * BLOCK}, at least {2 * BLOCK}"
        )
    if request.minutes <= 0 or (request.steps is not None and request.steps < 1):
        raise BadChoice("a training needs more than 0 minutes, or at least 1 step")
    if request.prompts < 0:
        raise BadChoice(f"--prompts {request.prompts} is negative")
    output = request.output
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise NoFolder(f"{output} is not an empty folder; name a new one")


def train_words(
    request: WordsRequest,
    tell: Callable[[str], None] = lambda text: None,
    stopped: Callable[[], bool] = lambda: False,
) -> WordsResult:
    """Train, write the pipeline folder, and say how well it follows its prompts.

    Args:
        tell: gets progress lines. stopped: asked before every step; True ends the training early:
            checkpoints stay, and once the U-Net has begun the folder is written.

    Raises:
        BadChoice, NoFolder: a number or a folder will not do. RefusedFile: a checkpoint is not of
            this run. MaquetteError: a checkpoint cannot be written, or the training was stopped
            before there was a pipeline.
    """
    check(request)
    made_folder(request.work)
    if request.threads is not None:
        torch.set_num_threads(request.threads)
    with told(tell, log):
        run = _Run(request, stopped)
        parts, steps, quality = run.parts()
        lines = _measured(assembled(parts), request.prompts)
    trained = [f"{n} steps: {text}" for n, text in zip(steps, ABOUT, strict=True)]
    text = card(request.sizes, trained, lines, request.prompts)
    try:
        write_pipeline(parts, request.output, text)
    except OSError as error:
        raise NoFolder(f"{request.output} cannot be written: {cause_of(error)}") from error
    return WordsResult(steps, quality, lines)


class _Run:
    """The stages of a request, one after the other."""

    def __init__(self, request: WordsRequest, stopped: Callable[[], bool]) -> None:
        self.request, self.stopped = request, stopped
        half = request.renders // 2
        self.pictures: Pictures = drawn_pictures(
            request.work / "data",
            ((1, half), (3, half)),
            request.sizes.picture,
            workers=2 if request.threads is None else 1,
            fuse=request.fuse,
        )
        self.rows: Sequence[Sequence[int]] = nameable(self.pictures.meant()).tolist()

    def parts(self) -> tuple[Parts, tuple[int, ...], float]:
        """Train everything; the parts, the steps of each stage, the autoencoder's decibels."""
        request, sizes = self.request, self.request.sizes
        patch = sizes.picture // sizes.latent_side
        basis = basis_of(self.pictures, patch, sizes.latent)
        coder = self._stage(0, lambda: _spread(new_autoencoder(sizes)))
        _whole(teach_autoencoder(coder, self.pictures, basis, self.stopped))
        quality = decibels(coder.average, self.pictures, basis)
        log.info("autoencoder %.2f dB", quality)

        words = request.work / "tokenizer"
        write_tokenizer(words, all_words(), sizes.text_limit)
        tokenizer = read_tokenizer(words)

        def new_reader() -> Reader:
            begin, end = tokenizer.bos_token_id, tokenizer.eos_token_id
            return Reader(new_text_encoder(sizes, len(tokenizer), begin, end), sizes.text)

        text = self._stage(1, new_reader)
        _whole(teach_text(text, tokenizer, sizes.text_limit, self.rows, self.stopped))
        reader: Any = text.average
        right = read_right(reader, tokenizer, sizes.text_limit, CHECKED, request.seed)
        log.info("captions read right: %.1f%%", 100.0 * right)

        latents = latents_of(self.pictures, basis)
        watcher = self._stage(2, lambda: LatentReader(sizes.latent, sizes.latent_side))
        _whole(teach_reader(watcher, latents, self.rows, self.stopped))
        right = latents_read(watcher.average, latents[:CHECKED], self.rows[:CHECKED])
        log.info("latents read right: %.1f%%", 100.0 * right)

        denoiser = self._stage(3, lambda: _spread(new_denoiser(sizes)))
        told_of = Told(latents, self.rows, watcher.average)
        limit = sizes.text_limit
        teach_denoiser(denoiser, told_of, tokenizer, reader.encoder, limit, self.stopped)
        stages = (coder, text, watcher, denoiser)
        made = Parts(coder.average, reader.encoder, tokenizer, denoiser.average)
        return made, tuple(s.step for s in stages), quality

    def _stage(self, index: int, network: Callable[[], nn.Module]) -> Stage:
        """Stage ``index`` with a new network, or where its checkpoint stands."""
        request = self.request
        share = ENDS[index] - (ENDS[index - 1] if index else 0.0)
        torch.manual_seed(request.seed)
        plan = Plan(
            request.minutes * share,
            request.steps,
            RATES[index],
            MEMORIES[index],
            request.seed,
            # Convolutions of a few channels gain nothing by bf16.
            half=STAGES[index] == "denoiser" and bf16_pays("cpu"),
        )
        return Stage(STAGES[index], network(), plan, request.work, resume=request.resume)


def _whole(finished: bool) -> None:
    if not finished:
        raise MaquetteError(
            "stopped before the U-Net had begun, so there is no pipeline yet; --resume goes on"
        )


def _spread(network: nn.Module) -> nn.Module:
    """With the memory layout in which convolutions are fastest here."""
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def _measured(pipeline: Any, count: int) -> tuple[Line, ...]:
    """Every preset on English prompts, the full one also on Korean ones."""
    if count == 0:
        return ()
    judge = clay_heads_judge()
    asked = prompts(count, PROMPTS_SEED)
    lines = [Line(p, followed(pipeline, judge, asked, p, tell=log.info)) for p in PRESETS]
    others = prompts(count, PROMPTS_SEED, in_korean=True)
    found = followed(pipeline, judge, others, PRESETS[0], tell=log.info)
    lines.append(Line(PRESETS[0], found, korean=True))
    for line in lines:
        log.info("%s%s: %.1f%%", line.preset.name, " korean" * line.korean, 100 * line.found.share)
    return tuple(lines)
