"""One small file of each kind, for what a place can mean in it."""

from __future__ import annotations

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
