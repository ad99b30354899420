"""Compiled networks on disk: whole or not there, within a limit, shared by processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from studio.errors import RuntimeFailed
from studio.runtimes import cache_locks
from studio.runtimes.cache import Cache, Usage, key_of
from studio.runtimes.cache_entry import ENTRY, FILES, Entry
from studio.runtimes.contract import NodePlace, Placement, Plan
from studio.runtimes.target import Target
from tests.runtimes.networks import small_network

PLACE = Placement(("CPU",), "f32", (NodePlace("CPU", "Resize", 2),))
PLAN = Plan(small_network(), Target.parse("openvino:CPU:f32"), version="2026.1", device="Xeon")
A, B, C, D = ("a" * 40, "b" * 40, "c" * 40, "d" * 40)


def of_size(size: int) -> Callable[[Path], Placement]:
    """Compiles something of that many bytes."""

    def compile_into(folder: Path) -> Placement:
        (folder / "network.bin").write_bytes(bytes(size))
        return PLACE

    return compile_into


def filled(root: Path, limit: int = 10**9, *keys: str, size: int = 1000) -> Cache:
    """A cache with entries used in this order."""
    cache = Cache(root, limit)
    for age, key in enumerate(reversed(keys)):
        cache.make(key, key[0], of_size(size))
        then = time.time() - 100 * (age + 1)
        os.utime(root / key / ENTRY, (then, then))
    return cache


def keys_in(root: Path) -> set[str]:
    return {path.name for path in root.iterdir() if len(path.name) == 40}


@contextmanager
def another_process(code: str) -> Iterator[subprocess.Popen[str]]:
    """A process that runs ``code``, which waits for input; killed in the end."""
    command = [sys.executable, "-c", code]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        try:
            yield process
        finally:
            process.kill()


def using(root: Path, key: str) -> str:
    return (
        "from pathlib import Path; from studio.runtimes.cache import Cache\n"
        f"entry, use = Cache(Path({str(root)!r})).use({key!r})\n"
        "print('ready', flush=True); input()\n"
    )


def ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"


def test_the_key_holds_all_that_compiled_files_depend_on() -> None:
    others = [
        replace(PLAN, network=small_network(seed=1)),
        replace(PLAN, target=Target.parse("onnxruntime:CPU:f32")),
        replace(PLAN, target=Target.parse("openvino:GPU:f32")),
        replace(PLAN, target=Target.parse("openvino:CPU:bf16")),
        replace(PLAN, version="2026.2"),
        replace(PLAN, device="Xeon 2"),
        replace(PLAN, sizes=(("batch", 1),)),
        replace(PLAN, threads=2),
    ]
    keys = [key_of(PLAN), *(key_of(plan) for plan in others)]
    assert len(set(keys)) == len(keys)
    assert all(len(key) == 40 for key in keys)
    same = replace(PLAN, memory=5, notes=("slow",), target=Target.parse("openvino:cpu:f32"))
    assert key_of(same) == keys[0]


def test_what_was_made_is_found_as_it_was(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "compiled")
    assert cache.find(A) is None
    assert cache.usage() == Usage(0, 0)
    made = cache.make(A, "small openvino:CPU:f32", of_size(1000))
    assert made == cache.find(A)
    assert made == Cache(tmp_path / "compiled").find(A)
    assert made.placement == PLACE
    assert made.title == "small openvino:CPU:f32"
    assert (made.folder / "network.bin").stat().st_size == 1000
    assert cache.usage() == Usage(made.bytes, 1)
    assert 1000 < made.bytes < 3000


def test_the_users_folder_and_limit_are_the_default(
    own_folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAQUETTE_CACHE_GB", "0.5")
    cache = Cache()
    assert cache.root == own_folders / "cache" / "compiled"
    assert cache.limit == 500_000_000


def test_what_is_there_is_not_compiled_again(tmp_path: Path) -> None:
    cache = filled(tmp_path, 10**9, A)

    def never(folder: Path) -> Placement:
        raise AssertionError("it is there")

    assert cache.make(A, "a", never).bytes > 1000


def test_a_runtimes_own_cache_may_change(tmp_path: Path) -> None:
    def compile_into(folder: Path) -> Placement:
        (folder / "engines").mkdir()
        (folder / "engines" / "timing").write_bytes(bytes(100))
        return of_size(1000)(folder)

    cache = Cache(tmp_path)
    made = cache.make(A, "a", compile_into)
    (made.folder / "engines" / "timing").write_bytes(bytes(300))
    (made.folder / "engines" / "more").write_bytes(bytes(50))
    found = cache.find(A)
    assert found == replace(made, bytes=made.bytes + 250)


def test_a_compile_that_fails_leaves_nothing(tmp_path: Path) -> None:
    cache = Cache(tmp_path)

    def fails(folder: Path) -> Placement:
        (folder / "half").write_bytes(b"half")
        raise RuntimeFailed("no such operator")

    with pytest.raises(RuntimeFailed, match="no such operator"):
        cache.make(A, "a", fails)
    assert [path.name for path in tmp_path.iterdir()] == ["locks"]
    assert cache.make(A, "a", of_size(10)).title == "a"


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RuntimeFailed, match=r"compiled network cannot be written to .*file"):
        Cache(tmp_path / "file").make(A, "a", of_size(10))


# --- damage ----------------------------------------------------------------------------------


def description(folder: Path, **changes: object) -> None:
    raw = json.loads((folder / ENTRY).read_text())
    (folder / ENTRY).write_text(json.dumps({**raw, **changes}))


def cut(folder: Path) -> None:
    (folder / FILES / "network.bin").write_bytes(bytes(10))


def lost(folder: Path) -> None:
    (folder / FILES / "network.bin").unlink()


def undescribed(folder: Path) -> None:
    (folder / ENTRY).unlink()


def scrambled(folder: Path) -> None:
    (folder / ENTRY).write_bytes(b"\xff\xfe{")


def foreign(folder: Path) -> None:
    description(folder, key=B)


def newer(folder: Path) -> None:
    description(folder, format=99)


def misplaced(folder: Path) -> None:
    description(folder, placement=["CPU"])


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (cut, "its file network.bin has 10 bytes instead of 1000"),
        (lost, "its file network.bin is missing"),
        (undescribed, "it holds no compiled network"),
        (scrambled, "its description is damaged"),
        (misplaced, "its description is damaged"),
        (foreign, "it was written under another name"),
        (newer, "another version of Maquette wrote it"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_damaged_entries_are_removed_reported_and_made_anew(
    harm: Callable[[Path], None], why: str, tmp_path: Path
) -> None:
    filled(tmp_path, 10**9, A, C)
    harm(tmp_path / A)
    told: list[str] = []
    cache = Cache(tmp_path, report=told.append)
    assert cache.find(A) is None
    assert told == [f"a compiled network was removed from {tmp_path}: {why}"]
    assert keys_in(tmp_path) == {C}
    assert cache.make(A, "again", of_size(5)).title == "again"
    assert len(told) == 1

    harmed = tmp_path / A
    (harmed / FILES / "network.bin").write_bytes(bytes(1000))
    harm(harmed)
    with pytest.raises(RuntimeFailed, match="a compiled network was removed"):
        cache.use(A)
    assert cache.use(A) is None


def test_what_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    cache = filled(tmp_path, 10**9, A)
    (tmp_path / "letters.txt").write_text("dear")
    (tmp_path / "photos").mkdir()
    cache.limit = 0
    cache.make_room()
    assert cache.clear() == Usage(0, 0)
    assert {path.name for path in tmp_path.iterdir()} == {"letters.txt", "photos", "locks"}


# --- room ------------------------------------------------------------------------------------


def test_the_longest_unused_go_first(tmp_path: Path) -> None:
    cache = filled(tmp_path, 10**9, A, B, C)
    cache.find(A)  # which is a use
    cache.limit = 3 * cache.usage().bytes // 3 + 100
    cache.make(D, "d", of_size(1000))
    assert keys_in(tmp_path) == {A, C, D}


def test_an_entry_larger_than_the_limit_is_kept_until_the_next(tmp_path: Path) -> None:
    cache = filled(tmp_path, 500)
    cache.make(A, "a", of_size(1000))
    assert keys_in(tmp_path) == {A}
    cache.make(B, "b", of_size(1000))
    assert keys_in(tmp_path) == {B}


def test_what_another_process_uses_stays_until_that_ends(tmp_path: Path) -> None:
    cache = filled(tmp_path, 10**9, A, B)
    cache.limit = 0
    with another_process(using(tmp_path, A)) as process:
        ready(process)
        cache.make_room()
        assert keys_in(tmp_path) == {A}
        assert cache.clear() == Usage(0, 0)
        process.kill()  # as a crash would
        process.wait()
        cache.make_room()
    assert keys_in(tmp_path) == set()


def test_what_this_process_uses_stays_until_it_is_released(tmp_path: Path) -> None:
    cache = filled(tmp_path, 10**9, A)
    cache.limit = 0
    taken = [cache.use(A), cache.use(A)]
    for found in taken:
        assert found is not None
        entry, use = found
        assert isinstance(entry, Entry)
        cache.make_room()
        assert keys_in(tmp_path) == {A}
        use.release()
        use.release()
    assert not list((tmp_path / "locks" / A).iterdir())
    cache.make_room()
    assert keys_in(tmp_path) == set()


def test_clearing_says_what_it_freed(tmp_path: Path) -> None:
    cache = filled(tmp_path, 10**9, A, B)
    before = cache.usage()
    assert before.entries == 2
    assert cache.clear() == before
    assert cache.usage() == Usage(0, 0)
    cache.make_room()
    assert [path.name for path in tmp_path.rglob("*")] == ["locks", "moment.lock"]


def test_an_eviction_that_fails_fails_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = filled(tmp_path, 10**9, A, B)
    cache.limit = 0

    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(13, "a file is open", str(self))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", refuse)
        cache.make_room()
    assert keys_in(tmp_path) == {A, B}

    def broken(self: cache_locks.Locks, root: Path) -> None:
        raise OSError(5, "input/output error")

    monkeypatch.setattr(cache_locks.Locks, "sweep", broken)
    assert cache.make(C, "c", of_size(10)).title == "c"


def test_a_cache_that_cannot_be_locked_still_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = filled(tmp_path, 10**9, A)

    def refuse(path: Path) -> object:
        raise PermissionError(13, "read-only", str(path))

    monkeypatch.setattr(cache_locks, "_lock", refuse)
    found = cache.use(A)
    assert found is not None
    entry, use = found
    assert entry.key == A
    use.release()


def test_nobody_waits_long_for_a_process_that_stands_still(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = filled(tmp_path, 10**9, A)
    monkeypatch.setattr(cache_locks, "_MOMENT", 0.05)
    code = (
        "from pathlib import Path; from studio.runtimes.cache_locks import Locks\n"
        f"with Locks(Path({str(tmp_path / 'locks')!r})).moment():\n"
        "    print('ready', flush=True); input()\n"
    )
    with another_process(code) as process:
        ready(process)
        assert cache.use(A) is None  # asked again at the next request
        cache.limit = 0
        cache.make_room()
        assert cache.clear() == Usage(0, 0)
    assert keys_in(tmp_path) == {A}
    assert cache.use(A) is not None


# --- several processes -----------------------------------------------------------------------


def making(root: Path, key: str, log: Path) -> str:
    """Code of a process that makes an entry slowly and writes down that it did."""
    return f"""
