"""The records that the window, the render process and the job processes exchange.

Everything here is a frozen dataclass of plain values and travels by pickle between processes of
one user on one machine. Imports no torch.

Lanes: a request names a lane. The newest request of a lane replaces an older one that is waiting
in that lane; one that is already running is stopped or left to end (``Scheduler.must_stop`` has
the rule, which keeps frames coming during a drag). Stamps grow within a lane. Lanes are served by
priority (``LANES``, first is first); a request in a lane of higher priority stops a running render
of a lower one between two layers, and the stopped one is taken up again afterwards. Any lane name
that is not listed (such as ``seed-3`` of the seed strip) comes after the listed ones, in order of
arrival.
"""

from __future__ import annotations

from dataclasses import dataclass

from studio.families.diffusion.inputs import DiffusionInputs
from studio.families.info import BaseInfo
from studio.families.inputs import EncodedPicture, GanInputs
from studio.families.walk import WalkPoint
from studio.subnets.choice import SubnetChoice

LANES = ("current", "full", "compare", "finish")
SHARED_MEMORY_PIXELS = 1_000_000


@dataclass(frozen=True)
class Picture:
    """An RGB picture, 8 bits a channel, rows top to bottom, no padding.

    Exactly one of ``pixels`` (height * width * 3 bytes) and ``shared_memory`` (name of a block that
    the receiver removes after copying; used above ``SHARED_MEMORY_PIXELS``) is set. The client
    takes the blocks over itself: answers that it hands on always have ``pixels``.
    """

    width: int
    height: int
    pixels: bytes | None = None
    shared_memory: str | None = None


@dataclass(frozen=True)
class RenderSpec:
    """All that decides a picture: model key, inputs (of translation models a picture, of pipelines
    a prompt and the rest) or a point on a walk, subnet, target."""

    model: str
    inputs: GanInputs | WalkPoint | EncodedPicture | DiffusionInputs
    subnet: SubnetChoice
    target: str = "pytorch:cpu:f32"


# ---- to the render process -------------------------------------------------------------------


@dataclass(frozen=True)
class OpenModel:
    """Load a model file. ``request`` comes back in Opened or Failed. Any layout is accepted; files
    that are not Maquette's own are converted by a job first, so that Cancel works."""

    request: int
    path: str


@dataclass(frozen=True)
class CloseModel:
    """Forget a model and its memory, and drop every request that needs it."""

    model: str


@dataclass(frozen=True)
class Render:
    """Make a picture."""

    lane: str
    stamp: int
    spec: RenderSpec


@dataclass(frozen=True)
class Compare:
    """Measure how far ``candidate`` is from ``reference`` (both are rendered if not at hand).

    A candidate of lower resolution is scaled up bilinearly first.

    Args:
        by_step: of pipelines, not the pictures but what the denoisers say at every step of the
            candidate's run; ``SteppedApart`` answers.
    """

    lane: str
    stamp: int
    reference: RenderSpec
    candidate: RenderSpec
    with_map: bool = False
    by_step: bool = False


@dataclass(frozen=True)
class Finish:
    """Render ``spec`` and write it as PNG at ``path`` with ``text`` (key, value) as metadata."""

    lane: str
    stamp: int
    spec: RenderSpec
    path: str
    text: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class CancelLane:
    """Drop whatever waits or runs in a lane."""

    lane: str


@dataclass(frozen=True)
class Adopt:
    """Draw these subnets with the networks that jobs have compiled for ``targets``, as soon as they
    are in the cache; most wanted first, as far as memory goes. Sent again when there are more.

    Args:
        sizes: of what a pipeline draws (``studio.engine.sizing.sizes_of``); none for others.
    """

    model: str
    choices: tuple[SubnetChoice, ...]
    targets: tuple[str, ...]
    sizes: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class ReadPrompt:
    """Say how long texts are for a pipeline. Only the newest is answered, between two layers of
    whatever is being drawn, which goes on."""

    model: str
    stamp: int
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Shutdown:
    """End the process."""


