// Reads objects and classes, and says which of their members clash.
"use strict";

const { MAYBE, ALL_RULES, IDLE, MEMBER, PLAIN, PATTERN, giveUp, seen } = require("./facts.cjs");
const {
  hashed, END, WORD, NUMBER, TEXT, ASSIGN, SPREAD, KEYWORD, EXTENDS, THIS_WORD, ASYNC, GET, SET,
  STATIC, ACCESSOR, CONSTRUCTOR, BASIS, PRIME,
} = require("./words.cjs");
const { now, next, peek, expect, semicolon, reached, bytes } = require("./tokens.cjs");
const { place, OTHER_NAME, LEXICAL, open, named, declare, repeated } = require("./scopes.cjs");
const { quiet } = require("./quiet.cjs");
const { inner } = require("./inner.cjs");
const { goIn, comeOut, functionRest, functionBody } = require("./functions.cjs");

const GETTER = 1;
const SETTER = 2;
const VALUE = 3;

// Members of the objects and classes that are open.
const keys = [];
const keyKinds = [];

function begin() {
  keys.length = keyKinds.length = 0;
}

function closeMembers(from, odd) {
  const end = keys.length;
  if (end - from > 1 && (odd || (repeated(keys, from) && clash(from)))) seen.maybe |= MAYBE.member;
  keys.length = keyKinds.length = from;
}

// Whether equal keys are more than one getter and one setter.
function clash(from) {
  const known = new Map();
  for (let i = from; i < keys.length; i++) {
    const old = known.get(keys[i]) || 0;
    if (old & keyKinds[i]) return true;
    known.set(keys[i], old | keyKinds[i]);
  }
  return false;
}

// Reads the name of a member and keeps it; says whether it is spelled oddly.
function key(kind, isStatic) {
  let mine = 0;
  seen.escaped = false;
  if (now.token === WORD || now.token >= KEYWORD) mine = now.hash;
  else if (now.token === TEXT) mine = textKey();
  else if (now.token === NUMBER) mine = numberKey();
  else if (now.token === 35) {
    next(); // a private name twice is an error of syntax
    next();
    return false;
  } else if (now.token === 91) {
    next();
    // A literal alone in the brackets names a member that is not computed.
    const first = now.token;
    if (first === TEXT) mine = textKey();
    else if (first === NUMBER) mine = numberKey();
    let odd = seen.escaped;
    if (!mine || peek() !== 93) {
      mine = 0;
      odd = first !== WORD && first !== THIS_WORD;
    }
    if (inner.assignment(false) & MEMBER) odd = false;
    if (now.token !== 93) giveUp();
    seen.escaped = odd;
  } else giveUp();
  next();
  if (mine || seen.escaped) {
    keys.push(isStatic ? mine ^ 0x5bd1e995 : mine);
    keyKinds.push(kind);
  }
  return seen.escaped;
}

function textKey() {
  let h = BASIS;
  for (const c of bytes(now.start + 1, reached() - 1)) {
    if (c === 92) return escapedKey();
    h = Math.imul(h ^ c, PRIME);
  }
  return h;
}

const ESCAPE = /\\(?:u\{([\da-fA-F]+)\}|u([\da-fA-F]{4})|x([\da-fA-F]{2})|([0-3]?[0-7]{1,2})|(\r\n|[^]))/g;
const SINGLE = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v" };

