"""Learning from what is no Python: JavaScript, YAML, JSON, shell; on small facts of real fixes."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Ran, Repo
from test_learn import learn, only, rules

COMPOSE = """\
services:
  lab:
    image: lab
    ports:
      - "{lab}:80"
    volumes:
      - ./data:/data{more}
  gui:
    ports:
      - "{gui}:80"
"""
SHELL = """\
#!/bin/sh
# the tunnel to the lab
set -eu
ssh -N \\
    -L 8080:localhost:{port} \\
    lab
"""
AGENT = '{{\n  "url": "ws://backend:5000",\n  "auth_token": "{token}"\n}}\n'
APP = """\
export default {{
  methods: {{
    stop() {{
      const timer = this.timer;
      {stop}
    }},
    body(v4, v6) {{
      return {{
        ipv4: v4,
        ipv6: {value},
      }};
    }},
  }},
}};
"""
NGINX = "server {{\n    listen 80;\n{more}    location / {{\n        root /www;\n    }}\n}}\n"


def app(stop: str = "clearInterval(timer);", value: str = "v6 || ''") -> str:
    return APP.format(stop=stop, value=value)


def compose(lab: str = "5051", gui: str = "8080", more: str = "") -> str:
    return COMPOSE.format(lab=lab, gui=gui, more=more)


FIXES: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "a port in a shell script": (
        "ssh-tunnel-lab.sh",
        SHELL.format(port=5050),
        SHELL.format(port=5051),
        {"language": "text", "replace": "\\g<INDENT>-L 8080:localhost:5051 \\\\"},
    ),
    "a token in JSON": (
        "agent_config.json",
        AGENT.format(token="dev-token"),
        AGENT.format(token="dev-token-change-in-production"),
        {"language": "text", "good": '"auth_token": "dev-token-change-in-production"'},
    ),
    "a port in YAML": (
        "docker-compose.lab.yml",
        compose(lab="5050"),
        compose(),
        {"language": "text", "bad": '- "5050:80"', "good": '- "5051:80"'},
    ),
    "a port in YAML that another service rightly has": (
        "docker-compose.lab.yml",
        compose(lab="8080").replace("    image: lab\n    ports:\n", "    lab_ports:\n"),
        compose().replace("    image: lab\n    ports:\n", "    lab_ports:\n"),
        {"language": "text", "bad": 'lab_ports:\n  - "8080:80"'},
    ),
    "a mount that was missing": (
        "docker-compose.lab.yml",
        compose(),
        compose(more="\n      - /var/lib/tftpboot:/var/lib/tftpboot:ro"),
        {"language": "text", "good": "- /var/lib/tftpboot:/var/lib/tftpboot:ro"},
    ),
    "a line that had to go": (
        "nginx.conf",
        NGINX.format(more="    server_tokens on;\n"),
        NGINX.format(more=""),
        {"language": "text", "bad": "server_tokens on;", "good": "    listen 80;"},
    ),
    "signs that mean something in an expression": (
        "rules.conf",
        r"allow \-(a|b)$ *.lab [x]+ \\- 1" + "\n",
        r"allow \-(a|c)$ *.lab [x]+ \\- 1" + "\n",
        {"replace": "\\g<INDENT>" + r"allow \\-(a|c)$ *.lab [x]+ \\\\- 1"},
    ),
    "one line becomes two": (
        "nginx.conf",
        NGINX.format(more="    expires 30d;\n"),
        NGINX.format(more="    etag on;\n    expires 1h;\n"),
        {"replace": "\\g<INDENT>etag on;\n\\g<INDENT>expires 1h;"},
    ),
    "a value in JavaScript": (
        "frontend/static/js/app.js",
        app(value="v6 !== null ? v6 : null"),
        app(),
        {"language": "javascript", "forbid": "ipv6: v6 !== null ? v6 : null,"},
    ),
    "a call in JavaScript": (
        "frontend/static/js/app.js",
        app(stop="clearTimeout(timer);"),
        app(),
        {"language": "javascript", "forbid": "clearTimeout(timer);"},
    ),
    "a check that was missing in JavaScript": (
        "frontend/static/js/app.js",
        app(),
        app(stop="if (!timer) return;\n      clearInterval(timer);"),
        {"language": "javascript", "require": "if (!timer) return;"},
    ),
    "a spread in JavaScript is no dots": (
        "frontend/static/js/app.js",
        app(stop="start(...this.$TIMERS);"),
        app(),
        {"language": "text", "bad": "start(...this.$TIMERS);"},
    ),
    "half a statement of JavaScript": (
        "frontend/static/js/app.js",
        app(stop="if (timer === undefined) {\n        clearInterval(timer);\n      }"),
        app(stop="if (timer !== undefined) {\n        clearInterval(timer);\n      }"),
        {"bad": "if (timer === undefined) {"},
    ),
}


@pytest.mark.parametrize("case", FIXES.values(), ids=[name.replace(" ", "-") for name in FIXES])
def test_the_lines_of_a_fix_are_held(repo: Repo, case: tuple[str, str, str, Any]) -> None:
    path, before, after, wanted = case
    repo.commit("start", **{path: before})
    repo.commit("Fix the lab", **{path: after})
    learn(repo, "HEAD")
    rule = only(repo)
    assert {key: rule.get(key, wanted[key]) for key in wanted} == wanted
    assert [path in one for one in rule["paths"]] == [True], "about the file of the fix only"
    assert repo.guard("fixes", "test").status == 0
    repo.commit("the rule")
    assert checked(repo).status == 0
    repo.write(path, before)
    assert checked(repo).status == 1, "the mistake is back"
    if "replace" in rule:
        repo.guard("check", "--all", "--select", "fixes", "--fix")
        assert (repo.root / path).read_text() == after


def checked(repo: Repo) -> Ran:
    return repo.guard("check", "--all", "--select", "fixes")


def test_line_ends_of_windows_stay(repo: Repo) -> None:
    before, after = (SHELL.format(port=p).replace("\n", "\r\n").encode() for p in (5050, 5051))
    for content in (before, after):
        repo.write("tunnel.sh", content)
        repo.commit("Fix the tunnel")
    learn(repo, "HEAD")
    repo.commit("the rule")
    repo.write("tunnel.sh", before)
    repo.guard("check", "--all", "--select", "fixes", "--fix")
    assert (repo.root / "tunnel.sh").read_bytes() == after


def test_two_alike_are_one_rule(repo: Repo) -> None:
    text = "a:\n  host: {0}\nb:\n  port: 1\nc:\n  host: {0}\n"
    repo.commit("start", **{"c.yml": text.format("lab-old")})
    repo.commit("Fix the host", **{"c.yml": text.format("lab-new")})
    learn(repo, "HEAD")
    assert only(repo)["bad"] == "host: lab-old"


NOTHING = {
    "a comment": ("a.yml", "a: one two\n# old\n", "a: one two\n# new\n"),
    "a version": ("pyproject.toml", 'version = "1.2.0"\n', 'version = "1.2.1"\n'),
    "a version in JSON": ("package.json", '{\n  "version": "1.0.0",\n "a": 1\n}', '{\n  "version": "1.0.1",\n "a": 1\n}'),
    "indentation": ("a.sh", "if x; then\nfoo bar\nfi\n", "if x; then\n  foo bar\nfi\n"),
}  # fmt: skip


@pytest.mark.parametrize("case", NOTHING.values(), ids=[n.replace(" ", "-") for n in NOTHING])
def test_what_is_no_fix_teaches_nothing(repo: Repo, case: tuple[str, str, str]) -> None:
    path, before, after = case
    repo.commit("start", **{path: before})
    repo.commit("Fix it", **{path: after})
    assert "nothing to learn" in learn(repo, "HEAD", status=1).out


REFUSED = {
    "the lines say too little": ("a.yml", "a:\n  - x\n", "a:\n  - y\n", "too little"),
    "too many lines": (
        "a.yml",
        "".join(f"key{n}: old\n" for n in range(9)),
        "".join(f"key{n}: new\n" for n in range(9)),
        "more than 6 lines",
    ),
    "what was taken out also stands elsewhere": (
        "a.yml",
        "one:\n  retries: 0\ntwo:\n\n  retries: 0\n",
        "one:\n  retries: 0\ntwo:\n\n  retries: 3\n",
        "also stand",
    ),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=[n.replace(" ", "-") for n in REFUSED])
def test_where_no_rule_is_safe_it_says_why(repo: Repo, case: tuple[str, str, str, str]) -> None:
    path, before, after, why = case
    repo.commit("start", **{path: before})
    repo.commit("Fix it", **{path: after})
    ran = learn(repo, "HEAD", status=1)
    assert f"no safe rule for {path}" in ran.out
    assert why in ran.out
    assert rules(repo) == {}


def test_beside_code_other_files_are_left_out(repo: Repo) -> None:
    repo.commit("start", **{"a.py": "fetch(url, timeout=None)\n", "a.yml": "retries: 12345\n"})
    repo.commit("Fix it", **{"a.py": "fetch(url, timeout=30)\n", "a.yml": "retries: 54321\n"})
    learn(repo, "HEAD")
    assert "timeout" in only(repo)["forbid"]


@pytest.mark.parametrize("path", ["README.md", "yarn.lock", "package-lock.json", "a.min.js"])
def test_what_is_no_code_is_left_out(repo: Repo, path: str) -> None:
    repo.commit("start", **{path: '"resolved": "one thing"\n'})
    repo.commit("Fix it", **{path: '"resolved": "another thing"\n'})
    assert "changes no code" in learn(repo, "HEAD", status=2).all


def test_bytes_that_are_no_text_are_passed_over(repo: Repo) -> None:
    repo.write("a.bin", b"one two\0\n")
    repo.commit("start")
    repo.write("a.bin", b"one three\0\n")
    repo.commit("Fix it")
    assert "a.bin: passed over: it is no text" in learn(repo, "HEAD", status=1).out
