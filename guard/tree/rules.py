"""The rules of the tree check in words, and the options that turn them."""

from __future__ import annotations

from guard.values import TYPE_CHECKING, dataclass, field

if TYPE_CHECKING:
    from typing import Literal, TypeAlias

# As text, since importing Literal takes 2 ms; who fills the options evaluates it.
Level: TypeAlias = 'Literal["error", "warning", "off"]'

# Names of files that hold secrets; as in .gitignore the last glob that matches decides.
SECRETS = tuple(
    ".env .env.* *.env .envrc !.env*.example !.env*.sample !.env*.template !.env*.dist "
    "!.env*.defaults !example.env !sample.env *.pem *.key *.p12 *.pfx *.jks *.keystore *.kdbx "
    "*.ppk *.ovpn id_rsa id_dsa id_ecdsa id_ed25519 *_rsa *_dsa *_ecdsa *_ed25519 "
    "ssh_host_*_key .netrc _netrc .npmrc .pypirc .pgpass .my.cnf .htpasswd .git-credentials "
    ".dockercfg .dockerconfigjson .docker/config.json .aws/credentials kubeconfig *.kubeconfig "
    ".kube/config credentials credentials.json *credentials*.json client_secret*.json "
    "*service-account*.json *service_account*.json auth.json secret secrets *.secret *.tfvars "
    "*.tfstate *.tfstate.* .vault_pass* .boto .s3cfg .bash_history".split()
    # Data only: secrets.js in a folder of build results is code about secrets.
    + [
        f"{name}.{kind}"
        for name in ("secret", "secrets")
        for kind in "yml yaml json toml ini txt conf cfg properties xml".split()
    ]
)

# What programs leave beside the code. Nobody means to commit it.
LITTER = tuple(
    "node_modules/ bower_components/ .venv/ venv/ __pycache__/ *.pyc .tox/ .nox/ .pytest_cache/ "
    ".mypy_cache/ .ruff_cache/ .hypothesis/ .nyc_output/ htmlcov/ .idea/ .DS_Store Thumbs.db "
    "*.swp *~ .#* .guard-draft-* *.log .coverage".split()
)


@dataclass(frozen=True, slots=True)
class Options:
    """What the tree check insists on."""

    pushed: bool = True
    """Whether the commit must be on a remote."""

    live: bool = True
    """Whether the remotes are asked; else what was last fetched counts."""

    timeout: float = field(default=5.0, metadata={"within": (0.1, 600)})
    """How many seconds the remotes get to answer: from 0.1 to 600."""

    repository: bool = True
    """Whether a build from a folder that is in no repository is refused."""

    ignored: Level = "warning"
    """What to say of files that git ignores and the build sends."""

    secret: Level = "error"
    """What to say of those among them that look like a secret."""

    secrets: tuple[str, ...] = ()
    """Globs of further names that look like a secret; with `!` in front, of names that do not."""


RULES = {
    "tree/remote-differs": "The build takes a git URL of this repository, and the remote has "
    "another commit there\n\nThe image would not hold what you have here: push or pull first.",
    "tree/remote-unreachable": "The remote that the build takes its files from did not answer\n\n"
    "Whether it has there what you have here is not known.",
    "tree/archive": "The tar on stdin holds a file that is not as the commit has it\n\n"
    "Nobody could build this image again: `git archive HEAD | docker build -` sends the commit.",
    "tree/stdin": "The Dockerfile on stdin is in no file of the commit\n\n"
    "Nobody could build this image again from the repository alone.",
    "tree/no-repository": "The folder is in no git repository\n\n"
    "What is built from it could not be built again, and nobody could say what is in it. "
    "`[tree] repository = false` in the folder's guard.toml lets such builds through.",
    "tree/unborn": "There is no commit yet\n\nCommit and push before building.",
    "tree/dirty": "A file that enters the image is changed and not committed\n\n"
    "The image would hold code that is in no commit: nobody could build it again, and the next "
    "checkout loses it.",
    "tree/untracked": "A file that enters the image is not in git\n\n"
    "A clean checkout would not have it, so the same commit would give another image.",
    "tree/hidden": "A change is hidden from git status\n\n"
    "assume-unchanged, skip-worktree, `core.fileMode=false`, `core.fsmonitor`, `core.checkStat`, "
    "`core.trustctime` and `core.ignoreCase` make git look away. docker does not.",
    "tree/filtered": "A clean filter or converted line ends hide what is on disk\n\n"
    "git compares what the filter, or `text`, `eol` and `core.autocrlf`, make of the file; docker "
    "sends the file. What is on disk is not what a checkout of the commit would give.",
    "tree/ignored": "A file that git ignores enters the image\n\n"
    "It is in no commit, so it differs from one machine to the next. Name it in the "
    "`.dockerignore`. `[tree] ignored` is `warning`, `error` or `off`.",
    "tree/secret": "What looks like a secret enters the image\n\n"
    "git ignores the file, the build sends it, and whoever has the image has the secret. "
    "`[tree] secrets` lists further globs, `!glob` takes one away; `secret` is the level.",
    "tree/nested": "Another repository lies in the build's folder\n\n"
    "Its files enter the image and are in no commit of this repository.",
    "tree/lfs-pointer": "A pointer of Git LFS stands where the content should be\n\n"
    "The image would hold a few lines about the file and not the file.",
    "tree/sparse": "Files of the commit are not checked out\n\n"
    "A sparse checkout leaves them out, so the image is not that of the commit.",
    "tree/submodule-dirty": "A file of a submodule is not as its commit has it\n\n"
    "The image would hold code that is in no commit.",
    "tree/submodule-moved": "A submodule is not at the commit that is recorded\n\n"
    "Everyone else gets the recorded one.",
    "tree/submodule-unpushed": "A submodule's commit is on no remote\n\n"
    "Nobody else can check it out, even where the repository around it is pushed.",
    "tree/submodule-missing": "A submodule is not checked out\n\n"
    "Its folder would be empty in the image.",
    "tree/replaced": "A replace ref exchanges what is in the commit\n\n"
    "`refs/replace/` shows another object here than everyone else has under the same id.",
    "tree/in-progress": "A merge, rebase, cherry-pick, revert, am or bisect is half done\n\n"
    "What is on disk is a state in between that nobody wants to run.",
    "tree/unpushed": "The commit is on no remote\n\n"
    "Nobody else could build this image or see what is in it.",
    "tree/behind": "The branch is behind its upstream\n\n"
    "The image would hold yesterday's code. A branch that left its upstream for another one of "
    "its own is only warned about.",
    "tree/rewritten": "The upstream was force-pushed and no longer has this commit\n\n"
    "The code here was taken back by whoever rewrote the branch.",
    "tree/upstream-gone": "The upstream branch does not exist any more\n\n"
    "It was merged or dropped; work goes on elsewhere.",
    "tree/unreachable": "A remote could not be asked\n\n"
    "What was last fetched from it counts instead, and may be out of date. `--offline` or "
    "`[tree] live = false` does not ask.",
}
