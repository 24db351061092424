// Reads one token after the other: the current one is in `now`.
"use strict";

const { giveUp } = require("./facts.cjs");
const {
  SLOTS, KEYWORDS, wordIn, hashIn, END, WORD, NUMBER, TEXT, BINARY, ASSIGN, UPDATE_ASSIGN, FAT,
  STEP, SPREAD, OPTIONAL, KEYWORD, RESERVED, BASIS, PRIME,
} = require("./words.cjs");
const {
  CLASSES, lineEnd, commentEnd, numberEnd, regexEnd, spelled, strange, stretchEnd, stringEnd,
} = require("./literals.cjs");

const now = {
  token: END,
  start: 0,
  newline: false, // before it
  comment: 0, // before it: 0 none, 1 some, 2 the last of them begins with /**
  hash: 0, // of a word
  reserved: false, // whether it is a keyword in some places
  precedence: 0, // of a binary operator
  before: END, // the token before it
  peekedNewline: false, // before the token that was peeked at
  names: new Int32Array(1 << 12), // the hashes of all words
  count: 0, // how many they are
};

// The text, and where in it.
let b = new Uint8Array(1);
let p = 0;

function begin(bytes, from) {
  b = bytes;
  p = from;
  now.token = now.before = END;
  now.count = 0;
  if (b[p] === 0xef && b[p + 1] === 0xbb && b[p + 2] === 0xbf) p += 3;
  if (b[p] === 35 && b[p + 1] === 33) p = lineEnd(b, p);
}

function next() {
  now.before = now.token;
  now.newline = false;
  now.comment = 0;
  let c;
  for (;;) {
    c = b[p];
    if (CLASSES[c] === 4) p++;
    else if (c === 10 || c === 13) {
      now.newline = true;
      p++;
    } else if (c === 47 && b[p + 1] === 47) {
      now.comment = 1;
      p = lineEnd(b, p + 2);
    } else if (c === 47 && b[p + 1] === 42) {
      now.comment = b[p + 2] === 42 && b[p + 3] !== 47 ? 2 : 1;
      p = commentEnd(b, p + 2);
      if (p < 0) {
        now.newline = true;
        p = -p;
      }
    } else break;
  }
  now.start = p;
  if (CLASSES[c] & 1) word(c);
  else sign(c);
}

function word(c) {
  let h = BASIS;
  do {
    if (c >= 128) strange(b, p);
    h = Math.imul(h ^ c, PRIME);
    c = b[++p];
  } while (CLASSES[c] & 2);
  if (c === 92) giveUp();
  now.hash = h;
  now.reserved = false;
  let slot = h & (SLOTS - 1);
  while (wordIn[slot] !== 0) {
    if (hashIn[slot] === h) {
      if (wordIn[slot] === RESERVED) now.reserved = true;
      else if (spelled(KEYWORDS[wordIn[slot] - KEYWORD], b, now.start, p)) {
        now.token = wordIn[slot];
        return;
      }
    }
    slot = (slot + 1) & (SLOTS - 1);
  }
  now.token = WORD;
  if (now.count === now.names.length) {
    const more = new Int32Array(now.names.length * 2);
    more.set(now.names);
    now.names = more;
  }
  now.names[now.count++] = h;
}

