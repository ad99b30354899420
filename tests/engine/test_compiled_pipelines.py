"""A pipeline whose denoiser jobs compile: it is taken over as it appears, at every size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.engine import adopting, drawing_pipelines
from studio.engine.adopting import Adopter, Held
from studio.engine.compiling import compile_rungs
from studio.engine.drawing import CompiledDrawer
from studio.engine.job_messages import CompileJob, JobRung
from studio.engine.messages import (
    Adopt,
    Adopted,
    Compare,
    Notice,
    OpenModel,
    Render,
    Rendered,
    RenderSpec,
    SteppedApart,
)
from studio.engine.pictures import Packer, decode
from studio.engine.renderer import Renderer
from studio.engine.sizing import sizes_of
from studio.errors import BadChoice, Overtaken, RuntimeFailed
from studio.families.diffusion.opening import open_pipeline
from studio.processes.blocks import new_prefix
from studio.runtimes import planning
from studio.runtimes.target import Target
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.denoisers.choice import Denoising, Reuse
from tests.engine.heard import Heard
from tests.families.diffusion.tiny import shared_folder, shared_model, small_inputs

SD = "StableDiffusionPipeline"
FAST = "openvino:CPU:f32"
FULL, HALF = SubnetChoice(), SubnetChoice(0.5)
REUSED = SubnetChoice(denoising=Denoising(reuse=Reuse(interval=2)))


class Stage:
    """An adopter and a renderer with a pipeline open."""

    def __init__(self, folder: Path) -> None:
        self.heard = Heard(patience=60)
        self.adopter = Adopter(self.heard, 1)
        self.renderer = Renderer(
            Packer(new_prefix()), lambda path: open_pipeline(Path(path)), self.adopter
        )
        self.renderer.open(OpenModel(1, str(folder)))
        (self.model,) = self.renderer._models.values()
        self.stamp = 0

    def want(self, *choices: SubnetChoice, target: str = FAST, **changes: Any) -> None:
        sizes = sizes_of(self.model.info.config, small_inputs(SD, **changes))
        self.adopter.want(Adopt(self.model.info.key, choices, (target,), sizes))

    def spec(self, choice: SubnetChoice = FULL, target: str = FAST, **changes: Any) -> RenderSpec:
        return RenderSpec(self.model.info.key, small_inputs(SD, **changes), choice, target)

    def draw(
        self,
        choice: SubnetChoice = FULL,
        between: Callable[[], None] = lambda: None,
        **changes: Any,
    ) -> Rendered:
        self.stamp += 1
        request = Render("current", self.stamp, self.spec(choice, **changes))
        answer, _ = self.renderer.answer(request, between)
        assert isinstance(answer, Rendered), answer
        return answer


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with both networks, compiled once for all tests here."""
    folder = tmp_path_factory.mktemp("compiled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAQUETTE_CACHE_DIR", str(folder))
        assert [rung.sentence for rung in compiled(FULL, HALF)] == ["", ""]
    return folder


