"""A pickle reader that can only build plain data.

Pickles are programs. The table below knows the instructions that checkpoints use, and every name
of a function or class goes to a host, which answers from a fixed list. Nothing is imported and no
object of the file is ever called.
"""

from __future__ import annotations

from collections.abc import Callable

from studio.checkpoints.causes import Cause
from studio.checkpoints.pickle_host import Host
from studio.checkpoints.pickle_machine import Machine, decimal_integer, simple_key
from studio.checkpoints.spans import Cursor


def read_pickle(cursor: Cursor, host: Host) -> object:
    """Read one pickle, up to its STOP, into plain data.

    Byte strings of some length come back as a span of the file, unread.

    Raises:
        Cause: anything that is not a checkpoint's plain data.
    """
    machine = Machine(cursor, host)
    while True:
        host.budget.step()
        code = cursor.take(1)
        if code == b".":
            return machine.pop()
        action = _ACTIONS.get(code)
        if action is None:
            raise Cause(f"its pickle uses the instruction {code!r}, which no checkpoint needs")
        action(machine)


def _check_protocol(version: int) -> None:
    if version > 5:
        raise Cause(f"its pickle is of version {version}, which does not exist")


def _ignore(_: object) -> None:
    return None


_ACTIONS: dict[bytes, Callable[[Machine], None]] = {
    b"\x80": lambda m: _check_protocol(m.number("B")),
    b"\x95": lambda m: _ignore(m.source.take(8)),
    b"(": Machine.mark,
    b"0": Machine.drop,
    b"1": lambda m: _ignore(m.since_mark()),
    b"2": lambda m: m.push(m.top()),
    b"N": lambda m: m.push(None),
    b"\x88": lambda m: m.push(True),
    b"\x89": lambda m: m.push(False),
    b"I": Machine.decimal,
    b"L": lambda m: m.push(decimal_integer(m.source.line(32))),
    b"J": lambda m: m.push(m.number("<i")),
    b"K": lambda m: m.push(m.number("<B")),
    b"M": lambda m: m.push(m.number("<H")),
    b"\x8a": lambda m: m.long_integer(m.number("<B")),
    b"\x8b": lambda m: m.long_integer(m.number("<i")),
    b"G": Machine.floating,
    b"X": lambda m: m.text(m.number("<I")),
    b"\x8c": lambda m: m.text(m.number("<B")),
    b"\x8d": lambda m: m.text(m.number("<Q")),
    b"U": lambda m: m.text(m.number("<B"), "latin-1"),
    b"T": lambda m: m.text(m.number("<I"), "latin-1"),
    b"B": lambda m: m.byte_string(m.number("<I")),
    b"C": lambda m: m.byte_string(m.number("<B")),
    b"\x8e": lambda m: m.byte_string(m.number("<Q")),
    b"\x96": lambda m: m.byte_string(m.number("<Q")),
    b"]": lambda m: m.container([]),
    b"}": lambda m: m.container({}),
    b")": lambda m: m.container(()),
    b"\x8f": lambda m: m.container(set()),
    b"l": Machine.list_since_mark,
    b"d": Machine.dictionary,
    b"t": Machine.tuple_since_mark,
    b"\x85": lambda m: m.tuple_of(1),
    b"\x86": lambda m: m.tuple_of(2),
    b"\x87": lambda m: m.tuple_of(3),
    b"\x91": lambda m: m.container(frozenset(map(simple_key, m.since_mark()))),
    b"a": lambda m: m.append([m.pop()]),
    b"e": lambda m: m.append(m.since_mark()),
    b"s": lambda m: m.set_items([m.pop(), m.pop()][::-1]),
    b"u": lambda m: m.set_items(m.since_mark()),
    b"\x90": Machine.add_to_set,
    b"q": lambda m: m.remember(m.number("<B")),
    b"r": lambda m: m.remember(m.number("<I")),
    b"p": lambda m: m.remember(decimal_integer(m.source.line(16))),
    b"\x94": lambda m: m.remember(len(m._memo)),
    b"h": lambda m: m.recall(m.number("<B")),
    b"j": lambda m: m.recall(m.number("<I")),
    b"g": lambda m: m.recall(decimal_integer(m.source.line(16))),
    b"c": Machine.global_name,
    b"i": Machine.old_instance,
    b"\x93": Machine.global_from_stack,
    b"R": Machine.call,
    b"\x81": Machine.call,
    b"\x92": Machine.call_with_names,
    b"b": Machine.build,
    b"Q": Machine.persistent,
}
