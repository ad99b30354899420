"""Workers that behave, crash, hang, say nothing, write nothing, write too much, or lie."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from studio.bundles.workers import asking, running
from studio.bundles.workers.environments import STAMP, folder_of, held, python_of
from studio.bundles.workers.running import convert, run
from studio.bundles.workers.supervised import Cancelled
from studio.errors import BadChoice, RuntimeFailed
from studio.places import log_dir
from tests.bundles.workers.made import TINY, answering, interpreter
from tests.families.small import small_model

GRAPH = small_model().portable().onnx()
WRITES = 'pathlib.Path(request["output"]).write_bytes(b"made")'


def converted(tmp_path: Path, **options: object) -> running.Converted:
    return convert(
        TINY, GRAPH, tmp_path / "out.tiny", sizes={"batch": 1}, precision="f32", **options
    )  # type: ignore[arg-type]


def failure(tmp_path: Path, program: str, **options: object) -> str:
    """The sentence that a worker costs; it leaves nothing but what was there."""
    interpreter(TINY, program)
    with pytest.raises(RuntimeFailed) as caught:
        converted(tmp_path, **options)
    assert list(tmp_path.iterdir()) == []
    return str(caught.value)


def test_one_that_behaves(tmp_path: Path) -> None:
    progress = 'print("maquette-progress 0.250 half way", flush=True)\nprint("chatter")\n'
    interpreter(TINY, answering(progress + WRITES, notes=["slow\nbut sure"]))
    told: list[tuple[float, str]] = []
    made = converted(tmp_path, progress=lambda *each: told.append(each))
    assert made.path.read_bytes() == b"made"
    assert made.tools == (("tinyconv", "1.0"),)
    assert made.notes == ("slow but sure",)
    assert told == [(0.25, "half way")]
    assert [path.name for path in tmp_path.iterdir()] == ["out.tiny"]
    assert "chatter" in (log_dir() / "worker-tiny.log").read_text()


def test_what_it_is_told(tmp_path: Path) -> None:
    look = """
import os, sys
found = sorted(str(p) for p in pathlib.Path(".").rglob("*") if p.is_file() and p.suffix != ".pyc")
said = [sys.argv[1:], request, found, dict(os.environ)]
pathlib.Path(request["output"]).write_text(json.dumps(said))
"""
    interpreter(TINY, answering(look))
    os.environ["HF_TOKEN"] = "secret"
    try:
        made = converted(tmp_path)
    finally:
        del os.environ["HF_TOKEN"]
    arguments, request, found, environment = json.loads(made.path.read_text())
    assert arguments[-3:] == ["-m", "maquette_worker.begin", "to_tiny"]
    assert "-E" in arguments
    assert request == {"verb": "convert", "precision": "f32", "output": "made.tiny"}
    assert {"graph.json", "constants.npz", "request.json", "maquette_worker/begin.py"} <= set(found)
    assert "HF_TOKEN" not in environment
    assert not [name for name in environment if name.startswith("PYTHON")]
    assert Path(environment["HOME"]).parent == tmp_path


def test_one_that_refuses(tmp_path: Path) -> None:
    program = answering(error="the operator Loop\nis unknown")
    assert failure(tmp_path, program) == "Tiny: the operator Loop is unknown"


def test_one_that_crashes(tmp_path: Path) -> None:
    program = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
    assert failure(tmp_path, program) == "the worker for Tiny crashed (SIGSEGV)"


def test_one_that_ends_early(tmp_path: Path) -> None:
    assert failure(tmp_path, "raise SystemExit(3)") == (
        "the worker for Tiny ended unexpectedly (exit code 3)"
    )


def test_one_that_says_nothing(tmp_path: Path) -> None:
    assert failure(tmp_path, "pass") == "the worker for Tiny ended without an answer"


def test_one_that_hangs_with_what_it_started(tmp_path: Path) -> None:
    note = tmp_path.parent / "pids"
    program = f"""
import os, pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path({str(note)!r}).write_text(f"{{os.getpid()}} {{other.pid}}")
time.sleep(600)
"""
    words = failure(tmp_path, program, seconds=2.0)
    assert words == "the worker for Tiny took longer than 2 seconds and was ended"
    for pid in map(int, note.read_text().split()):
        assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie"


def test_one_that_prints_garbage(tmp_path: Path) -> None:
    garbage = """
import sys
for _ in range(200):
    sys.stdout.buffer.write(bytes(range(256)) * 40 + b"maquette-progress x y\\n")
