"""Jobs compile into the cache, and whoever renders takes over what is there."""

from __future__ import annotations

import gc
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from studio.errors import BadChoice, RuntimeFailed
from studio.runtimes import compiling
from studio.runtimes.all import runtime, runtimes
from studio.runtimes.cache import Cache
from studio.runtimes.compiling import compiled, loaded, ready
from studio.runtimes.contract import Loaded, Placement, Plan
from studio.runtimes.openvino import BLOB
from studio.runtimes.target import RUNTIMES, Target
from tests.runtimes.networks import assert_equal, expected, inputs_for, small_network

NETWORK = small_network()
TARGETS = ("openvino:CPU:f32", "pytorch:cpu:f32")


def plan_for(target: str = TARGETS[0]) -> Plan:
    parsed = Target.parse(target)
    return runtime(parsed.runtime).plan(NETWORK, parsed, threads=1)


@pytest.mark.parametrize("target", TARGETS)
def test_a_job_compiles_and_the_renderer_takes_over(target: str, tmp_path: Path) -> None:
    cache, plan = Cache(tmp_path), plan_for(target)
    assert loaded(plan, cache) is None
    entry = compiled(plan, cache)
    assert entry.placement == Placement(("CPU",), "f32")
    assert target in entry.title
    assert compiled(plan, cache) == entry
    network = loaded(plan, cache)
    assert network is not None
    assert (network.target, network.placement) == (plan.target, entry.placement)
    inputs = inputs_for(NETWORK, 2)
    assert_equal(network.run(inputs)["y"], expected(NETWORK, inputs))
    assert network.layer_times(inputs)
    network.close()


def test_the_users_cache_is_the_default(own_folders: Path) -> None:
    entry = compiled(plan_for())
    assert entry.folder.is_relative_to(own_folders / "cache" / "compiled")
    network = loaded(plan_for())
    assert network is not None
    network.close()


def test_what_is_loaded_stays_in_the_cache_until_it_is_closed(tmp_path: Path) -> None:
    cache, plan = Cache(tmp_path), plan_for()
    network: Loaded | None = ready(plan, cache)
    assert network is not None
    assert cache.clear().entries == 0
    network.close()
    assert cache.clear().entries == 1

    network = ready(plan, cache)
    assert cache.clear().entries == 0
    del network  # forgotten rather than closed
    gc.collect()
    assert cache.clear().entries == 1


def damage(cache: Cache, plan: Plan) -> None:
    """Change a byte, which the length does not tell."""
    blob = compiled(plan, cache).folder / BLOB
    data = bytearray(blob.read_bytes())
    data[-1] ^= 255
    blob.write_bytes(data)


def test_a_damaged_network_is_removed_with_a_sentence_and_compiled_again(tmp_path: Path) -> None:
    cache, plan = Cache(tmp_path), plan_for()
    damage(cache, plan)
    with pytest.raises(RuntimeFailed, match="was changed after it was written") as refused:
        loaded(plan, cache)
    assert str(refused.value).startswith(f"a compiled network was removed from {tmp_path}")
    assert loaded(plan, cache) is None
    assert cache.usage().entries == 0
    compiled(plan, cache)
    network = loaded(plan, cache)
    assert network is not None
    network.close()


def test_who_may_wait_gets_a_network_in_spite_of_damage(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache, plan = Cache(tmp_path), plan_for()
    damage(cache, plan)
    network = ready(plan, cache)
    inputs = inputs_for(NETWORK)
    assert_equal(network.run(inputs)["y"], expected(NETWORK, inputs))
    network.close()
    (line,) = caplog.messages
    assert "was changed after it was written" in line


def test_refusals_come_before_any_work(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "compiled")
    plan = replace(plan_for(), refusals=("CPU has no such thing", "and more"))
    sentence = "'small' cannot run on openvino:CPU:f32: CPU has no such thing"
    with pytest.raises(BadChoice, match=sentence):
        compiled(plan, cache)
    with pytest.raises(BadChoice, match=sentence):
        ready(plan, cache)
    assert loaded(plan, cache) is None
    assert not cache.root.exists()


class Unloadable:
    """A runtime that cannot load what it compiles."""

    def __init__(self) -> None:
        self.compiles = 0

    def compile(self, plan: Plan, folder: Path) -> Placement:
        self.compiles += 1
        return Placement(("CPU",), "f32")

    def load(self, plan: Plan, folder: Path) -> Loaded:
        raise RuntimeFailed("the device is gone")


def test_a_runtime_that_never_loads_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake, plan = Unloadable(), plan_for()
    monkeypatch.setattr(compiling, "runtime", lambda name: fake)
    with pytest.raises(RuntimeFailed, match="the device is gone"):
        ready(plan, Cache(tmp_path))
    assert fake.compiles == 2


def test_runtimes_by_name() -> None:
    assert [each.name for each in runtimes()] == list(RUNTIMES)
    assert all(runtime(name).version() for name in RUNTIMES)
    with pytest.raises(BadChoice, match="'tvm' is no runtime; use one of pytorch, onnxruntime"):
        runtime("tvm")


def test_naming_runtimes_and_looking_into_the_cache_imports_none_of_them(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from studio.runtimes import cache, compiling\n"
        "from studio.runtimes.all import runtimes\n"
        f"cache.Cache(Path({str(tmp_path)!r})).usage()\n"
        "assert all(r.version() for r in runtimes())\n"
        "heavy = {'torch', 'openvino', 'onnxruntime', 'onnx', 'PySide6'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
