// Reads objects and classes, and says which of their members clash.
"use strict";

const { MAYBE, ALL_RULES, IDLE, MEMBER, PLAIN, PATTERN, seen, giveUp } = require("./facts.cjs");
const {
  END, WORD, NUMBER, TEXT, HASH, PAREN, STAR, COMMA, COLON, SEMICOLON, BRACKET, BRACKET_END, BRACE,
  BRACE_END, SPREAD, ASSIGN, KEYWORD, EXTENDS, THIS_WORD, hashed, ASYNC, GET, SET, STATIC, ACCESSOR,
  CONSTRUCTOR, isReserved,
} = require("./words.cjs");
const { now, next, peek, expect, semicolon, reached, bytes, textHash } = require("./tokens.cjs");
const {
  place, OTHER_NAME, LEXICAL, patterns, open, declare, repeated, openLiteral, closeLiteral, named,
} = require("./scopes.cjs");
const { quiet } = require("./quiet.cjs");
const privates = require("./privates.cjs");
const { inner } = require("./inner.cjs");
const { within, functionRest, functionBody } = require("./functions.cjs");

const GETTER = 1;
const SETTER = 2;
const VALUE = 3;

// Members of the objects and classes that are open.
let keys = new Int32Array(1 << 8);
let keyKinds = new Int32Array(1 << 8);
let count = 0;

function begin() {
  count = 0;
}

function closeMembers(from, odd) {
  if (odd ? count - from > 1 : repeated(keys, from, count) && clash(from)) seen.maybe |= MAYBE.member;
  count = from;
}

// Whether equal keys are more than one getter and one setter.
function clash(from) {
  var known = new Map();
  for (var i = from; i < count; i++) {
    var old = known.get(keys[i]) || 0;
    if (old & keyKinds[i]) return true;
    known.set(keys[i], old | keyKinds[i]);
  }
  return false;
}

// Reads the name of a member and keeps it; says whether it is spelled oddly.
function key(kind, isStatic) {
  var mine = 0;
  seen.escaped = false;
  if (now.token === WORD || now.token >= KEYWORD) mine = now.hash;
  else if (now.token === TEXT) mine = textKey();
  else if (now.token === NUMBER) mine = numberKey();
  else if (now.token === HASH) {
    next(); // a private name twice is an error of syntax
    privates.declared.push(now.hash);
    next();
    return false;
  } else if (now.token === BRACKET) {
    next();
    // A literal alone in the brackets names a member that is not computed.
    var first = now.token;
    if (first === TEXT) mine = textKey();
    else if (first === NUMBER) mine = numberKey();
    var odd = seen.escaped;
    if (!mine || peek() !== BRACKET_END) {
      mine = 0;
      odd = first !== WORD && first !== THIS_WORD;
    }
    if (inner.assignment(false) & MEMBER) odd = false;
    if (now.token !== BRACKET_END) giveUp();
    seen.escaped = odd;
  } else giveUp();
  next();
  if (mine || seen.escaped) {
    if (count === keys.length) {
      keys = longer(keys);
      keyKinds = longer(keyKinds);
    }
    keys[count] = isStatic ? mine ^ 0x5bd1e995 : mine;
    keyKinds[count++] = kind;
  }
  return seen.escaped;
}

function longer(list) {
  var more = new Int32Array(list.length * 2);
  more.set(list);
  return more;
}

function textKey() {
  return textHash() || escapedKey();
}

const ESCAPE = /\\(?:u\{([\da-fA-F]+)\}|u([\da-fA-F]{4})|x([\da-fA-F]{2})|([0-3]?[0-7]{1,2})|(\r\n|[^]))/g;
const SINGLE = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v" };

function escapedKey() {
  var text = decodeURIComponent(escape(latin1(now.start + 1, reached() - 1)));
  var said = text.replace(ESCAPE, (_, a, c, d, octal, sign) => {
    if (a || c || d) return String.fromCodePoint(Math.min(Number.parseInt(a || c || d, 16), 0x10ffff));
    if (octal) return String.fromCharCode(Number.parseInt(octal, 8));
    return /[\r\n]/.test(sign) ? "" : SINGLE[sign] || sign;
  });
  // Half of a pair has no bytes of its own.
  return hashed(unescape(encodeURIComponent(said.replace(/[\ud800-\udfff]/gu, "\ufffd"))));
}

// Bytes of the text, each as one character.
function latin1(from, to) {
  var text = "";
  for (var c of bytes(from, to)) text += String.fromCharCode(c);
  return text;
}

