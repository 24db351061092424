// Reads a program, a list of statements, and one statement of any kind.
"use strict";

const {
  MAYBE, ALL_RULES, IDLE, MEMBER, STRING, ENDS, HOISTED, DIRECTIVE, giveUp, seen,
} = require("./facts.cjs");
const {
  END, WORD, TEXT, BREAK, CASE, CLASS, CONST, CONTINUE, DEBUGGER, DEFAULT, DO, EXPORT, FOR,
  FUNCTION_WORD, IF, IMPORT, RETURN, SWITCH, THROW, TRY, VAR, VOID, WHILE, WITH, LET, ASYNC, FROM,
  DEFER, SOURCE, ASSERT,
} = require("./words.cjs");
const { now, next, peek, following, expect, semicolon, reached, bytes } = require("./tokens.cjs");
const { place, LEXICAL, named, declare, close, meet } = require("./scopes.cjs");
const { LABEL, BROKEN, JUMPED_TO, enter, leave, jump } = require("./jumps.cjs");
const { inner } = require("./inner.cjs");
const { functionDeclaration, declaration } = require("./functions.cjs");
const { object, classRest } = require("./members.cjs");
const { sequence, assignment } = require("./expressions.cjs");
const {
  block, ifStatement, whileStatement, doStatement, forStatement, switchStatement, tryStatement,
} = require("./flow.cjs");

function program() {
  let ended = 0;
  let directives = true;
  while (now.token !== END) {
    directives = directives && now.token === TEXT;
    const one = statement(directives);
    if (!(one & DIRECTIVE)) directives = false;
    if (ended && !(one & HOISTED)) seen.maybe |= MAYBE.unreachable;
    ended |= one & ENDS;
  }
  meet(0, 0);
  close(0);
}

// Statements up to a brace or a case; says whether one of them ends.
function statements(directives) {
  let ended = 0;
  while (now.token !== 125 && now.token !== CASE && now.token !== DEFAULT) {
    if (now.token === END) giveUp();
    directives = directives && now.token === TEXT;
    const one = statement(directives);
    if (!(one & DIRECTIVE)) directives = false;
    if (ended && !(one & HOISTED)) seen.maybe |= MAYBE.unreachable;
    ended |= one & ENDS;
  }
  return ended;
}

function statement(directive) {
  switch (now.token) {
    case 123:
      return block(false);
    case 59:
      next();
      return HOISTED;
    case VAR:
    case CONST:
      return declaration();
    case FUNCTION_WORD:
      next();
      functionDeclaration(false);
      return HOISTED;
    case CLASS:
      classRest(true);
      return 0;
    case IF:
      return ifStatement();
    case FOR:
      return forStatement();
    case WHILE:
      return whileStatement();
    case DO:
      return doStatement();
    case RETURN:
      next();
      if (now.token !== 59 && now.token !== 125 && now.token !== END && !now.newline)
        sequence(false);
      semicolon();
      return ENDS;
    case THROW:
      seen.risks++;
      next();
      sequence(false);
      semicolon();
      return ENDS;
    case BREAK:
    case CONTINUE:
      return jump(now.token);
    case SWITCH:
      return switchStatement();
    case TRY:
      return tryStatement();
    case WITH:
      next();
      expect(40);
      sequence(false);
      expect(41);
      return statement(false) & ENDS;
    case DEBUGGER:
      next();
      semicolon();
      return 0;
    case EXPORT:
      return exportStatement();
    case IMPORT: {
      const after = peek();
      if (after !== 40 && after !== 46) return importStatement();
      break;
    }
    case WORD: {
      const c = following();
      if (c === 58 || (c === 47 && peek() === 58)) return labelled();
      if (now.hash === LET) {
        const after = peek();
        if (after === WORD || after === 91 || after === 123) {
          if (now.peekedNewline) seen.maybe |= ALL_RULES; // guard's grammar takes it for a name
          return declaration();
        }
      } else if (now.hash === ASYNC && peek() === FUNCTION_WORD && !now.peekedNewline) {
        next();
        next();
        functionDeclaration(true);
        return HOISTED;
      }
    }
  }
  return expressionStatement(directive);
}

