"""Bundles that are not what they say, refused with a sentence that names the first difference."""

from __future__ import annotations

import io
import json
import os
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto

from studio.bundles.folder import array_bytes
from studio.bundles.report import Report
from studio.bundles.verifying import verify
from studio.errors import RefusedFile
from studio.families.model import Model
from tests.bundles.made import bundle, copied, hashes, quantised_model, rehash, requested, rewrite

ONNX = "models/full.onnx-f32.onnx"
IR, WEIGHTS = "models/full.openvino-f32.xml", "models/full.openvino-f32.bin"
PROGRAM = "models/full.pt2-f32.pt2"
FILE = "models/full.safetensors-f32.safetensors"
Raw = dict[str, Any]


@pytest.fixture(scope="module")
def model() -> Model:
    return quantised_model()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, model: Model) -> Report:
    formats = tuple((name, "f32") for name in ("onnx", "openvino", "pt2", "safetensors"))
    return bundle(tmp_path_factory.mktemp("verify"), requested(model, formats))  # type: ignore[arg-type]


@pytest.fixture
def folder(made: Report, tmp_path: Path) -> Path:
    return copied(made.folder, tmp_path / "b")


def refused(folder: Path) -> str:
    with pytest.raises(RefusedFile) as caught:
        verify(folder)
    text = str(caught.value)
    assert "\n" not in text
    assert "Traceback" not in text
    return text


def only(folder: Path, ident: str) -> None:
    """Leave one network in the manifest, so that it is the one that runs."""
    rewrite(
        folder, lambda raw: raw.update(networks=[n for n in raw["networks"] if n["id"] == ident])
    )


def test_a_sound_bundle_is_run_in_every_format(folder: Path) -> None:
    before = hashes(folder)
    found = verify(folder)
    ran = {each.network.format: each.runtime for each in found.checked}
    assert ran == {
        "onnx": "onnxruntime",
        "openvino": "openvino",
        "pt2": "pytorch",
        "safetensors": "pytorch",
    }
    assert all(each.parity is not None for each in found.checked)
    assert hashes(folder) == before


def test_bundles_of_version_1_are_read(folder: Path) -> None:
    """As they were written before there were pipelines."""

    def older(raw: Raw) -> None:
        raw["version"] = 1
        del raw["pipelines"]
        for network in raw["networks"]:
            network["subnet"] = {
                name: network["subnet"][name] for name in ("width", "rule", "widths", "resolution")
            }

    rewrite(folder, older)
    only(folder, "full.onnx-f32")
    assert [each.network.id for each in verify(folder).checked] == ["full.onnx-f32"]


