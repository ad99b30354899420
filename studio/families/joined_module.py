"""Two torch modules as one, joined by the names of their ports."""

from __future__ import annotations

from torch import Tensor, nn

from studio.families.portable import PortableNetwork


class JoinedModule(nn.Module):
    """``forward`` takes the inputs of :func:`studio.families.exportable.joined` in their order and
    gives what the body gives."""

    def __init__(self, head: PortableNetwork, body: PortableNetwork) -> None:
        super().__init__()
        self.head = head.module()
        self.body = body.module()
        self._first = len(head.inputs)
        self._made = tuple(port.name for port in head.outputs)
        self._wanted = tuple(port.name for port in body.inputs)
        self.eval()

    def forward(self, *inputs: Tensor) -> Tensor:
        made = self.head(*inputs[: self._first])
        several = made if isinstance(made, tuple) else (made,)
        known = dict(zip(self._made, several, strict=True))
        rest = iter(inputs[self._first :])
        given = [known[name] if name in known else next(rest) for name in self._wanted]
        picture: Tensor = self.body(*given)
        return picture
