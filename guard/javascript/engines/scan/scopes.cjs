// Keeps the scopes, what is declared and assigned in them, and which names that puts in doubt.
"use strict";

const { MAYBE, MEMBER, NAME, PATTERN, OF_THIS, seen } = require("./facts.cjs");
const { MASK, wordIn, isReserved } = require("./words.cjs");
const { now, byte } = require("./tokens.cjs");

const place = {
  isModule: false,
  inAsync: false,
  inGenerator: false,
  functions: 0, // how many functions and classes are around
  tries: 0,
  literals: 0, // how many arrays and objects are around
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

// The names in the array or object around, which may be a pattern.
const patterns = [];

function begin(isModule) {
  place.isModule = isModule;
  place.inAsync = place.inGenerator = false;
  place.functions = place.tries = place.literals = 0;
  place.here = place.body = place.ground = place.sinceBody = place.parameters = 0;
  parents.length = titles.length = declared.length = written.length = passing.length = 0;
  listed.length = hoisted.length = varying.length = 0;
  functionNames.clear();
  parents.push(-1);
  titles.push(0);
}

// Opens a scope; returns the one around it.
function open() {
  var around = place.here;
  place.here = parents.length;
  parents.push(around);
  titles.push(0);
  return around;
}

function declare(scope, name, what) {
  if (what === LEXICAL && scope === place.body && place.parameters)
    for (var i = 0; i < place.parameters; i++)
      if (varying[place.sinceBody + i] === name) seen.maybe |= MAYBE.differs;
  if (scope !== place.here) passing.push(place.here, name, scope);
  declared.push(scope, name, what);
}

// Ends a list of statements whose functions are those from `from` on.
function close(from) {
  if (listed.length === from) return; // setting what is so already costs more than asking
  if (repeated(listed, from, listed.length)) seen.maybe |= MAYBE.function;
  listed.length = hoisted.length = from;
}

// Ends the body of a function: a function in it and one of its variables may have the same name.
function meet(from, since) {
  if (listed.length > from && varying.length > since) {
    var known = new Set(varying.slice(since));
    for (var i = from; i < listed.length; i++)
      if (hoisted[i] && known.has(listed[i])) seen.maybe |= MAYBE.function;
  }
  if (varying.length > since) varying.length = since;
}

// Whether a hash stands twice in a part of a list.
function repeated(list, from, to) {
  var bits = 0;
  for (var i = from; i < to; i++) {
    var bit = 1 << list[i]; // by its last five bits
    if (bits & bit) return compared(list, from, to);
    bits |= bit;
  }
  return false;
}

function compared(list, from, to) {
  if (to - from > 12) return new Set(list.slice(from, to)).size < to - from;
  for (var i = from + 1; i < to; i++)
    for (var j = from; j < i; j++) if (list[i] === list[j]) return true;
  return false;
}

// Begins an array or object; returns where its names will be.
function openLiteral() {
  if (place.literals++ === 0) patterns.length = 0;
  return patterns.length;
}

function closeLiteral(at) {
  place.literals--;
  seen.patternFrom = at;
}

// The current token is a name that is declared here.
function named() {
  if (wordIn[now.hash & MASK] && isReserved(now.hash)) seen.maybe |= MAYBE.differs;
}

// Something is assigned to an expression that was just read, which may be a pattern or not.
function write(kind, pattern) {
  if (!(kind & (pattern ? NAME | MEMBER | PATTERN : NAME | MEMBER))) seen.maybe |= MAYBE.differs;
  if (kind & NAME) written.push(place.here, seen.name, byte(seen.at) === 95 ? 1 : 0);
  else if (kind & PATTERN)
    for (var i = seen.patternFrom; i < patterns.length; i++)
      written.push(place.here, patterns[i], 0);
  if (kind & OF_THIS) seen.thisWritten = true;
}

// Whether what may be declared only once at the top of the program is declared twice.
function clashes() {
  var once = new Set();
  for (var i = 0; i < declared.length; i += 3) {
    if (declared[i] || !isSingle(declared[i + 2])) continue;
    if (once.has(declared[i + 1])) return true;
    once.add(declared[i + 1]);
  }
  if (!once.size) return false;
  for (i = 0; i < declared.length; i += 3)
    if (!declared[i] && !isSingle(declared[i + 2]) && once.has(declared[i + 1])) return true;
  return false;
}

// Whether a block between a `var` and its function declares the same name.
function crosses() {
  if (!passing.length) return false;
  var names = new Set();
  for (var i = 1; i < passing.length; i += 3) names.add(passing[i]);
  var inside = new Set();
  for (i = 0; i < declared.length; i += 3) {
    var what = declared[i + 2];
    if ((what === LEXICAL || what === FUNCTION_NAME) && names.has(declared[i + 1]))
      inside.add(declared[i + 1] * SCOPES + declared[i]);
  }
  if (!inside.size) return false;
  for (i = 0; i < passing.length; i += 3)
    for (var scope = passing[i]; scope > passing[i + 2]; scope = parents[scope])
      if (inside.has(passing[i + 1] * SCOPES + scope)) return true;
  return false;
}

function isSingle(what) {
  return what === LEXICAL || (what === FUNCTION_NAME && place.isModule);
}

// Whether an assignment may be to the name of a function.
function reassigns() {
  if (!functionNames.size) return false;
  var wanted = new Map();
  for (var i = 0; i < written.length; i += 3)
    if (functionNames.has(written[i + 1])) wanted.set(written[i + 1], new Map());
  if (!wanted.size) return false;
  for (var i = 0; i < declared.length; i += 3) {
    var known = wanted.get(declared[i + 1]);
    if (known === undefined) continue;
    // Of several declarations in one scope the first says what it is.
    var what = known.get(declared[i]);
    if (what === undefined || what === OWN_NAME) known.set(declared[i], declared[i + 2]);
  }
  for (var i = 0; i < written.length; i += 3) {
    var name = written[i + 1];
    var known = wanted.get(name);
    if (known === undefined) continue;
    for (var scope = written[i]; scope >= 0; scope = parents[scope]) {
      var what = known.get(scope);
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
  place, FUNCTION_NAME, OTHER_NAME, OWN_NAME, LEXICAL, parents, titles, declared, written, functionNames,
  listed, hoisted, varying, patterns, begin, open, declare, close, meet, repeated, openLiteral,
  closeLiteral, named, write, clashes, crosses, reassigns,
};