function numberKey() {
  var text = latin1(now.start, Math.min(reached(), now.start + 40));
  var plain = text.replaceAll("_", "").replace(/n$/, "");
  var value = /^0[0-7]+$/.test(plain) ? Number.parseInt(plain, 8) : Number(plain);
  if (!Number.isSafeInteger(value)) seen.escaped = true;
  return hashed(String(value));
}

function object() {
  var at = openLiteral();
  var from = count;
  var odd = false;
  next();
  while (now.token !== BRACE_END) {
    if (now.token === SPREAD) {
      next();
      inner.assignment(false);
    } else {
      if (objectMember()) odd = true;
    }
    if (now.token === COMMA) next();
    else if (now.token !== BRACE_END) giveUp();
  }
  next();
  closeMembers(from, odd);
  closeLiteral(at);
  return IDLE | PLAIN | PATTERN;
}

// Says whether its name is spelled oddly.
function objectMember() {
  var generator = false;
  var isAsync = false;
  var kind = VALUE;
  var name = now.hash;
  if (now.token === WORD && (name === GET || name === SET || name === ASYNC)) {
    var after = peek();
    if (after !== PAREN && after !== COMMA && after !== BRACE_END && after !== COLON && after !== ASSIGN) {
      if (now.peekedNewline) seen.maybe |= ALL_RULES; // guard's grammar may take it for a name
      if (now.hash === ASYNC) isAsync = true;
      else kind = now.hash === GET ? GETTER : SETTER;
      next();
    }
  }
  if (now.token === STAR) {
    generator = true;
    next();
  }
  name = now.hash;
  var short = now.token === WORD && !isReserved(name);
  var odd = key(kind, false);
  if (now.token === COLON) {
    next();
    inner.assignment(false);
  } else if (now.token === PAREN) functionRest(isAsync, generator, 0, false, kind !== VALUE);
  else {
    if (!short) seen.maybe |= MAYBE.differs;
    patterns.push(name);
    seen.risks++;
    if (now.token === ASSIGN) {
      next();
      inner.assignment(false);
    }
  }
  return odd;
}

// The current token is `class`.
function classRest(isDeclaration) {
  var { octals } = seen;
  seen.risks++;
  next();
  var around = isDeclaration ? place.here : open();
  if (now.token === WORD) {
    named();
    declare(place.here, now.hash, isDeclaration ? LEXICAL : OTHER_NAME);
    next();
  }
  var derived = false;
  if (now.token === EXTENDS) {
    derived = true;
    next();
    inner.operand();
  }
  within(false, false, classBody, derived, place.body);
  place.here = around;
  if (seen.octals !== octals) seen.maybe |= MAYBE.differs; // not everywhere does V8 know it for strict code
  next();
}

// Up to the brace at its end; `variables` is the scope of those around it.
function classBody(derived, variables) {
  var from = count;
  var odd = false;
  var uses = privates.read.length;
  var names = privates.declared.length;
  place.body = variables;
  expect(BRACE);
  while (now.token !== BRACE_END) {
    if (now.token === SEMICOLON) next();
    else {
      classMember(derived);
      odd = odd || seen.escaped;
    }
  }
  closeMembers(from, odd);
  privates.close(uses, names);
}

// Whether the current word is a modifier of the member that follows.
function modifies() {
  var after = peek();
  if (now.peekedNewline) seen.maybe |= ALL_RULES; // guard's grammar may take it for a name
  return after !== PAREN && after !== ASSIGN && after !== SEMICOLON && after !== BRACE_END && after !== END;
}

function classMember(derived) {
  var isStatic = false;
  var generator = false;
  var isAsync = false;
  var kind = VALUE;
  seen.escaped = false;
  if (now.token === WORD && now.hash === STATIC && modifies()) {
    isStatic = true;
    next();
    if (now.token === BRACE) {
      within(false, false, functionBody, false);
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
    peek() !== STAR
  ) {
    kind = now.hash === GET ? GETTER : SETTER;
    next();
  }
  if (now.token === STAR) {
    generator = true;
    next();
  }
  var builds = derived && now.hash === CONSTRUCTOR;
  var known = seen.supers;
  var bounds = quiet.count;
  var odd = key(kind, isStatic);
  if (now.token === PAREN) {
    functionRest(isAsync, generator, 0, false, kind !== VALUE);
    // Without super() its fields are never made.
    if (builds && seen.supers === known) {
      seen.maybe |= MAYBE.unreachable;
      quiet.count = bounds; // guard looks for the word, wherever it stands
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
