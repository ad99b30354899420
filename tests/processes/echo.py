"""A child that sends back what it gets. Run as a module by the tests."""

from __future__ import annotations

import os
import sys
import threading

from studio.processes.child import parent_connection, watch_parent

if __name__ == "__main__":
    connection = parent_connection(sys.argv[1:])
    print("hello", sys.argv[2:], flush=True)  # noqa: T201

    def answer(message: object) -> None:
        if message == "leave":
            os._exit(3)
        connection.send(message)

    watch_parent(connection, answer)
    threading.Event().wait()
