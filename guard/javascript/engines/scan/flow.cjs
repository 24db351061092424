// Reads blocks, and the statements that choose, repeat or catch.
"use strict";

const { MAYBE, ALL_RULES, ALWAYS, ENDS, seen, giveUp } = require("./facts.cjs");
const {
  WORD, PAREN, PAREN_END, COLON, SEMICOLON, BRACKET, BRACE, BRACE_END, IN, CASE, CATCH, CONST,
  DEFAULT, LET, ELSE, FINALLY, OF, VAR, WHILE, AWAIT,
} = require("./words.cjs");
const { now, next, newline, peek, expect } = require("./tokens.cjs");
const { place, OTHER_NAME, listed, open, close, write } = require("./scopes.cjs");
const { LOOP, SWITCH_BODY, BROKEN, CONTINUED, enter, leave } = require("./jumps.cjs");
const { inner } = require("./inner.cjs");
const { declarators, binding } = require("./functions.cjs");
const { sequence } = require("./expressions.cjs");

// The current token is the brace a block begins with.
function block() {
  var around = open();
  expect(BRACE);
  var from = listed.length;
  var ended = inner.statements();
  close(from);
  expect(BRACE_END);
  place.here = around;
  return ended;
}

function ifStatement() {
  next();
  expect(PAREN);
  sequence(false);
  expect(PAREN_END);
  var one = inner.statement() & ENDS;
  if (now.token !== ELSE) return 0;
  next();
  return inner.statement() & one;
}

function whileStatement() {
  next();
  expect(PAREN);
  var always = sequence(false) & ALWAYS;
  expect(PAREN_END);
  enter(LOOP, 0);
  inner.statement();
  return leave() & BROKEN || !always ? 0 : ENDS;
}

function doStatement() {
  next();
  enter(LOOP, 0);
  var ends = inner.statement() & ENDS;
  var how = leave();
  if (now.token !== WHILE) giveUp();
  next();
  expect(PAREN);
  var always = sequence(false) & ALWAYS;
  expect(PAREN_END);
  if (now.token === SEMICOLON) next();
  if (how & BROKEN) return 0;
  return (ends && !(how & CONTINUED)) || always ? ENDS : 0;
}

function forStatement() {
  next();
  if (now.token === WORD && now.hash === AWAIT) next();
  var around = open();
  expect(PAREN);
  var endless = false;
  if (head()) {
    next();
    sequence(false);
  } else {
    expect(SEMICOLON);
    endless = now.token === SEMICOLON || (sequence(false) & ALWAYS) !== 0;
    expect(SEMICOLON);
    if (now.token !== PAREN_END) sequence(false);
  }
  expect(PAREN_END);
  enter(LOOP, 0);
  inner.statement();
  place.here = around;
  return leave() & BROKEN || !endless ? 0 : ENDS;
}

// What stands in a `for` before `in`, `of` or the first semicolon; whether it is one of the former.
function head() {
  if (now.token === SEMICOLON) return false;
  var after = 0;
  if (now.token === WORD && now.hash === LET) after = peek();
  if (now.token === VAR || now.token === CONST || after === WORD || after === BRACKET || after === BRACE) {
    declarators(true);
    return now.token === IN || isOf();
  }
  if (now.token === WORD && now.hash === LET) seen.maybe |= MAYBE.differs;
  var kind = sequence(true);
  if (now.token !== IN && !isOf()) return false;
  write(kind, true);
  return true;
}

function isOf() {
  if (now.token !== WORD || now.hash !== OF) return false;
  if (newline()) seen.maybe |= ALL_RULES; // guard's grammar may end a statement there
  return true;
}

function switchStatement() {
  next();
  expect(PAREN);
  sequence(false);
  expect(PAREN_END);
  expect(BRACE);
  enter(SWITCH_BODY, 0);
  var around = open();
  var from = listed.length;
  var any = false;
  var ends = 0;
  while (now.token !== BRACE_END) {
    if (now.token === DEFAULT) {
      any = true;
      next();
    } else {
      if (now.token !== CASE) giveUp();
      next();
      sequence(false);
    }
    expect(COLON);
    ends = inner.statements();
  }
  next();
  close(from);
  place.here = around;
  return leave() & BROKEN || !any ? 0 : ends;
}

function tryStatement() {
  var outer = place.tries;
  var known = seen.meant;
  var safe = seen.risks;
  next();
  place.tries = 1;
  var ends = block();
  place.tries = 0;
  var final = 0;
  if (now.token === CATCH) {
    if (ends && seen.risks === safe) seen.maybe |= MAYBE.unreachable; // nothing is ever caught
    var around = open();
    next();
    if (now.token === PAREN) {
      next();
      if (now.token !== WORD) seen.maybe |= MAYBE.differs;
      binding(place.here, OTHER_NAME);
      expect(PAREN_END);
    }
    ends &= block();
    place.here = around;
  } else if (seen.meant !== known) seen.maybe |= MAYBE.idle;
  if (now.token === FINALLY) {
    next();
    final = block();
  }
  place.tries = outer;
  seen.risks++;
  return ends | final;
}

module.exports = {
  block, ifStatement, whileStatement, doStatement, forStatement, switchStatement, tryStatement,
};
