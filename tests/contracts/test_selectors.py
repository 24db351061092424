"""What a place means in each kind of file: values, where they stand, and what is not known."""

from __future__ import annotations

import pytest

from guard.contracts.place import parsed
from guard.contracts.places import Files
from guard.contracts.values import Missing
from guard.snapshot import Snapshot
from tests.contracts.known import KNOWN
from tests.contracts.samples import FILES

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
