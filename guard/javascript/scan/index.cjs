// Reads a program that V8 has accepted once more, quickly, and says what guard must look at itself.
//
// scan(bytes, from, to, module) walks over UTF-8 that a zero byte follows; it returns bits of MAYBE.
// Each bit says that the text may hold what the rule of that name reports, or syntax that guard and
// V8 see differently; without the bit it surely does not. No tree is made: every expression is
// summed up in a few bits. What this reader does not expect sets every bit.
//
// quiet(from, maybe) says then where there is nothing to look for, as a string of numbers.
"use strict";

const { MAYBE, EVERYTHING, GIVEN_UP, seen } = require("./facts.cjs");
const { program } = require("./statements.cjs");
const facts = require("./facts.cjs");
const tokens = require("./tokens.cjs");
const scopes = require("./scopes.cjs");
const jumps = require("./jumps.cjs");
const functions = require("./functions.cjs");
const members = require("./members.cjs");
const quiet = require("./quiet.cjs");

function scan(bytes, from, to, module) {
  facts.begin();
  tokens.begin(bytes, from);
  scopes.begin(module);
  jumps.begin();
  functions.begin();
  members.begin();
  quiet.begin();
  try {
    tokens.next();
    program();
    if (tokens.reached() < to) return EVERYTHING;
  } catch (problem) {
    if (problem !== GIVEN_UP && !(problem instanceof RangeError)) throw problem;
    return EVERYTHING;
  }
  if (seen.thisCalled || (seen.thisWritten && seen.exchanges)) seen.maybe |= MAYBE.this;
  if (scopes.clashes() || scopes.crosses()) seen.maybe |= MAYBE.differs;
  if (scopes.reassigns()) seen.maybe |= MAYBE.reassigned;
  return seen.maybe;
}

module.exports = { scan, quiet: quiet.told };
