"""The compose check: what compose files get wrong by themselves, with nothing declared."""

from __future__ import annotations

from collections.abc import Iterator

from guard.check import check
from guard.errors import GuardError
from guard.finding import Finding
from guard.snapshot import Snapshot
from guard.values import TYPE_CHECKING, dataclass

if TYPE_CHECKING:
    from typing import Literal, TypeAlias

# As text, since importing Literal takes 2 ms; who fills the options evaluates it.
Level: TypeAlias = 'Literal["error", "warning", "off"]'

RULES = {
    "compose/unreadable": "A compose file cannot be understood\n\n"
    "Nothing in it can be judged, and compose would refuse it as well.",
    "compose/port-taken": "Two services publish one host port\n\n"
    "The second to start fails with `port is already allocated`, and which one that is changes "
    "from start to start. Services that are never up together can say so with `profiles`.",
    "compose/volume-not-seeded": "A named volume hides a path that nothing fills\n\n"
    "Docker fills a new volume from the image. Where the image holds nothing there and no other "
    "service seeds it, the only copy of what the program reads is the one somebody once put into "
    "the volume by hand: recreate the volume and it is gone.",
    "compose/depends-without-health": "A service does not wait for the health of what it needs\n\n"
    "`depends_on` alone waits until the container has started, not until what runs in it answers. "
    "The other service has a health check; `condition: service_healthy` waits for it.",
    "compose/no-healthcheck": "Other services depend on one that has no health check\n\n"
    "Without one nobody can wait until it answers.",
    "compose/mount-missing": "A bind mount's source is not in git\n\n"
    "Where the source is missing, docker makes an empty folder owned by root in its place, and "
    "the program finds a folder where it expects a file.",
    "compose/env-file-missing": "An env_file is not in git\n\n"
    "On any other machine compose refuses to start: `env file … not found`. One that people write "
    "for themselves can say `required: false`; one that git is told to leave out is not missed.",
    "compose/volume-unused": "A volume is declared and no service mounts it\n\n"
    "Most often a mount was renamed and its data now goes elsewhere.",
    "compose/anonymous-volume": "A mount has a path and no name\n\n"
    "An anonymous volume is new with every new container: `up --force-recreate -V`, `down` and a "
    "changed service lose what it held.",
    "compose/placeholder-secret": "A secret is still the placeholder it was written with\n\n"
    "`change-me`, `dev-token` and their kin are known to everybody who has read the repository.",
}

PRODUCTION = (
    "compose.y*ml",
    "docker-compose.y*ml",
    "*prod*.y*ml",
    "*stag*.y*ml",
    "*live*.y*ml",
    "*deploy*.y*ml",
)


@dataclass(frozen=True, slots=True)
class Options:
    """Which files are judged, and how hard each rule is."""

    files: tuple[str, ...] = (
        "compose*.y*ml",
        "docker-compose*.y*ml",
    )
    """Globs of the compose files."""

    production: tuple[str, ...] = PRODUCTION
    """Globs of the compose files in which a placeholder for a secret is a fault."""

    together: tuple[tuple[str, ...], ...] = ()
    """Compose files that are run together, each list as given to `docker compose -f A -f B`."""

    generated: tuple[str, ...] = ()
    """Globs of bind sources and env_files that something makes before compose runs."""

    port_taken: Level = "error"
    """Two services on one host port."""

    volume_not_seeded: Level = "error"
    """A named volume over a path that nothing fills."""

    depends_without_health: Level = "warning"
    """A depends_on that does not wait for a health check that there is."""

    no_healthcheck: Level = "warning"
    """A service that others depend on and that has no health check."""

    mount_missing: Level = "error"
    """A bind mount whose source is not in git."""

    env_file_missing: Level = "error"
    """An env_file that is not in git."""

    volume_unused: Level = "warning"
    """A volume that no service mounts."""

    anonymous_volume: Level = "warning"
    """A volume without a name."""

    placeholder_secret: Level = "error"
    """A placeholder for a secret in a file for production."""


def idle(snapshot: Snapshot, options: Options) -> bool:
    """Whether there is nothing that could be a compose file."""
    return not any(path.endswith((".yml", ".yaml")) for path in snapshot.files())


@check(rules=RULES, options=Options, idle=idle)
def compose(snapshot: Snapshot, options: Options) -> Iterator[Finding]:
    """Compose files that start but do not work, or lose data.

    Services on one port, volumes over paths that nothing fills, mounts and env_files that are
    not in git, dependencies that nobody waits for. A change is judged where it touches a compose
    file or something that one names, and refused for what it brings: what stood there before is
    a warning in a file that it touches.
    """
    if not concerned(snapshot) or idle(snapshot, options):
        return  # the parsers are not even imported
    from guard.contracts.lint.run import findings
    from guard.contracts.values import untold

    with untold(GuardError):
        yield from findings(snapshot, options)


def concerned(snapshot: Snapshot) -> bool:
    """Whether the run is about anything that a compose file may speak of."""
    if snapshot.changes is None or any(c.status[0] in "DR" for c in snapshot.changes):
        return True
    ends = (".yml", ".yaml", ".env", ".dockerignore")
    return any(
        file.path.lower().endswith(ends) or "env" in file.path or "ockerfile" in file.path
        for file in snapshot.targets()
    )
