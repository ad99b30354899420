"""What every export format does: plan, write, and where this host can, open and run. No runtime.

A format may write through a process of its own, whose packages never touch the app: ``write`` then
hands the subject to it, and ``plan`` refuses with the packages that are missing. A format that
cannot be run on this host gives no place in its plan, and its ``open`` refuses: such a file is
"made here, not run here".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from studio.families.exportable import Exportable
from studio.subnets.choice import SubnetChoice

if TYPE_CHECKING:
    from studio.bundles.manifest import Network, Precision, Role
    from studio.families.generative import AnyModel

Arrays = Mapping[str, npt.NDArray[np.float32]]
BATCHES = (1, 64)  # least and most pictures at once of files whose batch is not fixed


@dataclass(frozen=True)
class Subject:
    """One subnet to be written.

    Args:
        id: short, fit for a file's name. title: for people.
        model: what it is of; of a recipe's variant, the variant. choice: what of it.
        parts: head, body and fills. whole: the whole model is meant, from which subnets are cut.
        baked: sizes of the dimensions that tracing it fixes. still: sizes of all, where they must
            not change, of a traced network.
    """

    id: str
    title: str
    model: AnyModel
    choice: SubnetChoice
    parts: Exportable
    whole: bool = False
    baked: Mapping[str, int] = field(default_factory=dict)
    still: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class FormatPlan:
    """What writing a subject in a format would give.

    Args:
        bytes: estimated size on disk. refusals: why it cannot be, a sentence each.
        notes: what the user should know. runs_here: targets of this host that run it; empty for
            "made here, not run here".
    """

    bytes: int
    refusals: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    runs_here: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """What a format left in the folder.

    Args:
        main: name of the file to open. parts: names of others that it reads.
        opset: of ONNX, else None. sizes: dimensions that were fixed, by name.
        notes: what was found on the way.
    """

    main: str
    parts: tuple[str, ...] = ()
    opset: int | None = None
    sizes: Mapping[str, int] | None = None
    notes: tuple[str, ...] = ()


class Opened(Protocol):
    """A file that runs in the present process."""

    runtime: str
    version: str
    device: str
    int8_layers: tuple[str, ...]
    """Of a quantised network, the convolutions that the compiled graph runs in int8."""

    def run(self, inputs: Arrays) -> dict[str, npt.NDArray[np.float32]]:
        """Outputs by name.

        Raises:
            RuntimeFailed: the runtime raised.
        """


class Format(Protocol):
    """One format. Making one imports nothing heavy.

    Attributes:
        name: on the command line. title, good_for: for people, the second a sentence.
        precisions: what it can be written in, the usual one first.
        role: ``network`` runs by itself, ``weights`` is for Maquette.
        requirements: packages that running it needs beside numpy and Pillow, which come with their
            versions of now; empty for none.
        target: runtime and device that a measurement of it names, as in ``onnxruntime:cpu``.
    """

    name: str
    title: str
    good_for: str
    precisions: tuple[Precision, ...]
    role: Role
    requirements: tuple[str, ...]
    target: str

    def plan(self, subject: Subject, precision: Precision) -> FormatPlan:
        """Checks everything and does no work."""

    def missing(self) -> str:
        """Why files of this format cannot be run on this host, a sentence; empty when they can."""

    def write(
        self,
        subject: Subject,
        precision: Precision,
        folder: Path,
        stem: str,
        progress: Callable[[float, str], None],
    ) -> Written:
        """Write files that begin with ``stem`` into ``folder``.

        Raises:
            RuntimeFailed: a library raised. OSError: the disk did.
        """

    def open(self, network: Network, files: Mapping[str, bytes]) -> Opened:
        """Open what was written, for a run on the CPU. Called in a process of its own: ``files``
        may come from anywhere.

        Args:
            files: contents of ``network.main`` and its parts, by path.

        Raises:
            RefusedFile: a file is not what the manifest says, or asks for more than it holds.
            RuntimeFailed: the runtime is missing, or did not take it.
        """
