"""A repository with every way to build, the states that it can be in, and a client of docker."""

from __future__ import annotations

from conftest import Repo

FILES = {
    "Dockerfile": "FROM scratch\nCOPY . /\n",
    ".dockerignore": "notes\n*.log\n",
    "f": "root\n",
    "notes/n": "notes\n",
    "web/Dockerfile": "FROM scratch\nCOPY . /\n",
    "web/f": "web\n",
    "api/Dockerfile": "FROM scratch\nCOPY . /\n",
    "api/f": "api\n",
    "df/alt": "FROM scratch\nCOPY . /\n",
    "df/alt.dockerignore": "web\n",
    "compose.yaml": """\
name: lab
services:
  web:
    build: {context: web, additional_contexts: {shared: ./api}}
    depends_on: [db]
  only: {build: ./web, profiles: [extra]}
  db: {image: postgres}
  back: {build: ./api, image: "lab/back:1"}
  child2: {build: ./web, depends_on: [back], profiles: [child]}
  always: {build: ./web, image: "lab/always", pull_policy: build, profiles: [always]}
  inline: {build: {context: ./api, dockerfile_inline: "FROM scratch"}, profiles: [inline]}
  dev:
    build: ./web
    image: lab/dev
    profiles: [dev]
    develop: {watch: [{path: ./web, action: rebuild}]}
""",
    "more/compose.yaml": """\
include: [../compose.yaml]
services:
  child: {extends: {file: base.yaml, service: base}}
""",
    "more/base.yaml": "services: {base: {build: ../api}}\n",
    "env.yaml": "services: {e: {build: '${PLACE:-./web}'}}\n",
    "env.list": "PLACE=./web\n",
    "unset.yaml": "services: {e: {build: '${PLACE:-./web}', env_file: not-there}}\n",
    "v1.yml": """\
version: "2.4"
services:
  web: {build: ./web, depends_on: [db]}
  db: {image: postgres}
  back: {build: ./api, image: "lab/back:1"}
  only: {build: ./web, profiles: [extra]}
""",
    "df/inline.hcl": """\
target "default" {
  context = "web"
  dockerfile-inline = "FROM scratch"
}
""",
    "docker-bake.hcl": """\
group "default" { targets = ["web"] }
target "web" {
  context = "web"
}
target "api" {
  context = "api"
  contexts = { base = "target:web" }
}
target "inline" {
  context = "."
  dockerfile-inline = "FROM scratch"
}
target "apart" {
  context = "web"
  dockerfile-inline = "FROM scratch"
}
""",
}

# clean, web/f changed, api/f staged, api/new untracked, root f deleted, df/alt and its like changed,
# notes/n changed (kept out by the .dockerignore), a commit that is not pushed
STATES = ("clean", "web", "api", "new", "root", "alt", "notes", "ahead")


def prepare(repo: Repo, state: str) -> None:
    match state:
        case "web" | "notes":
            repo.write({"web": "web/f", "notes": "notes/n"}[state], "changed\n")
        case "api":
            repo.write("api/f", "changed\n")
            repo.git("add", "api/f")
        case "new":
            repo.write("api/new", "new\n")
        case "root":
            (repo.root / "f").unlink()
        case "alt":
            repo.write("df/alt", "FROM scratch\n")
            repo.write("df/inline.hcl", FILES["df/inline.hcl"].replace("FROM", "from"))
        case "ahead":
            repo.commit("two")


# Says what the tests need of a client, hands compose and buildx on to the real ones, builds never.
# NEWER: a buildx that goes by BUILDX_BAKE_FILE, which 0.13 does not.
CLIENT = """#!/bin/sh
case $1 in
  -*) while [ "$1" ] && case $1 in -*) ;; *) false ;; esac; do
    case $1 in --version) echo "Docker version 28.2.2, build x"; exit ;; *=*) ;; *) [ "${2#-}" ] ;;
    esac; shift
  done ;;
esac
case $1 in
  compose) shift; exec {tools}/cli-plugins/docker-compose "$@" ;;
  buildx | builder)
    shift
    [ -z "$NEWER" ] || set -- "$@" -f "$BUILDX_BAKE_FILE"
    exec {tools}/cli-plugins/docker-buildx "$@" ;;
  bake) exec {tools}/cli-plugins/docker-buildx "$@" ;;
  version) echo 1.41 ;;
  image) echo lab/back:1; echo lab/always:latest; echo lab/dev:latest; echo postgres:latest ;;
  *) exit 1 ;;
esac
"""
