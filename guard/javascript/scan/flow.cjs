// Reads blocks, and the statements that choose, repeat or catch.
"use strict";

const { MAYBE, ALWAYS, ENDS, giveUp, seen } = require("./facts.cjs");
const {
  WORD, CASE, CATCH, CONST, DEFAULT, ELSE, FINALLY, IN, VAR, WHILE, LET, OF, AWAIT,
} = require("./words.cjs");
const { now, next, peek, expect } = require("./tokens.cjs");
const { place, OTHER_NAME, listed, open, close, write } = require("./scopes.cjs");
const { LOOP, SWITCH_BODY, BROKEN, CONTINUED, enter, leave } = require("./jumps.cjs");
const { inner } = require("./inner.cjs");
const { declarators, binding } = require("./functions.cjs");
const { sequence } = require("./expressions.cjs");

// The current token is the brace a block begins with.
function block(directives) {
  const around = open();
  expect(123);
  const from = listed.length;
  const ended = inner.statements(directives);
  close(from);
  expect(125);
  place.here = around;
  return ended;
}

function ifStatement() {
  next();
  expect(40);
  sequence(false);
  expect(41);
  const one = inner.statement(false) & ENDS;
  if (now.token !== ELSE) return 0;
  next();
  return inner.statement(false) & one;
}

function whileStatement() {
  next();
  expect(40);
  const always = sequence(false) & ALWAYS;
  expect(41);
  enter(LOOP, 0);
  inner.statement(false);
  return leave() & BROKEN || !always ? 0 : ENDS;
}

function doStatement() {
  next();
  enter(LOOP, 0);
  const ends = inner.statement(false) & ENDS;
  const how = leave();
  if (now.token !== WHILE) giveUp();
  next();
  expect(40);
  const always = sequence(false) & ALWAYS;
  expect(41);
  if (now.token === 59) next();
  if (how & BROKEN) return 0;
  return (ends && !(how & CONTINUED)) || always ? ENDS : 0;
}

function forStatement() {
  next();
  if (now.token === WORD && now.hash === AWAIT) next();
  const around = open();
  expect(40);
  let endless = false;
  if (head()) {
    next();
    sequence(false);
  } else {
    expect(59);
    endless = now.token === 59 || (sequence(false) & ALWAYS) !== 0;
    expect(59);
    if (now.token !== 41) sequence(false);
  }
  expect(41);
  enter(LOOP, 0);
  inner.statement(false);
  place.here = around;
  return leave() & BROKEN || !endless ? 0 : ENDS;
}

// What stands in a `for` before `in`, `of` or the first semicolon; whether it is one of the former.
function head() {
  if (now.token === 59) return false;
  let after = 0;
  if (now.token === WORD && now.hash === LET) after = peek();
  if (now.token === VAR || now.token === CONST || after === WORD || after === 91 || after === 123) {
    declarators(true);
    return now.token === IN || (now.token === WORD && now.hash === OF);
  }
  if (now.token === WORD && now.hash === LET) seen.maybe |= MAYBE.differs;
  const kind = sequence(true);
  if (now.token !== IN && !(now.token === WORD && now.hash === OF)) return false;
  write(kind, true);
  return true;
}

function switchStatement() {
  next();
  expect(40);
  sequence(false);
  expect(41);
  expect(123);
  enter(SWITCH_BODY, 0);
  const around = open();
  const from = listed.length;
  let any = false;
  let ends = 0;
  while (now.token !== 125) {
    if (now.token === DEFAULT) {
      any = true;
      next();
    } else {
      if (now.token !== CASE) giveUp();
      next();
      sequence(false);
    }
    expect(58);
    ends = inner.statements(false);
  }
  next();
  close(from);
  place.here = around;
  return leave() & BROKEN || !any ? 0 : ends;
}

function tryStatement() {
  const outer = place.tries;
  const known = seen.meant;
  const safe = seen.risks;
  next();
  place.tries = 1;
  let ends = block(false);
  place.tries = 0;
  let final = 0;
  if (now.token === CATCH) {
    if (ends && seen.risks === safe) seen.maybe |= MAYBE.unreachable; // nothing is ever caught
    const around = open();
    next();
    if (now.token === 40) {
      next();
      if (now.token !== WORD) seen.maybe |= MAYBE.differs;
      binding(place.here, OTHER_NAME);
      expect(41);
    }
    ends &= block(false);
    place.here = around;
  } else if (seen.meant !== known) seen.maybe |= MAYBE.idle;
  if (now.token === FINALLY) {
    next();
    final = block(false);
  }
  place.tries = outer;
  seen.risks++;
  return ends | final;
}

module.exports = {
  block, ifStatement, whileStatement, doStatement, forStatement, switchStatement, tryStatement,
};