def test_a_bundle_may_lie_behind_a_link_and_be_moved(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    assert len(verify(tmp_path / "link").checked) == 4


@pytest.mark.parametrize("name", [ONNX, WEIGHTS, "README.md", "reference/full/input-z.npy"])
def test_an_altered_byte(folder: Path, name: str) -> None:
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(data)
    assert f"{name} was changed: its sha256 is not the manifest's" in refused(folder)


def test_a_byte_more_and_a_missing_file(folder: Path) -> None:
    with (folder / "README.md").open("ab") as file:
        file.write(b"!")
    assert "README.md was changed: it has" in refused(folder)
    (folder / "README.md").unlink()
    assert "README.md is missing" in refused(folder)


@pytest.mark.parametrize("name", [ONNX, WEIGHTS, FILE])
def test_other_weights_under_a_true_hash(folder: Path, name: str, model: Model) -> None:
    if name == ONNX:
        graph = onnx.load(folder / name)
        weight = next(t for t in graph.graph.initializer if t.name == "layer2.weight")
        numbers = np.frombuffer(weight.raw_data, "<f4") * np.float32(1.01)
        weight.raw_data = numbers.tobytes()
        (folder / name).write_bytes(graph.SerializeToString())
    else:
        data = np.frombuffer((folder / name).read_bytes(), np.uint8).copy()
        data[-4000:-1:4] ^= 0x3F  # low bytes of many numbers, enough to see
        data[-3999:-1:4] ^= 0x3F
        (folder / name).write_bytes(data.tobytes())
    rehash(folder, name)
    only(folder, f"full.{name.split('.')[1]}")
    assert "differs from the reference by" in refused(folder)


def test_a_tolerance_that_lets_everything_pass(folder: Path) -> None:
    only(folder, "full.onnx-f32")
    rewrite(
        folder,
        lambda raw: raw["networks"][0].update(
            tolerance={"absolute": 1e9, "relative": None, "psnr": -500.0}
        ),
    )
    verify(folder)
    name = "reference/full/output-picture.npy"
    wrong = np.load(folder / name) + np.float32(0.01)
    (folder / name).write_bytes(array_bytes(wrong))
    rehash(folder, name)
    assert "full.onnx-f32 differs from the reference by 0.01; 0.0001 is allowed" in refused(folder)
    (folder / name).write_bytes(array_bytes(wrong * np.float32("nan")))
    rehash(folder, name)
    assert f"{name} holds values that are no numbers" in refused(folder)


def shape_of(port: int, shape: list[Any]) -> Callable[[Raw], None]:
    def change(raw: Raw) -> None:
        for network in raw["networks"]:
            network["inputs"][port]["shape"] = shape

    return change


@pytest.mark.parametrize("ident", ["onnx-f32", "openvino-f32", "pt2-f32"])
def test_a_manifest_that_lies_about_a_shape(folder: Path, ident: str) -> None:
    only(folder, f"full.{ident}")

    def change(raw: Raw) -> None:
        raw["networks"][0]["inputs"][0]["shape"] = [{"name": "batch", "least": 1, "most": 64}, 17]

    rewrite(folder, change)
    said = refused(folder)
    assert "the input z" in said  # the reference has another shape already
    np.save(folder / "z.npy", np.zeros((2, 17), "<f4"))
    (folder / "z.npy").replace(folder / "reference/full/input-z.npy")
    rehash(folder, "reference/full/input-z.npy")
    said = refused(folder)
    assert "is not what the manifest says" in said
    assert "its input z has the shape" in said


def test_an_output_that_is_of_another_shape(folder: Path) -> None:
    only(folder, "full.onnx-f32")

    def change(raw: Raw) -> None:
        raw["networks"][0]["outputs"][0]["shape"][2:] = [16, 16]

    rewrite(folder, change)
    assert "has the output picture in the shape [2, 3, 32, 32]; [2, 3, 16, 16]" in refused(folder)


@pytest.mark.parametrize(
    "change",
    [
        shape_of(0, [1 << 20, 1 << 20]),
        shape_of(0, [1 << 40]),
        shape_of(0, [-1, 16]),
        shape_of(0, [0, 16]),
        shape_of(0, [True, 16]),
        shape_of(0, [2] * 9),
        lambda raw: raw["files"][0].update(bytes=10**30),
        lambda raw: raw["networks"][0].update(pixels=10**9),
        lambda raw: raw["networks"][0]["tolerance"].update(absolute=-1),
        lambda raw: raw["networks"][0].update(role="program"),
        lambda raw: raw["networks"].clear(),
        lambda raw: raw["networks"].append(raw["networks"][0]),
        lambda raw: raw["networks"][0].update(reference="other"),
        lambda raw: raw["files"].append(raw["files"][0]),
        lambda raw: raw.update(hooks="rm"),
        lambda raw: raw["networks"][0]["inputs"][0]["fill"].update(kind="shell"),
        lambda raw: raw["networks"][0].update(title="a\nb"),
        lambda raw: raw["model"].update(name="x" * 1000),
    ],
)
def test_a_manifest_with_what_no_bundle_has(folder: Path, change: Callable[[Raw], None]) -> None:
    rewrite(folder, change)
    assert "is not a sound manifest: " in refused(folder)


@pytest.mark.parametrize(
    "path", ["../secret.onnx", "/etc/passwd", "models/../../secret.onnx", "models\\x", "a//b", "."]
)
def test_a_path_out_of_the_folder(folder: Path, path: str) -> None:
    (folder.parent / "secret.onnx").write_bytes((folder / ONNX).read_bytes())

    def change(raw: Raw) -> None:
        raw["networks"][0]["main"] = path
        next(f for f in raw["files"] if f["path"] == ONNX)["path"] = path

    rewrite(folder, change)
    assert "is not a sound manifest" in refused(folder)


def test_links_out_of_the_folder(folder: Path) -> None:
    outside = folder.parent / "secret.onnx"
    (folder / ONNX).replace(outside)
    (folder / ONNX).symlink_to(outside)
    assert f"{ONNX} lies outside the folder" in refused(folder)
    (folder / ONNX).unlink()
    (folder / ONNX).symlink_to(folder / ONNX)
    assert f"{ONNX} cannot be read" in refused(folder)
    (folder / ONNX).unlink()
    os.mkfifo(folder / ONNX)
    assert f"{ONNX} is not a plain file" in refused(folder)


def test_the_manifest_itself_may_be_no_link(folder: Path) -> None:
    (folder / "manifest.json").replace(folder.parent / "manifest.json")
    (folder / "manifest.json").symlink_to(folder.parent / "manifest.json")
    assert "manifest.json lies outside the folder" in refused(folder)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[" * 100_000, "nested 100000 deep"),
        ('{"format": "maquette-bundle", "version": ' + "9" * 100_000 + "}", "is not"),
        ('{"format": "maquette-bundle", "version": 3}', "of version 3; this version"),
        ('{"format": "maquette-bundle", "format": "x"}', "twice"),
        ('{"format": "maquette-bundle", "version": NaN}', "holds NaN"),
        ("{}", 'it lacks "format"'),
        ("hello", "no valid JSON"),
        (" " * 3_000_000, "larger than 2 MB"),
    ],
)
def test_json_that_is_no_manifest(folder: Path, text: str, words: str) -> None:
    (folder / "manifest.json").write_text(text)
    assert words in refused(folder)