function sign(c) {
  p++;
  const d = b[p];
  switch (c) {
    case 0: // the end
      p--;
      now.token = END;
      return;
    case 34: // "
    case 39: // '
      now.token = TEXT;
      p = stringEnd(b, p, c);
      return;
    case 46: // .
      if (CLASSES[d] === 2) {
        now.token = NUMBER;
        p = numberEnd(b, p - 1);
      } else if (d === 46) {
        p += 2;
        now.token = SPREAD;
      } else now.token = 46;
      return;
    case 63: // ?
      if (d === 63) {
        p++;
        if (b[p] === 61) {
          p++;
          now.token = UPDATE_ASSIGN;
        } else binary(1);
      } else if (d === 46 && CLASSES[b[p + 1]] !== 2) {
        p++;
        now.token = OPTIONAL;
      } else now.token = 63;
      return;
    case 61: // =
      if (d === 62) {
        p++;
        now.token = FAT;
      } else if (d === 61) {
        p += b[p + 1] === 61 ? 2 : 1;
        binary(6);
      } else now.token = ASSIGN;
      return;
    case 33: // !
      if (d === 61) {
        p += b[p + 1] === 61 ? 2 : 1;
        binary(6);
      } else now.token = 33;
      return;
    case 43: // +
    case 45: // -
      if (d === c) {
        p++;
        if (c === 45 && b[p] === 62 && (now.newline || now.before === END)) giveUp(); // -->
        now.token = STEP;
      } else if (d === 61) {
        p++;
        now.token = UPDATE_ASSIGN;
      } else {
        now.token = c;
        now.precedence = 9;
      }
      return;
    case 42: // *
      if (d === 42) {
        p++;
        operator(11);
      } else {
        operator(10);
        if (now.token === BINARY) now.token = 42;
      }
      return;
    case 47: // /
    case 37: // %
      operator(10);
      if (c === 47 && now.token === BINARY) now.token = 47;
      return;
    case 60: // <
      if (d === 33 && b[p + 1] === 45 && b[p + 2] === 45) giveUp(); // <!--
      if (d === 60) {
        p++;
        operator(8);
      } else {
        if (d === 61) p++;
        binary(7);
      }
      return;
    case 62: // >
      if (d === 62) {
        p += b[p + 1] === 62 ? 2 : 1;
        operator(8);
      } else {
        if (d === 61) p++;
        binary(7);
      }
      return;
    case 38: // &
    case 124: // |
      if (d === c) {
        p++;
        operator(c === 38 ? 2 : 1);
      } else operator(c === 38 ? 5 : 3);
      return;
    case 94: // ^
      operator(4);
      return;
    case 92: // a name that begins with an escape
    case 64: // a decorator
      giveUp();
  }
  if (CLASSES[c] === 2) {
    now.token = NUMBER;
    p = numberEnd(b, p - 1);
  } else now.token = c;
}

function binary(rank) {
  now.token = BINARY;
  now.precedence = rank;
}

function operator(rank) {
  if (b[p] === 61) {
    p++;
    now.token = UPDATE_ASSIGN;
  } else binary(rank);
}

// The current token is the slash that it begins with.
function regex() {
  p = regexEnd(b, now.start + 1);
  next();
}

// Up to a substitution in a template or to its end; whether it is the former.
function substituted() {
  p = stretchEnd(b, p);
  return b[p - 1] === 123;
}

function expect(wanted) {
  if (now.token !== wanted) giveUp();
  next();
}

function semicolon() {
  if (now.token === 59) next();
  else if (now.token !== 125 && now.token !== END && !now.newline) giveUp();
}

// The token after the current one, which stays.
function peek() {
  const from = p;
  const { token, start, newline, comment, hash, reserved, precedence, before, count } = now;
  next();
  const found = now.token;
  now.peekedNewline = now.newline;
  p = from;
  now.token = token;
  now.start = start;
  now.newline = newline;
  now.comment = comment;
  now.hash = hash;
  now.reserved = reserved;
  now.precedence = precedence;
  now.before = before;
  now.count = count;
  return found;
}

// The first byte after the current token and spaces.
function following() {
  let at = p;
  while (CLASSES[b[at]] === 4) at++;
  return b[at];
}

// Makes a parenthesis that was read before the current token again.
function goBack(end, start) {
  p = end;
  now.start = start;
  now.token = 40;
}

// Where the current token ends.
function reached() {
  return p;
}

// The first byte of the current token.
function first() {
  return b[now.start];
}

function bytes(from, to) {
  return b.subarray(from, to);
}

module.exports = {
  now, begin, next, peek, following, expect, semicolon, regex, substituted, goBack, reached,
  first, bytes,
};
