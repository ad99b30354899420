"""Damaged files of every form either open or are refused in one sentence. Nothing else happens."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.checkpoints import Checkpoint, is_maquette, open_checkpoint, save_maquette
from studio.checkpoints.layouts.translation.own import to_json
from studio.checkpoints.writing import save_translation
from studio.errors import RefusedFile
from studio.families.stylegan.network import StyleGan2
from tests.checkpoints import ada_files
from tests.checkpoints.networks import SMALL, metadata_of, network_of, random_network
from tests.families.translation.projects import MOBILE, random_tensors
from tests.fixtures_root import FIXTURES

FORMS = ("zip", "legacy", "snapshot", "maquette", "translation")
SETTINGS = settings(
    deadline=None,
    max_examples=60,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _tiny_state() -> dict[str, torch.Tensor]:
    """A rosinality state dict with few channels, so that most bytes are structure."""
    state = torch.load(FIXTURES / "anycost/odd/generator.pt", weights_only=True)["g_ema"]
    tiny = {}
    for name, tensor in state.items():
        if name.startswith(("style.", "noises.")) or name.endswith("kernel"):
            tiny[name] = tensor
        elif name.endswith("modulation.weight"):
            tiny[name] = tensor[:2].clone()
        elif name.endswith("conv.weight"):
            outputs = 3 if tensor.shape[1] == 3 else 2
            tiny[name] = tensor[:, :outputs, :2].clone()
        elif name == "input.input":
            tiny[name] = tensor[:, :2].clone()
        elif tensor.ndim == 1 and len(tensor) > 3:
            tiny[name] = tensor[:2].clone()
        else:
            tiny[name] = tensor
    return tiny


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The bytes of a small sound file of every form."""
    folder = tmp_path_factory.mktemp("good")
    network, state = random_network(SMALL), _tiny_state()
    torch.save(state, folder / "zip")
    torch.save(state, folder / "legacy", _use_new_zipfile_serialization=False)
    ada_files.write(folder / "snapshot", {"G_ema": ada_files.generator(network)}, protocol=4)
    save_maquette(folder / "maquette", network.state_dict(), metadata_of(SMALL), {})
    save_translation(
        folder / "translation", random_tensors(MOBILE), {"config": to_json(MOBILE), "answers": "{}"}
    )
    for form in FORMS:
        assert open_checkpoint(folder / form)
    return {form: (folder / form).read_bytes() for form in FORMS}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where mutated files are written."""
    return tmp_path_factory.mktemp("mutated") / "model.pt"


def _opens_or_is_refused(path: Path, data: bytes) -> Checkpoint | None:
    path.write_bytes(data)
    is_maquette(path)
    opened, sentence = None, "model.pt cannot be opened: ."
    try:
        opened = open_checkpoint(path, memory_limit=50_000_000)
    except RefusedFile as refused:
        sentence = str(refused)
    assert sentence.startswith("model.pt cannot be opened: ")
    assert sentence.endswith(".")
    assert sentence.isprintable()
    if opened is None:
        return None
    assert all(bool(tensor.isfinite().all()) for tensor in opened.tensors.values())
    if opened.sizes is None:
        network_of(opened)
    else:
        shapes = {name: tuple(tensor.shape) for name, tensor in opened.tensors.items()}
        assert shapes == opened.sizes.shapes()
    return opened


def _structure(form: str, data: bytes) -> tuple[int, int]:
    """Where the structure of a file stands: its pickle or header, without the numbers."""
    if form == "zip":
        start = data.index(b"\x80\x02")
        return start, data.index(b"PK", start)
    if form in ("maquette", "translation"):
        return 0, 8 + int.from_bytes(data[:8], "little")
    return 0, len(data)


@pytest.mark.parametrize("form", FORMS)
@SETTINGS
@given(draw=st.data())
def test_changed_bytes(good: dict[str, bytes], path: Path, form: str, draw: st.DataObject) -> None:
    data = bytearray(good[form])
    start, end = _structure(form, good[form])
    for _ in range(draw.draw(st.integers(1, 4))):
        data[draw.draw(st.integers(start, end - 1))] = draw.draw(st.integers(0, 255))
    _opens_or_is_refused(path, bytes(data))


@pytest.mark.parametrize("form", FORMS)
@SETTINGS
@given(draw=st.data())
def test_cut_and_spliced_bytes(
    good: dict[str, bytes], path: Path, form: str, draw: st.DataObject
) -> None:
    data = good[form]
    start, end = _structure(form, data)
    at = draw.draw(st.integers(start, end - 1))
    kind = draw.draw(st.sampled_from(("cut", "remove", "repeat", "insert", "other")))
    if kind == "cut":
        data = data[:at]
    elif kind == "remove":
        data = data[:at] + data[at + draw.draw(st.integers(1, 40)) :]
    elif kind == "repeat":
        data = data[: at + 40] + data[at:]
    elif kind == "insert":
        data = data[:at] + draw.draw(st.binary(min_size=1, max_size=30)) + data[at:]
    else:
        other = good[draw.draw(st.sampled_from(FORMS))]
        data = data[:at] + other[draw.draw(st.integers(0, len(other) - 1)) :]
    _opens_or_is_refused(path, data)


@pytest.mark.parametrize("head", [b"", b"\x80\x04", b"PK\x03\x04", b"\x40\0\0\0\0\0\0\0{"])
@SETTINGS
@given(tail=st.binary(max_size=300))
def test_random_bytes(path: Path, head: bytes, tail: bytes) -> None:
    assert _opens_or_is_refused(path, head + tail) is None


@SETTINGS
@given(draw=st.data())
def test_changed_tensors(path: Path, draw: st.DataObject) -> None:
    state = dict(_TINY)
    name = draw.draw(st.sampled_from(sorted(state)))
    changes: dict[str, Callable[[torch.Tensor], torch.Tensor | None]] = {
        "delete": lambda t: None,
        "widen": lambda t: torch.cat([t, t], 0) if t.ndim else t[None],
        "empty": lambda t: t[:0].clone(),
        "flatten": lambda t: t.flatten()[None].clone(),
        "axis": lambda t: t[..., None].clone(),
        "expand": lambda t: t.flatten()[:1].expand(t.numel()).reshape(t.shape),
        "integers": lambda t: t.to(torch.int64),
        "complex": lambda t: t.to(torch.complex64),
        "nan": lambda t: torch.full_like(t, torch.nan),
    }
    change = changes[draw.draw(st.sampled_from(sorted(changes)))](state.pop(name))
    if change is not None:
        state[draw.draw(st.sampled_from((name, name, name + "x")))] = change
    torch.save({"g_ema": state}, path)
    opened = _opens_or_is_refused(path, path.read_bytes())
    if name not in state:
        assert opened is None or name.endswith("kernel")


@SETTINGS
@given(draw=st.data())
def test_changed_header(good: dict[str, bytes], path: Path, draw: st.DataObject) -> None:
    data = good["maquette"]
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    name = draw.draw(st.sampled_from(sorted(header.keys() - {"__metadata__"})))
    value = st.none() | st.integers() | st.text() | st.lists(st.integers(-2, 2**63), max_size=4)
    field = draw.draw(st.sampled_from(("dtype", "shape", "data_offsets", "", "rename", "config")))
    if field == "rename":
        header[draw.draw(st.text())] = header.pop(name)
    elif field == "config":
        metadata = header["__metadata__"]
        config = json.loads(metadata["config"])
        config[draw.draw(st.sampled_from(sorted(config)))] = draw.draw(value)
        metadata["config"] = json.dumps(config)
    elif field:
        header[name][field] = draw.draw(value)
    else:
        header[name] = draw.draw(value)
    text = json.dumps(header).encode()
    _opens_or_is_refused(path, len(text).to_bytes(8, "little") + text + data[8 + length :])


_TINY = _tiny_state()


def test_the_small_state_is_a_network(path: Path) -> None:
    torch.save({"g_ema": _TINY}, path)
    opened = _opens_or_is_refused(path, path.read_bytes())
    assert opened is not None
    assert isinstance(network_of(opened), StyleGan2)
    assert network_of(opened).config.channels == (2,) * 8
