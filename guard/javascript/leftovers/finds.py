"""What the rules about leftovers hand on: a region of bytes and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guard.values import dataclass

if TYPE_CHECKING:
    from tree_sitter import Node


@dataclass(frozen=True, slots=True)
class Leftover:
    """One place that is legal JavaScript and still wrong."""

    rule: str
    """The name of the rule behind `javascript/`."""

    node: Node
    """Where it begins, and the whole of it where `last` is None."""

    message: str
    """What is wrong, for people."""

    hint: str
    """What to do."""

    symbol: str = ""
    """The function, member, label or name concerned."""

    last: Node | None = None
    """The last of the statements it spans; None where it is `node` alone."""

    related: Node | None = None
    """The other place that explains it."""

    note: str = ""
    """What `related` has to do with it."""

    warning: bool = False
    """Whether it is reported without failing the run."""

    @property
    def start(self) -> int:
        """Offset of the first byte."""
        return self.node.start_byte

    @property
    def end(self) -> int:
        """Offset after the last byte."""
        return (self.last or self.node).end_byte


MEMBER, FUNCTION, UNREACHABLE, LABEL, THIS, IDLE, REASSIGNED = (1 << bit for bit in range(7))
"""Bits of the rules, as in scan/facts.cjs: in a program that parses, those not set find nothing."""

EVERY = 127
"""The bits of all rules."""

FUNCTIONS = frozenset(
    "function_declaration generator_function_declaration function_expression generator_function "
    "arrow_function method_definition".split()
)
"""Nodes with a body of their own: `return`, `break` and labels do not cross them."""

DECLARED_FUNCTIONS = frozenset(["function_declaration", "generator_function_declaration"])
"""Functions that are hoisted to the top of their scope."""

NO_STATEMENT = frozenset(["comment", "html_comment", "hash_bang_line"])
"""Named nodes that may stand between statements and are none."""
