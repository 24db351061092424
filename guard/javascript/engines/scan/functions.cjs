// Reads functions and the declarations of variables, with the patterns in both.
"use strict";

const {
  MAYBE, IDLE, CALLABLE, PLAIN, FUNCTION, ARROW, HOISTED, seen, giveUp,
} = require("./facts.cjs");
const {
  WORD, PAREN, PAREN_END, STAR, COMMA, COLON, BRACKET, BRACKET_END, BRACE, BRACE_END, FAT, SPREAD,
  ASSIGN, VAR,
} = require("./words.cjs");
const { now, next, peek, following, expect, semicolon, goBack } = require("./tokens.cjs");
const {
  place, FUNCTION_NAME, OTHER_NAME, OWN_NAME, LEXICAL, parents, titles, declared, written,
  functionNames, listed, hoisted, varying, open, declare, close, meet, named,
} = require("./scopes.cjs");
const { kinds } = require("./jumps.cjs");
const { quiet, keep } = require("./quiet.cjs");
const { inner } = require("./inner.cjs");

const marks = [];

// How many of those around are being read once more: each doubles the time.
const NESTED = 6;
let nested = 0;

function begin() {
  marks.length = nested = 0;
}

// Reads a function or class by `read(one, other)`, with what is its own in `place`.
function within(isAsync, generator, read, one, other) {
  var { inAsync, inGenerator, ground, tries, here, body, sinceBody } = place;
  var outer = place.parameters;
  var { risks } = seen;
  place.inAsync = isAsync;
  place.inGenerator = generator;
  place.ground = kinds.length;
  place.tries = 0;
  place.functions++;
  open();
  place.body = place.here;
  place.sinceBody = varying.length;
  place.parameters = 0;
  read(one, other);
  if (varying.length > place.sinceBody) varying.length = place.sinceBody;
  place.functions--;
  place.inAsync = inAsync;
  place.inGenerator = inGenerator;
  place.ground = ground;
  place.tries = tries;
  place.here = here;
  place.body = body;
  place.sinceBody = sinceBody;
  place.parameters = outer;
  seen.risks = risks;
}

// The current token comes after `function`.
function functionDeclaration(isAsync) {
  var generator = now.token === STAR;
  if (generator) next();
  var title = 0;
  if (now.token === WORD) {
    title = now.hash;
    listed.push(title);
    hoisted.push(true);
    named();
    declare(place.here, title, FUNCTION_NAME);
    functionNames.add(title);
    next();
  }
  functionRest(isAsync, generator, title, false, false);
}

// The current token comes after `function`.
function functionExpression(isAsync) {
  var generator = now.token === STAR;
  if (generator) next();
  var title = 0;
  if (now.token === WORD) {
    title = now.hash;
    named();
    functionNames.add(title);
    next();
  }
  functionRest(isAsync, generator, title, true, false);
  return IDLE | PLAIN | FUNCTION | (generator ? 0 : CALLABLE);
}

// The current token is the parenthesis before the parameters. Accessors have no rest of them.
function functionRest(isAsync, generator, title, own, accessor) {
  within(isAsync, generator, accessor ? accessing : titled, title, own);
}

function accessing() {
  if (parameters()) seen.maybe |= MAYBE.differs;
  functionBody(true);
}

function titled(title, own) {
  titles[place.here] = title;
  if (own && title) declare(place.here, title, OWN_NAME);
  parameters();
  functionBody(true);
}

// The current token is the parenthesis before the parameters; says whether some are a rest.
function parameters() {
  var at = declared.length;
  var rest = false;
  expect(PAREN);
  while (now.token !== PAREN_END) {
    if (now.token === SPREAD) rest = true;
    element(place.here, OTHER_NAME);
    if (now.token === COMMA) next();
    else if (now.token !== PAREN_END) giveUp();
  }
  next();
  for (var i = at; i < declared.length; i += 3)
    if (declared[i] === place.here) varying.push(declared[i + 1]);
  place.parameters = varying.length - place.sinceBody;
  return rest;
}

