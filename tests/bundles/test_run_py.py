"""run.py as the one at the other end runs it: numpy, Pillow and one runtime, nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.bundles.folder import read_manifest
from studio.bundles.imported import imported
from studio.bundles.report import Report
from studio.families.inputs import GanInputs
from studio.families.model import Model
from studio.runtimes.host import host_name
from tests.bundles.made import LADDER, bundle, copied, quantised_model, rehash, requested

ALWAYS = ("numpy", "PIL")
# A Python that has nothing but what a requirements file names: everything else is not found.
PROGRAM = """
import importlib.machinery, runpy, sys
allowed = set(sys.argv[1].split(","))
known = set(sys.stdlib_module_names) | allowed | {"runner"}  # which lies beside it
class Limited:
    @staticmethod
    def find_spec(name, path=None, target=None):
        top = name.partition(".")[0]
        if top in known or top.startswith("_"):
            return importlib.machinery.PathFinder.find_spec(name, path, target)
        return None
    find_distributions = importlib.machinery.PathFinder.find_distributions
kept = (importlib.machinery.BuiltinImporter, importlib.machinery.FrozenImporter)
sys.meta_path[:] = [*kept, Limited]
program = sys.argv[2]
sys.argv = sys.argv[2:]
runpy.run_path(program, run_name="__main__")
"""


@pytest.fixture(scope="module")
def model() -> Model:
    return quantised_model()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, model: Model) -> Report:
    formats = (("onnx", "f32"), ("openvino", "f32"), ("openvino", "int8"), ("safetensors", "f32"))
    request = requested(model, formats, choices=LADDER)  # type: ignore[arg-type]
    return bundle(tmp_path_factory.mktemp("run"), request)


def run(
    folder: Path, *arguments: str, runtime: str = "onnxruntime", cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    # openvino has its own modules beside it; none of them is torch or ours.
    allowed = ",".join((*ALWAYS, runtime))
    return subprocess.run(
        [sys.executable, "-P", "-c", PROGRAM, allowed, str(folder / "run.py"), *arguments],
        cwd=cwd or folder.parent,
        env={"PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1", "HOME": str(folder.parent)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def picture(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.asarray(Image.open(path), np.int64)


def test_torch_and_maquette_are_out_of_its_reach(made: Report, tmp_path: Path) -> None:
    (tmp_path / "run.py").write_text("import torch\n")
    assert "No module named 'torch'" in run(tmp_path).stderr
    (tmp_path / "run.py").write_text("import studio\n")
    assert "No module named 'studio'" in run(tmp_path).stderr


@pytest.mark.parametrize("runtime", ["onnxruntime", "openvino"])
def test_pictures_are_those_of_the_app(
    made: Report, model: Model, tmp_path: Path, runtime: str
) -> None:
    arguments = ("--seed", "7", "--seed", "4294967295", "--width", "0.5", "--out", str(tmp_path))
    done = run(made.folder, *arguments, "--truncation", "0.6", runtime=runtime)
    assert done.returncode == 0, done.stderr
    format_ = {"onnxruntime": "onnx", "openvino": "openvino"}[runtime]
    for seed in (7, 4294967295):
        drawn = picture(tmp_path / f"width-0.5.{format_}-f32-seed{seed}.png")
        wanted = model.render(GanInputs(seed=seed, truncation=0.6), LADDER[0])
        assert int(np.abs(drawn - wanted).max()) <= 1
    assert len(list(tmp_path.iterdir())) == 2


def test_without_a_choice_the_first_network_that_runs_here_draws(
    made: Report, model: Model, tmp_path: Path
) -> None:
    done = run(made.folder, cwd=tmp_path)
    assert done.stdout.split() == ["width-0.5.onnx-f32-seed0.png"], done.stderr
    wanted = model.render(GanInputs(seed=0), LADDER[0])
    drawn = picture(tmp_path / "width-0.5.onnx-f32-seed0.png")
    assert int(np.abs(drawn - wanted).max()) <= 1


def test_an_input_may_be_set_or_given(made: Report, model: Model, tmp_path: Path) -> None:
    z = model.latent(9).numpy()
    np.save(tmp_path / "z.npy", z)
    given = ("--input", f"z={tmp_path / 'z.npy'}", "--set", "noise=0")
    done = run(made.folder, *given, "--network", "full.onnx-f32", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    wanted = model.render(GanInputs(seed=9, noise=0))
    drawn = picture(tmp_path / "full.onnx-f32-seed0.png")
    assert int(np.abs(drawn - wanted).max()) <= 1


@pytest.mark.parametrize("runtime", ["onnxruntime", "openvino"])
def test_it_verifies_itself(made: Report, runtime: str) -> None:
    done = run(made.folder, "--verify", runtime=runtime)
    assert done.returncode == 0, done.stderr
    own, other = ("onnx", "openvino") if runtime == "onnxruntime" else ("openvino", "onnx")
    assert f"width-0.5.{own}-f32: agrees with the reference" in done.stdout
    assert f"width-0.5.{other}-f32: not run" in done.stdout


def test_it_finds_what_was_changed(made: Report, tmp_path: Path) -> None:
    folder = copied(made.folder, tmp_path / "b")
    name = "models/width-0.5.onnx-f32.onnx"
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 0x40
    (folder / name).write_bytes(data)
    done = run(folder, "--verify")
    assert done.returncode == 1
    assert f"{name} was changed" in done.stderr
    rehash(folder, name)  # as who hides it would
    done = run(folder, "--verify")
    assert done.returncode == 1
    assert "width-0.5.onnx-f32" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("runtime", ["onnxruntime", "openvino"])
def test_what_it_measures_comes_back_into_maquette(
    made: Report, model: Model, tmp_path: Path, runtime: str
) -> None:
    done = run(
        made.folder, "--benchmark", "--threads", "1", "--out", str(tmp_path), runtime=runtime
    )
    assert done.returncode == 0, done.stderr
    path = tmp_path / "measurement.json"
    found = imported(path, source_sha256=model.info.source_sha256)
    own = [n for n in made.manifest.networks if n.format[:4] == runtime[:4]]
    assert [each.name for each in found] == [n.title for n in own]
    for each, network in zip(found, own, strict=True):
        assert network.quality is not None
        assert (each.flip, each.ssim, each.psnr) == (
            network.quality.flip,
            network.quality.ssim,
            network.quality.psnr,
        )
        assert each.choice.width == network.subnet.width
        assert each.size_bytes == made.size_of(network)
        device = {"onnxruntime": "cpu", "openvino": "CPU"}[runtime]
        assert each.target == f"{runtime}:{device}:{network.precision}"
        assert each.threads == 1
        assert 0 < each.latency_ms.p10 <= each.latency_ms.median <= each.latency_ms.p90
        assert each.host == host_name()


def test_it_says_what_is_missing(made: Report) -> None:
    listed = run(made.folder, "--list", runtime="nothing")
    assert "full.onnx-f32: full, ONNX f32, 32 px, f32, needs onnxruntime" in listed.stdout
    assert "full.safetensors-f32: full, Maquette file f32, 32 px, f32, needs Maquette" in (
        listed.stdout
    )
    done = run(made.folder, "--seed", "1", runtime="nothing")
    assert done.returncode == 1
    assert "pip install -r requirements-onnxruntime.txt" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--width", "0.3"), "no network here is what was asked for"),
        (("--truncation", "3"), "truncation 3 is not within 0 and 2"),
        (("--device", "toaster"), "ONNX Runtime has no toaster here"),
        (("--set", "noise"), "--set noise is not NAME=VALUE"),
        (("--input", "z=missing.npy"), "missing.npy"),
    ],
)
def test_refusals_are_one_sentence(made: Report, arguments: tuple[str, ...], words: str) -> None:
    done = run(made.folder, *arguments)
    assert done.returncode == 1
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_it_is_copied_as_it_stands_in_the_repository(made: Report) -> None:
    template = Path(__file__).parents[2] / "studio" / "bundles" / "template"
    sources = [template / "run.py", *sorted((template / "runner").glob("*.py"))]
    for source in sources:
        name = source.relative_to(template).as_posix()
        assert (made.folder / name).read_bytes() == source.read_bytes()
        assert read_manifest(made.folder).file(name).bytes == source.stat().st_size
