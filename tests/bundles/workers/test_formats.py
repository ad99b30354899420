"""The formats of workers in a whole export, with environments made up."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from studio.bundles.checking_process import _ran
from studio.bundles.exporting import export
from studio.bundles.folder import record_of
from studio.bundles.formats.all import format_named
from studio.bundles.formats.estimating import OVERHEAD
from studio.bundles.request import planned
from studio.bundles.requirements import pins
from studio.bundles.wire import Run
from studio.bundles.workers import converters
from studio.bundles.workers.converters import converter_named
from studio.errors import BadChoice, RuntimeFailed
from tests.bundles.made import requested
from tests.bundles.workers.made import answering, interpreter
from tests.families.small import small_model

PACKAGE = """
made = pathlib.Path(request["output"])
(made / "Data").mkdir(parents=True)
(made / "Data" / "weight.bin").write_bytes(b"weights")
(made / "Data" / "weight.bin").chmod(0o600)
(made / "Manifest.json").write_text("{}")
"""


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same on every host: converters that exist for it, and Core ML that does not run."""
    monkeypatch.setattr(converters.Converter, "refusal", lambda _: "")
    monkeypatch.setattr(sys, "platform", "linux")


@pytest.mark.parametrize("name", ["coreml", "litert", "executorch"])
def test_without_an_environment_the_plan_says_what_is_missing(name: str) -> None:
    form = format_named(name)
    (item,) = planned(requested(small_model(), ((name, form.precisions[0]),)))
    assert item.plan.refusals == (
        f"the environment for {form.title} is missing; maquette workers --make {name} makes it",
    )
    assert item.plan.runs_here == ()


def test_the_plan_estimates_and_says_where_it_runs() -> None:
    for name in ("coreml", "litert"):
        interpreter(converter_named(name), answering())
    formats = (("coreml", "f16"), ("coreml", "f32"), ("litert", "f32"))
    half, whole, lite = (each.plan for each in planned(requested(small_model(), formats)))
    assert half.refusals == whole.refusals == lite.refusals == ()
    assert whole.bytes - OVERHEAD == 2 * (half.bytes - OVERHEAD) == lite.bytes - OVERHEAD
    assert half.runs_here == ()
    assert lite.runs_here == ("litert:cpu:f32",)
    assert "coremltools converts on Linux, but Core ML models run on macOS only" in half.notes


def test_made_here_and_not_run_here(tmp_path: Path) -> None:
    tools = {"coremltools": "9.0"}
    interpreter(converter_named("coreml"), answering(PACKAGE, tools=tools, notes=["large"]))
    request = requested(small_model(), (("coreml", "f16"),))
    (network,) = export(request, tmp_path / "bundle").manifest.networks
    assert network.main.endswith(".mlpackage/Manifest.json")
    assert [Path(part).name for part in network.parts] == ["weight.bin"]
    assert network.not_run == (
        "made here, not run here: coremltools converts on Linux, but Core ML models run on macOS "
        "only"
    )
    assert network.verified_on == ()
    assert all(isinstance(side, int) for port in network.inputs for side in port.shape)
    assert "large" in network.notes
    (weights,) = (tmp_path / "bundle").rglob("weight.bin")
    assert weights.stat().st_mode & 0o777 == 0o644
    assert network.requirements is None  # run.py does not run it


def test_a_worker_that_fails_keeps_nothing(tmp_path: Path) -> None:
    interpreter(converter_named("coreml"), "raise SystemExit(9)")
    request = requested(small_model(), (("coreml", "f16"),))
    with pytest.raises(RuntimeFailed, match=r"worker for Core ML ended unexpectedly \(exit code 9"):
        export(request, tmp_path / "bundle")
    assert list(tmp_path.iterdir()) == []


def test_who_listens_may_stop_it(tmp_path: Path) -> None:
    interpreter(converter_named("coreml"), "import time; time.sleep(600)")

    class Stop(Exception):
        pass

    def progress(_share: float, text: str) -> None:
        if "working" in text or "writing" in text:
            seen.append(text)
        if len(seen) > 8:
            raise Stop

    seen: list[str] = []
    with pytest.raises(Stop):
        export(requested(small_model(), (("coreml", "f16"),)), tmp_path / "bundle", progress)
    assert list(tmp_path.iterdir()) == []


RUNS = """
import sys
sys.path[:0] = ["SITE", "."]
if request["verb"] == "convert":
    pathlib.Path(request["output"]).write_bytes(b"made")
else:
    from maquette_worker.arrays import read_arrays, write_arrays
    import numpy
    assert pathlib.Path(request["model"]).read_bytes() == b"made"
    for index in range(request["feeds"]):
        feed = read_arrays(pathlib.Path(f"feed{index}.npz"))
        made = numpy.full((1, 3, 32, 32), feed["z"].sum(), numpy.float32)
        write_arrays(pathlib.Path(f"made{index}.npz"), {request["outputs"][0]: made})
"""


def test_files_are_checked_by_one_worker_that_times_itself(tmp_path: Path) -> None:
    site = str(Path(np.__file__).parents[1])
    program = answering(RUNS.replace("SITE", site), milliseconds=[1.0, 3.0, 2.0])
    interpreter(converter_named("litert"), program)
    (item,) = planned(requested(small_model(), (("litert", "f32"),)))
    written = item.format.write(item.subject, "f32", tmp_path, "made", lambda share, text: None)
    from studio.bundles.describing import network_record

    (tmp_path / "models").mkdir()
    (tmp_path / written.main).rename(tmp_path / "models" / written.main)
    network = network_record(item, written, "r")
    names = {port.name: port.shape for port in network.inputs}
    feeds = tuple(
        {n: np.full(shape, value, np.float32) for n, shape in names.items()} for value in (1.0, 2.0)
    )
    files = (record_of(tmp_path, network.main).model_dump_json(),)
    answer = _ran(Run(str(tmp_path), network.main, network.model_dump_json(), files, feeds, True))
    assert [float(each["picture"].max()) for each in answer.outputs] == [16.0, 32.0]
    assert answer.latency == (2.0, 1.2, 2.8, 3)
    assert (answer.runtime, answer.version) == ("litert", "1.0")
    assert network.requirements == "requirements-litert.txt"


def test_opening_without_an_environment_is_refused(tmp_path: Path) -> None:
    form = format_named("litert")
    with pytest.raises(BadChoice, match="the environment for LiteRT is missing"):
        form.open(None, {})  # type: ignore[arg-type]


def test_a_pin_of_another_environment_stands_as_it_is() -> None:
    assert pins(("ai-edge-litert==2.3.0",)).splitlines()[-1] == "ai-edge-litert==2.3.0"
