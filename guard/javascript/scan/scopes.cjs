// Keeps the scopes, what is declared and assigned in them, and which names that puts in doubt.
"use strict";

const { MAYBE, MEMBER, NAME, PATTERN, OF_THIS, seen } = require("./facts.cjs");
const { now } = require("./tokens.cjs");

const place = {
  isModule: false,
  inAsync: false,
  inGenerator: false,
  functions: 0, // how many functions and classes are around
  tries: 0,
  here: 0, // the innermost scope
  body: 0, // that of the function, where `var` lives
  ground: 0, // the first jump target of the function
  sinceBody: 0, // the first variable of the function
  parameters: 0, // how many of them are parameters
};

// Scopes, by number: the scope around each, and the name of the function that it is.
const parents = [];
const titles = [];

// Declarations and assignments in reading order: scope, name, and what it is.
const FUNCTION_NAME = 1;
const OWN_NAME = 2;
const OTHER_NAME = 3;
const LEXICAL = 4; // that of let, const, class and import
const declared = [];
const written = [];
const SCOPES = 2 ** 21; // more than there are
const passing = []; // for each `var` in a block: the innermost scope, name, scope of the function
const functionNames = new Set();

// Functions of the lists of statements that are open, variables of the functions that are open.
const listed = [];
const hoisted = []; // whether each is a declaration
const varying = [];

function begin(isModule) {
  place.isModule = isModule;
  place.inAsync = place.inGenerator = false;
  place.functions = place.tries = place.here = place.body = place.ground = place.sinceBody = 0;
  place.parameters = 0;
  parents.length = titles.length = declared.length = written.length = passing.length = 0;
  listed.length = hoisted.length = varying.length = 0;
  functionNames.clear();
  parents.push(-1);
  titles.push(0);
}

// Opens a scope; returns the one around it.
function open() {
  const around = place.here;
  place.here = parents.length;
  parents.push(around);
  titles.push(0);
  return around;
}

function declare(scope, name, what) {
  if (what === LEXICAL && scope === place.body)
    for (let i = 0; i < place.parameters; i++)
      if (varying[place.sinceBody + i] === name) seen.maybe |= MAYBE.differs;
  if (scope !== place.here) passing.push(place.here, name, scope);
  declared.push(scope, name, what);
}

// Ends a list of statements whose functions are those from `from` on.
function close(from) {
  if (listed.length - from > 1 && repeated(listed, from)) seen.maybe |= MAYBE.function;
  listed.length = hoisted.length = from;
}

// Ends the body of a function: a function in it and one of its variables may have the same name.
function meet(from, since) {
  if (listed.length > from && varying.length > since) {
    const known = new Set(varying.slice(since));
    for (let i = from; i < listed.length; i++)
      if (hoisted[i] && known.has(listed[i])) seen.maybe |= MAYBE.function;
  }
  varying.length = since;
}

function repeated(list, from) {
  const end = list.length;
  if (end - from > 12) return new Set(list.slice(from)).size < end - from;
  for (let i = from + 1; i < end; i++)
    for (let j = from; j < i; j++) if (list[i] === list[j]) return true;
  return false;
}

// The current token is a name that is declared here.
function named() {
  if (now.reserved) seen.maybe |= MAYBE.differs;
}

// Something is assigned to an expression that was just read, which may be a pattern or not.
function write(kind, pattern) {
  if (!(kind & (pattern ? NAME | MEMBER | PATTERN : NAME | MEMBER))) seen.maybe |= MAYBE.differs;
  if (kind & NAME) written.push(place.here, seen.name, seen.underscored ? 1 : 0);
  else if (kind & PATTERN)
    for (let i = seen.patternFrom; i < now.count; i++) written.push(place.here, now.names[i], 0);
  if (kind & OF_THIS) seen.thisWritten = true;
}

// Whether what may be declared only once at the top of the program is declared twice.
function clashes() {
  const once = new Set();
  for (let i = 0; i < declared.length; i += 3) {
    if (declared[i] || !isSingle(declared[i + 2])) continue;
    if (once.has(declared[i + 1])) return true;
    once.add(declared[i + 1]);
  }
  if (!once.size) return false;
  for (let i = 0; i < declared.length; i += 3)
    if (!declared[i] && !isSingle(declared[i + 2]) && once.has(declared[i + 1])) return true;
  return false;
}

// Whether a block between a `var` and its function declares the same name.
function crosses() {
  if (!passing.length) return false;
  const names = new Set();
  for (let i = 1; i < passing.length; i += 3) names.add(passing[i]);
  const inside = new Set();
  for (let i = 0; i < declared.length; i += 3) {
    const what = declared[i + 2];
    if ((what === LEXICAL || what === FUNCTION_NAME) && names.has(declared[i + 1]))
      inside.add(declared[i + 1] * SCOPES + declared[i]);
  }
  if (!inside.size) return false;
  for (let i = 0; i < passing.length; i += 3)
    for (let scope = passing[i]; scope > passing[i + 2]; scope = parents[scope])
      if (inside.has(passing[i + 1] * SCOPES + scope)) return true;
  return false;
}

function isSingle(what) {
  return what === LEXICAL || (what === FUNCTION_NAME && place.isModule);
}

// Whether an assignment may be to the name of a function.
function reassigns() {
  const wanted = new Map();
  for (let i = 0; i < written.length; i += 3)
    if (functionNames.has(written[i + 1])) wanted.set(written[i + 1], new Map());
  if (!wanted.size) return false;
  for (let i = 0; i < declared.length; i += 3) {
    const known = wanted.get(declared[i + 1]);
    if (known === undefined) continue;
    // Of several declarations in one scope the first says what it is.
    const what = known.get(declared[i]);
    if (what === undefined || what === OWN_NAME) known.set(declared[i], declared[i + 2]);
  }
  for (let i = 0; i < written.length; i += 3) {
    const name = written[i + 1];
    const known = wanted.get(name);
    if (known === undefined) continue;
    for (let scope = written[i]; scope >= 0; scope = parents[scope]) {
      const what = known.get(scope);
      if (what === undefined) continue;
      if (what < OTHER_NAME && !(written[i + 2] && replacesItself(written[i], name))) return true;
      break;
    }
  }
  return false;
}

function replacesItself(scope, name) {
  for (; scope >= 0; scope = parents[scope]) if (titles[scope] === name) return true;
  return false;
}

module.exports = {
  place, FUNCTION_NAME, OTHER_NAME, OWN_NAME, LEXICAL, parents, titles, declared, written,
  functionNames, listed, hoisted, varying, begin, open, declare, close, meet, repeated, named,
  write, clashes, crosses, reassigns,
};