def test_no_folder_and_no_manifest(tmp_path: Path) -> None:
    assert "is not a folder" in refused(tmp_path / "none")
    assert "manifest.json is missing" in refused(tmp_path)


def array(shape: str, count: int) -> bytes:
    good = array_bytes(np.zeros((2, 16), np.float32))
    text = good[10:].split(b"\n")[0].decode().replace("(2, 16)", shape).rstrip() + " "
    header = text.ljust(117)[:117] + "\n"
    return good[:8] + (118).to_bytes(2, "little") + header.encode() + bytes(4 * count)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (array("(99999999999, 16)", 32), "needs 6399999999936 bytes; it holds 128"),
        (array("(2, 17)", 32), "needs 136 bytes; it holds 128"),
        (array("(-2, -16)", 32), "not an array"),
        (array("().__class__", 32), "not an array"),
        (b"\x93NUMPY\x01\x00\xff\xff{" + b"(" * 60_000, "not an array"),
        (b"no", "not an array"),
        (array_bytes(np.zeros((3, 16), np.float32)), "in the shape [3, 16]; [2, 16] is what"),
    ],
)
def test_arrays_that_are_none(folder: Path, data: bytes, words: str) -> None:
    name = "reference/full/input-z.npy"
    (folder / name).write_bytes(data)
    rehash(folder, name)
    assert words in refused(folder)


def test_an_array_of_objects_is_not_unpickled(folder: Path) -> None:
    stream = io.BytesIO()
    np.save(stream, np.asarray([print], dtype=object), allow_pickle=True)
    (folder / "reference/full/input-z.npy").write_bytes(stream.getvalue())
    rehash(folder, "reference/full/input-z.npy")
    assert "is not an array of float32 numbers" in refused(folder)


def huge(model: onnx.ModelProto) -> None:
    del model.graph.initializer[0].dims[:]
    model.graph.initializer[0].dims.extend([1 << 30, 1 << 30])


def larger(model: onnx.ModelProto) -> None:
    model.graph.initializer[0].dims[0] = 1_000_000


def elsewhere(model: onnx.ModelProto) -> None:
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../../etc/passwd")


def swelling(model: onnx.ModelProto) -> None:
    """A few bytes that ask for a terabyte once they run."""
    value = next(n for n in model.graph.node if "picture" in n.output)
    value.output[0] = "small"
    sizes = onnx.numpy_helper.from_array(np.asarray([1 << 38], np.int64), "sizes")
    model.graph.initializer.append(sizes)
    node = onnx.helper.make_node
    model.graph.node.extend(
        [
            node("ConstantOfShape", ["sizes"], ["much"], name="much"),
            node("ReduceSum", ["much"], ["sum"], name="sum", keepdims=0),
            node("Add", ["small", "sum"], ["picture"], name="swollen"),
        ]
    )


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux")
def test_a_file_that_asks_for_a_terabyte_while_it_runs(folder: Path) -> None:
    model = onnx.load(folder / ONNX)
    swelling(model)
    (folder / ONNX).write_bytes(model.SerializeToString())
    rehash(folder, ONNX)
    assert ONNX in refused(folder)


def foreign(model: onnx.ModelProto) -> None:
    model.graph.node[0].domain = "evil"
    model.opset_import.add(domain="evil", version=1)


def older(model: onnx.ModelProto) -> None:
    model.opset_import[0].version = 9


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (huge, "has the impossible shape [1073741824, 1073741824]"),
        (larger, "of the shape [1000000"),
        (elsewhere, "lie in another file (“../../../etc/passwd”)"),
        (foreign, "operators of the unknown domain “evil”"),
        (older, "it is of opset 9, where the manifest says 18"),
    ],
)
def test_onnx_files_that_deceive(
    folder: Path, change: Callable[[onnx.ModelProto], None], words: str
) -> None:
    model = onnx.load(folder / ONNX)
    change(model)
    (folder / ONNX).write_bytes(model.SerializeToString())
    rehash(folder, ONNX)
    said = refused(folder)
    assert said.startswith(f"{ONNX} is not what the manifest says: ")
    assert words in said


