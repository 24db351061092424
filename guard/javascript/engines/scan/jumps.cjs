// Knows what breaks and continues may leave: labels, loops and switches.
"use strict";

const { ENDS, giveUp } = require("./facts.cjs");
const { WORD, BREAK } = require("./words.cjs");
const { now, next, newline, semicolon } = require("./tokens.cjs");
const { place } = require("./scopes.cjs");

const LABEL = 0;
const LOOP = 1;
const SWITCH_BODY = 2;
const BROKEN = 1;
const CONTINUED = 2;
const JUMPED_TO = 4;

// Those that are open; those of the function that is open begin at place.ground.
const kinds = [];
const labels = [];
const left = [];

function begin() {
  kinds.length = labels.length = left.length = 0;
}

function enter(kind, label) {
  kinds.push(kind);
  labels.push(label);
  left.push(0);
}

function leave() {
  kinds.pop();
  labels.pop();
  return left.pop();
}

function jump(how) {
  next();
  var flag = how === BREAK ? BROKEN : CONTINUED;
  var at = kinds.length - 1;
  if (now.token === WORD && !newline()) {
    while (at >= place.ground && !(kinds[at] === LABEL && labels[at] === now.hash)) at--;
    if (at < place.ground) giveUp();
    left[at] |= flag | JUMPED_TO;
    next();
  } else {
    var skipped = (kind) => kind === LABEL || (how !== BREAK && kind !== LOOP);
    while (at >= place.ground && skipped(kinds[at])) at--;
    if (at < place.ground) giveUp();
    left[at] |= flag;
  }
  semicolon();
  return ENDS;
}

module.exports = {
  LABEL, LOOP, SWITCH_BODY, BROKEN, CONTINUED, JUMPED_TO, kinds, begin, enter, leave, jump,
};
