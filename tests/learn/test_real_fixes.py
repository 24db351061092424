"""Rules learned from fixes that were really made: each is the rule one would have written."""

from __future__ import annotations

import pytest
from real_fixes import FIXES, Real

from guard.fixes.learning.lesson import learn
from guard.fixes.learning.sample import Fix, Sample
from guard.fixes.learning.teacher import matches, required
from guard.fixes.proof import failures
from guard.fixes.repair import patched, repairs
from guard.fixes.rule import Rule


def nowhere(rule: Rule, path: str, symbol: str) -> list[str]:
    return []


def taught(fix: Real) -> tuple[Sample, Rule]:
    made = Fix(fix.commit, f"Fix what {fix.package} fixed")
    sample = Sample("pkg/module.py", fix.before.encode(), fix.after.encode(), made)
    lesson = learn([sample], nowhere)
    assert not lesson.refusals, [r.why for r in lesson.refusals]
    assert len(lesson.proposals) == 1, [p[0].rule.text for p in lesson.proposals]
    return sample, lesson.proposals[0][0].rule


def test_there_are_at_least_twenty() -> None:
    assert len({(f.package, f.commit) for f in FIXES}) >= 20


@pytest.mark.parametrize("fix", [pytest.param(f, id=f"{f.package} {f.commit}") for f in FIXES])
def test_the_rule_is_the_one_that_one_would_write(fix: Real) -> None:
    _, rule = taught(fix)
    assert [p.source.strip() for p in rule.forbid] == ([fix.forbid] if fix.forbid else [])
    assert [p.source.strip() for p in rule.require] == ([fix.require] if fix.require else [])
    assert [p.source.strip() for p in rule.not_inside] == (
        [fix.not_inside] if fix.not_inside else []
    )
    assert (rule.replace.source.strip() if rule.replace else "") == fix.replace
    assert ".".join(part for part in (rule.class_, rule.function) if part) == fix.where
    assert bool(rule.paths) is fix.scoped


@pytest.mark.parametrize("fix", [pytest.param(f, id=f"{f.package} {f.commit}") for f in FIXES])
def test_the_rule_tells_before_from_after_and_its_repair_gives_the_fix(fix: Real) -> None:
    sample, rule = taught(fix)
    assert failures(rule) == []
    if rule.require:
        assert required(rule, sample.new)
        assert not required(rule, sample.old)
        return
    found = matches(rule, sample.old)
    assert found
    assert matches(rule, sample.new) == []
    if rule.replace is not None:
        patches = [p for each in repairs(rule, found, sample.old) for p in each]
        assert rule.language.equal(patched(sample.old.text, patches), fix.after)
