"""Several processes as one, through Hugging Face Accelerate: one CPU, one GPU, or many of either
under ``accelerate launch``.

Every process draws the same random numbers and takes its part of each batch, so the pictures of a
step do not depend on how many share it. Gradients are averaged in one piece, since the subnet of a
step reads slices of weights that no wrapper around a module would see.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta

import torch
from torch import Tensor

from studio.errors import BadChoice, MaquetteError


class Together:
    """This process among those that train. ``index`` 0 alone writes files and reports.

    Raises:
        BadChoice: a batch cannot be divided evenly among the processes.
        MaquetteError: several were launched that cannot find each other.
    """

    def __init__(self, batch: int) -> None:
        # Accelerate reads a library that can talk to a hub; nothing here is fetched or told.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        from accelerate import Accelerator
        from accelerate.utils import InitProcessGroupKwargs

        # Half precision would need scaled gradients; these networks are small, so it is left out.
        # On a machine without a GPU it joins processes only where it is told that CPUs are meant.
        bare = "LOCAL_RANK" in os.environ and not torch.cuda.is_available()
        self._accelerator = Accelerator(
            mixed_precision="no",
            cpu=bare,
            # The others wait while the first one searches, for hours if need be.
            kwargs_handlers=[InitProcessGroupKwargs(timeout=timedelta(days=30))],
        )
        self.device: torch.device = self._accelerator.device
        self.count: int = self._accelerator.num_processes
        self.index: int = self._accelerator.process_index
        if self.count == 1 and int(os.environ.get("WORLD_SIZE", "1")) > 1:
            raise MaquetteError(
                "several processes were launched, and Accelerate cannot join them on this machine"
            )
        if batch % self.count:
            raise BadChoice(
                f"a batch of {batch} cannot be shared by {self.count} processes; accepted are "
                f"multiples of {self.count}"
            )

    @property
    def first(self) -> bool:
        """This process writes and reports."""
        return self.index == 0

    def wait(self) -> None:
        """Until every process is here."""
        self._accelerator.wait_for_everyone()

    def mean(self, values: Sequence[Tensor]) -> None:
        """Replace each of these by its mean over all processes."""
        if self.count == 1 or not values:
            return
        flat = torch.cat([value.flatten() for value in values])
        flat = self._accelerator.reduce(flat, reduction="mean")
        for value, part in zip(values, flat.split([v.numel() for v in values]), strict=True):
            value.copy_(part.view_as(value))

    def told(self, *numbers: float) -> tuple[float, ...]:
        """What the first process gives here, in every process."""
        if self.count == 1:
            return numbers
        from accelerate.utils import broadcast

        given = torch.tensor(numbers, dtype=torch.float64).to(self.device)
        return tuple(float(number) for number in broadcast(given, from_process=0).tolist())
