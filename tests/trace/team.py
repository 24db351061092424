"""A team's repository in which the fix of the incident is made, lost and made again."""

from __future__ import annotations

from pathlib import Path

from conftest import Repo, execute

PATH = "backend/client.py"
BAD = "def body(tftp_ipv6):\n    return {'ipv6': tftp_ipv6 if tftp_ipv6 is not None else None}\n"
GOOD = "def body(tftp_ipv6):\n    return {'ipv6': tftp_ipv6 if tftp_ipv6 else ''}\n"
RULE = """why = "the API wants ipv6 even when it is empty"
commit = "{commit}"
forbid = '"ipv6": $X if $X is not None else None'
replace = '"ipv6": $X if $X else ""'
bad = 'f(ipv6=x if x is not None else None)'
good = 'f(ipv6=x if x else "")'
"""


class Team:
    """Commits by several people, one a day."""

    def __init__(self, repo: Repo, remote: Path) -> None:
        self.repo = repo
        self.day = 0
        execute("git", "init", "-q", "--bare", "-b", "main", str(remote), cwd=repo.root)
        repo.git("remote", "add", "origin", str(remote))

    def env(self, who: str) -> dict[str, str]:
        self.day += 1
        when = f"2026-01-{self.day:02d}T10:00:00+00:00"
        return {
            "GIT_AUTHOR_NAME": who,
            "GIT_AUTHOR_DATE": when,
            "GIT_COMMITTER_DATE": when,
        }

    def git(self, *args: str, who: str = "Ana") -> str:
        return self.repo.git(*args, **self.env(who))

    def commit(self, message: str, who: str = "Ana", **files: str) -> str:
        for path, content in files.items():
            self.repo.write(path, content)
        self.repo.git("add", "-A")
        self.git("commit", "-q", "--no-verify", "--allow-empty", "-m", message, who=who)
        return self.head()

    def head(self) -> str:
        return self.repo.git("rev-parse", "HEAD").strip()

    def rule(self, commit: str, name: str = "ipv6", text: str = RULE) -> None:
        """A rule on disk that is not committed: it is in the work tree of every branch."""
        self.repo.write(f".guard/fixes/{name}.toml", text.replace("{commit}", commit))
        self.repo.write(".git/info/exclude", ".guard\n")
