"""The process of one job.

Run as ``python -m studio.engine.job_process`` by :class:`studio.engine.job_runner.JobRunner`, which
ends it to cancel the job. What is printed here becomes the job's log.
"""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial

from studio.engine.bundle_messages import JobAnswer, JobAsk
from studio.engine.gan_compression_messages import SearchJob
from studio.engine.job_messages import (
    CurveJob,
    Job,
    JobEvent,
    JobNear,
    JobNews,
    JobStop,
    LayersJob,
    MeasureJob,
)
from studio.engine.job_runner import JobOrder
from studio.processes.child import (
    lower_priority,
    parent_connection,
    processor_count,
    watch_parent,
)

Work = Callable[[Job, str, Callable[[JobNews], None]], JobEvent]


def main(arguments: Sequence[str], work: Work | None = None) -> None:
    """Do the one job that the parent orders.

    Args:
        arguments: as given by the runner.
        work: does the job in place of ``studio.engine.jobs.run_job``, for tests of what happens
            around it.
    """
    connection = parent_connection(arguments)
    order = connection.recv()
    assert isinstance(order, JobOrder)
    stopping = threading.Event()
    nearest: list[JobNear] = []
    answers: queue.SimpleQueue[bool] = queue.SimpleQueue()

    def told(message: object) -> None:
        if isinstance(message, JobStop):
            stopping.set()
        elif isinstance(message, JobNear):
            nearest[:] = [message]
        elif isinstance(message, JobAnswer):
            answers.put(message.go_on)

    def ask(question: JobAsk) -> bool:
        connection.send(question)
        return answers.get()

    watch_parent(connection, told)
    # What times must run as the renderer does; a drag ends it. All else leaves the renderer a core.
    timing = isinstance(order.job, MeasureJob | LayersJob | CurveJob) or (
        isinstance(order.job, SearchJob) and order.job.order.target is not None
    )
    if not timing:
        lower_priority()
    if work is None:
        import torch

        from studio.engine.jobs import run_job

        torch.set_num_threads(processor_count() if timing else max(1, processor_count() - 1))
        work = partial(
            run_job,
            stopped=stopping.is_set,
            near=lambda: nearest[0] if nearest else None,
            ask=ask,
        )
    connection.send(work(order.job, order.token, connection.send))


if __name__ == "__main__":
    main(sys.argv[1:])
