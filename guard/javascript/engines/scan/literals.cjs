// Finds where white space, comments, strings, numbers and regular expressions end.
"use strict";

const { MAYBE, seen, giveUp } = require("./facts.cjs");

// What a byte is, one table for each question: engines look faster than they compare.
function table(signs) {
  var found = new Uint8Array(256);
  for (var i = 0; i < signs.length; i++) found[signs.charCodeAt(i)] = signs.charCodeAt(i) || 1;
  return found;
}

const ABC = "abcdefghijklmnopqrstuvwxyz";
const LETTERS = `${ABC}${ABC.toUpperCase()}$_`;
const DIGITS = "0123456789";
const SPACES = " \t\v\f";
const LINES = "\n\r";
const DIGIT = table(DIGITS);
const PART = table(LETTERS + DIGITS);
const BEGINS = table(LETTERS).fill(1, 128); // a name
const NAMES = table(`${LETTERS}${DIGITS}${SPACES}${LINES},`); // in a list of names
const ODD = table("\\").fill(1, 128); // what else may be in a name
const WHITE = table(SPACES);
const LINE = table(LINES);
const GAP = table(SPACES + LINES);
const APART = table(`${SPACES}${LINES}/`); // what may stand between two tokens
const ALONE = table("(){}[];,:~#"); // a token, whatever follows
const QUOTE = table("\"'");
const STOP = table("\"'\\\0"); // what may end a string

// Where the text ends, and whether no line in it ends with anything but a line feed.
let end = 0;
let plain = false;

function begin(to, isPlain) {
  end = to;
  plain = isPlain;
}

// From white space or a comment on.
function gapEnd(b, p) {
  for (;;) {
    while (GAP[b[p]]) p++;
    if (b[p] !== 47) return p;
    if (b[p + 1] === 47) p = lineEnd(b, p + 2);
    else if (b[p + 1] === 42) p = commentEnd(b, p + 2);
    else return p;
  }
}

function lineEnd(b, p) {
  if (plain) {
    p = b.indexOf(10, p);
    return p < 0 || p > end ? end : p;
  }
  for (;;) {
    var c = b[p];
    if (c === 10 || c === 13 || c === 0) return p;
    if (c === 0xe2) noLine(b, p);
    p++;
  }
}

function commentEnd(b, p) {
  for (;;) {
    if (plain) {
      p = b.indexOf(42, p);
      if (p < 0) giveUp();
    } else
      for (var c = b[p]; c !== 42 && c !== 0; c = b[++p]) if (c === 0xe2) noLine(b, p);
    if (p >= end) giveUp();
    do p++;
    while (b[p] === 42);
    if (b[p] === 47) return p + 1;
  }
}

// What the last comment before `to` is, from behind the token before it on: 0 no comment, 1 any,
// 2 one that begins with /**.
function lastComment(b, p, to) {
  var last = 0;
  for (;;) {
    while (GAP[b[p]]) p++;
    if (p >= to) return last;
    last = b[p + 1] === 42 && b[p + 2] === 42 && b[p + 3] !== 47 ? 2 : 1;
    p = b[p + 1] === 47 ? lineEnd(b, p + 2) : commentEnd(b, p + 2);
  }
}

// Characters that end a line, too, but guard may take them for something else.
function noLine(b, p) {
  if (b[p + 1] === 0x80 && (b[p + 2] & 0xfe) === 0xa8) giveUp();
}

// What is no ASCII may be white space, and a backslash is a letter spelled otherwise.
function strange(b, p) {
  var c = b[p];
  if (c === 92) giveUp();
  var d = b[p + 1];
  var e = b[p + 2];
  if (
    (c === 0xc2 && d === 0xa0) ||
    (c === 0xe1 && d === 0x9a && e === 0x80) ||
    (c === 0xe2 && d === 0x80 && (e < 0x8b || e === 0xa8 || e === 0xa9 || e === 0xaf)) ||
    (c === 0xe2 && d === 0x81 && e === 0x9f) ||
    (c === 0xe3 && d === 0x80 && e === 0x80) ||
    (c === 0xef && d === 0xbb && e === 0xbf)
  )
    giveUp();
}

