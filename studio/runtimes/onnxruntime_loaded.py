"""A network in ONNX Runtime, ready to run."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.errors import RuntimeFailed, cause_of
from studio.families.portable import Port
from studio.runtimes.contract import Arrays, LayerTime, Plan
from studio.runtimes.feeding import checked_inputs
from studio.runtimes.onnxruntime_core import failures, found, quiet_onnxruntime
from studio.runtimes.onnxruntime_graph import assigned_nodes, layer_times, placement
from studio.runtimes.onnxruntime_session import Use, open_session
from studio.runtimes.quantization import follows_plan
from studio.runtimes.record import read_file, read_record

SLICE = 0.002  # seconds between two looks at whether to stop
CACHE = "cache"  # folder for what a provider keeps itself
GRAPH, CONTEXT, SOURCE = "optimised.onnx", "context.onnx", "source.onnx"


class OnnxRuntimeLoaded:
    """See :class:`studio.runtimes.contract.Loaded`. A run that is stopped ends after the node that
    is running.

    Args:
        folder: what the runtime compiled; checked before native code sees it.

    Raises:
        RuntimeFailed: the files are damaged or of another version, or ONNX Runtime raised.
        BadChoice: the device is not on this host any more.
    """

    def __init__(self, plan: Plan, folder: Path) -> None:
        self._plan = plan
        self._folder = folder
        self._running = f"running '{plan.network.name}' on {plan.target}"
        self._here = found(plan.target.device)
        self._session: Any = self._opened()
        self.target = plan.target
        nodes = assigned_nodes(self._session)
        self.placement = placement(self._here, plan.target.precision, nodes)
        if follows_plan(plan):
            # Read from this very graph when it was written.
            told = read_record(plan, folder).placement
            self.placement = replace(
                self.placement, precision=told.precision, int8=told.int8, left=told.left
            )

    def _opened(self, profile: Path | None = None) -> Any:
        if self._plan.network.traced:
            from studio.runtimes.traced.onnx_files import checked_graph

            path = checked_graph(self._plan, self._folder)
            return open_session(self._plan, self._here, path, Use(profile=profile))
        record = read_record(self._plan, self._folder)
        name = next((n for n in (GRAPH, CONTEXT, SOURCE) if n in record.files), SOURCE)
        model = bytes(read_file(record, self._folder, name))
        cache = self._folder / CACHE
        use = Use(optimise=name == SOURCE, cache=cache, profile=profile)
        try:
            return open_session(self._plan, self._here, model, use)
        except OSError as error:
            raise RuntimeFailed(f"{cache} cannot be made: {cause_of(error)}") from error

    def run(
        self, inputs: Arrays, between: Callable[[], None] | None = None
    ) -> dict[str, npt.NDArray[np.float32]]:
        """Outputs by name, in arrays of their own.

        Raises:
            BadChoice: inputs of other names or shapes than the plan's.
            RuntimeFailed: ONNX Runtime raised, or the device is gone.
        """
        if self._session is None:
            raise RuntimeFailed(f"'{self._plan.network.name}' was closed; load it again")
        fed = checked_inputs(self._plan, inputs)
        if between is not None:
            between()
        return self._run(self._session, fed, between)

    def _run(
        self,
        session: Any,
        fed: dict[str, npt.NDArray[Any]],
        between: Callable[[], None] | None,
    ) -> dict[str, npt.NDArray[np.float32]]:
        options = quiet_onnxruntime().RunOptions()
        options.log_severity_level = 4  # a run that is stopped would be logged as an error
        made = self._room(fed)
        with failures(self._running):
            binding = session.io_binding()
            for name, array in fed.items():
                place = array.ctypes.data
                binding.bind_input(name, "cpu", 0, array.dtype.type, array.shape, place)
            for port in self._plan.network.outputs:
                out = made.get(port.name)
                if out is None:
                    binding.bind_output(port.name, "cpu")
                else:  # written in place: one copy of the outputs less
                    place = out.ctypes.data
                    binding.bind_output(port.name, "cpu", 0, np.float32, out.shape, place)
        if between is None:
            with failures(self._running):
                session.run_with_iobinding(binding, options)
        else:
            self._watched(session, binding, options, between)
        names = [port.name for port in self._plan.network.outputs]
        if len(made) < len(names):
            with failures(self._running):
                values = binding.get_outputs()
                made |= {
                    name: value.numpy()
                    for name, value in zip(names, values, strict=True)
                    if name not in made
                }
        return {name: made[name] for name in names}

    def _room(self, fed: dict[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[np.float32]]:
        """Arrays for the outputs whose shapes the inputs decide."""
        sizes = dict(self._plan.sizes)
        for port in self._plan.network.inputs:
            sizes |= _named(port, fed[port.name].shape)
        made = {}
        for port in self._plan.network.outputs:
            if all(isinstance(d, int) or d in sizes for d in port.shape):
                made[port.name] = np.empty(port.fixed(**sizes), np.float32)
        return made

    def _watched(
        self, session: Any, binding: Any, options: Any, between: Callable[[], None]
    ) -> None:
        """Run in a thread of its own, since a run does not return to be asked."""
        with ThreadPoolExecutor(1, "onnxruntime") as pool:
            run = pool.submit(session.run_with_iobinding, binding, options)
            try:
                while wait([run], SLICE).not_done:
                    between()
            except BaseException:
                options.terminate = True
                raise  # leaving the block waits until nothing is read or written any more
            with failures(self._running):
                run.result()

    def layer_times(self, inputs: Arrays) -> tuple[LayerTime, ...]:
        """The second of two runs of a session that counts, so slower by a little."""
        fed = checked_inputs(self._plan, inputs)
        with tempfile.TemporaryDirectory(prefix="maquette-profile-") as folder:
            session = self._opened(Path(folder) / "profile")
            for _ in range(2):  # the first prepares memory for the shapes
                self._run(session, fed, None)
            with failures(f"timing the layers of '{self._plan.network.name}'"):
                path = Path(session.end_profiling())
                return layer_times(path.read_text(encoding="utf-8"))

    def close(self) -> None:
        """Free the session."""
        self._session = None


def _named(port: Port, shape: tuple[int, ...]) -> dict[str, int]:
    return {d: n for d, n in zip(port.shape, shape, strict=True) if isinstance(d, str)}