import os, time
from pathlib import Path
from studio.runtimes.cache import Cache
from studio.runtimes.contract import Placement
def compile_into(folder):
    with open({str(log)!r}, "a") as file: file.write("compiled\\n")
    (folder / "half.bin").write_bytes(bytes(500))
    print("ready", flush=True)
    time.sleep(0.5)
    (folder / "network.bin").write_bytes(bytes(1000))
    return Placement(("CPU",), "f32")
entry = Cache(Path({str(root)!r})).make({key!r}, "slow", compile_into)
print("made", entry.bytes, flush=True)
"""


def test_processes_that_want_the_same_compile_it_once(tmp_path: Path) -> None:
    root, log = tmp_path / "compiled", tmp_path / "log"
    code = making(root, A, log)
    commands = [[sys.executable, "-c", code] for _ in range(3)]
    running = [subprocess.Popen(c, stdout=subprocess.PIPE, text=True) for c in commands]
    said = [process.communicate(timeout=60)[0].splitlines()[-1] for process in running]
    assert log.read_text() == "compiled\n"
    assert [process.returncode for process in running] == [0, 0, 0]
    assert len(set(said)) == 1
    assert said[0].startswith("made ")
    assert keys_in(root) == {A}
    assert not list(root.glob(".maquette-*"))


def test_a_process_killed_while_it_compiles_leaves_no_half(tmp_path: Path) -> None:
    root, log = tmp_path / "compiled", tmp_path / "log"
    with another_process(making(root, A, log)) as process:
        ready(process)
        halves = list(root.glob(".maquette-*"))
        cache = Cache(root)
        cache.make(B, "b", of_size(10))
        assert halves == list(root.glob(".maquette-*"))  # it still compiles
        assert cache.find(A) is None
        process.kill()
        process.wait()
    assert len(halves) == 1
    cache.make_room()
    assert not list(root.glob(".maquette-*"))
    assert cache.make(A, "again", of_size(10)).title == "again"