// From behind the quote on.
function stringEnd(b, p, quote) {
  for (;;) {
    while (!STOP[b[p++]]);
    var c = b[p - 1];
    if (c === quote) return p;
    if (c === 92 && DIGIT[b[p]] && (b[p] !== 48 || DIGIT[b[p + 1]])) seen.octals++;
    if (c === 0 || (c === 92 && b[p++] === 0)) giveUp();
  }
}

// Whether a name may go on with a byte.
function isName(c) {
  return PART[c] || c > 127;
}

function numberEnd(b, p) {
  var c = b[p];
  if (c === 48 && isName(b[p + 1])) {
    // 0x, 0b, 0o; 017; also 0e1 and 08.5, whose rest is read below
    if (DIGIT[b[p + 1]]) seen.octals++;
    var octal = true;
    var from = p;
    while (isName((c = b[p]))) {
      if (c > 55 && p > from) octal = false;
      p++;
    }
    if (octal || BEGINS[b[from + 1]]) {
      if ((b[p] === 43 || b[p] === 45) && (b[from + 1] | 32) === 101) giveUp(); // 0e+1
      return p;
    }
  } else while (DIGIT[(c = b[p])] || c === 95) p++;
  if (c === 46) {
    p++;
    while (DIGIT[(c = b[p])] || c === 95) p++;
  }
  if ((c | 32) === 101) {
    p++;
    if (b[p] === 43 || b[p] === 45) p++;
    while (DIGIT[(c = b[p])] || c === 95) p++;
  }
  return c === 110 ? p + 1 : p;
}

// From behind the slash it begins with on.
function regexEnd(b, p) {
  var inClass = false;
  var named = 0;
  var alternatives = false;
  var hollow = false; // whether \k stands in a class
  for (;;) {
    var c = b[p++];
    if (c === 92) {
      if (inClass && b[p] === 107) hollow = true;
      if (inClass && b[p + 1] === 45 && isSet(b[p]) && ranges(b, p + 2))
        seen.maybe |= MAYBE.differs;
      if ((b[p] | 32) === 112 && b[p + 1] === 123 && isHollow(b, p + 2)) seen.maybe |= MAYBE.differs;
      if (b[p++] === 0) giveUp();
    } else if (c === 40 && b[p] === 63 && b[p + 1] === 60) {
      if (b[p + 2] !== 61 && b[p + 2] !== 33) named++;
    } else if (c === 124) alternatives = true;
    else if (c === 123 && isHuge(b, p)) seen.maybe |= MAYBE.differs;
    else if (c === 91) inClass = true;
    else if (c === 93) inClass = false;
    else if (c === 47 && !inClass) break;
    else if (c === 0 || c === 10) giveUp();
  }
  // What may have the same name, and what names are.
  if ((named > 1 && alternatives) || (named && hollow)) seen.maybe |= MAYBE.differs;
  while (isName(b[p])) p++;
  return p;
}

// Whether a property of characters has a name, a sign behind it and no value.
function isHollow(b, p) {
  while (isName(b[p])) p++;
  return b[p] === 61 && b[p + 1] === 125;
}

// Whether a letter behind a backslash stands for several.
function isSet(c) {
  var small = c | 32;
  return small === 100 || small === 115 || small === 119;
}

// Whether a range of a class may begin here, behind a hyphen that makes none.
function ranges(b, p) {
  var from = p;
  while (b[p] !== 93 && b[p] !== 0 && p < from + 12) if (b[p++] === 45 && b[p] !== 93) return true;
  return false;
}

// Whether a number begins here that engines round.
function isHuge(b, p) {
  for (var digits = 0; ; digits++) {
    var c = b[p++];
    if (!DIGIT[c] && c !== 44) return digits > 9;
  }
}

module.exports = {
  DIGIT, PART, BEGINS, NAMES, WHITE, LINE, APART, ALONE, QUOTE, ODD, begin, gapEnd, lastComment, lineEnd, numberEnd, regexEnd, strange, stringEnd,
};
