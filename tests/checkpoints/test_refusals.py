"""Files that are no models, or more than the machine can hold, and what their sentences say."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
import torch

from studio.checkpoints import open_checkpoint
from studio.errors import NotEnoughMemory, RefusedFile, UnsupportedModel
from tests.fixtures_root import FIXTURES

GOOD = FIXTURES / "anycost/odd/generator.pt"


def _refused(path: Path, why: str, kind: type[RefusedFile] = RefusedFile) -> str:
    with pytest.raises(kind, match=why) as refused:
        open_checkpoint(path)
    assert str(refused.value).startswith(f"{path.name} cannot be opened: ")
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"\x80", "no known kind"),
        (b"\x80\x02", "ends early"),
        (b"\x80\x02.", "damaged"),
        (b"\x80\x09.", "no known kind"),
        (b"\0" * 4000, "nothing but zeros"),
        (b"<!DOCTYPE html><html>Sign in", "web page"),
        (b"\x89HDF\r\n\x1a\n" + b"\0" * 40, "HDF5"),
        (b"\x1f\x8b\x08\0" + b"\1" * 40, "gzip"),
        (b"GGUF\3\0\0\0" + b"\0" * 40, "GGUF"),
        (b"\x93NUMPY\1\0v\0{'descr'", "single NumPy array"),
        (bytes(range(128, 250)), "no known kind"),
        ("Пароль или входной файл".encode(), "is text"),
        (b"PK\x03\x04", "cut short"),
        (b"PK\x05\x06" + b"\0" * 18, r"without the data\.pkl .*nothing"),
        (b"[1, 2]", "JSON file"),
        (b'{"resolution": 64}', "describes a model but holds no weights"),
        (b"{nope", "no valid JSON"),
        (b"\x02\0\0\0\0\0\0\0{}", "0 tensors fit no known network"),
        (b"\x02\0\0\0\0\0\0\0{]", "no valid JSON"),
    ],
)
def test_content_that_is_no_model(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "model.pt").write_bytes(content)
    _refused(tmp_path / "model.pt", why)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    _refused(tmp_path / "gone.pt", "there is no such file")
    _refused(tmp_path, "is a folder")
    _refused(GOOD / "below.pt", "cannot be opened")


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "model.pt"
    path.write_bytes(b"x")

    def denied(self: Path, mode: str = "r") -> io.BytesIO:
        raise PermissionError(13, "Permission denied")

    # Changing the mode of the file would not stop an administrator.
    monkeypatch.setattr(Path, "open", denied)
    _refused(path, "permission denied")


def test_failing_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    path = tmp_path / "model.pt"
    path.write_bytes(b"x")
    monkeypatch.setattr(Path, "open", lambda self, mode="r": Failing())
    _refused(path, r"reading failed \(Input/output error\)")


def test_file_that_shrinks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "model.pt"
    path.write_bytes(GOOD.read_bytes())
    start = path.read_bytes()[:900]
    monkeypatch.setattr(Path, "open", lambda self, mode="r": io.BytesIO(start))
    _refused(path, "became shorter|cut short")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of this kind exist on POSIX only")
def test_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "model.pt")
    _refused(tmp_path / "model.pt", "no ordinary file")


def test_too_little_memory_gives_both_figures() -> None:
    with pytest.raises(NotEnoughMemory, match=r"needs .* kB of memory, and 100\.0 kB may be used"):
        open_checkpoint(GOOD, memory_limit=100_000)
    assert open_checkpoint(GOOD, memory_limit=2_000_000)


def test_scattered_numbers_count_with_the_room_they_take(tmp_path: Path) -> None:
    state = dict(torch.load(GOOD, weights_only=True)["g_ema"])
    state["conv1.activate.bias"] = torch.zeros(4_000_000)[::100_000]
    torch.save(state, tmp_path / "a.pt")
    with pytest.raises(NotEnoughMemory, match=r"needs 16\.\d MB"):
        open_checkpoint(tmp_path / "a.pt", memory_limit=2_000_000)
    assert open_checkpoint(tmp_path / "a.pt", memory_limit=20_000_000)


def test_progress_rises_to_one_and_its_errors_pass_through() -> None:
    seen: list[float] = []
    open_checkpoint(GOOD, progress=lambda fraction, what: seen.append(fraction))
    assert seen[0] == 0.0
    assert seen == sorted(seen)
    assert seen[-1] == 1.0

    def stop(fraction: float, what: str) -> None:
        raise ValueError("stopped by the caller")

    with pytest.raises(ValueError, match="stopped by the caller"):
        open_checkpoint(GOOD, progress=stop)


@pytest.mark.parametrize(
    ("names", "why", "kind"),
    [
        (["head_0.conv_0.weight", "fc.weight"], "SPADE generator that starts", UnsupportedModel),
        (["model.model.0.weight"], "U-Net generator of pix2pix, but lacks", RefusedFile),
        (["model.1.weight", "model.10.conv_block.1.weight"], "residual blocks are", RefusedFile),
        (["model.0.weight", "model.2.weight"], "discriminator of pix2pix", UnsupportedModel),
        (["down_blocks.0.resnets.0.conv1.weight"], "diffusion", UnsupportedModel),
        (["convs.0.0.weight", "final_conv.0.weight"], "discriminator", UnsupportedModel),
        (["synthesis.L0_36_512.weight", "mapping.fc0.weight"], "StyleGAN3", UnsupportedModel),
        (["encoder.weight"], "fit no known network .*“encoder.weight”", RefusedFile),
    ],
)
def test_other_networks_are_named(
    tmp_path: Path, names: list[str], why: str, kind: type[RefusedFile]
) -> None:
    torch.save({name: torch.ones(2, 2) for name in names}, tmp_path / "model.pt")
    _refused(tmp_path / "model.pt", why, kind)


def test_other_contents_are_named(tmp_path: Path) -> None:
    path = tmp_path / "model.pt"
    for content, why in (
        ({}, "empty state dict"),
        (torch.ones(3), "single tensor"),
        ("text", "holds a text"),
        ({"epoch": 3, "name": "x"}, "no state dict of a generator; its entries are “epoch”"),
        ({"d": {"x": torch.ones(1)}}, "discriminator only"),
        ({"g_ema": {"x": torch.ones(1), "y": "text"}}, "entry “y” of g_ema is a text"),
        ({"g_ema": {3: torch.ones(1)}}, "g_ema has an entry whose name is no text"),
    ):
        torch.save(content, path)
        _refused(path, why)


def test_stored_module_is_refused_by_name(tmp_path: Path) -> None:
    torch.save(torch.nn.Linear(2, 2), tmp_path / "model.pt")
    _refused(tmp_path / "model.pt", r"“torch\.nn\.modules\.linear\.Linear”.*a state dict")


def test_tensorflow_snapshot_is_not_supported(tmp_path: Path) -> None:
    (tmp_path / "a.pkl").write_bytes(b"\x80\x03cdnnlib.tflib.network\nNetwork\n)\x81.")
    _refused(tmp_path / "a.pkl", "TensorFlow, which is not supported", UnsupportedModel)


def test_grey_pictures_are_not_supported(tmp_path: Path) -> None:
    state = dict(torch.load(GOOD, weights_only=True)["g_ema"])
    for name in [n for n in state if n.startswith("to_rgb") and n.endswith("conv.weight")]:
        state[name] = state[name][:, :1].clone()
    torch.save(state, tmp_path / "a.pt")
    _refused(tmp_path / "a.pt", "colour channels of its pictures is 1", UnsupportedModel)


def test_archives_that_play_tricks(tmp_path: Path) -> None:
    path = tmp_path / "a.pt"

    def archive(*members: tuple[str, bytes]) -> None:
        with zipfile.ZipFile(path, "w") as out:
            for name, data in members:
                out.writestr(name, data)

    pickle = b"\x80\x02}."
    archive(("a/data.pkl", pickle), ("b/data.pkl", pickle))
    _refused(path, r"without the data\.pkl")
    archive(("a/data.pkl", pickle), ("a/byteorder", b"big"))
    _refused(path, "little-endian")
    archive(("a/data.pkl", pickle), ("a/constants.pkl", pickle))
    _refused(path, "TorchScript", UnsupportedModel)
    storage = b"(X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\x000X\3\0\0\0cpuK\4tQ"
    archive(("a/data.pkl", b"\x80\x02" + storage + b"."))
    _refused(path, r"storage “0” is missing")
    archive(("a/data.pkl", b"\x80\x02" + storage + b"."), ("a/data/0", b"\0" * 8))
    _refused(path, "should hold 16 bytes, but 8 bytes are stored")


def test_sentence_keeps_to_one_line(tmp_path: Path) -> None:
    path = tmp_path / "odd\nname.pt"
    path.write_bytes(b"")
    with pytest.raises(RefusedFile) as refused:
        open_checkpoint(path)
    assert str(refused.value) == "odd?name.pt cannot be opened: it is empty (0 bytes)."
