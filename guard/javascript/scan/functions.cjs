// Reads functions and the declarations of variables, with the patterns in both.
"use strict";

const {
  MAYBE, IDLE, CALLABLE, PLAIN, FUNCTION, ARROW, HOISTED, giveUp, seen,
} = require("./facts.cjs");
const { WORD, ASSIGN, FAT, SPREAD, VAR } = require("./words.cjs");
const { now, next, peek, expect, semicolon, goBack, reached } = require("./tokens.cjs");
const {
  place, FUNCTION_NAME, OTHER_NAME, OWN_NAME, LEXICAL, parents, titles, declared, written,
  functionNames, listed, hoisted, varying, open, named, declare, close, meet,
} = require("./scopes.cjs");
const { kinds } = require("./jumps.cjs");
const { quiet, keep } = require("./quiet.cjs");
const { inner } = require("./inner.cjs");

const saved = [];

// Where the parameters of an arrow function may begin, before it is known whether they are any.
const marks = [];

// How many of those around are being read once more: each doubles the time.
const NESTED = 6;
let nested = 0;

function begin() {
  saved.length = marks.length = nested = 0;
}

// What a function or class changes while it is open.
function goIn(isAsync, generator) {
  saved.push(place.inAsync, place.inGenerator, place.ground, place.tries);
  saved.push(place.here, place.body, seen.risks, place.sinceBody, place.parameters);
  place.inAsync = isAsync;
  place.inGenerator = generator;
  place.ground = kinds.length;
  place.tries = 0;
  place.functions++;
  open();
  place.body = place.here;
  place.sinceBody = varying.length;
  place.parameters = 0;
}

function comeOut() {
  place.functions--;
  varying.length = place.sinceBody;
  place.parameters = saved.pop();
  place.sinceBody = saved.pop();
  seen.risks = saved.pop();
  place.body = saved.pop();
  place.here = saved.pop();
  place.tries = saved.pop();
  place.ground = saved.pop();
  place.inGenerator = saved.pop();
  place.inAsync = saved.pop();
}

// The current token comes after `function`.
function functionDeclaration(isAsync) {
  const generator = now.token === 42;
  if (generator) next();
  let title = 0;
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
  const generator = now.token === 42;
  if (generator) next();
  let title = 0;
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
  goIn(isAsync, generator);
  titles[place.here] = title;
  if (own && title) declare(place.here, title, OWN_NAME);
  if (parameters() && accessor) seen.maybe |= MAYBE.differs;
  functionBody(true);
  comeOut();
}

// The current token is the parenthesis before the parameters; says whether some are a rest.
function parameters() {
  const at = declared.length;
  let rest = false;
  expect(40);
  while (now.token !== 41) {
    rest = rest || now.token === SPREAD;
    element(place.here, OTHER_NAME);
    if (now.token === 44) next();
    else if (now.token !== 41) giveUp();
  }
  next();
  for (let i = at; i < declared.length; i += 3)
    if (declared[i] === place.here) varying.push(declared[i + 1]);
  place.parameters = varying.length - place.sinceBody;
  return rest;
}

// The current token is the brace before the statements, which are in the scope of the parameters.
function functionBody(directives) {
  const { maybe, supers } = seen;
  const { count } = quiet;
  const begins = now.start + 1;
  seen.maybe = 0;
  expect(123);
  const from = listed.length;
  inner.statements(directives);
  meet(from, place.sinceBody);
  close(from);
  // Without super() the fields of the class around it may not be made.
  if (!seen.maybe && seen.supers === supers) keep(count, begins, now.start);
  seen.maybe |= maybe;
  expect(125);
}

// The current token is the arrow, or what stands where its parameters begin, if there are any.
function arrow(isAsync, parameter, noIn) {
  goIn(isAsync, false);
  if (now.token === 40) {
    if (++nested > NESTED) giveUp();
    parameters();
    nested--;
  } else {
    declare(place.here, parameter, OTHER_NAME);
    varying.push(parameter);
    place.parameters = 1;
  }
  if (now.token !== FAT) giveUp();
  next();
  if (now.token === 123) functionBody(true);
  else inner.assignment(noIn);
  comeOut();
  return IDLE | PLAIN | CALLABLE | FUNCTION | ARROW;
}

function mark() {
  marks.push(reached(), now.start, seen.risks, declared.length, written.length, parents.length);
}

// They are: reads them once more, as parameters.
function again(isAsync, noIn) {
  parents.length = titles.length = marks.pop();
  written.length = marks.pop();
  declared.length = marks.pop();
  seen.risks = marks.pop();
  const from = marks.pop();
  goBack(marks.pop(), from);
  return arrow(isAsync, 0, noIn);
}

// They are not.
function unmark() {
  marks.length -= 6;
}

// The current token is `var`, `let` or `const`; the semicolon is read as well.
function declaration() {
  const bare = declarators(false);
  semicolon();
  return bare ? HOISTED : 0;
}

// Says whether it is a `var` that gives no value to anything.
function declarators(noIn) {
  const isVar = now.token === VAR;
  let bare = isVar;
  do {
    next();
    const name = now.token === WORD ? now.hash : 0;
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
  } while (now.token === 44);
  return bare;
}

// Declares the names of a pattern in a scope.
function binding(scope, what) {
  if (now.token === WORD) {
    named();
    declare(scope, now.hash, what);
    next();
  } else if (now.token === 91) {
    next();
    while (now.token !== 93) {
      if (now.token === 44) next();
      else element(scope, what);
    }
    next();
  } else if (now.token === 123) {
    next();
    while (now.token !== 125) {
      if (now.token === SPREAD) element(scope, what);
      else {
        const word = now.token === WORD;
        if (!word || peek() === 58) {
          if (now.token === 91) {
            next();
            inner.assignment(false);
            if (now.token !== 93) giveUp();
          }
          next();
          expect(58);
        }
        element(scope, what);
      }
      if (now.token === 44) next();
      else if (now.token !== 125) giveUp();
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
  begin, goIn, comeOut, functionDeclaration, functionExpression, functionRest, functionBody,
  arrow, mark, again, unmark, declaration, declarators, binding,
};