// Both engines that run this have these old functions, and not the same new ones.
const utf8 = (some) => decodeURIComponent(escape(String.fromCharCode(...some)));
const latin1 = (text) => unescape(encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd")));

function escapedKey() {
  const text = utf8(bytes(now.start + 1, reached() - 1));
  const said = text.replace(ESCAPE, (_, a, c, d, octal, sign) => {
    if (a || c || d) return String.fromCodePoint(Math.min(Number.parseInt(a || c || d, 16), 0x10ffff));
    if (octal) return String.fromCharCode(Number.parseInt(octal, 8));
    return /[\r\n]/.test(sign) ? "" : SINGLE[sign] || sign;
  });
  return hashed(latin1(said));
}

function numberKey() {
  const text = String.fromCharCode(...bytes(now.start, Math.min(reached(), now.start + 40)));
  const plain = text.replaceAll("_", "").replace(/n$/, "");
  const value = /^0[0-7]+$/.test(plain) ? Number.parseInt(plain, 8) : Number(plain);
  if (!Number.isSafeInteger(value)) seen.escaped = true;
  return hashed(String(value));
}

function object() {
  const at = now.count;
  const from = keys.length;
  let odd = false;
  next();
  while (now.token !== 125) {
    if (now.token === SPREAD) {
      next();
      inner.assignment(false);
    } else {
      objectMember();
      odd = odd || seen.escaped;
    }
    if (now.token === 44) next();
    else if (now.token !== 125) giveUp();
  }
  next();
  closeMembers(from, odd);
  seen.patternFrom = at;
  return IDLE | PLAIN | PATTERN;
}

function objectMember() {
  let generator = false;
  let isAsync = false;
  let kind = VALUE;
  seen.escaped = false;
  if (now.token === WORD && (now.hash === GET || now.hash === SET || now.hash === ASYNC)) {
    const after = peek();
    if (after !== 40 && after !== 44 && after !== 125 && after !== 58 && after !== ASSIGN) {
      if (now.peekedNewline) seen.maybe |= ALL_RULES; // guard's grammar may take it for a name
      if (now.hash === ASYNC) isAsync = true;
      else kind = now.hash === GET ? GETTER : SETTER;
      next();
    }
  }
  if (now.token === 42) {
    generator = true;
    next();
  }
  const name = now.token === WORD && !now.reserved;
  const odd = key(kind, false);
  if (now.token === 40) functionRest(isAsync, generator, 0, false, kind !== VALUE);
  else if (now.token === 58) {
    next();
    inner.assignment(false);
  } else {
    if (!name) seen.maybe |= MAYBE.differs;
    seen.risks++;
    if (now.token === ASSIGN) {
      next();
      inner.assignment(false);
    }
  }
  seen.escaped = odd;
}

// The current token is `class`.
function classRest(isDeclaration) {
  seen.risks++;
  next();
  const around = isDeclaration ? place.here : open();
  if (now.token === WORD) {
    named();
    declare(place.here, now.hash, isDeclaration ? LEXICAL : OTHER_NAME);
    next();
  }
  let derived = false;
  if (now.token === EXTENDS) {
    derived = true;
    next();
    inner.operand();
  }
  const from = keys.length;
  let odd = false;
  const variables = place.body;
  goIn(false, false);
  place.body = variables;
  expect(123);
  while (now.token !== 125) {
    if (now.token === 59) next();
    else {
      classMember(derived);
      odd = odd || seen.escaped;
    }
  }
  comeOut();
  next();
  closeMembers(from, odd);
  place.here = around;
}

// Whether the current word is a modifier of the member that follows.
function modifies() {
  const after = peek();
  if (now.peekedNewline) seen.maybe |= ALL_RULES; // guard's grammar may take it for a name
  return after !== 40 && after !== ASSIGN && after !== 59 && after !== 125 && after !== END;
}

function classMember(derived) {
  let isStatic = false;
  let generator = false;
  let isAsync = false;
  let kind = VALUE;
  seen.escaped = false;
  if (now.token === WORD && now.hash === STATIC && modifies()) {
    isStatic = true;
    next();
    if (now.token === 123) {
      goIn(false, false);
      functionBody(false);
      comeOut();
      seen.escaped = false;
      return;
    }
  }
  if (now.token === WORD && now.hash === ACCESSOR && modifies() && !now.peekedNewline) {
    seen.maybe |= MAYBE.differs;
    next();
  } else if (now.token === WORD && now.hash === ASYNC && modifies() && !now.peekedNewline) {
    isAsync = true;
    next();
  } else if (
    now.token === WORD &&
    (now.hash === GET || now.hash === SET) &&
    modifies() &&
    peek() !== 42
  ) {
    kind = now.hash === GET ? GETTER : SETTER;
    next();
  }
  if (now.token === 42) {
    generator = true;
    next();
  }
  const builds = derived && now.hash === CONSTRUCTOR;
  const known = seen.supers;
  const { count } = quiet;
  const odd = key(kind, isStatic);
  if (now.token === 40) {
    functionRest(isAsync, generator, 0, false, kind !== VALUE);
    // Without super() its fields are never made.
    if (builds && seen.supers === known) {
      seen.maybe |= MAYBE.unreachable;
      quiet.count = count; // guard looks for the word, wherever it stands
    }
  } else {
    if (now.token === ASSIGN) {
      next();
      inner.assignment(false);
    }
    semicolon();
  }
  seen.escaped = odd;
}

module.exports = { begin, object, classRest };
