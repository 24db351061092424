// Tells which token begins with a sign, and how long it is: in one number, `token | length << 8`.
"use strict";

const { giveUp } = require("./facts.cjs");
const {
  END, NUMBER, FAT, STEP, SPREAD, OPTIONAL, ASSIGN, UPDATE_ASSIGN, QUESTION, BINARY,
} = require("./words.cjs");
const { DIGIT, numberEnd } = require("./literals.cjs");

const ONE = 1 << 8;
const TWO = 2 << 8;
const THREE = 3 << 8;

function sign(b, p, c) {
  var d = b[p + 1];
  switch (c) {
    case 46: // .
      if (DIGIT[d]) return NUMBER | ((numberEnd(b, p) - p) << 8);
      return d === 46 ? SPREAD | THREE : 46 | ONE;
    case 61: // =
      if (d === 62) return FAT | TWO;
      return d === 61 ? equals(b, p) : ASSIGN | ONE;
    case 33: // !
      return d === 61 ? equals(b, p) : 33 | ONE;
    case 38: // &
      return d === 38 ? operator(b[p + 2], 2, TWO) : operator(d, 5, ONE);
    case 124: // |
      return d === 124 ? operator(b[p + 2], 1, TWO) : operator(d, 3, ONE);
    case 43: // +
    case 45: // -
      if (d === c) return STEP | TWO;
      return d === 61 ? UPDATE_ASSIGN | TWO : c | ONE;
    case 63: // ?
      if (d === 63) return operator(b[p + 2], 1, TWO);
      return d === 46 && !DIGIT[b[p + 2]] ? OPTIONAL | TWO : QUESTION | ONE;
    case 60: // <
      if (d === 33 && b[p + 2] === 45 && b[p + 3] === 45) giveUp(); // <!--
      if (d === 60) return operator(b[p + 2], 8, TWO);
      return (BINARY + 7) | (d === 61 ? TWO : ONE);
    case 62: // >
      if (d !== 62) return (BINARY + 7) | (d === 61 ? TWO : ONE);
      return b[p + 2] === 62 ? operator(b[p + 3], 8, THREE) : operator(b[p + 2], 8, TWO);
    case 42: // *
      if (d === 42) return operator(b[p + 2], 11, TWO);
      return d === 61 ? UPDATE_ASSIGN | TWO : 42 | ONE;
    case 47: // /
      return d === 61 ? UPDATE_ASSIGN | TWO : 47 | ONE;
    case 37: // %
      return operator(d, 10, ONE);
    case 94: // ^
      return operator(d, 4, ONE);
    case 0:
      return END;
    case 92: // a name that begins with an escape
    case 64: // a decorator
      giveUp();
  }
  return c | ONE;
}

function equals(b, p) {
  return (BINARY + 6) | (b[p + 2] === 61 ? THREE : TWO);
}

// A binary operator, or with the sign `=` behind it one that assigns.
function operator(after, rank, length) {
  return after === 61 ? UPDATE_ASSIGN | (length + ONE) : (BINARY + rank) | length;
}

module.exports = { sign };
