// Reads a program that V8 has accepted once more, quickly, and says what guard must look at itself.
//
// scan(bytes, from, to, module, plain) walks over UTF-8 that a zero byte follows; it returns bits of
// MAYBE. Each bit says that the text may hold what the rule of that name reports, or syntax that guard
// and V8 see differently; without the bit it surely does not. No tree is made: every expression is
// summed up in a few bits. What this reader does not expect sets every bit. `plain` says that there
// is neither a carriage return in the text nor a character beyond ASCII: it is read sooner then.
//
// quiet(from, maybe) says then where there is nothing to look for, as a string of numbers.
//
// Node and QuickJS run it. The latter only interprets: what costs there is how much is done for each
// byte and token. It checks each use of `let` and `const`, so functions have `var`; it looks into a
// table in half the time it takes to compare, and compares with a name sooner than with a number.
"use strict";

const { MAYBE, EVERYTHING, seen, GIVEN_UP } = require("./facts.cjs");
const { program } = require("./statements.cjs");
const facts = require("./facts.cjs");
const tokens = require("./tokens.cjs");
const scopes = require("./scopes.cjs");
const jumps = require("./jumps.cjs");
const functions = require("./functions.cjs");
const members = require("./members.cjs");
const privates = require("./privates.cjs");
const quiet = require("./quiet.cjs");

function scan(bytes, from, to, module, plain) {
  facts.begin();
  scopes.begin(module);
  jumps.begin();
  functions.begin();
  members.begin();
  privates.begin();
  quiet.begin();
  try {
    tokens.begin(bytes, from, to, plain);
    tokens.next();
    program();
    if (tokens.reached() < to) return EVERYTHING;
  } catch (problem) {
    if (problem !== GIVEN_UP && !(problem instanceof RangeError)) throw problem;
    return EVERYTHING;
  }
  if (seen.thisCalled || (seen.thisWritten && seen.exchanges)) seen.maybe |= MAYBE.this;
  if (scopes.clashes() || scopes.crosses() || privates.read.length) seen.maybe |= MAYBE.differs;
  if (scopes.reassigns()) seen.maybe |= MAYBE.reassigned;
  return seen.maybe;
}

module.exports = { scan, quiet: quiet.told };
