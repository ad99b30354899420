"""One run of ``maquette train clay-heads`` or of its judge, from a request to a file."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from studio.errors import BadChoice, NoFolder, RefusedFile, cause_of
from studio.fidelity.judge import SIZE, save_judge
from studio.training.clay_heads.data import BLOCK, drawn_set, latents
from studio.training.clay_heads.generator import config_for
from studio.training.clay_heads.judging import ReadBack, read_back, train_judge
from studio.training.clay_heads.losses import Weights
from studio.training.clay_heads.package import write_model
from studio.training.clay_heads.preview import HELD_OUT_SEED, WIDTHS, drawn, held_out_decibels
from studio.training.clay_heads.train import Settings, Trainer

log = logging.getLogger("studio.training.clay_heads")

JUDGED_SEED = 3_000_001  # the judge learns from renders that no teacher has seen
HELD_OUT = 512


@dataclass(frozen=True)
class Request:
    """What a run is asked to do; see :class:`Settings` for the terms.

    ``without`` leaves parts of the training out: features, detail, edges, observer, agreement
    (see :class:`Weights`), growth (full size from the start), widths (full alone), muon (Adam
    instead), mapping (nothing taught beforehand). ``adversarial`` is the weight of that part, 0
    or more.
    """

    output: Path
    work: Path
    minutes: float = 90.0
    steps: int | None = None
    seed: int = 0
    renders: int = 16384
    without: tuple[str, ...] = ()
    threads: int | None = None
    fuse: bool = False
    adversarial: float = 0.0
    resume: bool = False
    longer: bool = False


@dataclass(frozen=True)
class Result:
    """What came of it: ``decibels`` against the renderer at widths 1, 0.75, 0.5 and 0.25."""

    steps: int
    minutes: float
    resolution: int
    decibels: tuple[float, ...]


class _Told(logging.Handler):
    """Hands every line of the training's log on."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__()
        self.tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        self.tell(record.getMessage())


def settings_for(request: Request) -> Settings:
    """The settings of a run on this machine: 256 px on CUDA, else 128 px.

    Raises:
        BadChoice: a number is out of range.
    """
    if request.renders < 2 * BLOCK or request.renders % (2 * BLOCK):
        raise BadChoice(
            f"--renders {request.renders} is not a multiple of {2 * BLOCK}, at least {2 * BLOCK}"
        )
    if request.minutes <= 0 or (request.steps is not None and request.steps < 1):
        raise BadChoice("a training needs more than 0 minutes, or at least 1 step")
    if not 0.0 <= request.adversarial <= 10.0:
        raise BadChoice(f"--adversarial {request.adversarial:g} is outside 0 to 10")
    cuda = torch.cuda.is_available()
    if request.adversarial and cuda:
        raise BadChoice("--adversarial trains on the CPU only; leave it out on a CUDA machine")
    weights = Weights()
    for part in ("features", "detail", "edges", "observer", "agreement"):
        if part in request.without:
            weights = replace(weights, **{part: 0.0})
    half = request.renders // 2
    settings = Settings(
        work=request.work,
        minutes=request.minutes,
        steps=request.steps,
        seed=request.seed,
        sets=((1, half), (3, half)),
        weights=weights,
        widths="widths" not in request.without,
        orthogonal="muon" not in request.without,
        mapping_steps=0 if "mapping" in request.without else Settings.mapping_steps,
        fuse=request.fuse,
        adversarial=request.adversarial,
        config=config_for(256 if cuda else 128),
        device="cuda" if cuda else "cpu",
    )
    if "growth" in request.without:
        settings = replace(settings, growth=(0.0,) * len(settings.growth))
    return settings if "observer" not in request.without else replace(settings, observer_steps=0)


@dataclass(frozen=True)
class JudgeRequest:
    """What the training of a judge is asked to do; ``renders`` is a multiple of 16, drawn by
    ``workers`` processes."""

    output: Path
    work: Path
    steps: int = 3000
    renders: int = 8192
    seed: int = 77
    fuse: bool = False
    workers: int = 2


def make_judge(request: JudgeRequest, tell: Callable[[str], None] = lambda text: None) -> ReadBack:
    """Train a judge on renders of its own, write it, and say what it reads from unseen ones.

    Raises:
        BadChoice, NoFolder: a number or the folder will not do.
    """
    if request.renders < BLOCK or request.renders % BLOCK:
        raise BadChoice(f"--renders {request.renders} is not a multiple of {BLOCK}")
    if request.steps < 1:
        raise BadChoice("a training needs at least 1 step")
    data = made_folder(request.work) / "data"
    with told(tell):
        busts = drawn_set(
            data, request.renders, SIZE, JUDGED_SEED, workers=request.workers, fuse=request.fuse
        )
        judge = train_judge(busts, request.steps, request.seed, fuse=request.fuse)
    save_judge(judge, request.output)
    z = latents(HELD_OUT, HELD_OUT_SEED + 9)
    return read_back(judge.read(drawn(z, SIZE)), z)


def made_folder(folder: Path) -> Path:
    """The folder, made unless it is there.

    Raises:
        NoFolder: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NoFolder(f"{folder} cannot be made: {cause_of(error)}") from error
    return folder


@contextmanager
def told(tell: Callable[[str], None], source: logging.Logger = log) -> Iterator[None]:
    """Hand the lines of a training's log on while the block runs."""
    handler, level = _Told(tell), source.level
    source.addHandler(handler)
    source.setLevel(logging.INFO)
    try:
        yield
    finally:
        source.removeHandler(handler)
        source.setLevel(level)


def train(
    request: Request,
    tell: Callable[[str], None] = lambda text: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Result:
    """Train, write the model file, and say how close it came.

    Args:
        tell: gets progress lines. stopped: asked before every step; True ends the training early:
            the checkpoint stays, and the model file is written.

    Raises:
        BadChoice, NoFolder: a number or the folder will not do. RefusedFile: no checkpoint to
            resume from.
    """
    settings = settings_for(request)
    made_folder(request.work)
    if request.threads is not None:
        torch.set_num_threads(request.threads)
    with told(tell):
        trainer = Trainer(settings)
        if request.resume or request.longer:
            file = trainer.at_full_rate if request.longer else trainer.checkpoint
            if not file.exists():
                raise RefusedFile(
                    f"{file} does not exist; train without --resume or --longer first"
                )
            trainer.load(file)
        trainer.run(stopped)
    model = trainer.finished()
    write_model(model, trainer.history(), request.output, trainer.observer)
    decibels = held_out_decibels(model, settings.config.resolution)
    assert len(decibels) == len(WIDTHS)
    return Result(trainer.step, trainer.elapsed / 60.0, settings.config.resolution, decibels)
