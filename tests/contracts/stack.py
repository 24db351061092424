"""A small but whole stack as in the incident, and the faults that can be put into it."""

from __future__ import annotations

from collections.abc import Mapping

CONFIG = """\
[contracts.tunnel-port]
why = "the GUI is reached through the tunnel: it must end at the port that the lab publishes"
same = [
  "ssh-tunnel-lab.sh :: ssh -L remote-port",
  "docker-compose.lab.yml :: services.gui.ports[target=80].published",
]
truth = "docker-compose.lab.yml"
shows = "curl -sf http://localhost:8080/"

[contracts.agent-token]
why = "an agent with another token is connected, rejected, and silent"
same = [
  "agent/agent_config.json :: auth_token",
  "backend/app/core/settings.py :: os.environ.get(AGENT_TOKEN)",
]

[contracts.backend-paths]
why = "the backend answers file not found for what is not mounted"

[contracts.backend-paths.mounted]
code = ["backend/**/*.py"]
service = "docker-compose.lab.yml :: services.backend"

[contracts.backend-environment]
why = "a variable that nobody gives is empty"

[contracts.backend-environment.defined]
code = ["backend/**/*.py"]
service = "docker-compose.lab.yml :: services.backend"
"""

COMPOSE = """\
services:
  gui:
    build: ./frontend
    ports:
      - "5051:80"
    depends_on:
      backend:
        condition: service_healthy
  backend:
    build: ./backend
    environment:
      LOG_LEVEL: info
    volumes:
      - /var/lib/tftpboot:/var/lib/tftpboot
    healthcheck:
      test: ["CMD", "wget", "-qO-", "http://localhost:8000/health"]
  agent:
    build: ./agent
    volumes:
      - agent-config:/etc/agent
    depends_on:
      backend:
        condition: service_healthy
volumes:
  agent-config:
"""

SETTINGS = """\
import os

TFTP_ROOT = "/var/lib/tftpboot"
AGENT_TOKEN = os.environ.get("AGENT_TOKEN", "s3cr3t-canary-one")
LOG_LEVEL = os.environ["LOG_LEVEL"]
"""

FILES: Mapping[str, str] = {
    "guard.toml": CONFIG,
    "docker-compose.lab.yml": COMPOSE,
    "ssh-tunnel-lab.sh": """\
#!/bin/bash
set -euo pipefail
LAB_HOST="${LAB_HOST:-lab.example.net}"
LOCAL_PORT=8080
REMOTE_PORT=5051

ssh -N \\
    -o ExitOnForwardFailure=yes \\
    -L "${LOCAL_PORT}:localhost:${REMOTE_PORT}" \\
    "lab@${LAB_HOST}"
""",
    "agent/agent_config.json": '{\n\t"backend": "ws://backend:8000/agents",\n'
    '\t"auth_token": "s3cr3t-canary-one"\n}\n',
    "agent/Dockerfile": """\
FROM python:3.12-slim
WORKDIR /app
COPY agent.py /app/
COPY agent_config.json /etc/agent/agent_config.json
CMD ["python", "agent.py"]
""",
    "agent/agent.py": """\
import json

CONFIG = "/etc/agent/agent_config.json"


def main():
    with open(CONFIG) as file:
        return json.load(file)
""",
    "backend/Dockerfile": """\
FROM python:3.12-slim
WORKDIR /srv/app
COPY . .
EXPOSE 8000
CMD ["python", "-m", "app.main"]
""",
    "backend/app/__init__.py": "",
    "backend/app/core/__init__.py": "",
    "backend/app/core/settings.py": SETTINGS,
    "backend/app/main.py": """\
import os

from flask import Flask, jsonify, send_from_directory

from app.core.settings import TFTP_ROOT

app = Flask(__name__)


@app.route("/api/files")
def files():
    return jsonify(sorted(os.listdir(TFTP_ROOT)))


@app.route("/api/files/<name>")
def file(name):
    return send_from_directory(TFTP_ROOT, name)


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=8000)
""",
    "frontend/Dockerfile": "FROM nginx:1.27\nCOPY static/ /usr/share/nginx/html/\nEXPOSE 80\n",
    "frontend/static/index.html": "<div id=app></div>\n",
}

Fault = tuple[str, str, str]
"""A file, what stands there, what stands there instead."""

FAULTS: Mapping[str, Fault] = {
    "contract/tunnel-port": ("ssh-tunnel-lab.sh", "REMOTE_PORT=5051", "REMOTE_PORT=5050"),
    "contract/agent-token": ("agent/agent_config.json", "canary-one", "canary-two"),
    "contract/backend-paths": (
        "docker-compose.lab.yml",
        "    volumes:\n      - /var/lib/tftpboot:/var/lib/tftpboot\n",
        "",
    ),
    "contract/backend-environment": ("docker-compose.lab.yml", "LOG_LEVEL", "LOG_LEVLE"),
    "compose/volume-not-seeded": (
        "agent/Dockerfile",
        "COPY agent_config.json /etc/agent/agent_config.json\n",
        "",
    ),
}


def stack(*faults: str) -> dict[str, str]:
    """The files of the stack with some faults in it."""
    files = dict(FILES)
    for fault in faults:
        path, sound, broken = FAULTS[fault]
        assert sound in files[path]
        files[path] = files[path].replace(sound, broken)
    return files
