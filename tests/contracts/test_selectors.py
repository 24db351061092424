"""What a place means in each kind of file: values, where they stand, and what is not known."""

from __future__ import annotations

import pytest

from guard.contracts.place import parsed
from guard.contracts.places import Files
from guard.contracts.values import Missing
from guard.snapshot import Snapshot

YAML = """\
base: &base {port: 1, name: "é"}
web:
  <<: *base
  port: 8080
list: [a, 'b', "c"]
servers:
  - name: one
    port: 1
  - name: two
    port: 2
"dotted.key": {x: 1}
on: yes
text: |
  block
empty:
"""
JSON = '{\n\t"server": {"port": 5051, "tls": true, "host": "a\\tb"},\n\t"list": [1, 2]\n}\n'
TOML = """\
port = 5051 # the port
[server]
host = 'lab'
"quoted.key" = 1
inline = { a = [1, 2], b.c = 0x10 }
[[worker]]
name = "one"
[[worker]]
name = "two"
[tool.x]
text = \"\"\"long\"\"\"
"""
COMPOSE = """\
services:
  gui:
    image: registry.example.net:5000/team/gui:1.4@sha256:abc
    ports:
      - "127.0.0.1:5051:80/tcp"
      - "${PORT:-6000}:81"
      - target: 82
        published: "6002"
        host_ip: 10.0.0.1
      - "[::1]:6003:83"
      - 84
      - "${UNSET}:85"
      - "${FROM_ENV}:86"
    volumes:
      - ./data:/data:ro
      - named:/var/lib/x
      - {type: bind, source: ./b, target: /b}
      - /anonymous
    environment:
      MAP: one
      URL: http://api:8000/v1
      PASSED:
    env_file: web.env
    build:
      context: .
      args:
        - VERSION=3.12
  api:
    extends: {file: common.yml, service: base}
    environment:
      - LIST=two=2
      - SHELL
    labels: ["traefik.port=8000"]
    depends_on: [gui]
"""
SHELL = """\
#!/bin/bash
# PORT=1
export PORT=5050
HOST='lab'
LOCAL="${LOCAL:-8080}"
DOUBLE="$PORT$HOST"
RUN=$(date)
FROM_CALLER=$ELSEWHERE
A=$B
B=$A
TWICE=1
TWICE=2
USES_TWICE=$TWICE
ssh -N -o X=y -L "${LOCAL}:localhost:${PORT}" -p 2222 "u@$HOST"
sudo autossh -M 0 -fNL 127.0.0.1:1:db:5432 -L9:h:8 u@h
docker run --rm -d -p 80:8080 -v /a:/b:ro --name=web -e FOO=bar img
/usr/bin/curl --retry 3 http://x
if true; then
  kubectl port-forward \\
    --address 0.0.0.0 svc/x 1:2
  ssh -R 7000:localhost:22 back
fi
"""
SPREAD = """\
OPTS=(-N -L 8081:localhost:5052)
OPTS+=(-p "2222")
ssh "${OPTS[@]}" lab
WORDS="-N -L 8082:localhost:5053"
autossh $WORDS lab
scp "$WORDS" x
docker run --publish 127.0.0.1:90:91/tcp --volume="/x:/y" img
docker run -p 92:93 -p 94:95 img
docker build -t x .
: "${DEF:=7}"
"""
PYTHON = '''\
"""PORT = 1"""
import os
from pydantic_settings import BaseSettings
from pydantic import Field
PORT: int = 5050
HEX = 0x10
NAME = "x" "y"
URL = f"http://localhost:{PORT}"
CONFIG = {"db": {"port": 5432}, "list": [1, 2]}
class Settings(BaseSettings):
    token: str = Field("dev", alias="T")
    port: int = PORT
    class Config:
        env_prefix = "APP_"
@dataclass
class Data:
    limit: int = field(default=7)
TOKEN = os.getenv("TOKEN") or "abc"
NEEDED = os.environ["NEEDED"]
DEBUG = os.environ.get("DEBUG", "no")
app.config["SECRET_KEY"] = "k"
é = "ü"; AFTER = 'z'
if __name__ == "__main__":
    app.run(host="0.0.0.0", port=int(os.environ.get("P", "99")))
def f(a, b=3, *, c="z"): ...
LOOP_A = LOOP_B
LOOP_B = LOOP_A
COMPUTED = compute()
if os.name == "nt":
    SEVERAL = 1
else:
    SEVERAL = 2
class Again(BaseSettings):
    mode: str = os.environ.get("MODE", "prod")
NEXT = PORT + 1
TWICE_OF = (PORT - 50) * 2
DIGITS = "50" + "51"
HALF = PORT / 2
BOTH = "p" + str(PORT)
MINUS = -PORT
HOSTS = ["one", "two"]
POOLS = {"a": [{"port": 1}, {"port": 2}], "b": frozenset({"z"})}
class Server:
    def __init__(self, port=7000, *, host="h"): ...
    def wait(self, seconds=9): ...
connect("redis", 6379)
'''
JAVASCRIPT = """\
// const PORT = 1;
const PORT = 5051;
const url = `http://localhost:${PORT}/api`;
export const config = Object.freeze({ server: { port: 80, 'x-y': "q" }, list: [1, 2] });
export default { api: { base: '/v1' } };
const env = process.env.API_PORT || 8000;
const token = process.env.TOKEN ?? "t";
const plain = process.env.PLAIN;
app.listen(3000, () => {});
new Vue({ data: { answer: 42 } });
class Store { limit = 5 }
const loopA = loopB, loopB = loopA;
const made = make();
window.settings.timeout = 30;
axios.create({ baseURL: "http://x", timeout: PORT });
several = 1;
several = 2;
const hosts = ["one", "two"], pools = [{ port: 1 }, { port: 2 }];
const { TAKEN = 7, KEPT: kept = "k", BARE } = process.env;
const plus = +process.env.PLUS || 8;
const next = PORT + 1, twice = (PORT - 1) * 2, digits = "50" + "51";
"""
DOCKERFILE = """\
# EXPOSE 1
ARG VERSION=3.12
FROM python:${VERSION}-slim AS build
ENV PORT=8000 HOST="0.0.0.0"
ENV OLD style value
COPY --chown=1 a b /srv/
FROM python:3.13
EXPOSE 8000/tcp \\
    8001
ENV LATER=$NOWHERE
COPY ["x", "/etc/y"]
HEALTHCHECK --interval=5s CMD curl -f http://localhost:8000/health
WORKDIR /srv
CMD ["run", "--port", "8000"]
"""
DOTENV = "# A=1\nPORT=5051\nexport NAME='x y'\nURL=http://${HOST}:${PORT}\nHOST=\"lab\"\n"
NGINX = """\
# listen 1;
upstream app { server backend:8000; }
server {
    listen 80 default_server;
    server_name a.example.net;
    location /api { proxy_pass http://backend:8000/v1; }
    location / { proxy_pass http://app; }
}
server { listen [::]:8443 ssl; }
server { listen 127.0.0.1:9000; }
"""
MAKE = "PORT ?= 5051\nIMAGE := app:$(TAG)\nTAG = 1.2\nLOOP = $(POOL)\nPOOL = $(LOOP)\nSH := $(shell x)\nTWICE = 1\nTWICE = 2\n\nrun:\n\tPORT = 9\n"
WORKFLOW = """\
on: push
env:
  PORT: 5051
jobs:
  test:
    runs-on: x
    env: {NAME: job}
    steps:
      - env:
          STEP: ${{ secrets.X }}
        run: x
      - uses: actions/setup-python@v5
        with: {python-version: "3.12"}
"""
FILES = {
    "a.yml": YAML,
    "a.json": JSON,
    "a.toml": TOML,
    "docker-compose.yml": COMPOSE,
    "common.yml": "services:\n  base:\n    image: base:1\n    environment: {BASE: b}\n",
    "compose.over.yml": "services: {gui: {ports: ['7:7'], environment: [MAP=over]}}\n",
    ".env": "FROM_ENV=6006\n",
    "web.env": "GIVEN=g\nMAP=beaten\n",
    "t.sh": SHELL,
    "s.sh": SPREAD,
    "bin/start": "#!/usr/bin/env bash\nPORT=1\n",
    "a.py": PYTHON,
    "a.js": JAVASCRIPT,
    "Dockerfile": DOCKERFILE,
    "env.Dockerfile": "FROM x\nARG HOST=build\nENV PORT=8001\n\n"
    "HEALTHCHECK CMD curl http://localhost:${PORT}/?h=$HOST\n",
    "conf/.env.prod": DOTENV,
    "nginx/default.conf": NGINX,
    "nginx/set.conf": "server {\n listen 443 ssl;\n listen unix:/run/x.sock;\n set $api gui:5050;\n"
    " location /a { proxy_pass http://$api/x; }\n location /f { fastcgi_pass php:9000; }\n}\n",
    "hosts.env": "A=redis:6379/0\nB=jdbc:postgresql://db:5432/x\nC=u:p@db:5433\nD=:8080\nE=[::1]:81\n"
    "F=//cdn:82/x\nG=amqp://mq:5672\nH=h.example.net/x:1\n",
    "Makefile": MAKE,
    ".github/workflows/ci.yml": WORKFLOW,
    "k8s.yml": (
        "kind: Service\nspec: {port: 80}\n---\n---\nkind: Deployment\nspec: {port: 81}\nonly: 1\n"
    ),
    "class.js": "const LOW = -1;\nclass A { static port = 1 }\nclass B { port = 2 }\nconst port = 3;\n",
    "more.mk": "LONG = a \\\n  b \\\n  $(LOW)\nLOW = c\n",
    "notes.txt": "the port is 5051\nthe port is 5052\n",
    "agents/a/config.json": '{"port": 1}',
    "agents/b/config.json": '{"port": 2}',
}

