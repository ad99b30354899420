"""The parts of the running app, put together: engine, bridge, controller and what hangs on them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from studio.engine.messages import Ready, RenderSpec
from studio.families.info import ModelInfo
from studio.session.autosave import Autosave
from studio.session.document import CURRENT
from studio.session.preferences import Preferences
from studio.session.steps import Steps
from studio.subnets.choice import Subnet, SubnetChoice, resolve
from widgets.bridge import Bridge
from widgets.compiling import Compiling
from widgets.controller import Controller
from widgets.devices.finder import DeviceFinder
from widgets.diffusion.reading import PromptReading
from widgets.diffusion.step_errors import StepErrors
from widgets.finishing import Finishing
from widgets.gallery.collecting import Collecting
from widgets.grid.filling import GridFilling
from widgets.jobs import Jobs, Runner
from widgets.layers.timing import LayerTiming
from widgets.mailbox import Mailbox
from widgets.measuring import Measuring
from widgets.opening import Opening
from widgets.picture_requests import PictureRequests
from widgets.preferences.store import PreferenceStore
from widgets.recipes.baking import Baking
from widgets.recipes.curves import Curves
from widgets.recipes.scanning import Scanning
from widgets.recipes.techniques import Techniques
from widgets.renderer import Renderer
from widgets.sessions import Sessions
from widgets.thumbnails import Thumbnails
from widgets.walking import Walking


class Client(Protocol):
    """The engine's client, or a stand-in of the same shape."""

    @property
    def pid(self) -> int | None: ...

    def send(self, request: Any) -> None: ...

    def stop(self) -> None: ...

    def restart(self) -> None: ...

    def renew(self) -> None: ...


class App(QObject):
    """Everything but the widgets. Owns threads and processes; ``close`` ends them all.

    Signals:
        engine_ready(threads): the render process has started.
        autosave_failed(sentence): unsaved work cannot be kept safe.
    """

    engine_ready = Signal(int)
    autosave_failed = Signal(str)

    def __init__(
        self,
        client: Client,
        mailbox: Mailbox,
        make_runner: Callable[[], Runner],
        ask_picture: Callable[[Path], Path | None],
        *,
        autosave: bool = True,
    ) -> None:
        super().__init__()
        self.client = client
        self._closed = False
        self._mailbox = mailbox
        self.preferences = PreferenceStore(self)
        self.bridge = Bridge(parent=self)
        self.devices = DeviceFinder(self.bridge.background, self)
        self.renderer = Renderer(client.send, self)
        self.controller = Controller(self.renderer, self)
        self.jobs = Jobs(make_runner, self.bridge, self)
        self.opening = Opening(client.send, self.jobs, self.bridge, self)
        self.techniques = Techniques(self.bridge.background, self)
        self.baking = Baking(client.send, self.jobs, self.bridge.background, self)
        self.scanning = Scanning(self.jobs, self.bridge.background, self)
        self.curves = Curves(
            self.jobs, self.bridge.background, lambda: self.controller.target, self
        )
        for finding in (self.scanning, self.curves):
            self.controller.model_changed.connect(finding.use_model)
        self.controller.baked = self._baked
        self.controller.model_changed.connect(self.baking.use_model)
        self.controller.composed.connect(lambda document, _: self.baking.follow(document))
        self.baking.changed.connect(self._baked_changed)
        self.measuring = Measuring(self.jobs, self)
        self.layers = LayerTiming(self.jobs, self)
        stamp = self.renderer.next_stamp
        self.finishing = Finishing(client.send, stamp, ask_picture, self)
        self.collecting = Collecting(self.bridge.background, self)
        self.finishing.finished.connect(lambda done, _: self.collecting.collect(Path(done.path)))
        self.reading = PromptReading(client.send, stamp, self)
        self.step_errors = StepErrors(client.send, stamp, self.renderer, self)
        self.thumbnails = Thumbnails(client.send, stamp, self)
        self.thumbnails.drawn = self.renderer.pictures.get
        self.thumbnails.targets = self.renderer.targets
        self.hovering = PictureRequests(client.send, stamp, "hover", self)
        self.testing = PictureRequests(client.send, stamp, "blind", self)
        self.filling = GridFilling(client.send, stamp, self)
        self.walking = Walking(client.send, self.renderer, self.jobs, self)
        self.controller.target = self.preferences.value.target
        self.preferences.changed.connect(self._prefer)
        self.compiling = Compiling(client.send, self.jobs, parent=self)
        self.compiling_variant = Compiling(client.send, self.jobs, parent=self, variants=True)
        self.compiling_variant.noticed.connect(self.compiling.noticed)
        self.renderer.compiled = lambda spec: (
            self.compiling.draws(spec) or self.compiling_variant.draws(spec)
        )
        for compiling in (self.compiling, self.compiling_variant):
            self.controller.composed.connect(compiling.follow)
            compiling.adopted.connect(self._adopted)
            self.engine_ready.connect(compiling.started)
            self.controller.gesture_changed.connect(compiling.drag)
        self.autosave = Autosave(on_problem=self.autosave_failed.emit) if autosave else None
        self.sessions = Sessions(self.controller, self.opening, self.bridge, self.autosave, self)
        self.autosave_failed.connect(self.sessions.refused)
        self.controller.model_changed.connect(
            lambda info: self.measuring.forget(None if info is None else info.key)
        )
        self.controller.gesture_changed.connect(self.measuring.drag)
        self.controller.gesture_changed.connect(self.layers.drag)
        self.controller.gesture_changed.connect(self.curves.drag)
        self.bridge.answered.connect(self._answered)

    def listen(self) -> None:
        """Begin to take what the engine has said so far and will say."""
        self._mailbox.attach(self.bridge.take)

    def close(self) -> None:
        """End every thread and process."""
        self._closed = True
        for timer in self.findChildren(QTimer):
            timer.stop()
        self._mailbox.detach()
        self.devices.close()
        self.bridge.close()
        self.jobs.close()
        self.client.stop()
        if self.autosave is not None:
            self.autosave.close()

    def _answered(self, answer: object, pixels: Any) -> None:
        if self._closed:
            return  # it was on its way when the window closed
        if isinstance(answer, Ready):
            self.engine_ready.emit(answer.threads)
        for taker in (
            self.baking,
            self.compiling_variant,
            self.renderer,
            self.walking,
            self.thumbnails,
            self.finishing,
            self.reading,
            self.step_errors,
            self.compiling,
            self.hovering,
            self.testing,
            self.filling,
        ):
            if taker.take(answer, pixels):
                return
        self.opening.take(answer)

    def _prefer(self, now: Preferences, before: Preferences) -> None:
        if now.target != before.target:
            self.controller.use_target(now.target)

    def _baked(self, steps: Steps, choice: SubnetChoice) -> ModelInfo | None:
        found = self.baking.find(steps, choice)
        return None if found is None else found.info

    def _baked_changed(self) -> None:
        # Most documents have no baked steps: nothing to draw anew then.
        document = self.controller.document
        shown = (CURRENT, document.view.side_a, document.view.side_b)
        if any(document.recipe_of(ref).active for ref in shown):
            self.controller.settle()

    def _adopted(self, subnet: Subnet, target: str) -> None:
        """A compiled network is ready: what is on show of it is drawn with it."""

        def draws(spec: RenderSpec) -> bool:
            scene = self.renderer.scene
            assert scene is not None
            config = scene.info_of(spec).config
            return spec.target == target and resolve(spec.subnet, config) == subnet

        self.renderer.redraw(draws)
        self.step_errors.drop(target)
