// Keeps what is found in a text; names the bits that its parts are summed up in.
"use strict";

// What the text may hold.
const MAYBE = {
  member: 1,
  function: 2,
  unreachable: 4,
  label: 8,
  this: 16,
  idle: 32,
  reassigned: 64,
  differs: 128,
};
const ALL_RULES = 127;
const LOCAL = // see one function only
  MAYBE.member | MAYBE.function | MAYBE.unreachable | MAYBE.label | MAYBE.idle;
const EVERYTHING = 255;

// What an expression is.
const IDLE = 1; // as a statement it may do nothing
const CONSTANT = 2; // null, undefined, a boolean, a number or a string
const MEMBER = 4; // a member of something
const CALLABLE = 8; // a function or arrow, in parentheses or not, or a member of one
const CALLS_LITERAL = 16; // a call of one
const PLAIN = 32; // a chain of members that begins with no call and no parenthesis
const STRING = 64;
const NAME = 128; // its hash is in nameOf
const TARGET = 256; // a call, in parentheses or not: no target of an assignment in strict code
const PATTERN = 512; // an array or object, whose names begin at patternFrom
const FUNCTION = 1024; // a function or arrow itself
const ALWAYS = 2048; // true or a number
const ARROW = 4096; // nothing can follow but a comma or an end
const THIS = 8192;
const OF_THIS = 16384; // a member of it, directly or not

// What a statement is.
const ENDS = 1; // no run may get past it
const HOISTED = 2; // a function, an empty statement, a `var` without a value
const DIRECTIVE = 4;

const seen = {
  maybe: 0, // bits of MAYBE
  thisCalled: false, // a member of the outermost `this`
  thisWritten: false,
  exchanges: false, // imports or exports
  risks: 0, // how much that may throw was seen, in the function that is open
  meant: 0, // how many members were read for what reading them does
  supers: 0,
  privates: 0, // how often a private name was read
  octals: 0, // how often a number or a string was spelled as strict code may not
  // Of the expression just read:
  name: 0, // its hash
  at: 0, // where the name begins
  patternFrom: 0, // the first of its names
  escaped: false, // whether the key just read is spelled in a way that is not compared here
};

function begin() {
  seen.maybe = seen.risks = seen.meant = seen.supers = seen.privates = seen.octals = 0;
  seen.thisCalled = seen.thisWritten = seen.exchanges = false;
}

const GIVEN_UP = { message: "not expected here" };

function giveUp() {
  throw GIVEN_UP;
}

module.exports = {
  MAYBE, ALL_RULES, LOCAL, EVERYTHING, IDLE, CONSTANT, MEMBER, CALLABLE, CALLS_LITERAL, PLAIN,
  STRING, NAME, TARGET, PATTERN, begin, FUNCTION, ALWAYS, ARROW, THIS, OF_THIS, ENDS, HOISTED,
  DIRECTIVE, seen, GIVEN_UP, giveUp,
};
