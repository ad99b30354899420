"""Every hostile file is refused for its own reason, beside a sound file of the same form."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from studio.checkpoints import is_maquette, open_checkpoint, read_directions, save_maquette
from studio.errors import RefusedFile
from tests.checkpoints import ada_files
from tests.checkpoints.networks import SMALL, metadata_of, random_network
from tests.fixtures_root import FIXTURES

HOSTILE = FIXTURES / "hostile"

# The words of the sentence that must name the cause which index.json gives.
CAUSES = {
    "os_system.pkl": r"calls “posix\.system” \(that is “os\.system”\).* not allowed",
    "os_system_zip.pt": r"calls “posix\.system” \(that is “os\.system”\).* not allowed",
    "os_system_legacy.pt": r"calls “posix\.system” \(that is “os\.system”\).* not allowed",
    "nested_load_from_bytes.pkl": r"calls “posix\.system”.* not allowed",
    "persistence_source.pkl": r"“G_ema” is a stored object without tensors.*source code.*never run",
    "eval.pt": r"calls “builtins\.eval”.* not allowed",
    "subprocess.pth": r"calls “subprocess\..*not allowed",
    "getattr_chain.pt": r"calls “builtins\.getattr”.* not allowed",
    "torch_prefix.pt": r"“torch\.utils\.collect_env\.run”.* not allowed",
    "dotted_name.pt": r"dotted name “os\.system” inside “torch\.serialization”.* not allowed",
    "build_state.pt": r"“os\.system”.* not allowed",
    "persistent_id.pt": r"“posix\.system”.* not allowed",
    "object_array.npz": r"NumPy archive.*“z” holds Python objects",
    "weights.safetensors": r"a pickle under the name \.safetensors",
    "truncated.pt": r"cut short",
    "truncated_head.pt": r"cut short",
    "wrong_content.pt": r"without the data\.pkl",
    "path_escape.pt": r"“archive/\.\./\.\./PWNED” points outside",
    "outside_storage.pt": r"“input\.input” reaches beyond its storage: it needs 1024 .* 4 are",
    "stride_bomb.pt": r"“input\.input” claims 1099511627776 numbers .*stride 0",
    "deflate_bomb.pt": r"“archive/data/0” is compressed .*268\.4 MB",
    "deep_nesting.pkl": r"nested more than 200 deep",
    "empty.pt": r"empty",
    "text.pt": r"is text",
    "lfs_pointer.pth": r"Git LFS pointer.*123456 bytes",
    "header_2e60.safetensors": r"header length of 1152921504606846976 bytes .*73 bytes",
    "overlap.safetensors": r"“b” overlaps",
    "beyond_end.safetensors": r"“a” reaches beyond the end of the file.* 4096 of 64",
    "negative_shape.safetensors": r"negative sizes: \[-4, -1\]",
    "shape_overflow.safetensors": r"\[4611686018427387904, 4\], which multiply to 1\.84e\+19",
    "duplicate_key.safetensors": r"header has the name “a” twice",
    "hole.safetensors": r"8 bytes .* belong to none",
    "missing_keys.pt": r"lacks 2 tensors: “style\.2\.weight”, “convs\.1\.conv\.modulation\.bias”",
    "wrong_shapes.pt": r"convs\.1\.conv\.weight has .*\[1, 37, 40, 3, 3\] .*\[1, 40, 40, 3, 3\]",
    "nan_weights.pt": r"convs\.0\.conv\.weight contains NaN",
    "inf_weights.pt": r"style\.1\.bias contains an infinity",
    "wrong_dtype.pt": r"conv1\.conv\.weight holds complex64",
    "a_list.pt": r"holds a list",
    "gan_compression_missing.pth": r"GAN Compression .* without its first .* model\.1\.weight",
    "absurd_config.json": r"“resolution” is 1073741824, “channel_max” is 2147483648",
    "negative_config.json": r"“config_str” has the channel counts -8, 0, “ngf” is -1",
    "deep.json": r"JSON file.* nested 100000 deep",
}
ENTRIES = json.loads((HOSTILE / "index.json").read_text())["entries"]
FILES = [e for e in ENTRIES if e["kind"] != "folder"]
FOLDERS = [e["file"] for e in ENTRIES if (HOSTILE / e["file"]).is_dir()]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A file that opens for every form in the index."""
    folder = tmp_path_factory.mktemp("sound")
    network = random_network(SMALL)
    zipped = FIXTURES / "anycost/odd/generator.pt"
    snapshot = ada_files.write(folder / "good.pkl", {"G_ema": ada_files.generator(network)})
    legacy = _legacy(zipped, folder / "legacy.pt")
    ours = folder / "good.safetensors"
    save_maquette(ours, network.state_dict(), metadata_of(SMALL), {})
    return {"pickle": snapshot, "torch-legacy": legacy, "safetensors": ours} | dict.fromkeys(
        ("torch-zip", "zip"), zipped
    )


def _legacy(source: Path, target: Path) -> Path:
    import torch

    content = torch.load(source, weights_only=True)
    torch.save(content, target, _use_new_zipfile_serialization=False)
    return target


def test_every_file_of_the_index_has_its_cause_here() -> None:
    assert {entry["file"] for entry in FILES} == CAUSES.keys()


@pytest.mark.parametrize("entry", FILES, ids=lambda entry: entry["file"])
def test_hostile_file_is_refused_and_its_sound_twin_opens(
    entry: dict[str, str], sound: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A copy under its own name beside nothing else, so that whatever it creates would show.
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    path = Path(shutil.copy(HOSTILE / entry["file"], tmp_path / entry["file"]))
    before = set(tmp_path.iterdir())
    with pytest.raises(RefusedFile) as refused:
        open_checkpoint(path)
    sentence = str(refused.value)
    assert sentence.startswith(f"{path.name} cannot be opened: ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert re.search(CAUSES[entry["file"]], sentence), sentence
    with pytest.raises(RefusedFile):
        read_directions(path)
    assert not is_maquette(path)
    assert not list(here.iterdir())
    assert set(tmp_path.iterdir()) == before
    twin = sound.get(entry["format"])
    if twin is not None:
        assert open_checkpoint(twin).tensors


@pytest.mark.parametrize("name", ["os_system_zip.pt", "os_system_legacy.pt", "os_system.pkl"])
def test_another_name_changes_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    for new in ("model.bin", "model.pth", "model"):
        path = Path(shutil.copy(HOSTILE / name, tmp_path / new))
        with pytest.raises(RefusedFile, match=r"posix\.system"):
            open_checkpoint(path)
    assert not list(here.iterdir())


@pytest.mark.parametrize("name", FOLDERS or ["any"])
def test_folders_are_refused(name: str, tmp_path: Path) -> None:
    path = HOSTILE / name if FOLDERS else tmp_path
    with pytest.raises(RefusedFile, match=f"{path.name} cannot be opened: it is a folder"):
        open_checkpoint(path)


def test_translation_models_are_known_by_their_tensors(tmp_path: Path) -> None:
    """Not by the name of their folder or file."""
    found = sorted((FIXTURES / "gan_compression").rglob("*_net_G.pth"))
    assert found
    for path in found:
        copy = tmp_path / "model.bin"
        copy.write_bytes(path.read_bytes())
        assert open_checkpoint(copy).family == "translation"
