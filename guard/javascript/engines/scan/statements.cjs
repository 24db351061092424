// Reads a program, a list of statements, and one statement of any kind.
"use strict";

const {
  MAYBE, ALL_RULES, IDLE, MEMBER, STRING, ENDS, HOISTED, DIRECTIVE, seen, giveUp,
} = require("./facts.cjs");
const {
  END, WORD, TEXT, PAREN, PAREN_END, STAR, COMMA, DOT, DO, SLASH, COLON, SEMICOLON, BRACKET, BRACE,
  BRACE_END, KEYWORD, BREAK, CASE, CLASS, CONST, CONTINUE, DEBUGGER, DEFAULT, LET, EXPORT, FOR,
  FUNCTION_WORD, IF, IMPORT, RETURN, SWITCH, THROW, TRY, VAR, VOID, WHILE, WITH, ASYNC, FROM, DEFER,
  SOURCE, ASSERT,
} = require("./words.cjs");
const {
  now, next, peek, newline, comment, before, following, expect, semicolon, reached, bytes,
} = require("./tokens.cjs");
const { place, LEXICAL, declare, close, meet, named } = require("./scopes.cjs");
const { LABEL, BROKEN, JUMPED_TO, enter, leave, jump } = require("./jumps.cjs");
const { inner } = require("./inner.cjs");
const { functionDeclaration, declaration } = require("./functions.cjs");
const { object, classRest } = require("./members.cjs");
const { sequence, assignment } = require("./expressions.cjs");
const {
  block, ifStatement, whileStatement, doStatement, forStatement, switchStatement, tryStatement,
} = require("./flow.cjs");

// Ends a list of statements.
const LAST = new Uint8Array(256);
for (const token of [BRACE_END, CASE, DEFAULT]) LAST[token] = 1;

function program() {
  directives();
  var ended = 0;
  while (now.token) ended = after(ended, statement());
  meet(0, 0);
  close(0);
}

// Statements up to a brace or a case; says whether one of them ends.
function statements() {
  var ended = 0;
  while (!LAST[now.token]) ended = after(ended, statement());
  return ended;
}

function after(ended, one) {
  if (ended && !(one & HOISTED)) seen.maybe |= MAYBE.unreachable;
  return ended | (one & ENDS);
}

// What a body may begin with.
function directives() {
  while (now.token === TEXT && expressionStatement(true) & DIRECTIVE);
}

function statement() {
  var { token } = now;
  if (token === WORD) return wordStatement();
  if (token < KEYWORD && token !== BRACE && token !== SEMICOLON) return expressionStatement(false);
  switch (token) {
    case VAR:
    case CONST:
      return declaration();
    case IF:
      return ifStatement();
    case RETURN:
      next();
      if (now.token !== SEMICOLON && now.token !== BRACE_END && now.token !== END && !newline())
        sequence(false);
      semicolon();
      return ENDS;
    case BRACE:
      return block();
    case FUNCTION_WORD:
      next();
      functionDeclaration(false);
      return HOISTED;
    case SEMICOLON:
      next();
      return HOISTED;
    case THROW:
      seen.risks++;
      next();
      sequence(false);
      semicolon();
      return ENDS;
    case BREAK:
    case CONTINUE:
      return jump(token);
    case FOR:
      return forStatement();
    case WHILE:
      return whileStatement();
    case SWITCH:
      return switchStatement();
    case TRY:
      return tryStatement();
    case CLASS:
      classRest(true);
      return 0;
    case EXPORT:
      return exportStatement();
    case IMPORT: {
      var behind = peek();
      if (behind !== PAREN && behind !== DOT) return importStatement();
      break;
    }
    case DO:
      return doStatement();
    case WITH:
      next();
      expect(PAREN);
      sequence(false);
      expect(PAREN_END);
      return statement() & ENDS;
    case DEBUGGER:
      next();
      semicolon();
      return 0;
  }
  return expressionStatement(false);
}

function wordStatement() {
  var c = following();
  if (c === COLON || (c === SLASH && peek() === COLON)) return labelled();
  if (now.hash === LET) {
    var behind = peek();
    if (behind === WORD || behind === BRACKET || behind === BRACE) {
      if (now.peekedNewline) seen.maybe |= ALL_RULES; // guard's grammar takes it for a name
      return declaration();
    }
  } else if (now.hash === ASYNC && peek() === FUNCTION_WORD && !now.peekedNewline) {
    next();
    next();
    functionDeclaration(true);
    return HOISTED;
  }
  return expressionStatement(false);
}

function expressionStatement(directive) {
  var { behind, start } = now;
  var kind = sequence(false);
  // Not every engine sees that a semicolon is missing between a directive and these.
  var { token } = now;
  if (directive && (token === 33 || token === 126 || token === BRACE || token === VOID))
    seen.maybe |= MAYBE.differs;
  semicolon();
  if (!(kind & IDLE)) return 0;
  if (kind & STRING && directive) return DIRECTIVE;
  if (kind & MEMBER && comment(behind, start) === 2) return 0;
  if (kind & MEMBER && place.tries) {
    seen.meant++;
    return 0;
  }
  seen.maybe |= MAYBE.idle;
  return 0;
}

function labelled() {
  var first = before() === BRACE;
  named();
  enter(LABEL, now.hash);
  next();
  next();
  var from = now.start;
  var ends = statement() & ENDS;
  // Guard's grammar may take the block around it for an object.
  if (first && now.token === BRACE_END && !bytes(from, now.start).includes(59)) seen.maybe |= ALL_RULES;
  var how = leave();
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
  var first = now.token === WORD;
  if (first) imported();
  if (first && now.token === COMMA) next();
  else if (first) return from(false);
  if (now.token === STAR) {
    next();
    next();
    imported();
  } else {
    expect(BRACE);
    while (now.token !== BRACE_END) {
      external();
      var as = peek();
      if (as !== COMMA && as !== BRACE_END) {
        next();
        next();
      }
      imported();
      if (now.token === COMMA) next();
      else if (now.token !== BRACE_END) giveUp();
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
    if (now.token === END || now.token === SEMICOLON) giveUp();
    external();
    due = now.token === WORD && now.hash === FROM;
    next();
  }
  next();
  // Guard's grammar may take it for a statement.
  if (now.token === WITH && newline()) seen.maybe |= ALL_RULES;
  if (now.token === WITH || (now.token === WORD && now.hash === ASSERT && !newline())) {
    next();
    object();
  }
}

function exportStatement() {
  seen.exchanges = true;
  next();
  if (newline()) seen.maybe |= ALL_RULES; // guard's grammar may take the word for a name
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
  } else if (now.token === STAR) {
    from(false);
    semicolon();
  } else if (now.token === BRACE) {
    while (now.token !== BRACE_END) {
      if (now.token === END) giveUp();
      external();
      next();
    }
    next();
    if (now.token === WORD && now.hash === FROM) {
      if (newline()) seen.maybe |= ALL_RULES; // guard's grammar may take the word for a name
      from(false);
    }
    semicolon();
  } else statement();
  return 0;
}

inner.statement = statement;
inner.statements = statements;
inner.directives = directives;

module.exports = { program };