@pytest.mark.parametrize("name", [ONNX, IR, PROGRAM, FILE])
def test_files_that_hold_nothing_of_the_kind(folder: Path, name: str) -> None:
    only(folder, f"full.{name.split('.')[1]}")
    (folder / name).write_bytes(b"\x00\x01nothing" * 100)
    rehash(folder, name)
    assert Path(name).name in refused(folder)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('offset="0"', 'offset="99999999"', "ends at"),
        ("<net ", '<!DOCTYPE a [<!ENTITY b "c">]><net ', "declares entities"),
        ("<layers>", "<layers>" + "<a>" * 100, "deep"),
        ('shape="1, 16, 4, 4"', 'shape="1, 16, 4, 400000000"', "does not fit"),
    ],
)
def test_descriptions_for_openvino_that_deceive(
    folder: Path, old: str, new: str, words: str
) -> None:
    only(folder, "full.openvino-f32")
    text = (folder / IR).read_text("utf-8")
    assert old in text
    (folder / IR).write_text(text.replace(old, new, 1), "utf-8")
    rehash(folder, IR)
    said = refused(folder)
    assert said.startswith(f"{IR} is not what the manifest says: ")
    assert words in said


def changed_program(folder: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    with zipfile.ZipFile(folder / PROGRAM) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(folder / PROGRAM, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    rehash(folder, PROGRAM)
    only(folder, "full.pt2-f32")


def member(members: dict[str, bytes], end: str) -> str:
    return next(name for name in members if name.endswith(end))


def program(change: Callable[[Raw], None]) -> Callable[[dict[str, bytes]], None]:
    def within(members: dict[str, bytes]) -> None:
        name = member(members, "models/model.json")
        raw = json.loads(members[name])
        change(raw)
        members[name] = json.dumps(raw).encode()

    return within


def pickled(members: dict[str, bytes]) -> None:
    name = member(members, "model_weights_config.json")
    members[name] = members[name].replace(b'"use_pickle": false', b'"use_pickle": true', 1)


def sampled(members: dict[str, bytes]) -> None:
    members[member(members, "sample_inputs/model.pt")] = b"cos\nsystem\n(S'true'\ntR."


def library(members: dict[str, bytes]) -> None:
    root = next(iter(members)).partition("/")[0]
    members[f"{root}/data/aotinductor/model/a.so"] = b"\x7fELF"


def large(members: dict[str, bytes]) -> None:
    name = member(members, "model_weights_config.json")
    raw = json.loads(members[name])
    next(iter(raw["config"].values()))["tensor_meta"]["sizes"] = [{"as_int": 1 << 50}]
    members[name] = json.dumps(raw).encode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            program(lambda raw: raw.update(guards_code=["__import__('os').system('touch TRAP')"])),
            "it has the guard",
        ),
        (
            program(
                lambda raw: raw["graph_module"]["graph"]["sym_int_values"].update(
                    s0={"as_expr": {"expr_str": "open('TRAP', 'w')", "hint": None}}
                )
            ),
            "it has the expression",
        ),
        (
            program(
                lambda raw: raw["graph_module"]["graph"]["nodes"][0].update(target="torch.load")
            ),
            "it calls “torch.load”, which is no operator of ATen",
        ),
        (pickled, "is a pickle; plain numbers are read"),
        (sampled, "holds a pickle"),
        (library, "has the member"),
        (large, "does not fit the"),
    ],
)
def test_programs_that_would_run_code(
    folder: Path,
    change: Callable[[dict[str, bytes]], None],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(folder.parent)
    changed_program(folder, change)
    said = refused(folder)
    assert said.startswith(f"{PROGRAM} is not what the manifest says: ")
    assert words in said
    assert not (folder.parent / "TRAP").exists()


def test_an_untouched_program_passes_the_same_way(folder: Path) -> None:
    changed_program(folder, lambda members: None)
    assert verify(folder).checked[0].parity is not None


def test_a_process_that_dies_is_told_and_not_suffered(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studio.bundles import checking

    monkeypatch.setattr(checking, "MODULE", "tests.runtimes.detection.aborting")
    said = refused(folder)
    assert "cannot be run: the process that opened it" in said


def test_a_format_of_a_later_maquette_is_passed_over(folder: Path) -> None:
    rewrite(folder, lambda raw: raw["networks"][0].update(format="hologram"))
    found = verify(folder)
    assert found.checked[0].not_run == "this Maquette knows no format hologram"
    assert found.checked[1].parity is not None
