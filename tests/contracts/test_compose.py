"""Each rule of the compose check: what it refuses, and what is sound and stays so."""

from __future__ import annotations

import pytest

from guard.config import plan
from guard.errors import ConfigError
from guard.finding import Finding
from guard.pipeline import run
from guard.snapshot import Snapshot

NAME = "docker-compose.yml"


def judged(compose: str, files: dict[str, str] | None = None, config: str = "") -> list[Finding]:
    everything = {NAME: compose, **(files or {})}
    if config:
        everything["guard.toml"] = f"[compose]\n{config}\n"
    snapshot = Snapshot.of(everything)
    return list(run(plan(snapshot, ["compose"]), snapshot).findings)


def rules(compose: str, files: dict[str, str] | None = None, config: str = "") -> list[str]:
    return [f.rule.removeprefix("compose/") for f in judged(compose, files, config)]


def services(**named: str) -> str:
    return "services:\n" + "".join(f"  {n}: {{image: x, {text}}}\n" for n, text in named.items())


PORTS = [
    ("two services", services(a='ports: ["80:80"]', b='ports: ["80:81"]'), 1),
    ("long and short", services(a='ports: ["80:80"]', b="ports: [{target: 1, published: 80}]"), 1),
    ("through a variable", services(a='ports: ["80:80"]', b='ports: ["${P:-80}:1"]'), 1),
    ("in a range", services(a='ports: ["80:80"]', b='ports: ["79-81:79-81"]'), 1),
    ("one service twice", services(a='ports: ["80:80", "80:81"]'), 1),
    ("all addresses and one", services(a='ports: ["80:80"]', b='ports: ["127.0.0.1:80:1"]'), 1),
    ("three services", services(a='ports: ["1:1"]', b='ports: ["1:1"]', c='ports: ["1:1"]'), 2),
    ("other ports", services(a='ports: ["80:80"]', b='ports: ["81:80"]'), 0),
    ("other addresses", services(a='ports: ["127.0.0.1:80:1"]', b='ports: ["127.0.0.2:80:1"]'), 0),
    ("other protocols", services(a='ports: ["53:53/tcp"]', b='ports: ["53:53/udp"]'), 0),
    ("no host port", services(a='ports: ["80"]', b='ports: ["80"]'), 0),
    ("not known", services(a='ports: ["${A}:80"]', b='ports: ["${A}:80"]'), 0),
    ("a range to choose from", services(a='ports: ["80-90:80"]', b='ports: ["80:80"]'), 0),
    ("never together",
     services(a='ports: ["80:80"], profiles: [x]', b='ports: ["80:80"], profiles: [y]'), 0),
    ("together by a profile",
     services(a='ports: ["80:80"], profiles: [x]', b='ports: ["80:80"], profiles: [x, y]'), 1),
]  # fmt: skip


@pytest.mark.parametrize(("compose", "count"), [p[1:] for p in PORTS], ids=[p[0] for p in PORTS])
def test_port_taken(compose: str, count: int) -> None:
    assert rules(compose) == ["port-taken"] * count


def test_both_services_and_both_places_are_named() -> None:
    (finding,) = judged(services(a='ports: ["80:80"]', b='ports: ["80:81"]'))
    assert finding.message == (
        "a and b both publish the host port 80 (docker-compose.yml:2 and docker-compose.yml:3)"
    )
    assert (finding.at.line, finding.related[0].line) == (3, 2)


AGENT = """\
services:
  agent:
    build: ./agent
    volumes: ["conf:/etc/agent{mode}"]
{more}
volumes: {{conf: {volume}}}
"""
READS = "import json\njson.load(open('/etc/agent/agent.json'))\n"
MAKES = "FROM x\nCOPY agent.py /app/\n"


def agent(mode: str = "", more: str = "", volume: str = "{}") -> str:
    return AGENT.format(mode=mode, more=more, volume=volume)


