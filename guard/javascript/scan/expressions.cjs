// Reads expressions: commas, assignments, operators, and chains of members and calls.
"use strict";

const {
  MAYBE, ALL_RULES, IDLE, CONSTANT, MEMBER, CALLABLE, CALLS_LITERAL, PLAIN, ARROW, THIS,
  OF_THIS, giveUp, seen,
} = require("./facts.cjs");
const {
  END, WORD, TEMPLATE, BINARY, ASSIGN, UPDATE_ASSIGN, STEP, OPTIONAL, DELETE, IN, INSTANCEOF,
  TYPEOF, VOID, OF, AWAIT, YIELD,
} = require("./words.cjs");
const { now, next, expect } = require("./tokens.cjs");
const { place, write } = require("./scopes.cjs");
const { inner } = require("./inner.cjs");
const { primary, called, name, list, template } = require("./operands.cjs");

function sequence(noIn) {
  let kind = assignment(noIn);
  if (now.token !== 44) return kind;
  while (now.token === 44) {
    next();
    kind |= assignment(noIn);
  }
  return kind & IDLE;
}

function assignment(noIn) {
  if (now.token === WORD && now.hash === YIELD && place.inGenerator) return yielded(noIn);
  const kind = conditional(noIn);
  if (now.token !== ASSIGN && now.token !== UPDATE_ASSIGN) return kind;
  if (kind & ARROW) giveUp();
  write(kind, now.token === ASSIGN);
  next();
  assignment(noIn);
  return 0;
}

function yielded(noIn) {
  seen.risks++;
  next();
  if (now.newline) return 0;
  switch (now.token) {
    case 41:
    case 93:
    case 125:
    case 44:
    case 59:
    case 58:
    case END:
    case IN:
      return 0;
    case 42:
      next();
  }
  if (now.token === WORD && now.hash === OF) giveUp();
  assignment(noIn);
  return 0;
}

function conditional(noIn) {
  const kind = operation(0, noIn);
  if (now.token !== 63 || kind & ARROW) return kind;
  next();
  const one = assignment(false);
  expect(58);
  const other = assignment(noIn);
  if (one & other & CONSTANT) return IDLE;
  return ((one & CONSTANT ? 0 : one) | (other & CONSTANT ? 0 : other)) & IDLE;
}

// Binary operators that bind closer than `least`.
function operation(least, noIn) {
  let kind = unary(noIn);
  if (kind & ARROW) return kind;
  for (;;) {
    let rank = 0;
    switch (now.token) {
      case BINARY:
      case 43:
      case 45:
      case 42:
      case 47:
        rank = now.precedence;
        break;
      case INSTANCEOF:
        rank = 7;
        break;
      case IN:
        rank = noIn ? 0 : 7;
    }
    if (rank <= least) return kind;
    next();
    const right = operation(rank === 11 ? 10 : rank, noIn);
    kind = rank > 2 ? IDLE : right & IDLE;
    if (right & ARROW) return kind | ARROW;
  }
}

function unary(noIn) {
  switch (now.token) {
    case 33:
    case 126:
    case 43:
    case 45:
    case TYPEOF:
      next();
      return unary(noIn) & CALLS_LITERAL ? 0 : IDLE;
    case VOID:
      next();
      unary(noIn);
      return 0;
    case DELETE: {
      const known = seen.privates;
      next();
      unary(noIn);
      if (seen.privates !== known) seen.maybe |= MAYBE.differs;
      return 0;
    }
    case STEP:
      next();
      write(unary(noIn), false);
      return 0;
    case WORD:
      if (now.hash === AWAIT && (place.inAsync || (place.isModule && !place.functions))) {
        seen.risks++;
        next();
        // Guard's grammar takes it for a name.
        if (now.newline || now.token === 91) seen.maybe |= ALL_RULES;
        unary(noIn);
        return 0;
      }
  }
  const kind = chain(primary(noIn));
  if (now.token !== STEP) return kind;
  if (now.newline) {
    if (now.comment) seen.maybe |= ALL_RULES; // guard's grammar may see no end of line in one
    return kind;
  }
  write(kind, false);
  next();
  return 0;
}

function member(kind) {
  seen.risks++;
  return (
    MEMBER |
    (kind & PLAIN ? PLAIN | IDLE : 0) |
    (kind & CALLABLE) |
    (kind & (THIS | OF_THIS) ? OF_THIS : 0)
  );
}

function chain(kind) {
  if (kind & ARROW) return kind;
  for (;;) {
    switch (now.token) {
      case OPTIONAL:
        next();
        if (now.token === 40 || now.token === 91 || now.token === TEMPLATE) continue;
        name();
        kind = member(kind);
        continue;
      case 46:
        next();
        name();
        kind = member(kind);
        continue;
      case 91:
        next();
        sequence(false);
        expect(93);
        kind = member(kind & THIS ? PLAIN : kind & ~CALLABLE);
        continue;
      case 40:
        list(41);
        kind = called(kind);
        continue;
      case TEMPLATE:
        template();
        kind = called(kind);
        continue;
    }
    return kind;
  }
}

inner.sequence = sequence;
inner.assignment = assignment;
inner.operand = () => chain(primary(false));

module.exports = { sequence, assignment };
