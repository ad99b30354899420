"""A job process that behaves as the path of its job says. Run as a module by the tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from studio.engine.job_messages import JobDone, JobFailed, JobMeasured, JobProgress
from studio.engine.job_process import main
from studio.errors import MaquetteError
from studio.processes.aside import written_aside


def work(job, token, report):
    try:
        return try_to_work(job, token, report)
    except MaquetteError as error:
        return JobFailed(str(error))


def try_to_work(job, token, report):
    out = Path(job.out)
    report(JobProgress(0.1, "starting"))
    print("a line of log", flush=True)  # noqa: T201
    with written_aside(out, token) as path:
        path.write_bytes(b"half")
        if "stubborn" in job.path:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            subprocess.Popen(
                [sys.executable, "-c", "import signal, time; signal.pause(); time.sleep(60)"]
            )
        report(JobProgress(0.5, "half"))
        if "measuring" in job.path:
            report(JobMeasured())
        if "slow" in job.path:
            time.sleep(60)
        if "killed" in job.path:
            os.kill(os.getpid(), signal.SIGKILL)
        if "refused" in job.path:
            raise MaquetteError("no such luck")
        path.write_bytes(b"whole")
    return JobDone(path=job.out)


if __name__ == "__main__":
    main(sys.argv[1:], work=work)
