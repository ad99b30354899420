"""A compiled network in OpenVINO, ready to run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.errors import RuntimeFailed
from studio.runtimes.contract import Arrays, LayerTime, Plan
from studio.runtimes.feeding import checked_inputs
from studio.runtimes.openvino import placement_of
from studio.runtimes.openvino_core import failures, quiet_openvino
from studio.runtimes.openvino_graph import precision_name
from studio.runtimes.openvino_options import Options, options_for

SLICE = 2  # milliseconds between two looks at whether to stop


class OpenVinoLoaded:
    """See :class:`studio.runtimes.contract.Loaded`. A run that is stopped ends after the node that
    is running.

    Args:
        make: gives the ``openvino.CompiledModel`` for options; it is kept, with all that the
            network may use in place.
    """

    def __init__(self, plan: Plan, make: Callable[[Options], Any]) -> None:
        self._plan = plan
        self._make: Callable[[Options], Any] | None = make
        self._compiled: Any = make(options_for(plan))
        self._running = f"running '{plan.network.name}' on {plan.target}"
        with failures(self._running):
            self._request: Any = self._compiled.create_infer_request()
        self.target = plan.target
        self.placement = placement_of(plan, self._compiled, options_for(plan))

    def run(
        self, inputs: Arrays, between: Callable[[], None] | None = None
    ) -> dict[str, npt.NDArray[np.float32]]:
        """Outputs by name, in arrays of their own.

        Raises:
            BadChoice: inputs of other names or shapes than the plan's.
            RuntimeFailed: OpenVINO raised, or the device is gone.
        """
        if self._request is None:
            raise RuntimeFailed(f"'{self._plan.network.name}' was closed; load it again")
        return self._run(self._request, inputs, between)

    def _run(
        self, request: Any, inputs: Arrays, between: Callable[[], None] | None
    ) -> dict[str, npt.NDArray[np.float32]]:
        fed = checked_inputs(self._plan, inputs)
        if between is not None:
            between()
        tensor = quiet_openvino().Tensor
        with failures(self._running):
            for name, array in fed.items():
                request.set_tensor(name, tensor(array, shared_memory=True))
            request.start_async()
        if between is not None:
            self._watch(request, between)
        with failures(self._running):
            request.wait()
            # The request writes its next outputs to the same place. Handing it arrays of ours
            # instead saves the copy, but a dynamic batch then writes beyond their end.
            return {
                port.name: np.array(request.get_tensor(port.name).data, np.float32)
                for port in self._plan.network.outputs
            }

    def _watch(self, request: Any, between: Callable[[], None]) -> None:
        while True:
            with failures(self._running):
                if request.wait_for(SLICE):
                    return
            try:
                between()
            except BaseException:
                self._stop(request)
                raise

    def _stop(self, request: Any) -> None:
        """Cancel and wait until nothing is read or written any more."""
        try:
            request.cancel()
            request.wait()
        except RuntimeError:  # that it was cancelled
            return

    def layer_times(self, inputs: Arrays) -> tuple[LayerTime, ...]:
        """The second of two runs of a copy that counts. Times add up to a little more than an
        uncounted run takes."""
        if self._make is None:
            raise RuntimeFailed(f"'{self._plan.network.name}' was closed; load it again")
        compiled = self._make(options_for(self._plan, profiled=True))
        with failures(self._running):
            request = compiled.create_infer_request()
        for _ in range(2):  # the first prepares the kernels for the shapes
            self._run(request, inputs, None)
        with failures(self._running):
            counted = request.get_profiling_info()
        return tuple(
            LayerTime(
                info.node_name,
                info.node_type,
                info.real_time.total_seconds() * 1000,
                precision_name(info.exec_type.rpartition("_")[2]),
            )
            for info in counted
            if info.status == type(info.status).EXECUTED
        )

    def close(self) -> None:
        """Free the network and the file behind it."""
        self._request = self._compiled = self._make = None