# Name, compose, files of the image, whether it is found.
SEEDS = [
    ("the code reads it", agent(), {"agent/Dockerfile": MAKES, "agent/agent.py": READS}, True),
    ("read-only", agent(":ro"), {"agent/Dockerfile": MAKES, "agent/agent.py": READS}, True),
    ("the name says config", agent(), {"agent/Dockerfile": MAKES}, True),
    ("the command names it", agent(), {"agent/Dockerfile": MAKES + 'CMD ["a", "--c=/etc/agent/a.yml"]\n'}, True),
    ("a folder that stays empty", agent(), {"agent/Dockerfile": MAKES + "RUN mkdir -p /etc/agent\n"}, True),
    ("copied by another stage only", agent(),
     {"agent/Dockerfile": "FROM x AS b\nCOPY a.json /etc/agent/\nFROM x\n", "agent/a.json": "{}"}, True),
    ("copied into the image", agent(),
     {"agent/Dockerfile": MAKES + "COPY a.json /etc/agent/\n", "agent/a.json": "{}", "agent/agent.py": READS}, False),
    ("copied with a folder", agent(),
     {"agent/Dockerfile": "FROM x\nCOPY etc /etc\n", "agent/etc/agent/a.json": "{}"}, False),
    ("copied with everything", agent(),
     {"agent/Dockerfile": "FROM x\nCOPY . /\n", "agent/etc/agent/a.json": "{}"}, False),
    ("relative to the workdir", agent(),
     {"agent/Dockerfile": "FROM x\nWORKDIR /etc\nCOPY a.json agent/\n", "agent/a.json": "{}"}, False),
    ("from a stage", agent(),
     {"agent/Dockerfile": "FROM y AS b\nFROM x\nCOPY --from=b /out /etc/agent\n"}, False),
    ("inherited from a stage", agent(),
     {"agent/Dockerfile": "FROM y AS b\nCOPY a.json /etc/agent/\nFROM b\n", "agent/a.json": "{}"}, False),
    ("written by RUN", agent(),
     {"agent/Dockerfile": MAKES + "RUN curl -o /etc/agent/a.json https://x\n"}, False),
    ("written by the entrypoint", agent(),
     {"agent/Dockerfile": MAKES, "agent/entrypoint.sh": "cp -n /defaults/* /etc/agent/\n"}, False),
    ("written by the code", agent(),
     {"agent/Dockerfile": MAKES, "agent/agent.py": READS + "open('/etc/agent/agent.json', 'w')\n"}, False),
    ("seeded by another service",
     agent(more='  seed: {image: busybox, command: "cp /s /etc/agent", volumes: ["conf:/etc/agent"]}'),
     {"agent/Dockerfile": MAKES, "agent/agent.py": READS}, False),
    ("read by another service",
     agent(more='  other: {build: ./agent, volumes: ["conf:/etc/agent"]}'),
     {"agent/Dockerfile": MAKES, "agent/agent.py": READS}, True),
    ("external", agent(volume="{external: true}"), {"agent/Dockerfile": MAKES}, False),
    ("a folder of the host", agent(volume="{driver_opts: {type: none, o: bind, device: /x}}"),
     {"agent/Dockerfile": MAKES}, False),
    ("relative to where the program starts", agent().replace("/etc/agent", "/app/state"),
     {"agent/Dockerfile": "FROM x\nWORKDIR /app\nCOPY agent.py .\n", "agent/agent.py": "open('state/agent.json')\n"}, True),
    ("copied, but not into a new volume",
     agent().replace('"conf:/etc/agent"', "{type: volume, source: conf, target: /etc/agent, volume: {nocopy: true}}"),
     {"agent/Dockerfile": MAKES + "COPY a.json /etc/agent/\n", "agent/a.json": "{}", "agent/agent.py": READS}, True),
    ("data", agent().replace("/etc/agent", "/var/lib/agent").replace("conf", "data"),
     {"agent/Dockerfile": MAKES, "agent/agent.py": "open('/var/lib/agent/db', 'a')\n"}, False),
    ("from an image that only its makers know", agent(),
     {"agent/Dockerfile": MAKES.replace("FROM x", "FROM acme/base"), "agent/agent.py": READS}, False),
    ("from an official image by its long name", agent(),
     {"agent/Dockerfile": MAKES.replace("FROM x", "FROM docker.io/library/x"), "agent/agent.py": READS}, True),
    ("made by the project's own program", agent().replace("/etc/agent", "/app/state"),
     {"agent/Dockerfile": "FROM x\nWORKDIR /app\nCOPY . .\nRUN pip install x && make state\n",
      "agent/agent.py": "open('state/agent.json')\n"}, False),
    ("beside what pip installs", agent().replace("/etc/agent", "/app/state"),
     {"agent/Dockerfile": "FROM x\nWORKDIR /app\nCOPY agent.py .\nRUN python -m pip install x && npm ci\n",
      "agent/agent.py": "open('state/agent.json')\n"}, True),
    ("an image from elsewhere", agent().replace("build: ./agent", "image: x"), {}, False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("compose", "files", "found"), [s[1:] for s in SEEDS], ids=[s[0] for s in SEEDS]
)
def test_volume_not_seeded(compose: str, files: dict[str, str], found: bool) -> None:
    assert set(rules(compose, files)) == ({"volume-not-seeded"} if found else set())


CHECKED = "healthcheck: {test: x}"
OTHERS = [
    ("waits for the start only", services(a="depends_on: [b]", b=CHECKED), {}, ["depends-without-health"]),
    ("says so in the long form",
     services(a="depends_on: {b: {condition: service_started}}", b=CHECKED), {}, ["depends-without-health"]),
    ("waits for health", services(a="depends_on: {b: {condition: service_healthy}}", b=CHECKED), {}, []),
    ("a check in the image",
     "services: {a: {image: x, depends_on: [b]}, b: {build: b}}\n",
     {"b/Dockerfile": "FROM x\nHEALTHCHECK CMD x\n"}, ["depends-without-health"]),
    ("no check", services(a="depends_on: [b]", b="restart: always"), {}, ["no-healthcheck"]),
    ("a check that is off", services(a="depends_on: [b]", b="healthcheck: {disable: true}"), {}, ["no-healthcheck"]),
    ("a check of NONE", services(a="depends_on: [b]", b="healthcheck: {test: [NONE]}"), {}, ["no-healthcheck"]),
    ("a job that ends",
     services(a="depends_on: {b: {condition: service_completed_successfully}}", b="restart: no"), {}, []),
    ("nobody depends on it", services(a="restart: always"), {}, []),
    ("a mount that is not in git", services(a='volumes: ["./nginx.conf:/etc/nginx/nginx.conf:ro"]'), {}, ["mount-missing"]),
    ("a folder that is not in git", services(a='volumes: ["./conf.d:/etc/nginx/conf.d"]'), {}, ["mount-missing"]),
    ("a long mount that is not in git",
     services(a="volumes: [{type: bind, source: ./x.conf, target: /x}]"), {}, ["mount-missing"]),
    ("a mount in git", services(a='volumes: ["./x.conf:/x", "./d:/d", ".:/src"]'), {"x.conf": "", "d/x": ""}, []),
    ("a mount as compose is told with --project-directory", "services: {}\n",
     {"b/.docker/compose.yml": services(a='volumes: ["./nginx/x.conf:/x"]'), "b/nginx/x.conf": ""}, []),
    ("a mount of the host", services(a='volumes: ["/var/run/docker.sock:/s", "~/.ssh:/x"]'), {}, []),
    ("a mount that a variable names", services(a='volumes: ["${DIR}:/x"]'), {}, []),
    ("a folder for data", services(a='volumes: ["./data:/data", "./pgdata:/var/lib/postgresql/data"]'), {}, []),
    ("folders for data", services(a='volumes: ["./x:/var/lib/tor/x", "./my-files:/srv", "./movies:/movies", "./config:/config"]'), {}, []),
    ("the configuration of an image from here",
     "services: {a: {build: a, volumes: ['./config:/config']}}\n", {"a/Dockerfile": "FROM x\n"}, ["mount-missing"]),
    ("a configuration that is only read", services(a='volumes: ["./config:/config:ro"]'), {}, ["mount-missing"]),
    ("what a test makes", "services: {}\n", {"tests/db/compose.yml": services(a='volumes: ["./init:/x"]')}, []),
    ("an env_file outside of the repository", services(a="env_file: ../etc/x.env"), {}, []),
    ("an env_file that Portainer writes", services(a="env_file: [stack.env]"), {}, []),
    ("an env_file that is missing", services(a="env_file: x.env"), {}, ["env-file-missing"]),
    ("one of several", services(a="env_file: [x.env, y.env]"), {"x.env": "A=1\n"}, ["env-file-missing"]),
    ("one that may be missing", services(a="env_file: [{path: x.env, required: false}]"), {}, []),
    ("one that people write from an example", services(a="env_file: x.env"), {"x.env.example": ""}, []),
    ("one beside an example of another name", services(a="env_file: .env"), {".env.sample": ""}, []),
    ("a mount that git leaves out", services(a='volumes: ["./report:/r"]'), {".gitignore": "/report\n"}, []),
    ("an env_file that git leaves out", services(a="env_file: .env"), {".gitignore": ".env\n"}, []),
    ("the repository itself", services(a='volumes: ["./.git:/g:ro"]'), {}, []),
    ("a placeholder for developers", services(a="env_file: dev/environment"), {"dev/environment": "API_TOKEN=change-me\n"}, []),
    ("a placeholder in an env_file", services(a="env_file: app.env"), {"app.env": "API_TOKEN=change-me\n"}, ["placeholder-secret"]),
    ("TypeScript in which the grammar of JavaScript loses its way", agent(),
     {"agent/Dockerfile": MAKES, "agent/a.ts": "name: 'x',\nexport class P implements T {\n    y?: string\n"
      "    let f = g || readFileSync('/etc/agent/agent.json')\n    if (f === 'relative') {\n"}, ["volume-not-seeded"]),
    ("a cache", services(a='volumes: ["/code/node_modules"]'), {}, []),
    ("one that is there", services(a="env_file: x.env"), {"x.env": "A=1\n"}, []),
    ("a volume that nothing mounts", services(a="restart: no") + "volumes: {x: {}}\n", {}, ["volume-unused"]),
    ("a volume that is mounted", services(a='volumes: ["x:/x"]') + "volumes: {x: {}}\n", {}, []),
    ("a volume without a name", services(a='volumes: ["/var/lib/x"]'), {}, ["anonymous-volume"]),
    ("a long volume without a name", services(a="volumes: [{type: volume, target: /x}]"), {}, ["anonymous-volume"]),
    ("a volume of the image", "services: {a: {build: a}}\n", {"a/Dockerfile": "FROM x\nVOLUME /data\n"}, ["anonymous-volume"]),
    ("a volume of the image that is mounted",
     "services: {a: {build: a, volumes: ['d:/data']}}\nvolumes: {d: {}}\n", {"a/Dockerfile": 'FROM x\nVOLUME ["/data"]\n'}, []),
    ("a shield below a bind mount", services(a='volumes: [".:/app", "/app/node_modules"]'), {}, []),
    ("tmpfs", services(a="volumes: [{type: tmpfs, target: /x}], tmpfs: /y"), {}, []),
    ("a placeholder", services(a="environment: {X_TOKEN: dev-token}"), {}, ["placeholder-secret"]),
    ("a placeholder as a default",
     services(a='environment: ["X_TOKEN=${X_TOKEN:-dev-token-change-in-production}"]'), {}, ["placeholder-secret"]),
    ("a placeholder in an env_file", services(a="env_file: x.env"), {"x.env": "DB_PASSWORD=changeme\n"}, ["placeholder-secret"]),
    ("a placeholder in the image", "services: {a: {build: a}}\n", {"a/Dockerfile": "FROM x\nENV API_TOKEN=change-me\n"}, ["placeholder-secret"]),
    ("a secret that is one", services(a="environment: {X_TOKEN: 8sd9f7s9d8f7}"), {}, []),
    ("a secret that must be given", services(a='environment: {X_TOKEN: "${X_TOKEN:?}"}'), {}, []),
    ("a name that is no secret", services(a="environment: {MODE: dev, PROFILE: default}"), {}, []),
    ("a secret in a file", services(a="environment: {PASSWORD_FILE: /run/secrets/password}"), {}, []),
    ("broken YAML", "services: [\n", {}, ["unreadable"]),
    ("a list", "- a\n", {}, ["unreadable"]),
    ("services that are a list", "services: [a]\n", {}, ["unreadable"]),
    ("a service that is a text", "services: {a: image}\n", {}, ["unreadable"]),
    ("services that are still empty", "services:\n", {}, []),
    ("a key that stands twice", services(a="ports: ['1:1'], ports: ['2:2']"), {}, ["unreadable"]),
    ("a service that stands twice", "services: {a: {image: x}, a: {image: y}}\n", {}, ["unreadable"]),
    ("a key over a merged one", "x: &x {image: y}\nservices: {a: {<<: *x, image: z}}\n", {}, []),
    ("a variable given twice in a list", services(a="environment: [A=1, A=2]"), {}, []),
    ("an include that is missing", "include: [x.yml]\nservices: {}\n", {}, ["unreadable"]),
    ("no services", "version: '3'\n", {}, []),
    ("empty", "", {}, []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("compose", "files", "said"), [o[1:] for o in OTHERS], ids=[o[0] for o in OTHERS]
)
def test_rule(compose: str, files: dict[str, str], said: list[str]) -> None:
    assert rules(compose, files) == said


@pytest.mark.parametrize(
    "name", ["docker-compose.dev.yml", "compose.test.yaml", "docker-compose.lab.yml"]
)
def test_a_placeholder_is_fine_where_it_is_not_production(name: str) -> None:
    compose = services(a="environment: {X_TOKEN: dev-token}")
    assert rules("services: {}\n", {name: compose}) == []
    assert rules("services: {}\n", {name: compose}, f'production = ["{name}"]') == [
        "placeholder-secret"
    ]


def test_each_rule_can_be_turned_off_or_made_harder() -> None:
    compose = services(a="depends_on: [b]", b=CHECKED)
    assert judged(compose)[0].severity == "warning"
    assert judged(compose, config='depends-without-health = "error"')[0].severity == "error"
    assert rules(compose, config='depends-without-health = "off"') == []
    with pytest.raises(ConfigError) as raised:
        judged(compose, config='depends-without-health = "of"')
    assert "did you mean 'off'" in raised.value.hint


def test_what_is_generated_is_not_missed() -> None:
    compose = services(a='volumes: ["./certs/x.pem:/x.pem"], env_file: x.env')
    assert rules(compose) == ["mount-missing", "env-file-missing"]
    assert rules(compose, config='generated = ["certs/", "x.env"]') == []


def test_an_override_is_judged_with_what_it_overrides() -> None:
    over = services(b='ports: ["80:80"]')
    compose = services(a='ports: ["80:80"]', b="restart: always")
    assert rules(compose, {"docker-compose.override.yml": over}) == ["port-taken"]


def test_files_that_are_run_together_are_judged_together() -> None:
    other = services(b='ports: ["80:80"]')
    compose = services(a='ports: ["80:80"]')
    files = {"docker-compose.prod.yml": other}
    assert rules(compose, files) == []
    together = f'together = [["{NAME}", "docker-compose.prod.yml"]]'
    assert rules(compose, files, together) == ["port-taken"]


def test_a_finding_can_be_excused_where_it_stands() -> None:
    compose = "services:\n  a:\n    image: x\n    volumes:\n      - /x # guard: ignore[compose/anonymous-volume] a cache\n"
    (finding,) = judged(compose)
    assert finding.ignored == "a cache"


def test_a_placeholder_is_fine_in_the_stack_of_a_test() -> None:
    compose = services(a="environment: {X_TOKEN: dev-token}")
    assert rules("services: {}\n", {"cypress/docker-compose.yml": compose}) == []
    assert rules("services: {}\n", {"prod/docker-compose.yml": compose}) == ["placeholder-secret"]
