"""Which flags each build command takes: facts about docker, compose, podman and buildah.

A flag is written `name|s=`: its long name, its short one if it has any, and `=` where it needs a
value, `?` where a value may follow after an equals sign only. The rest take none. The tables are
the union over the versions in use, from Docker 20.10 on: a flag that an old version does not know
ends in that version's own error, after the gate.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from guard.values import dataclass, field


@dataclass(frozen=True, slots=True)
class Grammar:
    """How the words after one command are read."""

    long: Mapping[str, str]
    """Long name to how it takes a value: `=` needs one, `?` may have one after `=`, `` none."""

    short: Mapping[str, str]
    """Short name to long name; a flag with a short name only stands for itself."""

    mixed: bool = True
    """Whether flags may follow the first operand."""

    prefixes: bool = False
    """Whether a long name may be cut short, as docopt allows."""

    aliases: Mapping[str, str] = field(default_factory=dict)
    """Other spellings of long names."""


def grammar(
    *tables: str,
    mixed: bool = True,
    prefixes: bool = False,
    aliases: dict[str, str] | None = None,
) -> Grammar:
    """The grammar of some tables of flags, later ones on top."""
    long: dict[str, str] = {}
    short: dict[str, str] = {}
    for word in " ".join(tables).split():
        kind = word[-1] if word[-1] in "=?" else ""
        name, _, letter = word.removesuffix(kind or "\0").partition("|")
        if len(name) == 1:
            letter = name
        else:
            long[name] = kind
        if letter:
            short[letter] = name
            long.setdefault(name, kind)
    return Grammar(long, short, mixed, prefixes, aliases or {})


HELP = "help|h"

DOCKER = """
    config= context|c= debug|D help|h host|H= log-level|l= tls tlscacert= tlscert= tlskey=
    tlsverify version|v
"""

BUILDX = "builder= debug|D"

BUILD = """
    add-host= allow= annotation= attest= build-arg= build-context= cache-from= cache-to= call=
    cgroup-parent= check? compress cpu-period= cpu-quota= cpu-shares|c= cpuset-cpus= cpuset-mems=
    disable-content-trust file|f= force-rm iidfile= isolation= label= load memory-swap= memory|m=
    metadata-file= network= no-cache no-cache-filter= output|o= platform= policy= print= progress=
    provenance= pull push quiet|q resource= rm sbom= secret= security-opt= shm-size= squash ssh=
    stream tag|t= target= ulimit=
"""

BAKE = """
    allow= call= check? file|f= list-targets list-variables list= load metadata-file= no-cache
    policy= print progress= provenance= pull push sbom= set= var=
"""

COMPOSE = """
    all-resources ansi= compatibility dry-run env-file= file|f= insecure-registry= no-ansi
    parallel= profile= progress= project-directory= project-name|p= verbose version|v workdir=
"""

COMPOSE_COMMANDS = {
    "build": """
        build-arg= builder= check compress force-rm memory|m= no-cache no-rm parallel print
        progress= provenance= pull push quiet|q sbom= ssh= with-dependencies
    """,
    "up": """
        abort-on-container-exit abort-on-container-failure always-recreate-deps
        attach-dependencies attach= build detach|d exit-code-from= force-recreate menu no-attach=
        no-build no-color no-deps no-log-prefix no-recreate no-start pull= quiet-build quiet-pull
        remove-orphans renew-anon-volumes|V scale= timeout|t= timestamps wait wait-timeout=
        watch|w yes|y
    """,
    "run": """
        build cap-add= cap-drop= detach|d entrypoint= env-from-file= env|e= interactive|i label|l=
        name= no-tty|T no-deps publish|p= pull= quiet-build quiet-pull quiet|q remove-orphans rm
        service-ports|P tty|t use-aliases user|u= volume|v= workdir|w=
    """,
    "create": """
        build force-recreate no-build no-recreate pull= quiet-pull remove-orphans scale= yes|y
    """,
    "watch": "no-up prune quiet",
    "scale": "no-deps",
}

COMPOSE_V1 = """
    ansi= compatibility context|c= env-file= file|f= host|H= log-level= no-ansi profile=
    project-directory= project-name|p= skip-hostname-check tls tlscacert= tlscert= tlskey=
    tlsverify verbose version|v
"""

COMPOSE_V1_COMMANDS = {
    "build": """
        build-arg= compress force-rm memory|m= no-cache no-rm parallel progress= pull quiet|q
    """,
    "up": """
        abort-on-container-exit always-recreate-deps attach-dependencies build detach|d
        exit-code-from= force-recreate no-build no-color no-deps no-log-prefix no-recreate
        no-start quiet-pull remove-orphans renew-anon-volumes|V scale= timeout|t=
    """,
    "run": """
        T detach|d e= entrypoint= label|l= name= no-deps publish|p= rm service-ports use-aliases
        user|u= volume|v= workdir|w=
    """,
    "create": "build force-recreate no-build no-recreate",
    "scale": "timeout|t=",
}

PODMAN = """
    cdi-spec-dir= cgroup-manager= config= conmon= connection|c= context= cpu-profile= debug|D
    default-mounts-file= events-backend= hooks-dir= host|H= identity= imagestore= log-level=
    max-workers= memory-profile= module= namespace= network-backend= network-config-dir= noout
    out= pull-option= registries-conf= remote|r root= runroot= runtime-flag= runtime= ssh=
    storage-driver= storage-opt= syslog tls-ca= tls-cert= tls-details= tls-key= tmpdir= trace
    transient-store url= volumepath= version|v
