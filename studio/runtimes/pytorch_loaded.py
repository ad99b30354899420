"""A torch module, ready to run as every runtime's networks do."""

from __future__ import annotations

import copy
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from studio.errors import RuntimeFailed
from studio.runtimes.contract import Arrays, LayerTime, NodePlace, Placement, Plan
from studio.runtimes.feeding import checked_inputs

DTYPES = {"f32": torch.float32, "bf16": torch.bfloat16, "f16": torch.float16}
_NAMES = {dtype: name for name, dtype in DTYPES.items()}


class PyTorchLoaded:
    """See :class:`studio.runtimes.contract.Loaded`. A run that is stopped ends before the next
    operation.

    Raises:
        RuntimeFailed: the module cannot be made or moved to the device.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._device = torch.device(plan.target.device)
        self._dtype = DTYPES[plan.target.precision]
        self._running = f"running '{plan.network.name}' on {plan.target}"
        if self._device.type == "cuda":
            # TF32 keeps 10 bits of what is asked for as f32; cuDNN uses it unless told not to.
            torch.backends.cudnn.allow_tf32 = False
        with _failures(f"loading '{plan.network.name}' on {plan.target}"):
            self._module: nn.Module | None = _placed(_own_module(plan), self._device, self._dtype)
        self.target = plan.target
        self.placement = _placement(self._module, self._device, plan.target.precision)

    def run(
        self, inputs: Arrays, between: Callable[[], None] | None = None
    ) -> dict[str, npt.NDArray[np.float32]]:
        """Outputs by name.

        Raises:
            BadChoice: inputs of other names or shapes than the plan's.
            RuntimeFailed: PyTorch raised, or the device is gone.
        """
        return self._run(inputs, nullcontext() if between is None else _Asking(between))

    def layer_times(self, inputs: Arrays) -> tuple[LayerTime, ...]:
        """Every operation of one run, in order; the device is waited for after each."""
        self._run(inputs, nullcontext())  # the first run of a shape prepares kernels
        timing = _Timing(self._device)
        with _named(self._opened(), timing.enter, timing.leave):
            self._run(inputs, timing)
        return tuple(timing.times)

    def close(self) -> None:
        """Free the module and, on a GPU, its memory."""
        self._module = None
        if self._device.type != "cpu":
            getattr(torch, self._device.type).empty_cache()

    def _opened(self) -> nn.Module:
        if self._module is None:
            raise RuntimeFailed(f"'{self._plan.network.name}' was closed; load it again")
        return self._module

    def _run(self, inputs: Arrays, watch: Any) -> dict[str, npt.NDArray[np.float32]]:
        module = self._opened()
        fed = checked_inputs(self._plan, inputs)
        with _threads(self._plan.threads), torch.inference_mode(), _failures(self._running):
            exact = {port.name for port in self._plan.network.inputs if port.exact}
            arguments = [
                self._moved(torch.from_numpy(array), name in exact) for name, array in fed.items()
            ]
            with watch:
                made = module(*arguments)
            outputs = made if isinstance(made, tuple | list) else (made,)
            arrays = [output.float().cpu().contiguous().numpy() for output in outputs]
        names = [port.name for port in self._plan.network.outputs]
        return dict(zip(names, arrays, strict=True))

    def _moved(self, value: Tensor, exact: bool) -> Tensor:
        layout = torch.channels_last if value.ndim == 4 else torch.preserve_format
        if not value.is_floating_point():
            return value.to(self._device)
        dtype = value.dtype if exact else self._dtype
        return value.to(self._device, dtype, memory_format=layout)


def _own_module(plan: Plan) -> nn.Module:
    """A module that may be moved and converted. That of a traced network lies on the model's own
    weights, which stay as they are: it is made again on the same memory."""
    if plan.network.held is not None:
        return plan.network.held()
    module = plan.network.module()
    if not plan.network.traced:
        return module
    memo: dict[int, object] = {
        id(p): nn.Parameter(p.detach(), requires_grad=False) for p in module.parameters()
    }
    memo |= {id(buffer): buffer.detach() for buffer in module.buffers()}
    return copy.deepcopy(module, memo)


def _placed(module: nn.Module, device: torch.device, dtype: torch.dtype) -> nn.Module:
    """The module on a device; tensors that are no floats keep their type."""
    module = module.eval().to(device=device, dtype=dtype)
    return module.to(memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]


def _placement(module: nn.Module, device: torch.device, asked: str) -> Placement:
    """Where the module's constants are, which is where eager PyTorch computes."""
    tensors = [*module.parameters(), *module.buffers()]
    floats = [t for t in tensors if t.is_floating_point()]
    where = sorted({str(t.device).upper() for t in tensors}) or [str(device).upper()]
    sizes: Counter[str] = Counter()
    for tensor in floats:
        sizes[_NAMES.get(tensor.dtype, str(tensor.dtype))] += tensor.numel()
    precision = sizes.most_common(1)[0][0] if sizes else asked
    strays = Counter(str(t.device).upper() for t in tensors if t.device.type != device.type)
    fallbacks = tuple(NodePlace(name, "constant", n) for name, n in sorted(strays.items()))
    return Placement(tuple(where), precision, fallbacks)


