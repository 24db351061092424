"""The contracts check: values that must agree across files do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from guard.check import check
from guard.errors import GuardError
from guard.finding import Finding
from guard.snapshot import Snapshot
from guard.values import TYPE_CHECKING

if TYPE_CHECKING:
    from guard.contracts.declared import Options

RULES = {
    "contract/unreadable": "A file that a contract speaks of cannot be parsed\n\n"
    "What it holds is not known, so whether the contract holds is not known either.",
}
CONFIG = ("guard.toml", "pyproject.toml")


def declared(_: Snapshot, options: Options) -> Mapping[str, str]:
    """Each contract as a rule: its why is its documentation."""
    return {
        f"contract/{name}": f"Contract {name}\n\n{contract.why}"
        for name, contract in options.contracts.items()
    }


@check(
    rules=RULES,
    options="guard.contracts.declared:Options",
    prefix="contract",
    needs_table=True,
    declared=declared,
)
def contracts(snapshot: Snapshot, options: Options) -> Iterator[Finding]:
    """Values that must agree across files do.

    A contract in guard.toml names places (`path :: selector`) and a relation between what they
    hold: the same, one of, a subset, mounted, defined, unique, in order. A change is judged by
    the contracts whose files it touches, a build by those of its services, each on the whole of
    the snapshot.
    """
    if not options.contracts:
        return
    from guard.contracts.evaluate import built, chosen, evaluate, vanished
    from guard.contracts.places import Files
    from guard.contracts.scope import touched
    from guard.contracts.values import untold

    about = dict(options.contracts)
    changed, files = touched(snapshot), Files(snapshot)
    with untold(GuardError):
        if changed is not None and snapshot.has_state:  # at the build gate
            about = built(options.contracts, sorted(changed), files)
        elif changed is not None:
            about = chosen(options.contracts, changed, CONFIG)
            if snapshot.changes is None:
                about |= vanished(options.contracts, files)
        yield from evaluate(about, files) if about else ()