# Place, the texts, the line of the first, whether it can be edited in place.
KNOWN = [
    ("a.yml :: base.port", ["1"], 1, True),
    ("a.yml :: base.name", ["é"], 1, True),
    ("a.yml :: web.port", ["8080"], 4, True),
    ("a.yml :: web.name", ["é"], 1, True),
    ("a.yml :: list[*]", ["a", "b", "c"], 5, True),
    ("a.yml :: list[-1]", ["c"], 5, True),
    ("a.yml :: servers[name=two].port", ["2"], 10, True),
    ("a.yml :: servers[*].port", ["1", "2"], 8, True),
    ('a.yml :: "dotted.key".x', ["1"], 11, True),
    ("a.yml :: on", ["true"], 12, False),
    ("a.yml :: text", ["block\n"], 13, False),
    ("a.yml :: empty", [""], 15, False),
    ("a.yml :: $.web.port", ["8080"], 4, True),
    ("./a.yml::web.port", ["8080"], 4, True),
    ("a.json :: server.port", ["5051"], 2, True),
    ("a.json :: server.tls", ["true"], 2, True),
    ("a.json :: server.host", ["a\tb"], 2, False),
    ("a.json :: list[*]", ["1", "2"], 3, True),
    ("agents/*/config.json :: port", ["1", "2"], 1, True),
    ("a.toml :: port", ["5051"], 1, True),
    ("a.toml :: server.host", ["lab"], 3, True),
    ('a.toml :: server."quoted.key"', ["1"], 4, True),
    ("a.toml :: server.inline.a[1]", ["2"], 5, True),
    ("a.toml :: server.inline.b.c", ["16"], 5, False),
    ("a.toml :: worker[*].name", ["one", "two"], 7, True),
    ("a.toml :: tool.x.text", ["long"], 11, True),
    ("docker-compose.yml :: services.gui.ports[0].published", ["5051"], 5, True),
    ("docker-compose.yml :: services.gui.ports[0].target", ["80"], 5, True),
    ("docker-compose.yml :: services.gui.ports[0].host_ip", ["127.0.0.1"], 5, True),
    ("docker-compose.yml :: services.gui.ports[0].protocol", ["tcp"], 5, True),
    ("docker-compose.yml :: services.gui.ports[target=81].published", ["6000"], 6, True),
    ("docker-compose.yml :: services.gui.ports[2].published", ["6002"], 8, True),
    ("docker-compose.yml :: services.gui.ports[2].host_ip", ["10.0.0.1"], 9, True),
    ("docker-compose.yml :: services.gui.ports[3].host_ip", ["[::1]"], 10, True),
    ("docker-compose.yml :: services.gui.ports[4].target", ["84"], 11, True),
    ("docker-compose.yml :: services.gui.ports[5].target", ["85"], 12, True),
    ("docker-compose.yml :: services.gui.ports[6].published", ["6006"], 1, True),
    ("docker-compose.yml :: services.gui.volumes[0].source", ["./data"], 15, True),
    ("docker-compose.yml :: services.gui.volumes[0].target", ["/data"], 15, True),
    ("docker-compose.yml :: services.gui.volumes[*].target",
     ["/data", "/var/lib/x", "/b", "/anonymous"], 15, True),
    ("docker-compose.yml :: services.gui.volumes[source=named].target", ["/var/lib/x"], 16, True),
    ("docker-compose.yml :: services.gui.environment.MAP", ["one"], 20, True),
    ("docker-compose.yml :: services.gui.environment.GIVEN", ["g"], 1, True),
    ("docker-compose.yml :: services.gui.environment.URL | port", ["8000"], 21, True),
    ("docker-compose.yml :: services.gui.environment.URL | host", ["api"], 21, True),
    ("docker-compose.yml :: services.gui.environment.URL | /v(\\d)/", ["1"], 21, True),
    ("docker-compose.yml :: services.gui.image | tag", ["1.4"], 3, True),
    ("docker-compose.yml :: services.gui.image | name",
     ["registry.example.net:5000/team/gui"], 3, True),
    ("docker-compose.yml :: services.gui.build.args.VERSION", ["3.12"], 27, True),
    ("docker-compose.yml :: services.api.environment.LIST", ["two=2"], 31, True),
    ("docker-compose.yml :: services.api.environment.BASE", ["b"], 4, True),
    ("docker-compose.yml :: services.api.image", ["base:1"], 3, True),
    ('docker-compose.yml :: services.api.labels."traefik.port"', ["8000"], 33, True),
    ("docker-compose.yml + compose.over.yml :: services.gui.environment.MAP", ["over"], 1, True),
    ("docker-compose.yml + compose.over.yml :: services.gui.ports[target=7].published",
     ["7"], 1, True),
    ("t.sh :: PORT", ["5050"], 3, True),
    ("t.sh :: $HOST", ["lab"], 4, True),
    ("t.sh :: LOCAL", ["8080"], 5, True),
    ("t.sh :: DOUBLE", ["5050lab"], 6, False),
    ("t.sh :: TWICE[*]", ["1", "2"], 11, True),
    ("t.sh :: TWICE[1]", ["2"], 12, True),
    ("a.py :: SEVERAL[0]", ["1"], 30, True),
    ("a.py :: SEVERAL[*]", ["1", "2"], 30, True),
    ("a.js :: several[1]", ["2"], 17, True),
    ("Makefile :: TWICE[1]", ["2"], 8, True),
    ("t.sh :: ssh -L remote-port", ["5050"], 3, True),
    ("t.sh :: ssh -L local-port", ["8080"], 5, True),
    ("t.sh :: ssh -L host", ["localhost"], 14, True),
    ("t.sh :: ssh -L", ["8080:localhost:5050"], 14, False),
    ("t.sh :: ssh -p", ["2222"], 14, True),
    ("t.sh :: ssh -o", ["X=y"], 14, True),
    ("t.sh :: autossh -L[0] bind", ["127.0.0.1"], 15, True),
    ("t.sh :: autossh -L[0] remote-port", ["5432"], 15, True),
    ("t.sh :: autossh -L[1] local-port", ["9"], 15, True),
    ("t.sh :: autossh -L[*] remote-port", ["5432", "8"], 15, True),
    ("t.sh :: ssh -R remote-port", ["7000"], 21, True),
    ("t.sh :: ssh -R local-port", ["22"], 21, True),
    ("t.sh :: docker run -p published", ["80"], 16, True),
    ("t.sh :: docker run -p target", ["8080"], 16, True),
    ("t.sh :: docker run -v source", ["/a"], 16, True),
    ("t.sh :: docker run -v target", ["/b"], 16, True),
    ("t.sh :: docker run --name", ["web"], 16, True),
    ("t.sh :: curl --retry", ["3"], 17, True),
    ("t.sh :: kubectl port-forward --address", ["0.0.0.0"], 20, True),
    ("bin/start :: PORT", ["1"], 2, True),
    ("s.sh :: ssh -L remote-port", ["5052"], 1, True),
    ("s.sh :: ssh -p", ["2222"], 2, True),
    ("s.sh :: autossh -L local-port", ["8082"], 4, True),
    ("s.sh :: docker run[0] -p published", ["90"], 7, True),
    ("s.sh :: docker[0] run --publish target", ["91"], 7, True),
    ("s.sh :: docker run -v target", ["/y"], 7, True),
    ("s.sh :: docker run -p[*] target", ["91", "93", "95"], 7, True),
    ("s.sh :: docker run[1] --publish[1] target", ["95"], 8, True),
    ("s.sh :: DEF", ["7"], 10, True),
    ("a.py :: PORT", ["5050"], 5, True),
    ("a.py :: HEX", ["16"], 6, False),
    ("a.py :: NAME", ["xy"], 7, False),
    ("a.py :: URL | port", ["5050"], 5, True),
    ('a.py :: CONFIG["db"].port', ["5432"], 9, True),
    ("a.py :: CONFIG.list[1]", ["2"], 9, True),
    ("a.py :: Settings.token", ["dev"], 11, True),
    ("a.py :: Settings.port", ["5050"], 5, True),
    ("a.py :: Settings.Config.env_prefix", ["APP_"], 14, True),
    ("a.py :: Data.limit", ["7"], 17, True),
    ("a.py :: TOKEN", ["abc"], 18, True),
    ('a.py :: os.environ.get("DEBUG")', ["no"], 20, True),
    ('a.py :: os.environ.get("DEBUG", "no")', ["no"], 20, True),
    ("a.py :: os.getenv(TOKEN)", ["abc"], 18, True),
    ("a.py :: os.environ.get(MODE)", ["prod"], 34, True),
    ("a.py :: env.DEBUG", ["no"], 20, True),
    ('a.py :: app.config["SECRET_KEY"]', ["k"], 21, True),
    ("a.py :: AFTER", ["z"], 22, True),
    ("a.py :: app.run(port=)", ["99"], 24, True),
    ("a.py :: app.run(host)", ["0.0.0.0"], 24, True),
    ("a.py :: f(b)", ["3"], 25, True),
    ("a.py :: f(c)", ["z"], 25, True),
    ("a.py :: NEXT", ["5051"], 35, False),
    ("a.py :: TWICE_OF", ["10000"], 36, False),
    ("a.py :: DIGITS", ["5051"], 37, False),
    ("a.py :: HALF", ["2525"], 38, False),
    ("a.py :: BOTH", ["p5050"], 39, False),
    ("a.py :: HOSTS[*]", ["one", "two"], 41, True),
    ("a.py :: HOSTS[1]", ["two"], 41, True),
    ("a.py :: POOLS.a[*].port", ["1", "2"], 42, True),
    ("a.py :: POOLS.b[*]", ["z"], 42, True),
    ("a.py :: Server(port)", ["7000"], 44, True),
    ("a.py :: Server.__init__(host)", ["h"], 44, True),
    ("a.py :: Server.wait(seconds)", ["9"], 45, True),
    ("a.py :: connect(1)", ["6379"], 46, True),
    ("a.js :: hosts[*]", ["one", "two"], 18, True),
    ("a.js :: pools[*].port", ["1", "2"], 18, True),
    ("a.js :: process.env.TAKEN", ["7"], 19, True),
    ("a.js :: process.env.KEPT", ["k"], 19, True),
    ("a.js :: process.env.PLUS", ["8"], 20, True),
    ("a.js :: next", ["5052"], 21, False),
    ("a.js :: twice", ["10100"], 21, False),
    ("a.js :: digits", ["5051"], 21, False),
    ("a.js :: PORT", ["5051"], 2, True),
    ("a.js :: url", ["http://localhost:5051/api"], 3, False),
    ("a.js :: config.server.port", ["80"], 4, True),
    ('a.js :: config.server["x-y"]', ["q"], 4, True),
    ("a.js :: config.list[1]", ["2"], 4, True),
    ("a.js :: default.api.base", ["/v1"], 5, True),
    ("a.js :: env", ["8000"], 6, True),
    ("a.js :: process.env.API_PORT", ["8000"], 6, True),
    ("a.js :: process.env.TOKEN", ["t"], 7, True),
    ("a.js :: app.listen(0)", ["3000"], 9, True),
    ("a.js :: data.answer", ["42"], 10, True),
    ("a.js :: limit", ["5"], 11, True),
    ("a.js :: window.settings.timeout", ["30"], 14, True),
    ("a.js :: axios.create(baseURL)", ["http://x"], 15, True),
    ("a.js :: axios.create(timeout)", ["5051"], 2, True),
    ("Dockerfile :: EXPOSE[*]", ["8000", "8001"], 8, True),
    ("Dockerfile :: EXPOSE[1]", ["8001"], 9, True),
    ("Dockerfile :: ENV PORT", ["8000"], 4, True),
    ("Dockerfile :: ENV.HOST", ["0.0.0.0"], 4, True),
    ("Dockerfile :: ENV OLD", ["style value"], 5, True),
    ("Dockerfile :: ARG VERSION", ["3.12"], 2, True),
    ("Dockerfile :: FROM[*]", ["python:3.12-slim", "python:3.13"], 3, False),
    ("Dockerfile :: stage build FROM", ["python:3.12-slim"], 3, False),
    ("Dockerfile :: COPY[0] target", ["/srv/"], 6, True),
    ("Dockerfile :: stage build COPY target", ["/srv/"], 6, True),
    ("Dockerfile :: stage 1 COPY target", ["/etc/y"], 11, True),
    ("env.Dockerfile :: HEALTHCHECK | /localhost:(\\S+?)\\//", ["8001"], 3, True),
    ("env.Dockerfile :: HEALTHCHECK | port", ["8001"], 3, True),
    ("env.Dockerfile :: HEALTHCHECK | host", ["localhost"], 5, True),
    ("env.Dockerfile :: HEALTHCHECK | /h=(\\S+)/", ["$HOST"], 5, True),
    ("Dockerfile :: HEALTHCHECK | /localhost:(\\d+)/", ["8000"], 12, True),
    ("Dockerfile :: WORKDIR", ["/srv"], 13, True),
    ("Dockerfile :: CMD | /--port\", \"(\\d+)/", ["8000"], 14, True),
    ("conf/.env.prod :: PORT", ["5051"], 2, True),
    ("conf/.env.prod :: NAME", ["x y"], 3, True),
    ("conf/.env.prod :: URL", ["http://lab:5051"], 4, False),
    ("nginx/default.conf :: upstream app server", ["backend:8000"], 2, True),
    ("nginx/default.conf :: listen[*]", ["80", "8443", "9000"], 4, True),
    ("nginx/default.conf :: server[0] listen", ["80"], 4, True),
    ("nginx/default.conf :: listen[2] address", ["127.0.0.1"], 10, True),
    ("nginx/default.conf :: location /api proxy_pass", ["http://backend:8000/v1"], 6, True),
    ("nginx/set.conf :: listen[*]", ["443"], 2, True),
    ("nginx/set.conf :: location /a proxy_pass | port", ["5050"], 4, True),
    ("nginx/set.conf :: location /f fastcgi_pass | port", ["9000"], 6, True),
    ("hosts.env :: A | port", ["6379"], 1, True),
    ("hosts.env :: A | host", ["redis"], 1, True),
    ("hosts.env :: B | port", ["5432"], 2, True),
    ("hosts.env :: B | scheme", ["postgresql"], 2, True),
    ("hosts.env :: C | host", ["db"], 3, True),
    ("hosts.env :: D | port", ["8080"], 4, True),
    ("hosts.env :: E | port", ["81"], 5, True),
    ("hosts.env :: F | port", ["82"], 6, True),
    ("hosts.env :: G | host", ["mq"], 7, True),
    ("hosts.env :: H | host", ["h.example.net"], 8, True),
    ("nginx/default.conf :: location /api proxy_pass | port", ["8000"], 6, True),
    ("nginx/default.conf :: proxy_pass[1]", ["http://app"], 7, True),
    ("nginx/default.conf :: server_name", ["a.example.net"], 5, True),
    ("Makefile :: PORT", ["5051"], 1, True),
    ("Makefile :: IMAGE", ["app:1.2"], 2, False),
    ("Makefile :: $(TAG)", ["1.2"], 3, True),
    (".github/workflows/ci.yml :: env.PORT", ["5051"], 3, True),
    (".github/workflows/ci.yml :: env.NAME", ["job"], 7, True),
    (".github/workflows/ci.yml :: jobs.test.env.NAME", ["job"], 7, True),
    (".github/workflows/ci.yml :: jobs.test.steps[*].with.python-version", ["3.12"], 13, True),
    ("k8s.yml :: [0].spec.port", ["80"], 2, True),
    ("k8s.yml :: [kind=Deployment].spec.port", ["81"], 6, True),
    ("k8s.yml :: [*].spec.port", ["80", "81"], 2, True),
    ("k8s.yml :: only", ["1"], 7, True),
    ("class.js :: LOW", ["-1"], 1, True),
    ("class.js :: A.port", ["1"], 2, True),
    ("class.js :: port", ["3"], 4, True),
    ("more.mk :: LONG", ["a b c"], 1, False),
    ("notes.txt :: /port is (\\d+)/g", ["5051", "5052"], 1, True),
    ("notes.txt :: /port is (?P<value>5052)/", ["5052"], 2, True),
    ("notes.txt :: /5052/", ["5052"], 2, True),
    ('a.js :: url as "http://localhost:{}/api"', ["5051"], 2, True),
]  # fmt: skip