class _Stopped(BaseException):
    """Carries what ``between`` raised past those who catch what PyTorch raises."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error


class _Asking(TorchFunctionMode):
    """Calls ``between`` before every operation."""

    def __init__(self, between: Callable[[], None]) -> None:
        super().__init__()
        self._between = between

    def __torch_function__(  # type: ignore[no-untyped-def]
        self, func, types, args=(), kwargs=None
    ):
        if func.__name__ != "__get__":  # reading a shape is no operation
            try:
                self._between()
            except BaseException as error:
                raise _Stopped(error) from error
        return func(*args, **(kwargs or {}))


class _Timing(TorchFunctionMode):
    """Times every operation, named by the submodule that it is part of."""

    def __init__(self, device: torch.device) -> None:
        super().__init__()
        self._device = device
        self._path: list[str] = []
        self.times: list[LayerTime] = []

    def enter(self, name: str) -> None:
        self._path.append(name)

    def leave(self) -> None:
        self._path.pop()

    def __torch_function__(  # type: ignore[no-untyped-def]
        self, func, types, args=(), kwargs=None
    ):
        if func.__name__ == "__get__":
            return func(*args, **(kwargs or {}))
        start = time.perf_counter()
        made = func(*args, **(kwargs or {}))
        if self._device.type != "cpu":
            getattr(torch, self._device.type).synchronize()
        seconds = time.perf_counter() - start
        if isinstance(made, Tensor):
            operator = func.__name__.strip("_")
            where = self._path[-1] if self._path else ""
            name = f"{where}.{operator}" if where else operator
            precision = _NAMES.get(made.dtype, str(made.dtype).removeprefix("torch."))
            self.times.append(LayerTime(name, operator, seconds * 1000, precision))
        return made


@contextmanager
def _named(
    module: nn.Module, enter: Callable[[str], None], leave: Callable[[], None]
) -> Iterator[None]:
    """Call ``enter`` with a submodule's name when it starts, and ``leave`` when it ends."""
    hooks = []
    for name, part in module.named_modules():
        hooks.append(part.register_forward_pre_hook(lambda *_, name=name: enter(name)))
        hooks.append(part.register_forward_hook(lambda *_: leave(), always_call=True))
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


@contextmanager
def _threads(number: int) -> Iterator[None]:
    """Let torch use ``number`` threads; 0 leaves it as it is."""
    before = torch.get_num_threads()
    if number and number != before:
        torch.set_num_threads(number)
    try:
        yield
    finally:
        if torch.get_num_threads() != before:
            torch.set_num_threads(before)


@contextmanager
def _failures(doing: str) -> Iterator[None]:
    """Turn what PyTorch raises into one sentence; what ``between`` raised passes as it was."""
    try:
        yield
    except _Stopped as stopped:
        raise stopped.error from None
    except RuntimeError as error:
        said = (str(error).strip() or repr(error)).splitlines()[0].rstrip(".")
        raise RuntimeFailed(f"{doing} failed: {said}") from error
