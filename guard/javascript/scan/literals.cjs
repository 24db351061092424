// Finds where a comment, a string, a number or a regular expression ends.
"use strict";

const { MAYBE, giveUp, seen } = require("./facts.cjs");

// By byte: 1 begins a name, 2 goes on with one, 4 is white space.
const CLASSES = new Uint8Array(256);
for (let c = 0; c < 256; c++) {
  const sign = String.fromCharCode(c);
  if (/[A-Za-z_$]/.test(sign) || c >= 128) CLASSES[c] = 3;
  else if (/[0-9]/.test(sign)) CLASSES[c] = 2;
  else if (/[\t\v\f ]/.test(sign)) CLASSES[c] = 4;
}

function lineEnd(b, p) {
  for (;;) {
    const c = b[p];
    if (c === 10 || c === 13 || c === 0) return p;
    if (c === 0xe2 && b[p + 1] === 0x80 && (b[p + 2] & 0xfe) === 0xa8) giveUp();
    p++;
  }
}

// From behind the mark it begins with on; less than zero where a line ends in it.
function commentEnd(b, p) {
  let over = false;
  for (;;) {
    const c = b[p++];
    if (c === 42) {
      if (b[p] === 47) return over ? -p - 1 : p + 1;
    } else if (c === 10 || c === 13) over = true;
    else if (c === 0) giveUp();
    else if (c === 0xe2 && b[p] === 0x80 && (b[p + 1] & 0xfe) === 0xa8) giveUp();
  }
}

function spelled(word, b, from, to) {
  if (to - from !== word.length) return false;
  for (let i = 0; i < word.length; i++) if (b[from + i] !== word.charCodeAt(i)) return false;
  return true;
}

// Some of what is no ASCII is white space.
function strange(b, p) {
  const c = b[p];
  const d = b[p + 1];
  const e = b[p + 2];
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
    const c = b[p++];
    if (c === quote) return p;
    if (c === 92) p++;
    else if (c === 0) giveUp();
  }
}

// Behind the end of a template, or the brace that a substitution in it begins with.
function stretchEnd(b, p) {
  for (;;) {
    const c = b[p++];
    if (c === 96) return p;
    if (c === 92) p++;
    else if (c === 36 && b[p] === 123) return p + 1;
    else if (c === 0) giveUp();
  }
}

function numberEnd(b, p) {
  let c = b[p];
  if (c === 48 && CLASSES[b[p + 1]] & 2) {
    // 0x, 0b, 0o; 017; also 0e1 and 08.5, whose rest is read below
    let octal = true;
    const from = p;
    while (CLASSES[(c = b[p])] & 2) {
      if (c > 55 && p > from) octal = false;
      p++;
    }
    if (octal || CLASSES[b[from + 1]] & 1) {
      if ((b[p] === 43 || b[p] === 45) && (b[from + 1] | 32) === 101) giveUp(); // 0e+1
      return p;
    }
  } else while (CLASSES[(c = b[p])] === 2 || c === 95) p++;
  if (c === 46) {
    p++;
    while (CLASSES[(c = b[p])] === 2 || c === 95) p++;
  }
  if ((c | 32) === 101) {
    p++;
    if (b[p] === 43 || b[p] === 45) p++;
    while (CLASSES[(c = b[p])] === 2 || c === 95) p++;
  }
  return c === 110 ? p + 1 : p;
}

// From behind the slash it begins with on.
function regexEnd(b, p) {
  let inClass = false;
  let named = 0;
  let alternatives = false;
  let hollow = false; // whether \k stands in a class
  for (;;) {
    const c = b[p++];
    if (c === 92) {
      if (inClass && b[p] === 107) hollow = true;
      const odd = inClass && b[p + 1] === 45 && isSet(b[p]) && ranges(b, p + 2);
      if (odd) seen.maybe |= MAYBE.differs;
      p++;
    } else if (c === 40 && b[p] === 63 && b[p + 1] === 60) {
      if (b[p + 2] !== 61 && b[p + 2] !== 33) named++;
    } else if (c === 124) alternatives = true;
    else if ((c === 123 && isHuge(b, p)) || (c === 61 && b[p] === 125)) seen.maybe |= MAYBE.differs;
    else if (c === 91) inClass = true;
    else if (c === 93) inClass = false;
    else if (c === 47 && !inClass) break;
    else if (c === 0 || c === 10) giveUp();
  }
  // What may have the same name, and what names are.
  if ((named > 1 && alternatives) || (named && hollow)) seen.maybe |= MAYBE.differs;
  while (CLASSES[b[p]] & 2) p++;
  return p;
}

// Whether a letter behind a backslash stands for several.
function isSet(c) {
  const small = c | 32;
  return small === 100 || small === 115 || small === 119;
}

// Whether a range of a class may begin here, behind a hyphen that makes none.
function ranges(b, p) {
  const from = p;
  while (b[p] !== 93 && b[p] !== 0 && p < from + 12) if (b[p++] === 45 && b[p] !== 93) return true;
  return false;
}

// Whether a number begins here that engines round.
function isHuge(b, p) {
  for (let digits = 0; ; digits++) {
    const c = b[p++];
    if (CLASSES[c] !== 2 && c !== 44) return digits > 9;
  }
}

module.exports = {
  CLASSES, lineEnd, commentEnd, numberEnd, regexEnd, spelled, strange, stretchEnd, stringEnd,
};