@pytest.fixture
def stage(cache: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setenv("MAQUETTE_CACHE_DIR", str(cache))
    return Stage(shared_folder(SD))


def compiled(*choices: SubnetChoice) -> list[JobRung]:
    """What a job says that compiles these."""
    found: list[JobRung] = []
    job = CompileJob(str(shared_folder(SD)), choices, (FAST,), 1)
    compile_rungs(job, lambda news: found.append(news) if isinstance(news, JobRung) else None)
    return found


def close(one: Rendered, other: np.ndarray) -> bool:
    """Not a level of brightness may move when the network is swapped."""
    return bool(np.abs(decode(one.picture).astype(int) - other).max() <= 1)


def test_what_is_compiled_once_draws_at_every_size_and_guidance(stage: Stage) -> None:
    assert stage.draw().made_by == "PyTorch f32 CPU"
    stage.want(FULL, HALF)
    first = stage.heard.wait(2)
    assert [type(each) for each in first] == [Adopted, Adopted]
    assert first[0].sizes == (("batch", 2), ("height", 16), ("width", 8))
    plain = shared_model(SD)
    for choice in (FULL, HALF):
        drawn = stage.draw(choice)
        assert drawn.made_by == "OpenVINO f32 CPU"
        assert close(drawn, plain.render(small_inputs(SD), choice))
    # Prompt, seed, steps and scheduler change nothing of the network; guidance and size do.
    for changes in ({"prompt": "red"}, {"seed": 8}, {"steps": 3}, {"scheduler": "euler"}):
        assert stage.draw(**changes).made_by == "OpenVINO f32 CPU"
    for changes in ({"guidance": 1.0}, {"height": 16, "width": 32}):
        assert stage.draw(**changes).made_by == "PyTorch f32 CPU"
        before = len(stage.heard.answers)
        stage.want(FULL, **changes)
        assert stage.heard.wait(before + 1)[-1].sizes != first[0].sizes
        drawn = stage.draw(**changes)
        assert drawn.made_by == "OpenVINO f32 CPU"
        assert close(drawn, plain.render(small_inputs(SD, **changes)))
    # Those of the first size are still there.
    assert stage.draw(seed=9).made_by == "OpenVINO f32 CPU"


def test_it_stops_within_a_step_and_needs_no_second_copy_of_the_weights(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.want(FULL)
    stage.heard.wait(1)
    assert stage.draw().made_by == "OpenVINO f32 CPU"
    assert "unet" not in stage.model.components._running
    asked = 0

    def between() -> None:
        nonlocal asked
        asked += 1
        if asked == 40:
            raise Overtaken

    with pytest.raises(Overtaken):
        stage.draw(between=between, seed=5, steps=50)
    assert asked == 40
    assert stage.draw(seed=5).made_by == "OpenVINO f32 CPU"
    # What PyTorch drew with is let go of where memory is short.
    stage.draw(target="pytorch:cpu:f32")
    stage.model.components._running["unet"] = object()  # as a copy in another type is
    monkeypatch.setattr(drawing_pipelines, "free_memory", lambda: 0)
    stage.draw(seed=6)
    assert "unet" not in stage.model.components._running
    assert stage.draw(target="pytorch:cpu:f32", seed=6).made_by == "PyTorch f32 CPU"


def test_errors_by_step_are_those_of_the_networks_that_draw(stage: Stage) -> None:
    held = Held(*_loaded(stage))
    wrong = Held(_Doubled(held.network), held.plan)
    key = stage.model.info.key
    subnet = resolve(FULL, stage.model.info.config)
    sizes = (("batch", 2), ("height", 16), ("width", 8))
    stage.adopter._held[key, subnet, FAST, sizes] = wrong

    def apart(reference: str, candidate: str) -> tuple[float, ...]:
        pair = Compare("errors", 1, stage.spec(target=reference), stage.spec(target=candidate))
        answer, _ = stage.renderer.answer(Compare(**{**vars(pair), "by_step": True}), lambda: None)
        assert isinstance(answer, SteppedApart), answer
        return answer.errors

    assert apart("pytorch:cpu:f32", FAST) == pytest.approx((1.0, 1.0), rel=1e-3)
    assert apart("pytorch:cpu:f32", "pytorch:cpu:f32") == (0.0, 0.0)


def _loaded(stage: Stage) -> tuple[Any, Any]:
    drawer = CompiledDrawer(stage.model, Target.parse(FAST), 1)
    held = drawer._held(FULL, small_inputs(SD))
    return held.network, held.plan


class _Doubled:
    """A network that says twice what it should."""

    def __init__(self, network: Any) -> None:
        self._network = network
        self.placement, self.target = network.placement, network.target

    def run(self, inputs: Any, between: Any = None) -> dict[str, Any]:
        return {name: 2 * array for name, array in self._network.run(inputs, between).items()}


def test_a_network_that_fails_is_left_and_pytorch_draws(stage: Stage) -> None:
    stage.want(FULL)
    stage.heard.wait(1)

    def gone(*_: object) -> dict[str, Any]:
        raise RuntimeFailed("the device went away")

    (held,) = stage.adopter._held.values()
    held.network.run = gone  # type: ignore[method-assign]
    assert stage.draw().made_by == "PyTorch f32 CPU"
    told = stage.heard.wait(2)[-1]
    assert told == Notice("the device went away; PyTorch f32 CPU draws instead")
    assert not stage.adopter._held


def test_steps_that_differ_are_no_network_and_say_so(stage: Stage) -> None:
    (rung,) = compiled(REUSED)
    assert rung.seconds is None
    assert "is no single network" in rung.sentence
    assert stage.draw(REUSED).made_by == "PyTorch f32 CPU"
    with pytest.raises(BadChoice, match="is no single network"):
        CompiledDrawer(shared_model(SD), Target.parse(FAST), 1).draw(small_inputs(SD), REUSED)


def test_too_large_a_network_is_a_sentence_with_figures(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.adopter._memory = 0
    monkeypatch.setattr(planning, "free_memory", lambda: 700_000)
    plan = adopting.planned(stage.model, FULL, Target.parse(FAST), 1)
    assert 0.75 * 700_000 < plan.memory < 700_000  # it fits, but not within three quarters
    stage.want(FULL)
    (told,) = stage.heard.wait(1)
    assert "needs about 0.0 GB on openvino:CPU:f32" in told.sentence
    assert told.sentence.endswith("PyTorch f32 CPU draws instead")
    # Once there is memory, it is taken over.
    monkeypatch.setattr(planning, "free_memory", lambda: 10**12)
    stage.want(FULL)
    assert isinstance(stage.heard.wait(2)[-1], Adopted)