# ---- from the render process -----------------------------------------------------------------


@dataclass(frozen=True)
class Ready:
    """The process has started. ``versions``: (package, version) pairs."""

    pid: int
    threads: int
    versions: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Began:
    """A request is being served from now on. The client keeps this to itself: should the process
    die, it tells which request was to blame."""

    lane: str
    stamp: int


@dataclass(frozen=True)
class Idle:
    """No request is being served from now on: the last one was stopped, or its pictures were handed
    over for comparison. For the client, like Began."""


@dataclass(frozen=True)
class Opened:
    request: int
    info: BaseInfo


@dataclass(frozen=True)
class Rendered:
    """A picture, the seconds the network took, and what made it, e.g. "PyTorch f32 CPU"."""

    lane: str
    stamp: int
    spec: RenderSpec
    picture: Picture
    seconds: float
    made_by: str


@dataclass(frozen=True)
class Stepped:
    """A step of a picture that takes many is done; those that follow too fast are left out, and of
    the last one the picture itself comes.

    Args:
        index: of the step, from 0. count: how many there are.
        picture: what is to be expected by now, small.
        seconds: since the run began.
    """

    lane: str
    stamp: int
    spec: RenderSpec
    index: int
    count: int
    picture: Picture
    seconds: float


@dataclass(frozen=True)
class PromptRead:
    """How many tokens each text of a ReadPrompt has, and how many are read of one; without those
    that every text begins and ends with."""

    model: str
    stamp: int
    counts: tuple[int, ...]
    limit: int


@dataclass(frozen=True)
class Compared:
    """PSNR in dB (None when the pictures are equal), SSIM in [-1, 1], FLIP in [0, 1], and, when
    asked for, the FLIP map as a picture in the magma colours."""

    lane: str
    stamp: int
    reference: RenderSpec
    candidate: RenderSpec
    psnr: float | None
    ssim: float
    flip: float
    map: Picture | None = None


@dataclass(frozen=True)
class SteppedApart:
    """The relative error of the candidate's denoiser at every step, at the latents of the
    reference's: the norm of the difference over the norm."""

    lane: str
    stamp: int
    reference: RenderSpec
    candidate: RenderSpec
    errors: tuple[float, ...]


@dataclass(frozen=True)
class Finished:
    lane: str
    stamp: int
    spec: RenderSpec
    path: str
    picture: Picture
    seconds: float
    made_by: str


@dataclass(frozen=True)
class Adopted:
    """A compiled network draws this subnet on ``target`` from now on; at ``sizes`` alone where it
    is made for some (``studio.engine.sizing.fixed``)."""

    model: str
    subnet: SubnetChoice
    target: str
    sizes: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Touching:
    """Native code of a target is about to be loaded, which may end the process; None: it went well.
    For the client, like Began: should the process die, that target is not tried again."""

    target: str | None


@dataclass(frozen=True)
class Unusable:
    """What the cache held for this subnet could not be loaded and is gone; ``sentence`` says why.
    PyTorch draws until it is compiled again."""

    model: str
    subnet: SubnetChoice
    target: str
    sentence: str
    sizes: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Notice:
    """Something the user should know, though nothing is lost; said once."""

    sentence: str


@dataclass(frozen=True)
class Failed:
    """A request could not be done. ``sentence`` is for the user, ``details`` for the fold.

    ``lane`` and ``stamp`` name the request; an OpenModel has lane ``open`` and its request number.
    """

    lane: str
    stamp: int
    sentence: str
    details: str = ""


Request = (
    OpenModel | CloseModel | Render | Compare | Finish | CancelLane | Adopt | ReadPrompt | Shutdown
)
Answer = (
    Ready
    | Began
    | Idle
    | Touching
    | Opened
    | Rendered
    | Stepped
    | PromptRead
    | Compared
    | SteppedApart
    | Finished
    | Adopted
    | Unusable
    | Notice
    | Failed
)