// The current token is the brace before the statements, which are in the scope of the parameters.
function functionBody(directives) {
  var { maybe, supers } = seen;
  var { count } = quiet;
  var begins = now.start + 1;
  var first = written.length;
  seen.maybe = 0;
  expect(BRACE);
  var from = listed.length;
  if (directives) inner.directives();
  inner.statements();
  meet(from, place.sinceBody);
  close(from);
  // Without super() the fields of the class around it may not be made.
  if (!seen.maybe && seen.supers === supers) keep(count, begins, now.start, first);
  seen.maybe |= maybe;
  expect(BRACE_END);
}

// The current token is the arrow, or what stands where its parameters begin, if there are any.
function arrow(isAsync, parameter, noIn) {
  within(isAsync, false, arrowRest, parameter, noIn);
  return IDLE | PLAIN | CALLABLE | FUNCTION | ARROW;
}

function arrowRest(parameter, noIn) {
  if (now.token === PAREN) parameters();
  else {
    declare(place.here, parameter, OTHER_NAME);
    varying.push(parameter);
    place.parameters = 1;
  }
  if (now.token !== FAT) giveUp();
  next();
  if (now.token === BRACE) functionBody(true);
  else inner.assignment(noIn);
}

// The current token is a parenthesis after which there may be parameters of an arrow function.
function mark() {
  marks.push(now.start, seen.risks, declared.length, written.length, parents.length, quiet.count);
}

// They are: reads them once more, as parameters.
function again(isAsync, noIn) {
  quiet.count = marks.pop();
  parents.length = titles.length = marks.pop();
  written.length = marks.pop();
  declared.length = marks.pop();
  seen.risks = marks.pop();
  goBack(marks.pop());
  if (++nested > NESTED) giveUp();
  var kind = arrow(isAsync, 0, noIn);
  nested--;
  return kind;
}

// They are not.
function unmark() {
  marks.length -= 6;
}

// The current token is `var`, `let` or `const`; the semicolon is read as well.
function declaration() {
  var bare = declarators(false);
  semicolon();
  return bare ? HOISTED : 0;
}

// Says whether it is a `var` that gives no value to anything.
function declarators(noIn) {
  var isVar = now.token === VAR;
  var bare = isVar;
  do {
    next();
    var name = now.token === WORD ? now.hash : 0;
    if (!name) seen.risks++;
    else if (isVar) varying.push(name);
    if (isVar) binding(place.body, OTHER_NAME);
    else binding(place.here, LEXICAL);
    if (now.token === ASSIGN) {
      next();
      bare = false;
      if (inner.assignment(noIn) & FUNCTION && isVar && name) {
        listed.push(name);
        hoisted.push(false);
      }
    }
  } while (now.token === COMMA);
  return bare;
}

// Whether the current word is a name in a pattern of an object, and not the key before one.
function shorthand() {
  var c = following();
  return c === COMMA || c === BRACE_END || (c !== COLON && peek() !== COLON);
}

// Declares the names of a pattern in a scope.
function binding(scope, what) {
  if (now.token === WORD) {
    named();
    declare(scope, now.hash, what);
    next();
  } else if (now.token === BRACKET) {
    next();
    while (now.token !== BRACKET_END) {
      if (now.token === COMMA) next();
      else element(scope, what);
    }
    next();
  } else if (now.token === BRACE) {
    next();
    while (now.token !== BRACE_END) {
      if (now.token === SPREAD) element(scope, what);
      else {
        var short = now.token === WORD && shorthand();
        if (!short) {
          if (now.token === BRACKET) {
            next();
            inner.assignment(false);
            if (now.token !== BRACKET_END) giveUp();
          }
          next();
          expect(COLON);
        }
        element(scope, what);
      }
      if (now.token === COMMA) next();
      else if (now.token !== BRACE_END) giveUp();
    }
    next();
  } else giveUp();
}

function element(scope, what) {
  if (now.token === SPREAD) next();
  binding(scope, what);
  if (now.token === ASSIGN) {
    next();
    inner.assignment(false);
  }
}

module.exports = {
  begin, within, functionDeclaration, functionExpression, functionRest, functionBody, arrow, mark, again,
  unmark, declaration, declarators, binding,
};
