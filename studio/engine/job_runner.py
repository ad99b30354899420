"""Running jobs, each in a process of its own. Imports no torch."""

from __future__ import annotations

import itertools
import logging
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path

from studio.engine.bundle_messages import (
    ExportJob,
    InstallJob,
    JobAnswer,
    PlanExportJob,
    VerifyJob,
)
from studio.engine.job_messages import (
    CompileJob,
    CurveJob,
    Job,
    JobCancelled,
    JobEvent,
    JobFailed,
    JobLog,
    JobNear,
    JobNews,
    JobStop,
    LayersJob,
    MeasureJob,
    ReportJob,
    ScanJob,
)
from studio.places import log_dir
from studio.processes.aside import remove_aside
from studio.processes.child import Child, describe_exit

logger = logging.getLogger(__name__)
MODULE = "studio.engine.job_process"
REPORTS = "studio.reporting.report_process"
"""Reports are written above the engine, which only starts the process that does."""


@dataclass(frozen=True)
class JobOrder:
    """What a job process is told: the job, and the token its files are prepared under."""

    job: Job
    token: str


class JobHandle:
    """A job that was started."""

    def __init__(self, id_: int, job: Job) -> None:
        self.id = id_
        self.job = job
        self.cancelled = threading.Event()
        self._finished = threading.Event()
        self._lock = threading.Lock()
        self._wake_reader, self._wake_writer = Pipe(duplex=False)
        self._connection: Connection | None = None
        self._stopping = False
        self._near: JobNear | None = None

    @property
    def finished(self) -> bool:
        """The last event has been delivered."""
        return self._finished.is_set()

    def cancel(self) -> None:
        """End the job within a second; JobCancelled follows unless it ended first. Returns at once;
        cancelling twice, or a job that has finished, is fine."""
        with self._lock:
            if not self.cancelled.is_set() and not self._wake_writer.closed:
                self.cancelled.set()
                self._wake_writer.send_bytes(b"!")

    def stop(self) -> None:
        """Ask the job to end early and keep what it has reached; JobDone follows from jobs that
        know how, others go on. Returns at once; harmless at any time."""
        with self._lock:
            self._stopping = True
            self._tell()

    def near(self, wanted: JobNear) -> None:
        """Tell a CompileJob what is wanted now; others take no notice. Returns at once; harmless
        at any time."""
        with self._lock:
            self._near = wanted
            self._tell()

    def answer(self, go_on: bool) -> None:
        """Answer the question of a job. Returns at once; harmless at any time."""
        with self._lock:
            if self._connection is not None:
                with suppress(OSError):  # it has died; the runner sees that
                    self._connection.send(JobAnswer(go_on))

    def started(self, connection: Connection | None) -> None:
        """For the runner: the job listens to ``connection``, or no longer listens."""
        with self._lock:
            self._connection = connection
            self._tell()

    def _tell(self) -> None:
        if self._connection is None:
            return
        with suppress(OSError):  # it has died; the runner sees that
            if self._stopping:
                self._connection.send(JobStop())
            if self._near is not None:
                self._connection.send(self._near)
                self._near = None

    def finish(self) -> None:
        """For the runner: the last event has been delivered."""
        self._finished.set()
        with self._lock:
            self._wake_reader.close()
            self._wake_writer.close()

    def sleep_until(self, connection: Connection) -> bool:
        """For the runner: wait for a message; False when the job was cancelled instead."""
        ready = wait([connection, self._wake_reader])
        return connection in ready


class JobRunner:
    """Starts job processes and passes on their events.

    Args:
        on_event: receives (job id, event) on threads of the runner. The last event of a job is
            always one JobDone, JobFailed or JobCancelled, delivered when its process is gone and
            its leftovers are removed.
        module: the module to run as a job process.
    """

    def __init__(self, on_event: Callable[[int, JobEvent], None], module: str = MODULE) -> None:
        self._on_event = on_event
        self._module = module
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self._running: dict[JobHandle, threading.Thread] = {}

    def run(self, job: Job) -> JobHandle:
        """Start a job in the background. Returns at once."""
        with self._lock:
            handle = JobHandle(next(self._ids), job)
            thread = threading.Thread(
                target=self._supervise, args=(handle,), name=f"job-{handle.id}", daemon=True
            )
            self._running[handle] = thread
            thread.start()
        return handle

    def stop(self) -> None:
        """Cancel every job and wait until all are gone."""
        with self._lock:
            running = dict(self._running)
        for handle in running:
            handle.cancel()
        for thread in running.values():
            if thread is not threading.current_thread():
                thread.join()

    # ---- one thread for every job ---------------------------------------------------------------

    def _supervise(self, handle: JobHandle) -> None:
        voice = _Voice(handle.id, self._on_event)
        try:
            last = self._live(handle, voice)
        except OSError as error:
            last = JobFailed(f"The job could not be started: {error.strerror or error}")
        voice.end(last)
        handle.finish()
        with self._lock:
            self._running.pop(handle, None)

    def _live(self, handle: JobHandle, voice: _Voice) -> JobEvent:
        """Run the job's process from start to end; what it has to say last."""
        if handle.cancelled.is_set():
            return JobCancelled()
        log = log_dir() / "jobs.log"
        reports = isinstance(handle.job, ReportJob) and self._module == MODULE
        child = Child(
            REPORTS if reports else self._module, log, on_line=lambda line: voice.say(JobLog(line))
        )
        order = JobOrder(handle.job, secrets.token_hex(8))
        last: JobEvent | None = None
        try:
            child.connection.send(order)
            handle.started(child.connection)
            while last is None and handle.sleep_until(child.connection):
                event: JobEvent = child.connection.recv()
                if isinstance(event, JobNews | JobLog):
                    voice.say(event)
                else:
                    last = event
        except (EOFError, OSError):
            pass  # it died; what to say of that is decided below
        finally:
            handle.started(None)
            code = child.end()
            child.close()
            _tidy(handle.job, order.token)
        if last is not None:
            return last
        if handle.cancelled.is_set():
            return JobCancelled()
        return JobFailed(f"The job {describe_exit(code)}", child.tail())


def _tidy(job: Job, token: str) -> None:
    """Remove what a job that did not end well has left beside its target."""
    if isinstance(job, CompileJob | LayersJob | ScanJob | PlanExportJob | VerifyJob):
        return
    if isinstance(job, InstallJob):  # the next one removes what a killed one left
        return
    if isinstance(job, MeasureJob):
        for variant in job.variants:
            if variant.recipe:
                remove_aside(Path(variant.path), token)
        return
    if isinstance(job, CurveJob):
        remove_aside(Path(job.variant), token)
        return
    if isinstance(job, ExportJob):
        from studio.bundles.placing import tidy

        tidy(Path(job.out))
        return
    remove_aside(Path(job.out), token)


class _Voice:
    """Hands on the events of one job, and none after the last."""

    def __init__(self, id_: int, on_event: Callable[[int, JobEvent], None]) -> None:
        self._id = id_
        self._on_event = on_event
        self._lock = threading.RLock()  # a receiver may cancel or start jobs from within
        self._ended = False

    def say(self, event: JobEvent) -> None:
        with self._lock:
            if not self._ended:
                try:
                    self._on_event(self._id, event)
                except Exception:
                    logger.exception("the receiver of a job's event failed")

    def end(self, event: JobEvent) -> None:
        with self._lock:
            self.say(event)
            self._ended = True