# Place and the reason that is said.
UNKNOWN = [
    ("docker-compose.yml :: services.gui.ports[5].published", "UNSET is set outside"),
    ("docker-compose.yml :: services.gui.environment.PASSED", "passed on from the shell"),
    ("docker-compose.yml :: services.api.environment.SHELL", "passed on from the shell"),
    ("t.sh :: RUN", "the output of a command"),
    ("t.sh :: FROM_CALLER", "$ELSEWHERE is set outside of the script"),
    ("t.sh :: A", "lead in a circle"),
    ("t.sh :: USES_TWICE", "$TWICE is set to several values"),
    ("a.py :: NEEDED", "NEEDED is set outside"),
    ("a.py :: LOOP_A", "lead in a circle"),
    ("a.py :: MINUS", "only running the code tells"),
    ("a.py :: COMPUTED", "only running the code"),
    ("a.js :: plain", "PLAIN is set outside"),
    ("a.js :: loopA", "lead in a circle"),
    ("a.js :: made", "only running the code"),
    ("Dockerfile :: ENV LATER", "NOWHERE is set outside"),
    ("Makefile :: LOOP", "lead in a circle"),
    ("Makefile :: SH", "a function of make"),
    (".github/workflows/ci.yml :: env.STEP", "an expression of the workflow"),
]