"""

BUILDAH = """
    cgroup-manager= cpu-profile= debug default-mounts-file= imagestore= log-level=
    memory-profile= registries-conf-dir= registries-conf= root= runroot=
    short-name-alias-conf= storage-driver= storage-opt= transient-store userns-gid-map=
    userns-uid-map= version|v
"""

BUILDAH_BUILD = """
    add-host= all-platforms annotation= arch= authfile= blob-cache= build-arg-file= build-arg=
    build-context= cache-from= cache-to= cache-ttl= cap-add= cap-drop= cdi-config-dir= cert-dir=
    cgroup-parent= cgroupns= compat-volumes compress compression-format= compression-level=
    cpp-flag= cpu-period= cpu-quota= cpu-shares|c= cpuset-cpus= cpuset-mems= created-annotation
    creds= cw= decryption-key= device= disable-compression|D disable-content-trust dns-option=
    dns-search= dns= env= file|f= force-compression force-rm format= from= group-add= hooks-dir=
    http-proxy identity-label ignorefile= iidfile-raw= iidfile= inherit-annotations
    inherit-labels ipc= isolation= jobs= label= layer-label= layers log-rusage logfile= loglevel=
    logsplit manifest= memory-swap= memory|m= metadata-file= mount= network= no-cache no-hostname
    no-hosts omit-history os-feature= os-version= os= output|o= pid= platform= pull-always
    pull-never pull? quiet|q retry-delay= retry= rewrite-timestamp rm runtime-flag= runtime=
    rusage-logfile= save-stages sbom-image-output= sbom-image-purl-output= sbom-merge-strategy=
    sbom-output= sbom-purl-output= sbom-scanner-command= sbom-scanner-image= sbom= secret=
    security-opt= shm-size= sign-by= signature-policy= skip-unused-stages source-date-epoch=
    source-policy-file= squash ssh= stage-labels stdin tag|t= target= timestamp= tls-verify
    ulimit= unsetannotation= unsetenv= unsetlabel= userns-gid-map-group= userns-gid-map=
    userns-uid-map-user= userns-uid-map= userns= uts= variant= volume|v=
"""

PODMAN_BUILD = "load progress= squash-all cleanup farm= local|l"

BUILDAH_ALIASES = {
    "net": "network",
    "override-arch": "arch",
    "override-os": "os",
    "purge": "rm",
    "raw-iidfile": "iidfile-raw",
    "tty": "terminal",
}

COMPOSE_ALIASES = {"y": "yes", "volumes": "volume", "labels": "label", "no-TTY": "no-tty"}


@cache
def docker() -> Grammar:
    """The words before docker's command."""
    return grammar(DOCKER, mixed=False)


@cache
def buildx() -> Grammar:
    """The words between `buildx` and its command; a plugin also takes docker's own flags."""
    return grammar(DOCKER, BUILDX, mixed=False)


@cache
def build() -> Grammar:
    """The words after `docker build` or `docker buildx build`."""
    return grammar(BUILDX, BUILD, HELP)


@cache
def bake() -> Grammar:
    """The words after `docker buildx bake`."""
    return grammar(BUILDX, BAKE, HELP)


@cache
def compose() -> Grammar:
    """The words between `compose` and its command; a plugin also takes docker's own flags."""
    return grammar(DOCKER, COMPOSE, mixed=False)


@cache
def compose_command(verb: str) -> Grammar:
    """The words after a command of compose v2."""
    table = COMPOSE_COMMANDS[verb]
    return grammar(table, HELP, mixed=verb != "run", aliases=COMPOSE_ALIASES)


@cache
def compose_v1() -> Grammar:
    """The words between `docker-compose` and its command, in version 1."""
    return grammar(COMPOSE_V1, HELP, mixed=False, prefixes=True)


@cache
def compose_v1_command(verb: str) -> Grammar:
    """The words after a command of compose v1; docopt stops at the first operand."""
    return grammar(COMPOSE_V1_COMMANDS[verb], HELP, mixed=False, prefixes=True)


@cache
def podman() -> Grammar:
    """The words between `podman` and its command."""
    return grammar(PODMAN, HELP, mixed=False)


@cache
def podman_build() -> Grammar:
    """The words after `podman build`."""
    return grammar(BUILDAH_BUILD, PODMAN_BUILD, HELP, aliases=BUILDAH_ALIASES)


@cache
def buildah() -> Grammar:
    """The words between `buildah` and its command."""
    return grammar(BUILDAH, HELP, mixed=False)


@cache
def buildah_build() -> Grammar:
    """The words after `buildah build`, whose flags end at the first operand."""
    return grammar(BUILDAH_BUILD, HELP, mixed=False, aliases=BUILDAH_ALIASES)
