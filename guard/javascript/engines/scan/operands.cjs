// Reads what operators and members hang on: names, literals, brackets, functions and classes.
"use strict";

const {
  MAYBE, IDLE, CONSTANT, CALLABLE, CALLS_LITERAL, PLAIN, STRING, NAME, TARGET, PATTERN, ALWAYS,
  THIS, OF_THIS, seen, giveUp,
} = require("./facts.cjs");
const {
  WORD, NUMBER, TEXT, HASH, PAREN, PAREN_END, COMMA, DOT, SLASH, BRACKET, BRACKET_END, TEMPLATE,
  BRACE, BRACE_END, FAT, STEP, SPREAD, OPTIONAL, ASSIGN, UPDATE_ASSIGN, CLASS, LET, FALSE,
  FUNCTION_WORD, IMPORT, NEW, OF, NULL, SUPER, THIS_WORD, TRUE, ASYNC, AWAIT, YIELD, USING, META,
  UNDEFINED, MASK, wordIn, isReserved,
} = require("./words.cjs");
const {
  now, next, newline, comment, following, expect, skipName, regex, substituted, beforeArrow,
  reached, byte,
} = require("./tokens.cjs");
const { place, patterns, openLiteral, closeLiteral, named } = require("./scopes.cjs");
const { read } = require("./privates.cjs");
const { inner } = require("./inner.cjs");
const { functionExpression, arrow, mark, again, unmark } = require("./functions.cjs");
const { object, classRest } = require("./members.cjs");

const A_NAME = IDLE | PLAIN | NAME;
const A_TEXT = IDLE | PLAIN | CONSTANT | STRING;
const A_LITERAL = IDLE | PLAIN | PATTERN;

// What is no element, but stands where one may be.
const NO_ELEMENT = new Uint8Array(256);
NO_ELEMENT[COMMA] = NO_ELEMENT[SPREAD] = 1;

function primary(noIn) {
  switch (now.token) {
    case WORD:
      return identifier(noIn);
    case TEXT: {
      var empty = reached() - now.start === 2;
      next();
      return empty ? A_TEXT : A_TEXT | ALWAYS;
    }
    case PAREN:
      return parentheses(noIn);
    case THIS_WORD:
      next();
      return IDLE | PLAIN | (place.functions ? 0 : THIS);
    case NUMBER: {
      var zero = reached() - now.start === 1 && byte(now.start) === 48;
      next();
      return IDLE | PLAIN | CONSTANT | (zero ? 0 : ALWAYS);
    }
    case BRACE:
      return object();
    case FUNCTION_WORD:
      next();
      return functionExpression(false);
    case BRACKET:
      return array();
    case NEW:
      return newExpression();
    case TEMPLATE:
      template();
      return IDLE | PLAIN;
    case TRUE:
      next();
      return IDLE | PLAIN | CONSTANT | ALWAYS;
    case NULL:
    case FALSE:
      next();
      return IDLE | PLAIN | CONSTANT;
    case SLASH:
    case UPDATE_ASSIGN:
      if (byte(now.start) !== 47) giveUp();
      regex();
      return IDLE | PLAIN | ALWAYS;
    case CLASS:
      classRest(false);
      return IDLE | PLAIN;
    case SUPER:
      seen.supers++;
      next();
      return IDLE | PLAIN;
    case IMPORT:
      return importExpression();
    case HASH: // #a in b
      next();
      read.push(now.hash);
      next();
      return IDLE;
  }
  return giveUp();
}

function identifier(noIn) {
  var mine = now.hash;
  var at = now.start;
  next();
  if (wordIn[mine & MASK] && isReserved(mine) && unusual(mine)) seen.maybe |= MAYBE.differs;
  if (now.token === FAT && !newline()) return arrow(false, mine, noIn);
  if (mine === ASYNC && !newline()) {
    if (now.token === FUNCTION_WORD) {
      next();
      return functionExpression(true);
    }
    if (now.token === WORD && !(now.hash === OF && following() !== 61)) {
      var parameter = now.hash;
      named();
      next();
      return arrow(true, parameter, noIn);
    }
    if (now.token === PAREN) {
      if (beforeArrow()) return arrow(true, 0, noIn);
      mark();
      list(PAREN_END);
      if (now.token === FAT && !newline()) return again(true, noIn);
      unmark();
      return called(0);
    }
  }
  if (mine === USING && now.token === WORD && !newline()) seen.maybe |= MAYBE.differs;
  seen.risks++;
  seen.name = mine;
  seen.at = at;
  if (place.literals) patterns.push(mine);
  return mine === UNDEFINED ? A_NAME | CONSTANT : A_NAME;
}

// Whether the current token is a strange one behind a word that is a keyword in some places.
function unusual(word) {
  var { token } = now;
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
  if (beforeArrow()) return arrow(false, 0, noIn);
  mark();
  next();
  var hidden = comment(now.behind, now.start) ? CALLABLE : 0;
  var kind = 0;
  var count = 0;
  while (now.token !== PAREN_END) {
    if (now.token === SPREAD) next();
    kind |= inner.assignment(false);
    count++;
    if (now.token === COMMA) next();
    else if (now.token !== PAREN_END) giveUp();
  }
  next();
  if (now.token === FAT && !newline()) return again(false, noIn);
  unmark();
  if (!count) giveUp();
  return count > 1 ? kind & IDLE : kind & ~hidden & (IDLE | CALLABLE | TARGET | NAME | ALWAYS);
}

function newExpression() {
  seen.risks++;
  next();
  if (now.token === DOT) {
    next();
    next();
    return IDLE | PLAIN;
  }
  if (now.token === NEW) newExpression();
  else primary(false);
  for (;;) {
    if (now.token === DOT) skipName();
    else if (now.token === BRACKET) {
      next();
      inner.sequence(false);
      expect(BRACKET_END);
    } else if (now.token === TEMPLATE) template();
    else break;
  }
  if (now.token === PAREN) list(PAREN_END);
  else if (now.token === OPTIONAL) giveUp();
  return 0;
}

function importExpression() {
  next();
  if (now.token === DOT) {
    next();
    if (now.token !== WORD || now.hash !== META) seen.maybe |= MAYBE.differs;
    next();
    if (now.token === PAREN) list(PAREN_END);
    return IDLE | PLAIN;
  }
  if (now.token !== PAREN) giveUp();
  list(PAREN_END);
  return TARGET;
}

// The current token is the bracket that arguments or elements begin with.
function list(end) {
  next();
  while (now.token !== end) {
    if (NO_ELEMENT[now.token]) {
      next();
      continue;
    }
    inner.assignment(false);
    if (now.token === COMMA) next();
    else if (now.token !== end) giveUp();
  }
  next();
}

function array() {
  var at = openLiteral();
  list(BRACKET_END);
  closeLiteral(at);
  return A_LITERAL;
}

// The current token is the grave accent it begins with.
function template() {
  while (substituted()) {
    next();
    inner.sequence(false);
    if (now.token !== BRACE_END) giveUp();
  }
  next();
}

module.exports = { primary, called, list, template };