# Place, words of the error, words of its hint.
MISSING = [
    ("b.yml :: x", "there is no file 'b.yml'", "a.yml"),
    ("config.json :: x", "there is no file 'config.json'", "agents/a/config.json"),
    ("c/*.yml :: x", "no file matches", ""),
    ("a.yml :: web.prot", "web has no key 'prot'", "did you mean 'port'"),
    ("a.yml :: list", "is a list of 3", "list[*]"),
    ("a.yml :: web", "is a mapping", "port"),
    ("a.yml :: list[9]", "it is a list of 3", "[*] for all"),
    ("a.yml :: servers[name=tow].port", "no [name=tow]", "did you mean 'two'"),
    ("a.yml :: web.port.x", "it is a value", ""),
    ("a.json :: server.prot", "no key 'prot'", "did you mean 'port'"),
    ("a.toml :: sever.host", "no key 'sever'", "did you mean 'server'"),
    ("k8s.yml :: spec.port", "2 documents of the file have a key 'spec'", "[0].spec.port"),
    ("k8s.yml :: onyl", "no document of the file has a key 'onyl'", "did you mean 'only'"),
    ("k8s.yml :: [kind=Sevice].spec", "no [kind=Sevice]", "did you mean 'Service'"),
    ("docker-compose.yml :: services.giu.ports[0].published", "no key 'giu'", "'gui'"),
    ("docker-compose.yml :: services.gui.ports[4].published", "no key 'published'", "target"),
    ("t.sh :: PROT", "no variable 'PROT'", "did you mean 'PORT'"),
    ("t.sh :: shh -L host", "no command 'shh'", "did you mean 'ssh'"),
    ("s.sh :: docker push -p", "no command 'docker push' is run", "docker is run with other words"),
    ("s.sh :: scp -L", "scp is not given -L", ""),
    ("t.sh :: ssh -D", "not given -D", ""),
    ("t.sh :: ssh -L remote-prt", "no part 'remote-prt'", "did you mean 'remote-port'"),
    ("t.sh :: TWICE", "means 2 values", "[*]"),
    ("t.sh :: nothing much", "no selector for a shell script", "ssh -L remote-port"),
    ("a.py :: PROT", "nothing is called 'PROT'", "did you mean 'PORT'"),
    ("a.py :: Settings.tokn", "nothing is called", "did you mean 'Settings.token'"),
    ("a.py :: env.DEBUGG", "is not read", "did you mean 'DEBUG'"),
    ("a.py :: env.NEEDED", "read without a default", ""),
    ("a.py :: app.rnu(port)", "no call of app.rnu", "did you mean 'app.run'"),
    ("a.js :: PROT", "nothing is called 'PROT'", "did you mean 'PORT'"),
    ("a.js :: config.server.prot", "nothing is called", ""),
    ("a.js :: process.env.PLAIN", "read without a default", ""),
    ("a.js :: process.env.BARE", "read without a default", ""),
    ("Dockerfile :: EXPOSE", "means 2 values", "[0] for the first"),
    ("Dockerfile :: EXPOSED", "no selector for a Dockerfile", "did you mean 'EXPOSE'"),
    ("Dockerfile :: ENV PROT", "no ENV has PROT", "did you mean 'PORT'"),
    ("Dockerfile :: USER", "there is no USER", ""),
    ("conf/.env.prod :: PROT", "no variable 'PROT'", "did you mean 'PORT'"),
    ("nginx/default.conf :: lisen", "there is no lisen", "did you mean 'listen'"),
    ("nginx/default.conf :: listen", "means 3 values", "[*]"),
    ("Makefile :: PROT", "no variable 'PROT'", "did you mean 'PORT'"),
    (".github/workflows/ci.yml :: env.PROT", "no env sets 'PROT'", "did you mean 'PORT'"),
    ("notes.txt :: /port is (\\d+)/", "means 2 values", "/…/g for all"),
    ("notes.txt :: /prt/", "finds nothing", ""),
    ("notes.txt :: /(/", "is wrong", ""),
    ("notes.txt :: port", "nothing is known of the kind", "regex"),
    ("a.yml :: web.port | prot", "nothing is called 'prot' behind a bar", "did you mean 'port'"),
    ('a.yml :: web.port as "x"', "has no {}", ""),
    ("a.yml", "has no selector", "path :: selector"),
]  # fmt: skip


