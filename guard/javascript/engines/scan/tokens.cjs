// Reads one token after the other: the current one is in `now`.
"use strict";

const { seen, giveUp } = require("./facts.cjs");
const {
  END, WORD, NUMBER, TEXT, HASH, PAREN, SEMICOLON, BRACE_END, STEP, KEYWORD, RESERVED, BASIS, PRIME,
  MASK, WIDTH, wordIn, hashIn, spelled,
} = require("./words.cjs");
const literals = require("./literals.cjs");
const {
  DIGIT, PART, BEGINS, NAMES, WHITE, LINE, APART, ALONE, QUOTE, ODD, gapEnd, lastComment, lineEnd,
  numberEnd, regexEnd, strange, stringEnd,
} = literals;
const { sign } = require("./signs.cjs");
const { read } = require("./privates.cjs");

const now = {
  token: END,
  start: 0,
  behind: 0, // where the token before it ends
  hash: 0, // of a word
  peekedNewline: false, // before the token that was peeked at
};

const SPACE = 32;
const STEPS = STEP | (2 << 8); // two signs

// The text, and where in it.
let b = new Uint8Array(1);
let p = 0;
let origin = 0; // where the first token may begin

function begin(bytes, from, to, isPlain) {
  literals.begin(to, isPlain);
  b = bytes;
  p = from;
  if (b[p] === 0xef && b[p + 1] === 0xbb && b[p + 2] === 0xbf) p += 3;
  if (b[p] === 35 && b[p + 1] === 33) p = lineEnd(b, p);
  origin = p;
}

function next() {
  var text = b;
  var at = p;
  now.behind = at;
  var c = text[at];
  if (APART[c]) {
    if (c === SPACE) c = text[++at];
    if (APART[c]) c = text[(at = gapEnd(text, at))];
  }
  now.start = at;
  if (BEGINS[c]) word(text, at);
  else if (ALONE[c]) {
    p = ++at;
    now.token = c;
  } else if (QUOTE[c]) {
    p = stringEnd(text, ++at, c);
    now.token = TEXT;
  } else if (DIGIT[c]) {
    p = numberEnd(text, at);
    now.token = NUMBER;
  } else {
    var found = sign(text, at, c);
    p = at + (found >> 8);
    now.token = found & 255;
    if (found === STEPS && text[p] === 62 && c === 45 && (now.behind === origin || newline()))
      giveUp(); // -->
  }
}

function word(text, at) {
  var from = at;
  var part = PART;
  var multiply = Math.imul;
  var prime = PRIME;
  var h = BASIS;
  var c;
  for (;;) {
    while ((c = part[text[at++]])) h = multiply(h ^ c, prime);
    if (!ODD[text[--at]]) break;
    strange(text, at);
    h = multiply(h ^ text[at++], prime);
  }
  p = at;
  now.hash = h;
  now.token = wordIn[h & MASK] ? known(h, from, at) : WORD;
}

// The keyword of this hash, if it is one.
function known(h, from, to) {
  for (var slot = h & MASK; wordIn[slot]; slot = (slot + 1) & MASK)
    if (hashIn[slot] === h && wordIn[slot] !== RESERVED && spells((wordIn[slot] - KEYWORD) * WIDTH, from, to)) return wordIn[slot];
  return WORD;
}

function spells(i, from, to) {
  while (from < to) if (spelled[i++] !== b[from++]) return false;
  return !spelled[i];
}

// From a dot on over the name of a member, a private one too: it may be a keyword, no one asks.
function skipName() {
  var text = b;
  var at = p;
  if (BEGINS[text[at]]) {
    while (PART[text[at++]]);
    if (!ODD[text[--at]]) {
      p = at;
      next();
      return;
    }
  }
  next();
  name();
}

// The current token is such a name.
function name() {
  if (now.token === HASH) {
    seen.privates++;
    next();
    read.push(now.hash);
  }
  if (now.token !== WORD && now.token < KEYWORD) giveUp();
  next();
}

// Whether a line ends before the current token.
function newline() {
  for (var at = now.behind; at < now.start; at++) if (LINE[b[at]]) return true;
  return false;
}

// What the last comment before a token that begins at `start` is, where the token before it ends at
// `behind`: 0 no comment, 1 any, 2 one that begins with /** and stands where a statement may begin.
function comment(behind, start) {
  if (behind === start) return 0;
  var last = lastComment(b, behind, start);
  var before = behind > origin ? b[behind - 1] : 0;
  return last === 2 && before !== 59 && before !== 125 && before !== 123 ? 1 : last;
}

// The last byte before the current token and what is white before it.
function before() {
  return now.behind > origin ? b[now.behind - 1] : 0;
}

// The current token is the slash that it begins with.
function regex() {
  p = regexEnd(b, now.start + 1);
  next();
}

// Up to a substitution in a template or to its end; whether it is the former.
function substituted() {
  for (;;) {
    var c = b[p++];
    if (c === 96) return false;
    if (c === 92 && b[p++] === 0) giveUp();
    if (c === 36 && b[p] === 123) {
      p++;
      return true;
    } else if (c === 0) giveUp();
  }
}

function expect(wanted) {
  if (now.token !== wanted) giveUp();
  next();
}

function semicolon() {
  if (now.token === SEMICOLON) next();
  else if (now.token !== BRACE_END && now.token !== END && !newline()) giveUp();
}

// The token after the current one, which stays.
function peek() {
  var end = p;
  var { token, start, behind, hash } = now;
  next();
  var found = now.token;
  now.peekedNewline = newline();
  p = end;
  now.token = token;
  now.start = start;
  now.behind = behind;
  now.hash = hash;
  return found;
}

// The first byte after the current token and spaces.
function following() {
  var at = p;
  while (WHITE[b[at]]) at++;
  return b[at];
}

// Makes a parenthesis that was read before the current token again.
function goBack(start) {
  p = start + 1;
  now.start = start;
  now.token = PAREN;
}

// Whether nothing but names is between the current parenthesis and the arrow after it.
function beforeArrow() {
  var at = p;
  while (NAMES[b[at]]) at++;
  if (b[at] !== 41) return false;
  do at++;
  while (WHITE[b[at]]);
  return b[at] === 61 && b[at + 1] === 62;
}

// Where the current token ends.
function reached() {
  return p;
}

// A byte of the text.
function byte(at) {
  return b[at];
}

function bytes(from, to) {
  return b.subarray(from, to);
}

// The hash of what is between the quotes of the current token; 0 where something is escaped there.
function textHash() {
  var h = BASIS;
  for (var at = now.start + 1; at < p - 1; at++) {
    if (b[at] === 92) return 0;
    h = Math.imul(h ^ b[at], PRIME);
  }
  return h;
}

module.exports = {
  now, begin, next, peek, newline, comment, before, following, expect, semicolon, skipName, name, regex, substituted,
  goBack, beforeArrow, reached, byte, bytes, textHash,
};
