// Keeps the bodies of functions in which there surely is nothing to look for.
"use strict";

const { LOCAL } = require("./facts.cjs");

const quiet = {
  bounds: new Int32Array(1 << 10), // where each of them begins behind its brace, and ends
  count: 0, // how many numbers these are
};

function begin() {
  quiet.count = 0;
}

// What stands for those between instead.
function keep(known, from, to) {
  quiet.count = known;
  if (quiet.count === quiet.bounds.length) {
    var more = new Int32Array(quiet.bounds.length * 2);
    more.set(quiet.bounds);
    quiet.bounds = more;
  }
  quiet.bounds[quiet.count++] = from;
  quiet.bounds[quiet.count++] = to;
}

// Where they are in a text that begins at `from`, as "begin,end,begin,end"; nothing where a rule
// may find something that looks into other functions as well.
function told(from, maybe) {
  if (!maybe || maybe & ~LOCAL) return "";
  return " " + quiet.bounds.subarray(0, quiet.count).map((at) => at - from);
}

module.exports = { quiet, begin, keep, told };
