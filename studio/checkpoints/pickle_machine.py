"""The stack, the memo and the containers of a pickle, with counts of steps, text and nesting."""

from __future__ import annotations

import struct

from studio.checkpoints.causes import Cause, shortened
from studio.checkpoints.pickle_host import Allowed, Host
from studio.checkpoints.spans import Cursor
from studio.checkpoints.stored import Record

_MAX_DEPTH = 200
_MAX_LONG = 16
_LAZY_BYTES = 4096
_SIZED = (list, dict, tuple, set, frozenset)


class Machine:
    """One pickle being read; each instruction is a method. Every failure is a Cause.

    Args:
        cursor: where the pickle stands. host: answers names and storage references.
    """

    def __init__(self, cursor: Cursor, host: Host) -> None:
        self.source = cursor
        self._host = host
        self._stack: list[object] = []
        self._marks: list[int] = []
        self._memo: dict[int, object] = {}
        self._depth: dict[int, int] = {}
        self._budget = host.budget

    # The stack.

    def push(self, value: object) -> None:
        """Put a value on the stack."""
        self._stack.append(value)

    def pop(self) -> object:
        """Take the last value; never one from below the current mark."""
        if len(self._stack) <= (self._marks[-1] if self._marks else 0):
            raise Cause("its pickle is damaged (a value is missing)")
        return self._stack.pop()

    def top(self) -> object:
        """The last value, which stays."""
        value = self.pop()
        self._stack.append(value)
        return value

    def mark(self) -> None:
        """Remember the height of the stack."""
        self._marks.append(len(self._stack))

    def since_mark(self) -> list[object]:
        """Take everything above the last mark."""
        if not self._marks:
            raise Cause("its pickle is damaged (a mark is missing)")
        start = self._marks.pop()
        items = self._stack[start:]
        del self._stack[start:]
        return items

    def drop(self) -> None:
        """Forget the last value, or the last mark where nothing lies above it."""
        if self._marks and self._marks[-1] == len(self._stack):
            self._marks.pop()
        else:
            self.pop()

    # Containers. Nesting is counted as it grows: pickles finish the inner object first.

    def container(self, value: object, inside: list[object] | tuple[object, ...] = ()) -> None:
        """Put a new container on the stack; ``inside`` is what it already holds."""
        self._depth[id(value)] = 1
        self._nest(value, inside)
        self.push(value)

    def _nest(self, outer: object, inside: list[object] | tuple[object, ...]) -> None:
        depth = self._depth.get(id(outer), 1)
        for item in inside:
            if isinstance(item, (*_SIZED, Record)):
                depth = max(depth, 1 + self._depth.get(id(item), 1))
        if depth > _MAX_DEPTH:
            raise Cause(f"its pickle is nested more than {_MAX_DEPTH} deep")
        self._depth[id(outer)] = depth

    def append(self, items: list[object]) -> None:
        """Add to the list on top."""
        target = self.top()
        if not isinstance(target, list):
            raise Cause("its pickle is damaged (it appends to something that is no list)")
        self._nest(target, items)
        target.extend(items)

    def set_items(self, items: list[object]) -> None:
        """Add keys and values, in turn, to the dictionary on top."""
        target = self.top()
        if not isinstance(target, dict):
            raise Cause("its pickle is damaged (it fills something that is no dictionary)")
        self._fill(target, items)

    def _fill(self, target: dict[object, object], items: list[object]) -> None:
        if len(items) % 2:
            raise Cause("its pickle is damaged (a key without a value)")
        self._nest(target, items)
        for key, value in zip(items[::2], items[1::2], strict=True):
            target[simple_key(key)] = value

    def dictionary(self) -> None:
        """A dictionary of everything above the last mark."""
        items = self.since_mark()
        target: dict[object, object] = {}
        self.container(target)
        self._fill(target, items)

    def add_to_set(self) -> None:
        """Add everything above the last mark to the set below it."""
        items, target = self.since_mark(), self.top()
        if not isinstance(target, set):
            raise Cause("its pickle is damaged (it adds to something that is no set)")
        target.update(simple_key(item) for item in items)

    def tuple_of(self, count: int) -> None:
        """A tuple of the last ``count`` values."""
        items = tuple(self.pop() for _ in range(count))[::-1]
        self.container(items, items)

    def list_since_mark(self) -> None:
        """A list of everything above the last mark."""
        items = self.since_mark()
        self.container(items, items)

    def tuple_since_mark(self) -> None:
        """A tuple of everything above the last mark."""
        items = tuple(self.since_mark())
        self.container(items, items)

    # Scalars.

    def number(self, form: str) -> int:
        """Read a whole number; ``form`` as in :mod:`struct`."""
        (value,) = struct.unpack(form, self.source.take(struct.calcsize(form)))
        return int(value)

    def floating(self) -> None:
        """Read a 64-bit floating-point number."""
        self.push(struct.unpack(">d", self.source.take(8))[0])

    def decimal(self) -> None:
        """Read a number written in digits; 00 and 01 are false and true."""
        line = self.source.line(32)
        if line in (b"00", b"01"):
            self.push(line == b"01")
        else:
            self.push(decimal_integer(line))

    def long_integer(self, length: int) -> None:
        """Read a whole number of ``length`` bytes."""
        if not 0 <= length <= _MAX_LONG:
            raise Cause(f"its pickle holds a whole number of {length} bytes")
        self.push(int.from_bytes(self.source.take(length), "little", signed=True))

    def text(self, length: int, encoding: str = "utf-8") -> None:
        """Read text of ``length`` bytes."""
        self._budget.read_text(length)
        self.push(_decoded(self.source.take(length), encoding))

    def byte_string(self, length: int) -> None:
        """Read bytes; long ones stay in the file as a span."""
        if length > _LAZY_BYTES:
            self.push(self.source.skip(length))
        else:
            self._budget.read_text(length)
            self.push(self.source.take(length))

    # The memo.

    def remember(self, index: int) -> None:
        """Put the last value into the memo."""
        self._memo[index] = self.top()

    def recall(self, index: int) -> None:
        """Put a value of the memo on the stack."""
        if index not in self._memo:
            raise Cause("its pickle is damaged (it refers to a value that was not stored)")
        self.push(self._memo[index])

    # Names, calls and state: all of it answered by stand-ins.

    def global_name(self) -> None:
        """Read a module and a name, each on a line."""
        module, name = (_decoded(self.source.line(256), "utf-8") for _ in range(2))
        self.push(self._host.find(module, name))

    def old_instance(self) -> None:
        """Read a name that is to be called at once: told from its name, then refused anyway."""
        self.global_name()
        raise Cause("its pickle creates an object in a way that no checkpoint needs")

    def global_from_stack(self) -> None:
        """Take a module and a name from the stack."""
        name, module = self.pop(), self.pop()
        if not isinstance(name, str) or not isinstance(module, str):
            raise Cause("its pickle is damaged (a name is no text)")
        self.push(self._host.find(module, name))

    def call(self) -> None:
        """Call a stand-in with a tuple of arguments."""
        arguments, callee = self.pop(), self.pop()
        if not isinstance(callee, Allowed) or not isinstance(arguments, tuple):
            raise Cause("its pickle is damaged (it calls something that is no function)")
        if callee.call is None:
            raise Cause(f"it calls {callee.name}, which is not allowed")
        # Stand-ins may copy what they are given, and one object can be given many times.
        self._budget.step(sum(len(a) for a in arguments if isinstance(a, _SIZED)))
        self._budget.read_text(sum(len(a) for a in arguments if isinstance(a, str)))
        value = callee.call(arguments)
        self._depth[id(value)] = 1
        self._nest(value, arguments)
        self.push(value)

    def call_with_names(self) -> None:
        """The same with named arguments, of which there may be none."""
        if self.pop() != {}:
            raise Cause("its pickle creates an object in a way that no checkpoint needs")
        self.call()

    def build(self) -> None:
        """Give an object its state."""
        state, target = self.pop(), self.top()
        self._nest(target, [state])
        self._budget.step(len(state) if isinstance(state, _SIZED) else 1)
        if isinstance(target, Record):
            target.state.update(state if isinstance(state, dict) else {"": state})
        elif isinstance(target, dict) and isinstance(state, dict):
            # A torch state dict carries one attribute, a table of versions, of no use here.
            names = [str(name) for name in state if name != "_metadata"]
            if names:
                raise Cause(f"it sets the attribute {shortened(names[0])}, which is not allowed")
        else:
            raise Cause("it sets attributes of something that has none, which is not allowed")

    def persistent(self) -> None:
        """Replace a storage reference by what it stands for."""
        self.push(self._host.storage(self.pop()))


def simple_key(value: object) -> object:
    """``value`` if it may be a key: text, a number or a flat tuple of them; raises Cause."""
    # Hashing deeply nested tuples recurses in C, so keys are kept simple.
    simple = (str, int, float, bool, bytes, type(None))
    if isinstance(value, simple):
        return value
    if isinstance(value, tuple) and all(isinstance(item, simple) for item in value):
        return value
    raise Cause("its pickle uses something as a key that is neither text nor a number")


def decimal_integer(line: bytes) -> int:
    """A whole number written in digits; raises Cause."""
    digits = line.rstrip(b"L")
    if not digits.lstrip(b"-").isdigit():
        raise Cause("its pickle is damaged (a number is not written in digits)")
    return int(digits)


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding, "surrogatepass")
    except UnicodeDecodeError as error:
        raise Cause("its pickle is damaged (a text in it is none)") from error
