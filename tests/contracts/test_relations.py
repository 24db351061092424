"""What each relation lets pass, what it refuses, and in which words."""

from __future__ import annotations

import json

import pytest

from guard.config import plan
from guard.errors import ConfigError
from guard.pipeline import run
from guard.repair import edited
from guard.snapshot import Snapshot
from tests.contracts.helpers import contract

COMPOSE = """\
services:
  web:
    build: ./web
    ports: ["5051:80", "5052:81"]
    volumes: [./data:/data]
    environment: {MODE: prod, UPSTREAM: "http://localhost:5051", EXTRA: "1"}
  other:
    image: other:1.2
    ports: ["5053:80"]
"""
ENV = "PORT=5051\nWRONG=5050\nMODES=a\nV1=1.9\nV2=1.10\nV3=2.0rc1\nV4=2.0\nFILE=web/x.txt\nGONE=web/y.txt\nTAG=v1.10-alpine\n"
FILES = {
    "docker-compose.yml": COMPOSE,
    ".env": ENV,
    "web/x.txt": "x",
    "web/Dockerfile": "FROM x\nWORKDIR /srv\nCOPY x.txt /srv/\nENV BAKED=1\nCMD run $EXTRA\n",
    "run.sh": "ssh -L 1:h:$PORT x\n",
}

# Name, contract, words of each finding; none where it holds.
CASES = [
    ("same holds", 'same = [".env :: PORT", "docker-compose.yml :: services.web.ports[0].published"]', []),
    ("same differs", 'same = [".env :: WRONG", "docker-compose.yml :: services.web.ports[0].published"]',
     [".env:2 says 5050, docker-compose.yml:4 says 5051"]),
    ("same through a template",
     'same = [".env :: PORT", \'docker-compose.yml :: services.web.environment.UPSTREAM as "http://localhost:{}"\']', []),
    ("same, template does not fit",
     'same = [".env :: PORT", \'docker-compose.yml :: services.web.environment.UPSTREAM as "https://localhost:{}"\']',
     [".env:1 says 5051, docker-compose.yml:6 says http://localhost:5051"]),
    ("same, the majority is right",
     'same = [".env :: PORT", ".env :: WRONG", "docker-compose.yml :: services.web.ports[0].published"]',
     [".env:2 says 5050, .env:1 says 5051"]),
    ("same, a set that is not one", 'same = [".env :: PORT", "docker-compose.yml :: services.web.ports[*].published"]',
     ["docker-compose.yml:4 says 5052, .env:1 says 5051"]),
    ("same, not known", 'same = [".env :: PORT", "run.sh :: ssh -L remote-port"]',
     ["cannot tell what run.sh :: ssh -L remote-port is: $PORT is set outside of the script"]),
    ("one of literals", 'one-of = {value = "docker-compose.yml :: services.web.environment.MODE", among = ["dev", "prod"]}', []),
    ("one of literals, none", 'one-of = {value = "docker-compose.yml :: services.web.environment.MODE", among = ["dev", "test"]}',
     ["docker-compose.yml:6 says prod, none of dev, test"]),
    ("one of a set", 'one-of = {value = ".env :: PORT", among = ["docker-compose.yml :: services.*.ports[*].published"]}', []),
    ("one of a set, none", 'one-of = {value = ".env :: WRONG", among = ["docker-compose.yml :: services.*.ports[*].published"]}',
     [".env:2 says 5050, none of 5051, 5052, 5053"]),
    ("subset", 'subset = {values = ["docker-compose.yml :: services.web.ports[*].published"], '
     'of = ["docker-compose.yml :: services.*.ports[*].published"]}', []),
    ("no subset", 'subset = {values = ["docker-compose.yml :: services.*.ports[*].published"], '
     'of = ["docker-compose.yml :: services.web.ports[*].published"]}',
     ["docker-compose.yml:9 says 5053, not found in docker-compose.yml"]),
    ("one place that means several", 'same = ["[.]env :: /^V[12]=(1)/g"]', []),
    ("and they differ", 'same = ["docker-compose.yml :: services.*.ports[*].target"]',
     ["docker-compose.yml:4 says 81, docker-compose.yml:4 says 80"]),
    ("unique", 'unique = ["docker-compose.yml :: services.*.ports[*].published"]', []),
    ("not unique", 'unique = ["docker-compose.yml :: services.*.ports[*].target"]',
     ["docker-compose.yml:9 and docker-compose.yml:4 both say 80"]),
    ("unique, one left out", 'unique = ["docker-compose.yml :: services.*.ports[*].target"]\nignore = ["80"]', []),
    ("ordered", 'ordered = [".env :: V1", ".env :: V2", ".env :: V3", ".env :: V4"]', []),
    ("equal is ordered", 'ordered = [".env :: V2", ".env :: TAG"]', []),
    ("not ordered", 'ordered = [".env :: V2", ".env :: V1"]', [".env:4 says 1.9, older than 1.10 in .env:5"]),
    ("a release is newer than its candidate", 'newer = [".env :: V4", ".env :: V3", ".env :: V1"]', []),
    ("equal is not newer", 'newer = [".env :: V2", ".env :: TAG"]', [".env:5 says 1.10, not newer than"]),
    ("exists", 'exists = ["web/x.txt", "web", ".env :: FILE"]', []),
    ("does not exist", 'exists = ["web/z.txt"]', ["web/z.txt is not in memory"]),
    ("names what does not exist", 'exists = [".env :: GONE"]', [".env:9 names web/y.txt, which is not in memory"]),
]  # fmt: skip


