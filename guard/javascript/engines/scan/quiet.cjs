// Keeps the bodies of functions in which there surely is nothing to look for.
"use strict";

const { MAYBE, LOCAL } = require("./facts.cjs");
const { written, functionNames } = require("./scopes.cjs");

const quiet = {
  // Of each: where it begins behind its brace, and ends; its first assignment, and the one behind it.
  bodies: new Int32Array(1 << 10),
  count: 0, // how many numbers these are
};

function begin() {
  quiet.count = 0;
}

// The body read last. Without assignments it stands for those between, the last of which is at `known`;
// else which of them are told is seen when all functions are known.
function keep(known, from, to, first) {
  if (first === written.length) quiet.count = known;
  if (quiet.count === quiet.bodies.length) {
    var more = new Int32Array(quiet.bodies.length * 2);
    more.set(quiet.bodies);
    quiet.bodies = more;
  }
  quiet.bodies[quiet.count++] = from;
  quiet.bodies[quiet.count++] = to;
  quiet.bodies[quiet.count++] = first;
  quiet.bodies[quiet.count++] = written.length;
}

// Where they are in a text that begins at `from`, as "begin,end,begin,end"; nothing where a rule
// may find something that looks into other functions as well. That on assignments to functions
// looks only for functions of the same name.
function told(from, maybe) {
  if (!maybe || maybe & ~(LOCAL | MAYBE.reassigned)) return "";
  var { bodies, count } = quiet;
  var bounds = [];
  for (var i = count - 4; i >= 0; i -= 4) {
    if (bounds.length && bodies[i + 1] - from > bounds[bounds.length - 1]) continue; // in the last one
    if (maybe & MAYBE.reassigned && assigns(bodies[i + 2], bodies[i + 3])) continue;
    bounds.push(bodies[i + 1] - from, bodies[i] - from);
  }
  return " " + bounds.reverse();
}

// Whether one of these assignments is to a name that some function has.
function assigns(first, end) {
  for (var i = first; i < end; i += 3) if (functionNames.has(written[i + 1])) return true;
  return false;
}

module.exports = { quiet, begin, keep, told };