function expressionStatement(directive) {
  const { comment, before } = now;
  const documented = comment === 2 && (before === 59 || before === 125 || before === 123);
  const kind = sequence(false);
  // Not every engine sees that a semicolon is missing between a directive and these.
  const { token } = now;
  if (directive && (token === 33 || token === 126 || token === 123 || token === VOID))
    seen.maybe |= MAYBE.differs;
  semicolon();
  if (!(kind & IDLE)) return 0;
  if (kind & STRING && directive) return DIRECTIVE;
  if (kind & MEMBER && documented) return 0;
  if (kind & MEMBER && place.tries) {
    seen.meant++;
    return 0;
  }
  seen.maybe |= MAYBE.idle;
  return 0;
}

function labelled() {
  const first = now.before === 123;
  named();
  enter(LABEL, now.hash);
  next();
  next();
  const from = now.start;
  const ends = statement(false) & ENDS;
  // Guard's grammar may take the block around it for an object.
  if (first && now.token === 125 && !bytes(from, now.start).includes(59)) seen.maybe |= ALL_RULES;
  const how = leave();
  if (!(how & JUMPED_TO)) seen.maybe |= MAYBE.label;
  return how & BROKEN ? 0 : ends;
}

function importStatement() {
  seen.exchanges = true;
  next();
  if (now.token === WORD && (now.hash === DEFER || now.hash === SOURCE))
    seen.maybe |= MAYBE.differs;
  if (now.token === TEXT || seen.maybe & MAYBE.differs) from(true);
  else clause();
  semicolon();
  return 0;
}

function clause() {
  const first = now.token === WORD;
  if (first) imported();
  if (first && now.token === 44) next();
  else if (first) return from(false);
  if (now.token === 42) {
    next();
    next();
    imported();
  } else {
    expect(123);
    while (now.token !== 125) {
      external();
      const as = peek();
      if (as !== 44 && as !== 125) {
        next();
        next();
      }
      imported();
      if (now.token === 44) next();
      else if (now.token !== 125) giveUp();
    }
    next();
  }
  from(false);
}

// The current token is a name that is declared here.
function imported() {
  if (now.token !== WORD) giveUp();
  named();
  declare(0, now.hash, LEXICAL);
  next();
}

// The current token is what something is called outside of this module.
function external() {
  if (now.token === TEXT && bytes(now.start, reached()).includes(92)) seen.maybe |= MAYBE.differs;
}

// Up to the name of the module and its attributes.
function from(due) {
  while (!(now.token === TEXT && due)) {
    if (now.token === END || now.token === 59) giveUp();
    external();
    due = now.token === WORD && now.hash === FROM;
    next();
  }
  next();
  if (now.token === WITH && now.newline) seen.maybe |= ALL_RULES; // a statement to guard's grammar
  if (now.token === WITH || (now.token === WORD && now.hash === ASSERT && !now.newline)) {
    next();
    object();
  }
}

function exportStatement() {
  seen.exchanges = true;
  next();
  if (now.newline) seen.maybe |= ALL_RULES; // guard's grammar may take the word for a name
  if (now.token === DEFAULT) {
    next();
    if (now.token === FUNCTION_WORD) {
      next();
      functionDeclaration(false);
    } else if (now.token === CLASS) classRest(true);
    else if (
      now.token === WORD &&
      now.hash === ASYNC &&
      peek() === FUNCTION_WORD &&
      !now.peekedNewline
    ) {
      next();
      next();
      functionDeclaration(true);
    } else {
      assignment(false);
      semicolon();
    }
  } else if (now.token === 42) {
    from(false);
    semicolon();
  } else if (now.token === 123) {
    while (now.token !== 125) {
      if (now.token === END) giveUp();
      external();
      next();
    }
    next();
    if (now.token === WORD && now.hash === FROM) {
      if (now.newline) seen.maybe |= ALL_RULES; // guard's grammar may take the word for a name
      from(false);
    }
    semicolon();
  } else statement(false);
  return 0;
}

inner.statement = statement;
inner.statements = statements;

module.exports = { program };