@pytest.mark.parametrize(("toml", "words"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_relation(toml: str, words: list[str]) -> None:
    found = contract(toml, FILES)
    assert [finding.rule for finding in found] == ["contract/it"] * len(words)
    for finding, said in zip(found, words, strict=True):
        assert said in finding.message
        assert "it matters" in finding.hint


CODE = 'mounted = {code = ["app/**/*.py", "app/**/*.js"], service = "docker-compose.yml :: services.web"}'

OPENS = [
    ("a mounted path", 'open("/data/x")', []),
    ("the mount itself", 'os.listdir("/data")', []),
    ("a folder above a mount", 'os.listdir("/")', []),
    ("not mounted", 'open("/var/lib/x/y")', ["/var/lib/x/y"]),
    ("a name that begins alike", 'open("/database/x")', ["/database/x"]),
    ("in the image", 'open("/srv/x.txt")', []),
    ("of every container", 'open("/proc/self/status"), open("/tmp/x"), open("/etc/hosts")', []),
    ("relative", 'open("x.txt")', []),
    ("a URL path", 'requests.get("/api/x"); route("/api")', []),
    ("a constant", 'ROOT = "/opt/tftp"\nopen(ROOT)', ["/opt/tftp"]),
    ("joined", 'ROOT = "/opt/tftp"\nopen(os.path.join(ROOT, name))', ["/opt/tftp/…"]),
    ("an f-string", 'open(f"/opt/tftp/{name}.bin")', ["/opt/tftp/…"]),
    ("pathlib", 'P = Path("/opt/tftp")\n(P / "a" / "b").read_text()', ["/opt/tftp"]),
    ("a default of the environment", 'open(os.environ.get("DIR", "/opt/tftp"))', ["/opt/tftp"]),
    ("what compose gives instead", 'open(os.environ.get("MOUNTED", "/opt/tftp"))', []),
    ("a class attribute", 'class S:\n    root = "/opt/a"\ns = S()\nopen(s.root)', ["/opt/a"]),
    ("a local name", 'def f():\n    p = "/opt/a"\n    return open(p)', ["/opt/a"]),
    ("self", 'class S:\n    def __init__(self):\n        self.p = "/opt/a"\n    def f(self):\n        open(self.p)', ["/opt/a"]),
    ("another module", 'from settings import ROOT\nopen(ROOT)', ["/opt/elsewhere"]),
    ("a module as a whole", 'import app.settings as s\nopen(s.ROOT)', ["/opt/elsewhere"]),
    ("a keyword", 'send_from_directory(directory="/opt/a")', ["/opt/a"]),
    ("in a docstring", '"""opens /opt/a"""', []),
]  # fmt: skip


@pytest.mark.parametrize(("code", "paths"), [o[1:] for o in OPENS], ids=[o[0] for o in OPENS])
def test_paths_that_code_opens(code: str, paths: list[str]) -> None:
    compose = COMPOSE.replace("MODE: prod", "MOUNTED: /data/tftp, MODE: prod")
    files = {**FILES, "docker-compose.yml": compose, "app/m.py": code + "\n",
             "app/settings.py": 'ROOT = "/opt/elsewhere"\n'}  # fmt: skip
    found = contract(CODE, files)
    assert [f.message.split(" opens ")[1].split(",")[0] for f in found] == paths


@pytest.mark.parametrize(
    ("code", "paths"),
    [
        ('fs.readFileSync("/opt/a")', ["/opt/a"]),
        ('const R = "/opt/a"; fs.promises.readFile(path.join(R, x))', ["/opt/a/…"]),
        ("fs.readFile(`/opt/${x}/a`)", ["/opt/…"]),
        ('fetch("/api/a"); app.get("/opt/a", f)', []),
        ('app.use(express.static("/data/public"))', []),
    ],
)
def test_paths_that_javascript_opens(code: str, paths: list[str]) -> None:
    found = contract(CODE, {**FILES, "app/m.js": code})
    assert [f.message.split(" opens ")[1].split(",")[0] for f in found] == paths


DEFINED = (
    'defined = {code = ["app/*.py", "app/*.js"], service = "docker-compose.yml :: services.web"}'
)

READS = [
    ("given and read", 'os.environ["MODE"], os.environ["UPSTREAM"]', []),
    ("with a default", 'os.environ["MODE"]; os.getenv("UPSTREAM"); os.getenv("X", "d")', []),
    ("with an or", 'os.environ["MODE"]; os.getenv("UPSTREAM"); os.getenv("X") or "d"', []),
    ("not given", 'os.environ["MODE"]; os.getenv("UPSTREAM"); os.environ["X"]', ["reads X"]),
    ("not given, no default", 'os.environ["MODE"]; os.getenv("UPSTREAM"); os.getenv("X")', ["reads X"]),
    ("in the image", 'os.environ["MODE"]; os.getenv("UPSTREAM"); os.environ["BAKED"]', []),
    ("of the system", 'os.environ["MODE"]; os.getenv("UPSTREAM"); os.environ["HOME"]', []),
    ("given and not read", 'os.environ["MODE"]', ["web UPSTREAM, which its code never reads"]),
    ("a slip", 'os.environ["MODES"]; os.getenv("UPSTREAM")',
     ["reads MODES", "web MODE, which its code never reads; there is MODES"]),
    ("looked up by a loop", 'for k in ("MODE", "UPSTREAM"):\n    os.environ[k]', []),
    ("looked up by a function of its own", 'get("MODE"); get("UPSTREAM")', []),
    ("of the environment as a whole", 'held = dict(os.environ); held["MODE"]; held["UPSTREAM"]', []),
    ("given to an option of click", '@click.option("--mode", envvar="MODE")\ndef f(): os.getenv("UPSTREAM")', []),
    ("asked for by a library", 'environ.Env(MODE=(str, "x")); settings.UPSTREAM', []),
    ("only said in a comment", 'os.environ["UPSTREAM"]  # MODE', ["web MODE, which its code never reads"]),
    ("settings of pydantic",
     'class S(BaseSettings):\n    mode: str\n    upstream: str = "x"\n    needed: int', ["reads NEEDED"]),
]  # fmt: skip


@pytest.mark.parametrize(("code", "words"), [r[1:] for r in READS], ids=[r[0] for r in READS])
def test_variables_that_code_reads(code: str, words: list[str]) -> None:
    found = contract(DEFINED, {**FILES, "app/m.py": code + "\n"})
    assert len(found) == len(words), [f.message for f in found]
    for word in words:
        assert any(word in f.message for f in found), [f.message for f in found]


def test_variables_that_javascript_reads() -> None:
    code = 'process.env.MODE; process.env.UPSTREAM || "x"; process.env.MISSING; process.env.D ?? 1'
    (finding,) = contract(DEFINED, {**FILES, "app/m.js": code})
    assert "reads MISSING" in finding.message


SPOKEN = [
    'const { MODE, UPSTREAM = "x" } = process.env;',
    "const { MODE: mode, UPSTREAM: up } = process.env;",
    "const env = process.env; env.MODE; env['UPSTREAM'];",
    "cleanEnv(process.env, { MODE: str(), UPSTREAM: url() });",
    "get('MODE'); get(`x`, \"UPSTREAM\");",
]


@pytest.mark.parametrize("code", SPOKEN)
def test_variables_that_javascript_takes_another_way(code: str) -> None:
    assert not contract(DEFINED, {**FILES, "app/m.js": code})


def test_what_is_taken_out_of_the_environment_must_be_given() -> None:
    code = "const { MODE, UPSTREAM, LOST, FOUND = 1 } = process.env;"
    (finding,) = contract(DEFINED, {**FILES, "app/m.js": code})
    assert "reads LOST" in finding.message


# Contract, words of the error, words of the hint.
WRONG = [
    ('same = [".env :: PORT"]', "needs at least 2 places", ""),
    ("", "has no relation", "same"),
    ('same = [".env :: PORT", ".env :: V1"]\nexists = ["web"]', "has same and exists", "one of"),
    ('smae = ["x"]', "unknown key 'smae'", "did you mean 'same'"),
    ('same = [".env :: PORT", ".env :: V1"]\ntruth = ".evn"', "truth is none of the places", ".env"),
    ('same = [".env :: PORT", ".env :: V1"]\ntruth = ".env"', "truth means several", "whole place"),
    ('same = [".env :: PORT | /(/", ".env :: V1"]', "the regex /(/ is wrong", "mend it"),
    ('same = ["[z-a].env :: PORT", ".env :: V1"]', "the glob '/[z-a].env' is wrong", "mend it"),
    ('one-of = {value = ".env :: PORT", among = []}', "contracts.it.one-of: among is empty", ""),
    ('subset = {values = [".env :: PORT"], of = []}', "contracts.it.subset: of is empty", ""),
    ('mounted = {code = [], service = "docker-compose.yml :: services.web"}', "code is empty", ""),
    ('same = ".env :: PORT"', "guard.toml: contracts.it.same must be a list", ""),
    ('unique = [".env :: PROT"]', "contract it: .env: no variable 'PROT' is set", "did you mean 'PORT'"),
    ('ordered = [".env :: MODES", ".env :: V1"]', "is no version", ""),
    ('mounted = {code = ["app/*.py"], service = "docker-compose.yml :: services.wbe"}', "", "web"),
    ('mounted = {code = ["web/*.py"], service = "docker-compose.yml :: services.web"}',
     "no file matches web/*.py", ""),
]  # fmt: skip


@pytest.mark.parametrize(("toml", "message", "hint"), WRONG, ids=[w[1] or w[0] for w in WRONG])
def test_a_contract_that_makes_no_sense_is_an_error(toml: str, message: str, hint: str) -> None:
    with pytest.raises(ConfigError) as raised:
        contract(toml, {**FILES, "app/m.py": ""})
    assert message in raised.value.message
    assert hint in raised.value.hint


@pytest.mark.parametrize("name", ["", " ", "a\nb", "unreadable"])
def test_a_name_that_is_no_rule_is_an_error(name: str) -> None:
    declared = f'[contracts.{json.dumps(name)}]\nwhy = "w"\nexists = ["guard.toml"]\n'
    snapshot = Snapshot.of({"guard.toml": declared})
    with pytest.raises(ConfigError, match="cannot be the name of a contract"):
        run(plan(snapshot, ["contracts"]), snapshot)


def test_a_contract_says_why() -> None:
    snapshot = Snapshot.of({"guard.toml": '[contracts.x]\nwhy = " "\nexists = ["guard.toml"]\n'})
    with pytest.raises(ConfigError, match="gives no why"):
        run(plan(snapshot, ["contracts"]), snapshot)


def test_every_broken_contract_is_named_at_once() -> None:
    declared = "".join(
        f'[contracts.{name}]\nwhy = "w"\nexists = [".env :: {name}"]\n' for name in ("ONE", "TWO")
    )
    snapshot = Snapshot.of({"guard.toml": declared, ".env": "X=1\n"})
    with pytest.raises(ConfigError) as raised:
        run(plan(snapshot, ["contracts"]), snapshot)
    assert "ONE" in raised.value.message
    assert "TWO" in raised.value.message


# File, what it is, what it is after the repair, the contract's other place and truth.
REPAIRS = [
    ("a.yml", 'a: "5050" # the port\n', 'a: "5051" # the port\n', "a.yml :: a"),
    ("a.json", '{\t"a":5050 }', '{\t"a":5051 }', "a.json :: a"),
    ("a.toml", "a = 5050 # x\n", "a = 5051 # x\n", "a.toml :: a"),
    ("t.sh", "A='5050'\n", "A='5051'\n", "t.sh :: A"),
    ("a.py", "é = 1; A = int('5050')\n", "é = 1; A = int('5051')\n", "a.py :: A"),
    ("a.js", "const a = `5050`;\r\n", "const a = `5051`;\r\n", "a.js :: a"),
    ("compose.yml", "services: {a: {ports: ['5050:80']}}\n", "services: {a: {ports: ['5051:80']}}\n",
     "compose.yml :: services.a.ports[0].published"),
    ("compose.yml", "services: {a: {ports: ['${P:-5050}:80']}}\n",
     "services: {a: {ports: ['${P:-5051}:80']}}\n", "compose.yml :: services.a.ports[0].published"),
    ("b.env", "A=5050\n", "A=5051\n", "b.env :: A"),
    ("Dockerfile", "FROM x\nEXPOSE 5050/tcp\n", "FROM x\nEXPOSE 5051/tcp\n", "Dockerfile :: EXPOSE"),
    ("nginx.conf", "server { listen 5050 ssl; }\n", "server { listen 5051 ssl; }\n", "nginx.conf :: listen"),
    ("Makefile", "A ?= 5050 # x\n", "A ?= 5051 # x\n", "Makefile :: A"),
    ("a.txt", "on 5050.", "on 5051.", "a.txt :: /on (\\\\d+)/"),
    ("u.env", "U=http://h:5050/x\n", "U=http://h:5051/x\n", 'u.env :: U as \\"http://h:{}/x\\"'),
    ("u.env", "U=http://h:5050/x\n", "U=http://h:5051/x\n", "u.env :: U | port"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "before", "after", "place"), REPAIRS, ids=[r[3] for r in REPAIRS])
def test_the_repair_copies_the_truth_and_keeps_the_rest(
    path: str, before: str, after: str, place: str
) -> None:
    toml = f'same = ["{place}", ".env :: PORT"]\ntruth = ".env"'
    (finding,) = contract(toml, {".env": "PORT=5051\n", path: before})
    assert edited(before, finding.edits) == after
    assert contract(toml, {".env": "PORT=5051\n", path: after}) == []


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({".env": "PORT='a: b'\n", "a.yml": "a: x\n"}, id="text that needs quotes"),
        pytest.param({".env": "PORT=1\n", "a.yml": 'a: "\\x32"\n'}, id="an escape"),
    ],
)
def test_no_repair_where_it_would_not_be_safe(files: dict[str, str]) -> None:
    (finding,) = contract('same = ["a.yml :: a", ".env :: PORT"]\ntruth = ".env"', files)
    assert finding.edits == ()