@pytest.fixture(scope="module")
def files() -> Files:
    return Files(Snapshot.of(FILES))


@pytest.mark.parametrize(("place", "texts", "line", "exact"), KNOWN, ids=[k[0] for k in KNOWN])
def test_a_place_holds(files: Files, place: str, texts: list[str], line: int, exact: bool) -> None:
    values = files.values(parsed(place))
    assert [value.text for value in values] == texts
    assert values[0].at.line == line
    assert values[0].exact is exact
    assert all(not value.unresolved for value in values)


@pytest.mark.parametrize("place", [k[0] for k in KNOWN if k[3]])
def test_what_can_be_edited_stands_exactly_there(files: Files, place: str) -> None:
    for value in files.values(parsed(place)):
        source = files.source(value.at.path)
        assert source is not None
        start = source.lines.offset(value.at.line, value.at.column)
        end = source.lines.offset(value.at.end_line, value.at.end_column)
        assert not value.exact or source.text[start:end] == value.text


@pytest.mark.parametrize(("ends", "mark"), [("\r\n", ""), ("\n", "\ufeff"), ("\r\n", "\ufeff")])
def test_line_ends_and_a_byte_order_mark_change_nothing(ends: str, mark: str) -> None:
    texts = {name: mark + text.replace("\n", ends) for name, text in FILES.items()}
    texts["bin/start"] = FILES["bin/start"].replace("\n", ends)  # no kernel runs `#!` behind a mark
    there, here = Files(Snapshot.of(texts)), Files(Snapshot.of(FILES))
    for place in (parsed(known[0]) for known in KNOWN):
        for one, other in zip(there.values(place), here.values(place), strict=True):
            assert one.text.replace("\r\n", "\n") == other.text, place.written
            assert (one.at.path, one.at.line) == (other.at.path, other.at.line), place.written


@pytest.mark.parametrize(("place", "why"), UNKNOWN, ids=[u[0] for u in UNKNOWN])
def test_what_only_running_tells_is_said_and_not_guessed(
    files: Files, place: str, why: str
) -> None:
    (value,) = files.values(parsed(place))
    assert why in value.unresolved


@pytest.mark.parametrize(("place", "message", "hint"), MISSING, ids=[m[0] for m in MISSING])
def test_a_place_that_means_nothing_is_an_error(
    files: Files, place: str, message: str, hint: str
) -> None:
    with pytest.raises(Missing) as raised:
        files.values(parsed(place))
    assert message in raised.value.message
    assert hint in raised.value.hint
