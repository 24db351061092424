// Reads expressions: commas, assignments, operators, and chains of members and calls.
"use strict";

const {
  MAYBE, ALL_RULES, IDLE, CONSTANT, MEMBER, CALLABLE, CALLS_LITERAL, PLAIN, ARROW, THIS, OF_THIS,
  seen, giveUp,
} = require("./facts.cjs");
const {
  END, WORD, PAREN, PAREN_END, STAR, COMMA, DOT, COLON, SEMICOLON, BRACKET, BRACKET_END, TEMPLATE,
  BRACE_END, STEP, OPTIONAL, ASSIGN, QUESTION, BINARY, IN, DELETE, INSTANCEOF, OF, TYPEOF, VOID,
  AWAIT, YIELD,
} = require("./words.cjs");
const { now, next, newline, comment, expect, skipName, name } = require("./tokens.cjs");
const { place, write } = require("./scopes.cjs");
const { inner } = require("./inner.cjs");
const { primary, called, list, template } = require("./operands.cjs");

// By token: the rank of a binary operator; what goes on after an
// operand; what sets it or asks about it; any of this but the links; what may stand before one.
const RANK = new Uint8Array(256);
for (let rank = 1; rank < 12; rank++) RANK[BINARY + rank] = rank;
RANK[43] = RANK[45] = 9;
RANK[42] = RANK[47] = 10;
RANK[IN] = RANK[INSTANCEOF] = 7;
const LINK = new Uint8Array(256);
for (const token of [46, 40, 91, OPTIONAL, TEMPLATE]) LINK[token] = 1;
const SETS = new Uint8Array(256).fill(1, ASSIGN, QUESTION + 1);
const MORE = SETS.map((sets, token) => sets || RANK[token]);
const PREFIX = new Uint8Array(256);
for (const token of [33, 126, 43, 45, TYPEOF, VOID, DELETE, STEP]) PREFIX[token] = 1;

const PLAIN_MEMBER = MEMBER | PLAIN | IDLE;
const OTHERS = CALLABLE | THIS | OF_THIS;

function sequence(noIn) {
  var kind = assignment(noIn);
  if (now.token !== COMMA) return kind;
  while (now.token === COMMA) {
    next();
    kind |= assignment(noIn);
  }
  return kind & IDLE;
}

function assignment(noIn) {
  if (place.inGenerator && now.token === WORD && now.hash === YIELD) return yielded(noIn);
  var kind = unary(noIn);
  if (!MORE[now.token]) return kind;
  if (RANK[now.token]) kind = operations(kind, 0, noIn);
  if (!SETS[now.token]) return kind;
  if (now.token === QUESTION) return kind & ARROW ? kind : conditional(noIn);
  if (kind & ARROW) giveUp();
  write(kind, now.token === ASSIGN);
  next();
  assignment(noIn);
  return 0;
}

function yielded(noIn) {
  seen.risks++;
  next();
  if (newline()) return 0;
  switch (now.token) {
    case PAREN_END:
    case BRACKET_END:
    case BRACE_END:
    case COMMA:
    case SEMICOLON:
    case COLON:
    case END:
    case IN:
      return 0;
    case STAR:
      next();
  }
  if (now.token === WORD && now.hash === OF) giveUp();
  assignment(noIn);
  return 0;
}

function conditional(noIn) {
  next();
  var one = assignment(false);
  expect(COLON);
  var other = assignment(noIn);
  if (one & other & CONSTANT) return IDLE;
  return ((one & CONSTANT ? 0 : one) | (other & CONSTANT ? 0 : other)) & IDLE;
}

// Binary operators that bind closer than `least`; `kind` is what the first operand was.
function operations(kind, least, noIn) {
  for (;;) {
    var rank = RANK[now.token];
    if (rank <= least || kind & ARROW || (noIn && now.token === IN)) return kind;
    next();
    var right = operations(unary(noIn), rank === 11 ? 10 : rank, noIn);
    kind = rank > 2 ? IDLE : right & IDLE;
    if (right & ARROW) return kind | ARROW;
  }
}

function unary(noIn) {
  if (PREFIX[now.token]) return prefixed(now.token, noIn);
  if (now.token === WORD && now.hash === AWAIT && (place.inAsync || (place.isModule && !place.functions)))
    return awaited(noIn);
  var kind = primary(noIn);
  if (LINK[now.token] && !(kind & ARROW)) kind = chain(kind);
  if (now.token !== STEP) return kind;
  if (newline()) {
    // Guard's grammar may see no end of line in a comment.
    if (comment(now.behind, now.start)) seen.maybe |= ALL_RULES;
    return kind;
  }
  write(kind, false);
  next();
  return 0;
}

function prefixed(token, noIn) {
  var { privates } = seen;
  next();
  var kind = unary(noIn);
  if (token === STEP) write(kind, false);
  if (token === DELETE && seen.privates !== privates) seen.maybe |= MAYBE.differs;
  if (token === STEP || token === VOID || token === DELETE) return 0;
  return kind & CALLS_LITERAL ? 0 : IDLE;
}

function awaited(noIn) {
  seen.risks++;
  next();
  // Guard's grammar takes it for a name.
  if (newline() || now.token === BRACKET) seen.maybe |= ALL_RULES;
  unary(noIn);
  return 0;
}

// From a dot, bracket or template on.
function chain(kind) {
  do {
    switch (now.token) {
      case DOT:
        skipName();
        kind = member(kind);
        break;
      case PAREN:
        list(PAREN_END);
        kind = called(kind);
        break;
      case BRACKET:
        next();
        sequence(false);
        expect(BRACKET_END);
        kind = member(kind & THIS ? PLAIN : kind & ~CALLABLE);
        break;
      case OPTIONAL:
        next();
        if (LINK[now.token]) break; // a bracket
        name();
        kind = member(kind);
        break;
      default:
        template();
        kind = called(kind);
    }
  } while (LINK[now.token]);
  return kind;
}

function member(kind) {
  seen.risks++;
  var more = kind & PLAIN ? PLAIN_MEMBER : MEMBER;
  if (kind & OTHERS) more |= (kind & CALLABLE) | (kind & (THIS | OF_THIS) ? OF_THIS : 0);
  return more;
}

function operand() {
  var kind = primary(false);
  return LINK[now.token] && !(kind & ARROW) ? chain(kind) : kind;
}

inner.sequence = sequence;
inner.assignment = assignment;
inner.operand = operand;

module.exports = { sequence, assignment };
