// Reads what operators and members hang on: names, literals, brackets, functions and classes.
"use strict";

const {
  MAYBE, IDLE, CONSTANT, CALLABLE, CALLS_LITERAL, PLAIN, STRING, NAME, TARGET, PATTERN, ALWAYS,
  THIS, OF_THIS, giveUp, seen,
} = require("./facts.cjs");
const {
  WORD, NUMBER, TEXT, TEMPLATE, ASSIGN, UPDATE_ASSIGN, FAT, STEP, SPREAD, OPTIONAL, KEYWORD,
  CLASS, FALSE, FUNCTION_WORD, IMPORT, NEW, NULL, SUPER, THIS_WORD, TRUE, LET, ASYNC, OF, AWAIT,
  YIELD, USING, META, UNDEFINED,
} = require("./words.cjs");
const {
  now, next, following, expect, regex, substituted, reached, first,
} = require("./tokens.cjs");
const { place, named } = require("./scopes.cjs");
const { inner } = require("./inner.cjs");
const { functionExpression, arrow, mark, again, unmark } = require("./functions.cjs");
const { object, classRest } = require("./members.cjs");

function primary(noIn) {
  switch (now.token) {
    case WORD:
      return identifier(noIn);
    case NUMBER: {
      const zero = reached() - now.start === 1 && first() === 48;
      next();
      return IDLE | PLAIN | CONSTANT | (zero ? 0 : ALWAYS);
    }
    case TEXT: {
      const empty = reached() - now.start === 2;
      next();
      return IDLE | PLAIN | CONSTANT | STRING | (empty ? 0 : ALWAYS);
    }
    case TEMPLATE:
      template();
      return IDLE | PLAIN;
    case 40:
      return parentheses(noIn);
    case 91:
      return array();
    case 123:
      return object();
    case FUNCTION_WORD:
      next();
      return functionExpression(false);
    case CLASS:
      classRest(false);
      return IDLE | PLAIN;
    case NEW:
      return newExpression();
    case THIS_WORD:
      next();
      return IDLE | PLAIN | (place.functions ? 0 : THIS);
    case SUPER:
      seen.supers++;
      next();
      return IDLE | PLAIN;
    case TRUE:
      next();
      return IDLE | PLAIN | CONSTANT | ALWAYS;
    case NULL:
    case FALSE:
      next();
      return IDLE | PLAIN | CONSTANT;
    case IMPORT:
      return importExpression();
    case 35: // #a in b
      next();
      next();
      return IDLE;
    case 47:
    case UPDATE_ASSIGN:
      if (first() !== 47) giveUp();
      regex();
      return IDLE | PLAIN | ALWAYS;
  }
  return giveUp();
}

function identifier(noIn) {
  const mine = now.hash;
  const under = first() === 95;
  const { reserved } = now;
  next();
  if (reserved && unusual(mine)) seen.maybe |= MAYBE.differs;
  if (now.token === FAT && !now.newline) return arrow(false, mine, noIn);
  if (mine === ASYNC && !now.newline) {
    if (now.token === FUNCTION_WORD) {
      next();
      return functionExpression(true);
    }
    if (now.token === WORD && !(now.hash === OF && following() !== 61)) {
      const parameter = now.hash;
      named();
      next();
      return arrow(true, parameter, noIn);
    }
    if (now.token === 40) {
      mark();
      list(41);
      if (now.token === FAT && !now.newline) return again(true, noIn);
      unmark();
      return called(0);
    }
  }
  if (mine === USING && now.token === WORD && !now.newline) seen.maybe |= MAYBE.differs;
  seen.risks++;
  seen.name = mine;
  seen.underscored = under;
  return mine === UNDEFINED ? IDLE | PLAIN | NAME | CONSTANT : IDLE | PLAIN | NAME;
}

// Whether the current token is a strange one behind a word that is a keyword in some places.
function unusual(word) {
  const { token } = now;
  return (
    word === LET || word === YIELD || word === AWAIT || token === FAT || token === ASSIGN ||
    token === UPDATE_ASSIGN || token === STEP
  );
}

function called(kind) {
  seen.risks++;
  if (kind & OF_THIS) seen.thisCalled = true;
  return TARGET | (kind & CALLABLE ? CALLS_LITERAL : 0);
}

function parentheses(noIn) {
  mark();
  next();
  const hidden = now.comment ? CALLABLE : 0;
  let kind = 0;
  let count = 0;
  while (now.token !== 41) {
    if (now.token === SPREAD) next();
    kind |= inner.assignment(false);
    count++;
    if (now.token === 44) next();
    else if (now.token !== 41) giveUp();
  }
  next();
  if (now.token === FAT && !now.newline) return again(false, noIn);
  unmark();
  if (!count) giveUp();
  return count > 1 ? kind & IDLE : kind & ~hidden & (IDLE | CALLABLE | TARGET | NAME | ALWAYS);
}

function newExpression() {
  seen.risks++;
  next();
  if (now.token === 46) {
    next();
    next();
    return IDLE | PLAIN;
  }
  if (now.token === NEW) newExpression();
  else primary(false);
  for (;;) {
    if (now.token === 46) {
      next();
      name();
    } else if (now.token === 91) {
      next();
      inner.sequence(false);
      expect(93);
    } else if (now.token === TEMPLATE) template();
    else break;
  }
  if (now.token === 40) list(41);
  else if (now.token === OPTIONAL) giveUp();
  return 0;
}

function importExpression() {
  next();
  if (now.token === 46) {
    next();
    if (now.token !== WORD || now.hash !== META) seen.maybe |= MAYBE.differs;
    next();
    if (now.token === 40) list(41);
    return IDLE | PLAIN;
  }
  if (now.token !== 40) giveUp();
  list(41);
  return TARGET;
}

// The name of a member, a private one too.
function name() {
  if (now.token === 35) {
    seen.privates++;
    next();
  }
  if (now.token !== WORD && now.token < KEYWORD) giveUp();
  next();
}

// The current token is the bracket that arguments or elements begin with.
function list(end) {
  next();
  while (now.token !== end) {
    if (now.token === 44) {
      next();
      continue;
    }
    if (now.token === SPREAD) next();
    inner.assignment(false);
    if (now.token !== 44 && now.token !== end) giveUp();
  }
  next();
}

function array() {
  const at = now.count;
  list(93);
  seen.patternFrom = at;
  return IDLE | PLAIN | PATTERN;
}

// The current token is the grave accent it begins with.
function template() {
  while (substituted()) {
    next();
    inner.sequence(false);
    if (now.token !== 125) giveUp();
  }
  next();
}

module.exports = { primary, called, name, list, template };
