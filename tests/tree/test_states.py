"""A table of what can be the matter with a work tree, and what the tree check says of it."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Repo, execute, made
from world import World

CASES: list[tuple[str, set[str], Callable[[World], object]]] = []


def case(*expected: str):
    """Declares a function that brings a world into a state, with what is to be said of it."""

    def declare(arrange: Callable[[World], object]):
        CASES.append((arrange.__name__, set(expected), arrange))
        return arrange

    return declare


def tick() -> None:
    """Waits for the next second: git compares times of change by whole seconds."""
    time.sleep(1.01 - time.time() % 1)


@case()
def clean_and_pushed(w: World):
    pass


# Files that git status shows.


@case("tree/dirty app/main.py")
def changed(w: World):
    w.write("app/main.py", "print(2)\n")


@case("tree/dirty app/main.py")
def staged(w: World):
    w.write("app/main.py", "print(2)\n")
    w.git("add", "-A")


@case("tree/dirty app/main.py")
def staged_and_changed_back_on_disk(w: World):
    w.write("app/main.py", "print(2)\n")
    w.git("add", "-A")
    w.write("app/main.py", "print(1)\n")


@case("tree/dirty app/main.py")
def deleted(w: World):
    w.place("app/main.py").unlink()


@case("tree/dirty app/main.py")
def deletion_staged(w: World):
    w.git("rm", "-q", "app/main.py")


@case("tree/dirty app/main.py", "tree/untracked app/main.py")
def taken_out_of_git_and_left_on_disk(w: World):
    w.git("rm", "-q", "--cached", "app/main.py")


@case("tree/dirty app/main.py", "tree/dirty app/moved.py")
def renamed(w: World):
    w.git("mv", "app/main.py", "app/moved.py")


@case("tree/dirty app/new.py")
def intent_to_add(w: World):
    w.write("app/new.py", "x")
    w.git("add", "-N", "app/new.py")


@case("tree/dirty app/run.sh")
def executable_bit(w: World):
    w.place("app/run.sh").chmod(0o644)


@case("tree/dirty app/main.py")
def file_became_a_symlink(w: World):
    w.place("app/main.py").unlink()
    w.place("app/main.py").symlink_to("run.sh")


@case("tree/untracked app/new.py")
def untracked(w: World):
    w.write("app/new.py", "x")


@case("tree/untracked app/a b/c\n.py", "tree/untracked app/\udcff")
def untracked_with_strange_names(w: World):
    w.write("app/a b/c\n.py", "x")
    w.write("app/\udcff", "x")


@case("tree/untracked app/link")
def untracked_symlink(w: World):
    w.place("app/link").symlink_to("main.py")


@case("tree/untracked app/new/a", "tree/untracked app/new/b")
def untracked_although_the_user_hides_them(w: World):
    w.git("config", "status.showUntrackedFiles", "no")
    w.write("app/new/a", "x")
    w.write("app/new/b", "x")


@case("tree/dirty app/main.py", "tree/in-progress .")
def merge_in_conflict(w: World):
    w.git("switch", "-q", "-c", "side")
    w.commit("side", **{"app/main.py": "side\n"})
    w.git("switch", "-q", "main")
    w.commit("main", **{"app/main.py": "main\n"})
    w.push()
    w.git("merge", "side", ok=False)


# What does not enter the build.


@case()
def changed_outside_the_context(w: World):
    w.write("docs/a.md", "more")
    w.write("docs/new.md", "new")
    w.write("docs/.env", "secret")


@case()
def changed_where_the_ignore_file_says(w: World):
    w.write("app/skip/x.py", "changed")
    w.write("app/skip/new.py", "new")
    w.write("app/skip/.env", "secret")


@case()
def deleted_outside_the_context(w: World):
    w.place("docs/a.md").unlink()
    w.place("app/skip/x.py").unlink()


@case()
def empty_folder(w: World):
    w.place("app/empty/deeper").mkdir(parents=True)


# What git ignores.


@case("tree/secret app/.env")
def secret_by_name(w: World):
    w.write("app/.env", "PASSWORD=1\n")


@case("tree/secret app/server.pem")
def secret_by_extension(w: World):
    w.write("app/server.pem", "who knows\n")


@case("~tree/ignored app/ca.pem")
def a_certificate_is_no_secret(w: World):
    w.write("app/ca.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")


@case("tree/secret app/build/deploy")
def private_key_under_any_name(w: World):
    w.write("app/build/deploy", "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n")


@case("tree/secret app/build/.env", "~tree/ignored app/build")
def secret_in_an_ignored_folder(w: World):
    w.write("app/build/.env", "x")
    w.write("app/build/o.js", "x")


@case("~tree/ignored app/node_modules")
def dependencies_with_keys_of_their_tests(w: World):
    w.write("app/node_modules/tls/test/server.pem", "-----BEGIN PRIVATE KEY-----")
    w.write("app/node_modules/.npmrc", "x")
    w.write("app/node_modules/tls/index.js", "x")


@case("~tree/ignored app/build")
def an_ignored_folder(w: World):
    w.write("app/build/a.js", "x")
    w.write("app/build/deep/b.js", "x")


@case("~tree/ignored app/my.token")
def ignored_by_info_exclude_and_not_by_name(w: World):
    w.write("app/my.token", "x")


@case()
def an_ignored_folder_that_holds_no_file(w: World):
    w.place("app/build/deep").mkdir(parents=True)


# What is hidden from git status.


@case("tree/hidden app/main.py")
def assume_unchanged(w: World):
    w.git("update-index", "--assume-unchanged", "app/main.py")
    w.write("app/main.py", "print(2)\n")


@case()
def assume_unchanged_and_nothing_changed(w: World):
    w.git("update-index", "--assume-unchanged", "app/main.py")
    os.utime(w.place("app/main.py"), (1, 1))


@case("tree/hidden app/main.py")
def assume_unchanged_and_deleted(w: World):
    w.git("update-index", "--assume-unchanged", "app/main.py")
    w.place("app/main.py").unlink()


@case("tree/hidden app/main.py")
def skip_worktree(w: World):
    w.git("update-index", "--skip-worktree", "app/main.py")
    w.write("app/main.py", "print(2)\n")


@case("tree/hidden app/main.py")
def both_flags(w: World):
    w.git("update-index", "--skip-worktree", "app/main.py")
    w.git("update-index", "--assume-unchanged", "app/main.py")
    w.write("app/main.py", "print(2)\n")


@case("tree/hidden app/main.py")
def skip_worktree_and_deleted_without_sparse_checkout(w: World):
    w.git("update-index", "--skip-worktree", "app/main.py")
    w.place("app/main.py").unlink()


@case()
def flagged_outside_the_context(w: World):
    w.git("update-index", "--assume-unchanged", "docs/a.md")
    w.write("docs/a.md", "print(2)\n")


@case("~tree/sparse .")
def sparse_checkout_of_a_part_of_the_context(w: World):
    w.git("sparse-checkout", "set", "app/skip")


@case()
def sparse_checkout_that_leaves_out_something_else(w: World):
    w.git("sparse-checkout", "set", "app")


@case("tree/hidden app/run.sh")
def file_mode_off(w: World):
    w.git("config", "core.fileMode", "false")
    w.place("app/run.sh").chmod(0o644)


@case("tree/dirty app/run.sh")
def file_mode_off_and_the_content_changed(w: World):
    w.git("config", "core.fileMode", "false")
    w.write("app/run.sh", "other")


@case("tree/hidden app/main.py")
def lying_fsmonitor(w: World):
    # It says that nothing ever changes.
    hook = w.write("../monitor", "#!/bin/sh\nprintf 'token\\0'\n")
    hook.chmod(0o755)
    w.git("config", "core.fsmonitor", str(hook))
    w.git("update-index", "--fsmonitor")
    w.git("status")
    w.git("update-index", "--fsmonitor-valid", "app/main.py")
    w.write("app/main.py", "print(2)\n")


@case("tree/hidden app/main.py")
def times_put_back_under_minimal_stat(w: World):
    w.git("config", "core.checkStat", "minimal")
    w.git("config", "core.trustctime", "false")
    place = w.place("app/main.py")
    os.utime(place, (1_000_000_000, 1_000_000_000))
    w.git("update-index", "--refresh", ok=False)
    tick()
    place.write_text("print(2)\n")
    os.utime(place, (1_000_000_000, 1_000_000_000))
    assert not w.git("status", "--porcelain"), "git itself must be fooled"


@case("tree/hidden app/main.py")
def times_put_back_without_ctime(w: World):
    w.git("config", "core.trustctime", "false")
    place = w.place("app/main.py")
    os.utime(place, (1_000_000_000, 1_000_000_000))
    w.git("update-index", "--refresh", ok=False)
    tick()
    place.write_text("print(2)\n")
    os.utime(place, (1_000_000_000, 1_000_000_000))
    assert not w.git("status", "--porcelain"), "git itself must be fooled"


@case("tree/untracked app/MAIN.py")
def ignore_case(w: World):
    w.git("config", "core.ignoreCase", "true")
    w.write("app/MAIN.py", "print(2)\n")


@case("tree/untracked app/new.py")
def untracked_cache_that_is_out_of_date(w: World):
    w.git("config", "core.untrackedCache", "true")
    w.git("update-index", "--force-untracked-cache")
    w.git("status")
    folder = w.place("app")
    before = folder.stat()
    w.write("app/new.py", "x")
    os.utime(folder, ns=(before.st_atime_ns, before.st_mtime_ns))


@case("tree/filtered app/main.py")
def clean_filter(w: World):
    w.git("config", "filter.drop.clean", "grep -v SECRET")
    w.commit("attributes", **{".gitattributes": "*.py filter=drop\n"})
    w.push()
    w.write("app/main.py", "print(1)\nSECRET = 1\n")
    w.git("add", "-A")
    assert not w.git("status", "--porcelain")


@case()
def a_filter_whose_checkout_is_what_is_on_disk(w: World):
    w.git("config", "filter.rot.clean", "tr a-z b-za")
    w.git("config", "filter.rot.smudge", "tr b-za a-z")
    w.commit("rot", **{".gitattributes": "*.py filter=rot\n", "app/new.py": "abc\n"})
    w.git("add", "--renormalize", ".")
    w.git("commit", "-qm", "normal", ok=False)
    w.push()


@case()
def a_filter_that_is_not_installed(w: World):
    w.commit("attributes", **{".gitattributes": "*.py filter=gone\n"})
    w.push()


@case("tree/filtered app/main.py")
def clean_filter_by_attributes_in_the_context(w: World):
    w.git("config", "filter.drop.clean", "grep -v SECRET")
    w.commit("attributes", **{"app/.gitattributes": "main.py filter=drop\n"})
    w.push()
    w.write("app/main.py", "print(1)\nSECRET = 1\n")
    w.git("add", "-A")


@case("tree/filtered app/run.sh")
def line_ends_that_git_takes_for_the_same(w: World):
    w.commit("attributes", **{".gitattributes": "*.sh text=auto\n"})
    w.push()
    w.write("app/run.sh", "#!/bin/sh\r\n")
    w.git("add", "-A")
    assert not w.git("status", "--porcelain")


@case("tree/filtered app/run.sh")
def line_ends_under_autocrlf(w: World):
    w.git("config", "core.autocrlf", "input")
    w.write("app/run.sh", "#!/bin/sh\r\n")
    w.git("add", "-A", ok=False)
    assert not w.git("status", "--porcelain")


@case()
def line_ends_as_a_checkout_writes_them(w: World):
    w.commit("attributes", **{".gitattributes": "*.sh text eol=crlf\n*.py text=auto ident\n"})
    w.push()
    w.place("app/run.sh").unlink()
    w.git("checkout", "app/run.sh")
    assert b"\r\n" in w.place("app/run.sh").read_bytes()


@case("tree/dirty app/run.sh")
def a_changed_file_is_named_once_though_it_is_converted(w: World):
    w.commit("attributes", **{".gitattributes": "* text=auto\n"})
    w.push()
    w.write("app/run.sh", "#!/bin/sh\r\necho more\n")


POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"


@case("tree/lfs-pointer app/model.bin")
def lfs_pointer(w: World):
    w.commit("lfs", **{".gitattributes": "*.bin filter=lfs\n", "app/model.bin": POINTER})
    w.push()


@case()
def lfs_content(w: World):
    w.git("config", "filter.lfs.clean", f"cat >/dev/null; printf '{POINTER}'")
    w.git("config", "filter.lfs.smudge", "cat >/dev/null; printf content")
    w.commit("lfs", **{".gitattributes": "*.bin filter=lfs\n", "app/model.bin": "content"})
    w.push()


@case()
def lfs_pointer_outside_the_context(w: World):
    w.commit("lfs", **{".gitattributes": "*.bin filter=lfs\n", "docs/model.bin": POINTER})
    w.push()


@case("tree/replaced app/main.py")
def a_blob_is_replaced(w: World):
    w.git("replace", "HEAD:app/main.py", "HEAD~1:app/main.py")


@case("tree/replaced .", "tree/dirty app/main.py")
def head_is_replaced(w: World):
    w.git("replace", "HEAD", "HEAD~1")
    w.git("reset", "-q", "--hard")


@case("~tree/replaced .")
def only_history_is_replaced(w: World):
    w.git("replace", "--graft", "HEAD")


@case("~tree/replaced .")
def a_replaced_blob_outside_the_context(w: World):
    w.git("replace", "HEAD:docs/a.md", "HEAD~1:app/main.py")


# Repositories in the repository.


@case("tree/nested app/other")
def nested_repository(w: World):
    made(w.place("app/other")).commit("x", **{"a.py": "x"})


@case("tree/nested app/other")
def nested_repository_without_a_commit(w: World):
    made(w.place("app/other")).write("a.py", "x")


@case("tree/nested app/build")
def nested_repository_that_is_ignored(w: World):
    made(w.place("app/build")).commit("x", **{"a.py": "x"})


@case()
def nested_repository_outside_the_context(w: World):
    made(w.place("app/skip/other")).commit("x", **{"a.py": "x"})
    made(w.place("docs/other")).commit("x", **{"a.py": "x"})


@case()
def submodule_sound(w: World):
    w.submodule()


@case("tree/submodule-dirty app/lib/util.py")
def submodule_dirty(w: World):
    w.submodule().write("util.py", "x = 2\n")


@case("tree/submodule-dirty app/lib/new.py")
def submodule_with_an_untracked_file(w: World):
    w.submodule().write("new.py", "x = 2\n")


@case("tree/submodule-dirty app/lib/util.py")
def submodule_dirty_although_configured_to_be_ignored(w: World):
    w.submodule().write("util.py", "x = 2\n")
    w.git("config", "submodule.app/lib.ignore", "all")
    w.git("config", "diff.ignoreSubmodules", "all")


@case()
def submodule_dirty_where_the_ignore_file_says(w: World):
    w.submodule("app/skip/lib").write("util.py", "x = 2\n")


@case("tree/hidden app/lib/util.py")
def submodule_with_a_hidden_change(w: World):
    library = w.submodule()
    library.git("update-index", "--assume-unchanged", "util.py")
    library.write("util.py", "x = 2\n")


@case("tree/secret app/lib/.env")
def secret_in_a_submodule(w: World):
    library = w.submodule()
    (library.root / ".env").write_text("x")
    exclude = library.git("rev-parse", "--git-path", "info/exclude").strip()
    (library.root / exclude).write_text(".env\n")


@case("tree/submodule-moved app/lib", "tree/submodule-unpushed app/lib")
def submodule_with_a_commit_of_its_own(w: World):
    w.submodule().commit("ahead", **{"util.py": "x = 3\n"})


@case("tree/submodule-moved app/lib")
def submodule_at_another_commit_although_ignored(w: World):
    library = w.submodule()
    w.git("config", "submodule.app/lib.ignore", "all")
    library.commit("ahead", **{"util.py": "x = 3\n"})
    library.git("push", "-q", "origin", "HEAD:main")


@case("tree/submodule-unpushed app/lib")
def submodule_commit_recorded_and_pushed_only_above(w: World):
    w.submodule().commit("ahead", **{"util.py": "x = 3\n"})
    w.commit("record")
    w.push()


@case("tree/submodule-missing app/lib")
def submodule_not_initialised(w: World):
    w.submodule()
    w.git("submodule", "deinit", "-q", "-f", "app/lib")


@case("tree/submodule-missing app/lib")
def submodule_folder_deleted(w: World):
    w.submodule()
    shutil.rmtree(w.place("app/lib"))


@case()
def submodule_not_initialised_outside_the_context(w: World):
    w.submodule("docs/lib")
    w.git("submodule", "deinit", "-q", "-f", "docs/lib")


@case("tree/submodule-unpushed app/lib")
def gitlink_without_gitmodules(w: World):
    made(w.place("app/lib")).commit("x", **{"a.py": "x"})
    w.git("add", "app/lib")
    w.commit("embedded by accident")
    w.push()


# What is half done.


@case("tree/in-progress .", "tree/dirty app/main.py")
def rebase(w: World):
    w.commit("a", **{"app/main.py": "a\n"})
    w.git("rebase", "--onto", "HEAD~2", "HEAD~1", ok=False)


@case("tree/in-progress .", "tree/dirty app/main.py")
def cherry_pick(w: World):
    w.git("cherry-pick", "HEAD~1", ok=False)


@case("tree/in-progress .", "tree/dirty app/main.py")
def revert(w: World):
    w.commit("a", **{"app/main.py": "a\n"})
    w.push()
    w.git("revert", "--no-edit", "HEAD~1", ok=False)


@case("tree/in-progress .")
def bisect(w: World):
    w.git("bisect", "start")


@case("tree/in-progress .")
def merge_without_conflict(w: World):
    w.git("switch", "-q", "-c", "side", "HEAD~1")
    w.commit("side", **{"docs/merged.md": "x"})
    w.git("switch", "-q", "main")
    w.git("merge", "--no-commit", "side")


# Where the commit is.


@case("tree/unpushed .")
def not_pushed(w: World):
    w.commit("local")


@case("tree/unpushed .")
def on_a_branch_that_was_never_pushed(w: World):
    w.git("switch", "-q", "-c", "feature")
    w.commit("local")


@case()
def on_a_new_branch_at_a_pushed_commit(w: World):
    w.git("switch", "-q", "-c", "feature")


@case("tree/unborn .", "tree/untracked app/main.py")
def no_commit_yet(w: World):
    shutil.rmtree(w.place(".git"))
    w.git("init", "-q", "-b", "main")
    for path in ("app/run.sh", "app/util", "app/skip", ".gitignore"):
        place = w.place(path)
        shutil.rmtree(place) if place.is_dir() else place.unlink()


@case("tree/unpushed .")
def no_remote(w: World):
    w.git("remote", "remove", "origin")


@case()
def detached_at_a_pushed_commit(w: World):
    w.git("checkout", "-q", "--detach")


@case()
def detached_at_an_old_pushed_commit(w: World):
    w.git("checkout", "-q", "--detach", "HEAD~1")


@case("tree/unpushed .")
def detached_at_a_commit_of_its_own(w: World):
    w.git("checkout", "-q", "--detach")
    w.commit("local")


@case()
def a_pushed_tag(w: World):
    w.git("checkout", "-q", "--detach")
    w.commit("release")
    w.git("tag", "v1")
    w.push("origin", "v1")


@case()
def a_pushed_annotated_tag(w: World):
    w.git("checkout", "-q", "--detach")
    w.commit("release")
    w.git("tag", "-a", "-m", "one", "v1")
    w.push("origin", "v1")


@case()
def below_a_pushed_tag(w: World):
    w.git("checkout", "-q", "--detach")
    w.commit("release")
    w.commit("more")
    w.git("tag", "-a", "-m", "one", "v1")
    w.push("origin", "v1")
    w.git("checkout", "-q", "HEAD~1")


@case("tree/unpushed .")
def a_tag_that_is_not_pushed(w: World):
    w.git("checkout", "-q", "--detach")
    w.commit("release")
    w.git("tag", "v1")


@case()
def in_a_ref_that_is_no_branch(w: World):
    w.git("checkout", "-q", "--detach")
    w.commit("merge of a pull request")
    w.push("origin", "HEAD:refs/pull/12/merge")


@case()
def on_a_fork(w: World):
    fork = w.bare("fork.git")
    w.git("remote", "add", "fork", str(fork))
    w.git("switch", "-q", "-c", "feature")
    w.commit("work")
    w.push("-u", "fork", "feature")


@case()
def on_the_second_of_several_remotes(w: World):
    for name in ("a", "b"):
        w.git("remote", "add", name, str(w.bare(f"{name}.git")))
    w.git("switch", "-q", "-c", "feature")
    w.commit("work")
    w.push("b", "feature")


@case()
def a_dead_remote_that_nobody_needs(w: World):
    w.git("remote", "add", "dead", "../nowhere.git")


@case("~tree/unreachable .", "tree/unpushed .")
def a_dead_remote_that_might_have_known(w: World):
    w.git("remote", "add", "dead", "../nowhere.git")
    w.commit("local")


@case("~tree/unreachable .")
def the_remote_cannot_be_reached_and_the_tracking_ref_knows(w: World):
    w.git("remote", "set-url", "origin", "../nowhere.git")


@case("~tree/unreachable .", "tree/unpushed .")
def the_remote_cannot_be_reached_and_nothing_knows(w: World):
    w.git("remote", "set-url", "origin", "../nowhere.git")
    w.commit("local")


@case("~tree/unreachable .", "tree/behind .")
def the_remote_cannot_be_reached_and_the_branch_is_behind_what_was_fetched(w: World):
    w.git("reset", "-q", "--hard", "HEAD~1")
    w.git("remote", "set-url", "origin", "../nowhere.git")


@case("tree/behind .")
def behind_what_was_fetched(w: World):
    w.git("reset", "-q", "--hard", "HEAD~1")


@case("tree/behind .")
def behind_what_was_never_fetched(w: World):
    other = w.colleague()
    other.commit("news", **{"app/main.py": "print(3)\n"})
    other.git("push", "-q")


@case("tree/behind .")
def behind_without_an_upstream_configured(w: World):
    w.git("branch", "--unset-upstream")
    other = w.colleague()
    other.commit("news")
    other.git("push", "-q")


@case("tree/behind .", "tree/unpushed .")
def diverged(w: World):
    other = w.colleague()
    other.commit("news")
    other.git("push", "-q")
    w.commit("local")


@case("~tree/behind .")
def a_branch_that_left_main_and_is_pushed(w: World):
    w.git("switch", "-q", "-c", "feature", "--track", "origin/main")
    w.commit("work")
    w.push("origin", "feature")
    other = w.colleague()
    other.commit("news")
    other.git("push", "-q")


@case("tree/behind .")
def a_branch_of_another_name_strictly_behind(w: World):
    w.git("switch", "-q", "-c", "feature", "--track", "origin/main")
    other = w.colleague()
    other.commit("news")
    other.git("push", "-q")


@case()
def detached_where_the_branch_moved_on(w: World):
    w.git("checkout", "-q", "--detach")
    other = w.colleague()
    other.commit("news")
    other.git("push", "-q")


@case("tree/rewritten .")
def force_pushed_away(w: World):
    other = w.colleague()
    other.git("commit", "-q", "--amend", "-m", "another second")
    other.git("push", "-q", "--force")


@case("tree/rewritten .")
def force_pushed_away_and_fetched(w: World):
    force_pushed_away(w)
    w.git("fetch", "-q")


@case("tree/rewritten .")
def force_pushed_away_below_own_work(w: World):
    w.commit("local")
    force_pushed_away(w)


@case("tree/rewritten .")
def upstream_was_reset_to_an_earlier_commit(w: World):
    other = w.colleague()
    other.git("reset", "-q", "--hard", "HEAD~1")
    other.git("push", "-q", "--force")


@case("tree/upstream-gone .")
def upstream_gone_and_merged(w: World):
    w.git("switch", "-q", "-c", "feature")
    w.push("-u", "origin", "feature")
    execute("git", "branch", "-D", "feature", cwd=w.folder / "origin.git")


@case("tree/upstream-gone .")
def upstream_gone_and_pruned(w: World):
    upstream_gone_and_merged(w)
    w.git("fetch", "-q", "--prune")


@case("tree/upstream-gone .", "tree/unpushed .")
def upstream_gone_with_the_only_copy(w: World):
    w.git("switch", "-q", "-c", "feature")
    w.commit("work")
    w.push("-u", "origin", "feature")
    execute("git", "branch", "-D", "feature", cwd=w.folder / "origin.git")


@case("tree/unpushed .")
def a_clone_of_an_empty_remote(w: World):
    shutil.rmtree(w.folder / "origin.git")
    w.bare("origin.git")
    w.git("update-ref", "-d", "refs/remotes/origin/main")


@case()
def follows_a_branch_of_this_repository(w: World):
    w.git("switch", "-q", "-c", "feature", "HEAD~1")
    w.git("branch", "--set-upstream-to", "main")


@pytest.mark.parametrize(
    ("expected", "arrange"), [c[1:] for c in CASES], ids=[c[0].replace("_", " ") for c in CASES]
)
def test_what_is_said(
    world: World,
    expected: set[str],
    arrange: Callable[[World], object],
) -> None:
    arrange(world)
    before = fingerprint(world.work)
    assert world.says() == expected
    assert fingerprint(world.work) == before, "looking changed the repository"


def fingerprint(repo: Repo) -> tuple[str, bytes, list[str]]:
    index = repo.root / ".git/index"
    found = (str(p) for p in Path(repo.root, ".git").rglob("*") if p.is_file())
    objects = sorted(place for place in found if "/guard/" not in place)  # those notes are guard's
    refs = repo.git("for-each-ref")
    return refs, index.read_bytes() if index.exists() else b"", objects
