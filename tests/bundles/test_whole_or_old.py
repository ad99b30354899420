"""Whatever happens to an export, the bundle that stood there stays whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from studio.bundles import placing
from studio.bundles.exporting import export
from studio.bundles.placing import exchanged, placed
from studio.bundles.verifying import verify
from studio.errors import MaquetteError
from studio.families.model import Model
from tests.bundles.made import hashes, requested
from tests.families.small import small_model

ROOT = Path(__file__).parents[2]


@pytest.fixture
def model() -> Model:
    return small_model()


@pytest.fixture
def target(model: Model, tmp_path: Path) -> Path:
    place = tmp_path / "bundle"
    export(requested(model), place)
    return place


def run(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-P", "-c", code, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


EXPORT = """
import signal, sys, time
from pathlib import Path
from studio.bundles.exporting import export
from studio.errors import MaquetteError
from tests.bundles.made import requested
from tests.families.small import small_model

# A shell has its background jobs ignore this, and their children with them.
signal.signal(signal.SIGINT, signal.default_int_handler)

def report(share, text):
    if text.startswith(sys.argv[2]):
        print("there", flush=True)
        time.sleep(60)

try:
    export(requested(small_model(), seeds=2), Path(sys.argv[1]), report)
except MaquetteError as error:
    print(error, file=sys.stderr)
    sys.exit(1)
"""


@pytest.mark.parametrize("moment", ["writing full", "running full", "writing what stands"])
def test_kill_leaves_the_old_bundle_and_the_next_export_tidies(
    target: Path, model: Model, moment: str
) -> None:
    before = hashes(target)
    process = run(EXPORT, str(target), moment)
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "there\n", process.stderr
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
    psutil.wait_procs(children, timeout=10)  # they end when their parent is gone
    assert hashes(target) == before
    assert verify(target).checked[0].parity is not None
    assert len(list(target.parent.glob(".maquette-export-*"))) == 1
    export(requested(model), target)
    assert list(target.parent.iterdir()) == [target]


def test_ctrl_c_leaves_nothing_but_the_old_bundle(target: Path) -> None:
    before = hashes(target)
    process = run(EXPORT, str(target), "running full")
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "there\n"
        process.send_signal(signal.SIGINT)
        process.wait(30)
    assert process.returncode != 0
    assert hashes(target) == before
    assert list(target.parent.iterdir()) == [target]


FULL_DISK = """
import resource, sys
limit = int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file")
@pytest.mark.parametrize("limit", [500, 60_000])
def test_a_full_disk_leaves_the_old_bundle(target: Path, limit: int) -> None:
    before = hashes(target)
    process = run(FULL_DISK + EXPORT, str(target), "never", str(limit))
    _, said = process.communicate(timeout=120)
    assert process.returncode == 1
    assert said.startswith(f"cannot write {target}: "), said
    assert len(said.splitlines()) == 1
    assert hashes(target) == before
    assert list(target.parent.iterdir()) == [target]


class Stopped(Exception):
    """Somebody cancels."""


@pytest.mark.parametrize("moment", ["drawing", "writing full", "running full", "comparing"])
def test_cancel_leaves_the_old_bundle(target: Path, model: Model, moment: str) -> None:
    before = hashes(target)

    def report(share: float, text: str) -> None:
        assert 0 <= share <= 1
        if text.startswith(moment):
            raise Stopped

    with pytest.raises(Stopped):
        export(requested(model), target, report)
    assert hashes(target) == before
    assert list(target.parent.iterdir()) == [target]


def test_too_little_room_is_told_before_any_work(
    target: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studio.bundles import exporting

    class Usage:
        free = 10

    monkeypatch.setattr(exporting.shutil, "disk_usage", lambda place: Usage)
    before = hashes(target)
    with pytest.raises(MaquetteError, match="MB are needed and 0 MB are free"):
        export(requested(model), target)
    assert hashes(target) == before


def folder(path: Path, text: str) -> Path:
    path.mkdir()
    (path / "a").write_text(text)
    return path


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="needs a call of the system")
def test_folders_change_places_in_one_step(tmp_path: Path) -> None:
    one, two = folder(tmp_path / "one", "1"), folder(tmp_path / "two", "2")
    assert exchanged(one, two)
    assert ((one / "a").read_text(), (two / "a").read_text()) == ("2", "1")
    assert not exchanged(one, tmp_path / "three")


def without_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "exchanged", lambda one, other: False)


def test_where_folders_cannot_change_places_the_old_one_steps_aside(
    target: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_exchange(monkeypatch)
    made = export(requested(model, seeds=3), target)
    assert made.manifest.networks[0].quality is not None
    assert len(made.manifest.networks[0].quality.seeds) == 3
    assert verify(target).manifest == made.manifest
    assert list(target.parent.iterdir()) == [target]


def test_a_failed_step_brings_the_old_one_back(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_exchange(monkeypatch)
    before = hashes(target)
    replace: Callable[[Path, Path], Path] = Path.replace

    def failing(self: Path, other: Path) -> Path:
        if other == target:
            raise OSError(28, "No space left on device")
        return replace(self, other)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(OSError, match="No space left"), placed(target) as made:
        (made / "a").write_text("new")
    assert hashes(target) == before
    assert list(target.parent.iterdir()) == [target]


KILLED_BETWEEN = """
import os, signal, sys
from pathlib import Path
from studio.bundles import placing
placing.exchanged = lambda one, other: False
placing.Path.replace = lambda self, other: os.kill(os.getpid(), signal.SIGKILL)
with placing.placed(Path(sys.argv[1])) as made:
    (made / "a").write_text("new")
"""


def test_a_kill_between_two_steps_is_undone_by_the_next_export(target: Path) -> None:
    before = hashes(target)
    process = run(KILLED_BETWEEN, str(target))
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert not target.exists()
    with pytest.raises(Stopped), placed(target):
        raise Stopped
    assert hashes(target) == before
    assert list(target.parent.iterdir()) == [target]


def test_an_export_that_still_runs_is_left_alone(target: Path, tmp_path: Path) -> None:
    with placed(target) as made:
        with pytest.raises(Stopped), placed(target):
            raise Stopped
        assert made.is_dir()
        (made / "manifest.json").write_bytes((target / "manifest.json").read_bytes())
    assert list(target.iterdir()) == [target / "manifest.json"]