sys.stdout.flush()
"""
    interpreter(TINY, answering(garbage + WRITES))
    told: list[object] = []
    assert converted(tmp_path, progress=lambda *each: told.append(each)).path.is_file()
    assert told == []


@pytest.mark.parametrize(
    "answer",
    ["", "{", "[]", "null", '{"format": 7}', '{"format": 1}', '{"format":1,"tools":[],"notes":[]}'],
)
def test_an_answer_that_is_none(tmp_path: Path, answer: str) -> None:
    program = f"import pathlib; pathlib.Path('answer.json').write_text({answer!r})"
    words = failure(tmp_path, program)
    assert words == "the worker for Tiny gave an answer that cannot be read"


def test_one_that_writes_no_file(tmp_path: Path) -> None:
    words = failure(tmp_path, answering())
    assert words == "the worker for Tiny said it was done and wrote no file"


def test_one_that_writes_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "ROOM", 1_000_000)
    program = """
import time
with open("junk", "wb") as file:
    while True:
        file.write(bytes(1 << 20)); file.flush(); time.sleep(0.05)
"""
    words = failure(tmp_path, program)
    assert words.startswith("the worker for Tiny wrote more than ")
    assert words.endswith(" MB and was ended")


@pytest.mark.parametrize(
    "text",
    [
        'pathlib.Path(request["output"]).symlink_to("/etc/passwd")',
        'pathlib.Path(request["output"]).mkdir(); '
        '(pathlib.Path(request["output"]) / "a").symlink_to("/etc/passwd")',
        'pathlib.Path(request["output"]).symlink_to("/etc")',
    ],
)
def test_a_link_in_place_of_a_file(tmp_path: Path, text: str) -> None:
    words = failure(tmp_path, answering(text))
    assert words == "the worker for Tiny wrote a link in place of a file"


def test_cancel(tmp_path: Path) -> None:
    interpreter(TINY, "import time; time.sleep(600)")
    asked: list[float] = []

    def cancelled() -> bool:
        asked.append(time.monotonic())
        return len(asked) > 5

    with pytest.raises(Cancelled):
        converted(tmp_path, cancelled=cancelled)
    assert list(tmp_path.iterdir()) == []


def test_an_environment_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeFailed) as caught:
        converted(tmp_path)
    assert str(caught.value) == (
        "the environment for Tiny is missing; maquette workers --make tiny makes it"
    )


def test_an_environment_that_is_damaged(tmp_path: Path) -> None:
    (interpreter(TINY, answering(WRITES)) / STAMP).unlink()
    with pytest.raises(RuntimeFailed, match="has no stamp; maquette workers --make tiny makes it"):
        converted(tmp_path)


def test_an_interpreter_that_does_not_start(tmp_path: Path) -> None:
    python = python_of(interpreter(TINY, ""))
    python.write_text("#!/nowhere/python\n")
    with pytest.raises(RuntimeFailed, match="the worker for Tiny cannot be started: no such file"):
        converted(tmp_path)


def test_an_operator_that_nobody_knows(tmp_path: Path) -> None:
    import onnx

    model = onnx.load_from_string(GRAPH)
    model.graph.node[0].op_type = "Loop"
    interpreter(TINY, answering(WRITES))
    with pytest.raises(BadChoice, match="do not know the operator Loop"):
        convert(
            TINY, model.SerializeToString(), tmp_path / "out.tiny",
            sizes={"batch": 1}, precision="f32",
        )  # fmt: skip
    assert list(tmp_path.iterdir()) == []


DOUBLES = """
import sys
sys.path.insert(0, sys.argv[0] and "SITE")
sys.path.insert(0, ".")
from maquette_worker.arrays import read_arrays, write_arrays
model = pathlib.Path(request["model"])
factor = float((model / "data" if model.is_dir() else model).read_text())
for index in range(request["feeds"]):
    feed = read_arrays(pathlib.Path(f"feed{index}.npz"))
    made = {request["outputs"][0]: feed[request["names"][0]] * factor}
    write_arrays(pathlib.Path(f"made{index}.npz"), made)
"""


def doubling(**fields: object) -> str:
    import numpy

    return answering(DOUBLES.replace("SITE", str(Path(numpy.__file__).parents[1])), **fields)


@pytest.mark.parametrize("files", [{"a/m.tiny": b"2"}, {"m.tiny/data": b"2", "m.tiny/x": b""}])
def test_running_gives_the_outputs_of_every_feed(files: dict[str, bytes]) -> None:
    interpreter(TINY, doubling(milliseconds=[1.5, 2.5]))
    feeds = [{"strange/name": np.full((1, 2), value, np.float32)} for value in (1.0, 3.0)]
    ran = run(TINY, files, feeds, ["strange/name"], ["picture"], timed=True)
    assert [each["picture"].tolist() for each in ran.outputs] == [[[2.0, 2.0]], [[6.0, 6.0]]]
    assert ran.milliseconds == (1.5, 2.5)
    assert ran.version == "1.0"


def test_running_without_outputs() -> None:
    interpreter(TINY, answering())
    with pytest.raises(RuntimeFailed, match="the worker for Tiny gave no outputs"):
        run(TINY, {"m.tiny": b"2"}, [{"x": np.zeros(1, np.float32)}], ["x"], ["y"])


@pytest.mark.parametrize("name", ["../m.tiny", "/m.tiny", "a/../../m.tiny", ""])
def test_a_path_out_of_the_folder(name: str) -> None:
    interpreter(TINY, answering())
    with pytest.raises(RuntimeFailed, match="is no path of a model's file"):
        run(TINY, {name: b"2"}, [], ["x"], ["y"])


def test_running_where_it_cannot_run() -> None:
    apple = replace(TINY, runs_on=("darwin",) if sys.platform != "darwin" else ("win32",))
    with pytest.raises(RuntimeFailed, match=r"but Tiny models run on (macOS|Windows) only"):
        run(apple, {"m.tiny": b"2"}, [], ["x"], ["y"])


def test_one_at_a_time(tmp_path: Path) -> None:
    interpreter(TINY, answering(WRITES))
    with held(TINY), pytest.raises(Cancelled):
        converted(tmp_path, cancelled=lambda: True)


# --- how every worker begins, with this very interpreter in place of a converter's


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """An environment whose interpreter is this one, and whose module is made up."""

    def with_module(body: str) -> None:
        folder = interpreter(TINY, "")
        python = python_of(folder)
        python.unlink()
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        python.chmod(0o755)
        copy = asking._copy_scripts

        def copied(folder: Path) -> None:
            copy(folder)
            lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
            (folder / "to_tiny.py").write_text(
                "from .graph import NotConverted\nfrom .begin import progress\n"
                f"def work(request, folder):\n{lines}\n"
            )

        monkeypatch.setattr(asking, "_copy_scripts", copied)

    return with_module


DONE = '\n(folder / request["output"]).write_text(str(said))\nreturn {"notes": [], "tools": {}}'


def test_beginning(probe: Callable[[str], None], tmp_path: Path) -> None:
    probe('import os\nprogress(0.5, "at it")\nsaid = os.nice(0)' + DONE)
    told: list[tuple[float, str]] = []
    made = converted(tmp_path, progress=lambda *each: told.append(each))
    assert told == [(0.5, "at it")]
    assert int(made.path.read_text()) >= min(19, os.nice(0) + 10)


def test_a_sentence_of_the_converter_comes_through(
    probe: Callable[[str], None], tmp_path: Path
) -> None:
    probe('raise NotConverted("a convolution pads its sides differently")')
    with pytest.raises(RuntimeFailed, match=r"^Tiny: a convolution pads its sides differently$"):
        converted(tmp_path)


def test_an_exception_is_a_sentence_and_its_trace_is_logged(
    probe: Callable[[str], None], tmp_path: Path
) -> None:
    probe('raise ValueError("no such\\nlayout")')
    with pytest.raises(RuntimeFailed, match=r"^Tiny: ValueError: no such$"):
        converted(tmp_path)
    assert "Traceback" in (log_dir() / "worker-tiny.log").read_text()


def test_a_worker_has_no_network(probe: Callable[[str], None], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        probe(
            "import socket\n"
            f"try:\n    socket.create_connection(('127.0.0.1', {port}), timeout=2)\n"
            "except OSError as error:\n    said = f'{type(error).__name__}: {error}'" + DONE
        )
        made = converted(tmp_path)
    assert made.path.read_text() == "PermissionError: a converter has no network"


@pytest.mark.skipif(sys.platform == "win32", reason="ends processes in its own way")
def test_a_worker_goes_with_the_app(tmp_path: Path) -> None:
    """Standard input ends when whoever started it is gone."""
    asking._copy_scripts(tmp_path / "maquette_worker")
    (tmp_path / "maquette_worker" / "to_tiny.py").write_text(
        "import time\n"
        "def work(request, folder):\n    print('up', flush=True)\n    time.sleep(600)\n"
    )
    (tmp_path / "request.json").write_text("{}")
    child = subprocess.Popen(
        [sys.executable, "-E", "-s", "-m", "maquette_worker.begin", "to_tiny"],
        cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    with child.stdout:
        assert child.stdout.readline().strip() == b"up"
        child.stdin.close()
        assert child.wait(timeout=30) == 1
    assert not (tmp_path / "answer.json").exists()


def test_nothing_of_the_environment_is_written_by_a_run(tmp_path: Path) -> None:
    folder = interpreter(TINY, answering(WRITES))
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    converted(tmp_path)
    assert {path: path.stat().st_mtime_ns for path in folder_of(TINY).rglob("*")} == before
