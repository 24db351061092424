// Reads a program that V8 has accepted once more, quickly, and says what guard must look at itself.
//
// scan(bytes, from, to, module) walks over UTF-8 that a zero byte follows; it returns bits of MAYBE.
// Each bit says that the text may hold what the rule of that name reports, or syntax that guard and
// V8 see differently; without the bit it surely does not. No tree is made: every expression is
// summed up in a few bits. What this reader does not expect sets every bit.
"use strict";

const MAYBE = {
  member: 1,
  function: 2,
  unreachable: 4,
  label: 8,
  this: 16,
  idle: 32,
  reassigned: 64,
  differs: 128,
};
const ALL_RULES = 127;
const EVERYTHING = 255;

// What an expression is.
const IDLE = 1; // as a statement it may do nothing
const CONSTANT = 2; // null, undefined, a boolean, a number or a string
const MEMBER = 4; // a member of something
const CALLABLE = 8; // a function or arrow, in parentheses or not, or a member of one
const CALLS_LITERAL = 16; // a call of one
const PLAIN = 32; // a chain of members that begins with no call and no parenthesis
const STRING = 64;
const NAME = 128; // its hash is in nameOf
const TARGET = 256; // a call, in parentheses or not: no target of an assignment in strict code
const PATTERN = 512; // an array or object, whose names begin at patternFrom
const FUNCTION = 1024; // a function or arrow itself
const ALWAYS = 2048; // true or a number
const ARROW = 4096; // nothing can follow but a comma or an end
const THIS = 8192;
const OF_THIS = 16384; // a member of it, directly or not

// What a statement is.
const ENDS = 1; // no run may get past it
const HOISTED = 2; // a function, an empty statement, a `var` without a value

// Tokens: signs are their characters; the rest is here, words from KEYWORD on.
const END = 0;
const WORD = 1;
const NUMBER = 2;
const TEXT = 3;
const TEMPLATE = 96;
const BINARY = 128;
const ASSIGN = 129;
const UPDATE_ASSIGN = 130;
const FAT = 131;
const STEP = 132;
const SPREAD = 133;
const OPTIONAL = 134;
const KEYWORD = 200;
const KEYWORDS = (
  "break case catch class const continue debugger default delete do else enum export extends " +
  "false finally for function if import in instanceof new null return super switch this throw " +
  "true try typeof var void while with"
).split(" ");
const K = Object.fromEntries(KEYWORDS.map((word, number) => [word, KEYWORD + number]));
const { break: BREAK, case: CASE, catch: CATCH, class: CLASS, const: CONST } = K;
const { continue: CONTINUE, debugger: DEBUGGER, default: DEFAULT, delete: DELETE, do: DO } = K;
const { else: ELSE, export: EXPORT, extends: EXTENDS, false: FALSE, finally: FINALLY } = K;
const { for: FOR, function: FUNCTION_WORD, if: IF, import: IMPORT, in: IN, new: NEW } = K;
const { instanceof: INSTANCEOF, null: NULL, return: RETURN, super: SUPER, switch: SWITCH } = K;
const { this: THIS_WORD, throw: THROW, true: TRUE, try: TRY, typeof: TYPEOF, var: VAR } = K;
const { void: VOID, while: WHILE, with: WITH } = K;

// Names are known by their hashes (FNV-1a): two that share one only make guard look itself.
const BASIS = 0x811c9dc5 | 0;
const PRIME = 0x01000193;

function hashed(word) {
  let hash = BASIS;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), PRIME);
  return hash;
}

const [LET, ASYNC, OF, GET, SET, STATIC, AWAIT, YIELD, USING, ACCESSOR, FROM, AS, META] =
  "let async of get set static await yield using accessor from as meta".split(" ").map(hashed);
const [DEFER, SOURCE, UNDEFINED, ASSERT, CONSTRUCTOR] =
  "defer source undefined assert constructor".split(" ").map(hashed);

const SLOTS = 1024;
const wordIn = new Int32Array(SLOTS);
const hashIn = new Int32Array(SLOTS);
for (const [number, word] of KEYWORDS.entries()) {
  let slot = hashed(word) & (SLOTS - 1);
  while (wordIn[slot]) slot = (slot + 1) & (SLOTS - 1);
  wordIn[slot] = KEYWORD + number;
  hashIn[slot] = hashed(word);
}

// By byte: 1 begins a name, 2 goes on with one, 4 is white space.
const CLASSES = new Uint8Array(256);
for (let c = 0; c < 256; c++) {
  const sign = String.fromCharCode(c);
  if (/[A-Za-z_$]/.test(sign) || c >= 128) CLASSES[c] = 3;
  else if (/[0-9]/.test(sign)) CLASSES[c] = 2;
  else if (/[\t\v\f ]/.test(sign)) CLASSES[c] = 4;
}

const GIVEN_UP = { message: "not expected here" };

function giveUp() {
  throw GIVEN_UP;
}

// The text, and where in it.
let b = new Uint8Array(1);
let p = 0;

// The current token.
let token = END;
let start = 0;
let newline = false; // before it
let comment = 0; // before it: 0 none, 1 some, 2 the last of them begins with /**
let hash = 0; // of a word
let precedence = 0; // of a binary operator
let before = END; // the token before it

// What has been seen.
let maybe = 0;
let thisCalled = false;
let thisWritten = false;
let exchanges = false; // imports or exports
let nameOf = 0;
let patternFrom = 0;
let underscored = false; // whether it begins with an underscore
let names = new Int32Array(1 << 12); // the hashes of all words
let nameCount = 0;
let risks = 0; // how much that may throw was seen, in the function that is open
let meant = 0; // how many members were read for what reading them does
let supers = 0;

// Where it is.
let isModule = false;
let inAsync = false;
let inGenerator = false;
let functions = 0; // how many functions and classes are around
let tries = 0;

// What breaks may leave: labels, loops and switches, down to those of the function, from `ground`.
const LABEL = 0;
const LOOP = 1;
const SWITCH_BODY = 2;
const BROKEN = 1;
const CONTINUED = 2;
const JUMPED_TO = 4;
const kinds = [];
const labels = [];
const left = [];
let ground = 0;

// Scopes, by number: the scope around each, and the name of the function that it is.
const parents = [];
const titles = [];
let here = 0; // the innermost
let body = 0; // that of the function, where `var` lives

// Declarations and assignments in reading order: scope, name, and what it is.
const FUNCTION_NAME = 1;
const OTHER_NAME = 2;
const OWN_NAME = 3;
const declared = [];
const written = [];
const functionNames = new Set();

// Functions of the lists of statements that are open, variables of the functions that are open.
const listed = [];
const hoisted = []; // whether each is a declaration
const varying = [];

// Members of the objects and classes that are open.
const keys = [];
const keyKinds = [];

function scan(bytes, from, to, module) {
  b = bytes;
  p = from;
  token = before = END;
  maybe = 0;
  thisCalled = thisWritten = exchanges = false;
  nameCount = risks = meant = supers = 0;
  isModule = module;
  inAsync = inGenerator = false;
  functions = tries = 0;
  kinds.length = labels.length = left.length = ground = 0;
  parents.length = titles.length = declared.length = written.length = 0;
  listed.length = hoisted.length = varying.length = keys.length = keyKinds.length = 0;
  functionNames.clear();
  saved.length = marks.length = sinceBody = 0;
  parents.push(-1);
  titles.push(0);
  here = body = 0;
  if (b[p] === 0xef && b[p + 1] === 0xbb && b[p + 2] === 0xbf) p += 3;
  if (b[p] === 35 && b[p + 1] === 33) lineComment();
  try {
    next();
    program();
    if (p < to) return EVERYTHING;
  } catch (problem) {
    if (problem !== GIVEN_UP && !(problem instanceof RangeError)) throw problem;
    return EVERYTHING;
  }
  if (thisCalled || (thisWritten && exchanges)) maybe |= MAYBE.this;
  if (reassigns()) maybe |= MAYBE.reassigned;
  return maybe;
}

// Tokens

function lineComment() {
  for (;;) {
    const c = b[p];
    if (c === 10 || c === 13 || c === 0) return;
    if (c === 0xe2 && b[p + 1] === 0x80 && (b[p + 2] & 0xfe) === 0xa8) giveUp();
    p++;
  }
}

function blockComment() {
  comment = b[p] === 42 && b[p + 1] !== 47 ? 2 : 1;
  for (;;) {
    const c = b[p++];
    if (c === 42) {
      if (b[p] === 47) {
        p++;
        return;
      }
    } else if (c === 10 || c === 13) newline = true;
    else if (c === 0) giveUp();
    else if (c === 0xe2 && b[p] === 0x80 && (b[p + 1] & 0xfe) === 0xa8) giveUp();
  }
}

function next() {
  before = token;
  newline = false;
  comment = 0;
  let c;
  for (;;) {
    c = b[p];
    if (CLASSES[c] === 4) p++;
    else if (c === 10 || c === 13) {
      newline = true;
      p++;
    } else if (c === 47 && b[p + 1] === 47) {
      comment = 1;
      lineComment();
    } else if (c === 47 && b[p + 1] === 42) {
      p += 2;
      blockComment();
    } else break;
  }
  start = p;
  if (CLASSES[c] & 1) word(c);
  else sign(c);
}

function word(c) {
  let h = BASIS;
  do {
    if (c >= 128) strange(c);
    h = Math.imul(h ^ c, PRIME);
    c = b[++p];
  } while (CLASSES[c] & 2);
  if (c === 92) giveUp();
  hash = h;
  let slot = h & (SLOTS - 1);
  while (wordIn[slot] !== 0) {
    if (hashIn[slot] === h && spells(KEYWORDS[wordIn[slot] - KEYWORD])) {
      token = wordIn[slot];
      return;
    }
    slot = (slot + 1) & (SLOTS - 1);
  }
  token = WORD;
  if (nameCount === names.length) {
    const more = new Int32Array(names.length * 2);
    more.set(names);
    names = more;
  }
  names[nameCount++] = h;
}

// Some of what is no ASCII is white space.
function strange(c) {
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

function spells(text) {
  if (p - start !== text.length) return false;
  for (let i = 0; i < text.length; i++) if (b[start + i] !== text.charCodeAt(i)) return false;
  return true;
}

function sign(c) {
  p++;
  const d = b[p];
  switch (c) {
    case 0: // the end
      p--;
      token = END;
      return;
    case 34: // "
    case 39: // '
      string(c);
      return;
    case 46: // .
      if (CLASSES[d] === 2) {
        p--;
        number();
      } else if (d === 46) {
        p += 2;
        token = SPREAD;
      } else token = 46;
      return;
    case 63: // ?
      if (d === 63) {
        p++;
        if (b[p] === 61) {
          p++;
          token = UPDATE_ASSIGN;
        } else binary(1);
      } else if (d === 46 && CLASSES[b[p + 1]] !== 2) {
        p++;
        token = OPTIONAL;
      } else token = 63;
      return;
    case 61: // =
      if (d === 62) {
        p++;
        token = FAT;
      } else if (d === 61) {
        p += b[p + 1] === 61 ? 2 : 1;
        binary(6);
      } else token = ASSIGN;
      return;
    case 33: // !
      if (d === 61) {
        p += b[p + 1] === 61 ? 2 : 1;
        binary(6);
      } else token = 33;
      return;
    case 43: // +
    case 45: // -
      if (d === c) {
        p++;
        if (c === 45 && b[p] === 62 && (newline || before === END)) giveUp(); // -->
        token = STEP;
      } else if (d === 61) {
        p++;
        token = UPDATE_ASSIGN;
      } else {
        token = c;
        precedence = 9;
      }
      return;
    case 42: // *
      if (d === 42) {
        p++;
        operator(11);
      } else {
        operator(10);
        if (token === BINARY) token = 42;
      }
      return;
    case 47: // /
    case 37: // %
      operator(10);
      if (c === 47 && token === BINARY) token = 47;
      return;
    case 60: // <
      if (d === 33 && b[p + 1] === 45 && b[p + 2] === 45) giveUp(); // <!--
      if (d === 60) {
        p++;
        operator(8);
      } else if (d === 61) {
        p++;
        binary(7);
      } else binary(7);
      return;
    case 62: // >
      if (d === 62) {
        p += b[p + 1] === 62 ? 2 : 1;
        operator(8);
      } else if (d === 61) {
        p++;
        binary(7);
      } else binary(7);
      return;
    case 38: // &
      if (d === 38) {
        p++;
        operator(2);
      } else operator(5);
      return;
    case 124: // |
      if (d === 124) {
        p++;
        operator(1);
      } else operator(3);
      return;
    case 94: // ^
      operator(4);
      return;
    case 92: // a name that begins with an escape
    case 64: // a decorator
      giveUp();
  }
  if (CLASSES[c] === 2) {
    p--;
    number();
  } else token = c;
}

function binary(rank) {
  token = BINARY;
  precedence = rank;
}

function operator(rank) {
  if (b[p] === 61) {
    p++;
    token = UPDATE_ASSIGN;
  } else binary(rank);
}

function string(quote) {
  token = TEXT;
  for (;;) {
    const c = b[p++];
    if (c === quote) return;
    if (c === 92) p++;
    else if (c === 0) giveUp();
  }
}

function number() {
  token = NUMBER;
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
      return;
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
  if (c === 110) p++;
}

// The current token is the slash it begins with.
function regex() {
  p = start + 1;
  let inClass = false;
  for (;;) {
    const c = b[p++];
    if (c === 92) p++;
    else if (c === 91) inClass = true;
    else if (c === 93) inClass = false;
    else if (c === 47 && !inClass) break;
    else if (c === 0 || c === 10) giveUp();
  }
  while (CLASSES[b[p]] & 2) p++;
  next();
}

// The current token is the grave accent it begins with; says whether it has no substitutions.
function template() {
  let whole = true;
  for (;;) {
    const c = b[p++];
    if (c === 96) break;
    if (c === 92) p++;
    else if (c === 36 && b[p] === 123) {
      whole = false;
      p++;
      next();
      sequence(false);
      if (token !== 125) giveUp();
    } else if (c === 0) giveUp();
  }
  next();
  return whole;
}

function expect(sign) {
  if (token !== sign) giveUp();
  next();
}

// The token after the current one, which stays.
let peekedNewline = false;
function peek() {
  const a = p;
  const c = token;
  const d = start;
  const e = newline;
  const f = comment;
  const g = hash;
  const h = precedence;
  const i = before;
  const count = nameCount;
  next();
  const found = token;
  peekedNewline = newline;
  p = a;
  token = c;
  start = d;
  newline = e;
  comment = f;
  hash = g;
  precedence = h;
  before = i;
  nameCount = count;
  return found;
}

// The first byte after the current token and spaces.
function following() {
  let at = p;
  while (CLASSES[b[at]] === 4) at++;
  return b[at];
}

// Statements

function program() {
  let ended = 0;
  let directives = true;
  while (token !== END) {
    directives = directives && token === TEXT;
    const one = statement(directives);
    if (!(one & DIRECTIVE)) directives = false;
    if (ended && !(one & HOISTED)) maybe |= MAYBE.unreachable;
    ended |= one & ENDS;
  }
  meet(0, 0);
  close(0);
}

const DIRECTIVE = 4;

// Statements up to a brace or a case; says whether one of them ends.
function statements(directives) {
  let ended = 0;
  while (token !== 125 && token !== CASE && token !== DEFAULT) {
    if (token === END) giveUp();
    directives = directives && token === TEXT;
    const one = statement(directives);
    if (!(one & DIRECTIVE)) directives = false;
    if (ended && !(one & HOISTED)) maybe |= MAYBE.unreachable;
    ended |= one & ENDS;
  }
  return ended;
}

// The current token is the brace a block begins with.
function block(directives) {
  const around = open();
  expect(123);
  const from = listed.length;
  const ended = statements(directives);
  close(from);
  expect(125);
  here = around;
  return ended;
}

// Opens a scope; returns the one around it.
function open() {
  const around = here;
  here = parents.length;
  parents.push(around);
  titles.push(0);
  return around;
}

function declare(scope, name, what) {
  declared.push(scope, name, what);
}

// Ends a list of statements whose functions are those from `from` on.
function close(from) {
  if (listed.length - from > 1 && repeated(listed, from)) maybe |= MAYBE.function;
  listed.length = hoisted.length = from;
}

// Ends the body of a function: a function in it and one of its variables may have the same name.
function meet(from, since) {
  if (listed.length > from && varying.length > since) {
    const known = new Set(varying.slice(since));
    for (let i = from; i < listed.length; i++)
      if (hoisted[i] && known.has(listed[i])) maybe |= MAYBE.function;
  }
  varying.length = since;
}

function repeated(list, from) {
  const end = list.length;
  if (end - from > 12) return new Set(list.slice(from)).size < end - from;
  for (let i = from + 1; i < end; i++)
    for (let j = from; j < i; j++) if (list[i] === list[j]) return true;
  return false;
}

function semicolon() {
  if (token === 59) next();
  else if (token !== 125 && token !== END && !newline) giveUp();
}

function statement(directive) {
  switch (token) {
    case 123:
      return block(false);
    case 59:
      next();
      return HOISTED;
    case VAR:
    case CONST:
      return declaration();
    case FUNCTION_WORD:
      next();
      functionDeclaration(false);
      return HOISTED;
    case CLASS:
      classRest(true);
      return 0;
    case IF:
      return ifStatement();
    case FOR:
      return forStatement();
    case WHILE:
      return whileStatement();
    case DO:
      return doStatement();
    case RETURN:
      next();
      if (token !== 59 && token !== 125 && token !== END && !newline) sequence(false);
      semicolon();
      return ENDS;
    case THROW:
      risks++;
      next();
      sequence(false);
      semicolon();
      return ENDS;
    case BREAK:
    case CONTINUE:
      return jump(token);
    case SWITCH:
      return switchStatement();
    case TRY:
      return tryStatement();
    case WITH:
      next();
      expect(40);
      sequence(false);
      expect(41);
      return statement(false) & ENDS;
    case DEBUGGER:
      next();
      semicolon();
      return 0;
    case EXPORT:
      return exportStatement();
    case IMPORT: {
      const after = peek();
      if (after !== 40 && after !== 46) return importStatement();
      break;
    }
    case WORD: {
      const c = following();
      if (c === 58 || (c === 47 && peek() === 58)) return labelled();
      if (hash === LET) {
        const after = peek();
        if (after === WORD || after === 91 || after === 123) {
          if (peekedNewline) maybe |= ALL_RULES; // guard's grammar takes it for a name
          return declaration();
        }
      } else if (hash === ASYNC && peek() === FUNCTION_WORD && !peekedNewline) {
        next();
        next();
        functionDeclaration(true);
        return HOISTED;
      }
    }
  }
  return expressionStatement(directive);
}

function expressionStatement(directive) {
  const documented = comment === 2 && (before === 59 || before === 125 || before === 123);
  const kind = sequence(false);
  semicolon();
  if (!(kind & IDLE)) return 0;
  if (kind & STRING && directive) return DIRECTIVE;
  if (kind & MEMBER && documented) return 0;
  if (kind & MEMBER && tries) {
    meant++;
    return 0;
  }
  maybe |= MAYBE.idle;
  return 0;
}

// The current token is `var`, `let` or `const`; the semicolon is read as well.
function declaration() {
  const bare = declarators(false);
  semicolon();
  return bare ? HOISTED : 0;
}

// Says whether it is a `var` that gives no value to anything.
function declarators(noIn) {
  const isVar = token === VAR;
  let bare = isVar;
  do {
    next();
    const name = token === WORD ? hash : 0;
    if (!name) risks++;
    else if (isVar) varying.push(name);
    binding(isVar ? body : here);
    if (token === ASSIGN) {
      next();
      bare = false;
      if (assignment(noIn) & FUNCTION && isVar && name) {
        listed.push(name);
        hoisted.push(false);
      }
    }
  } while (token === 44);
  return bare;
}

// Declares the names of a pattern in a scope.
function binding(scope) {
  if (token === WORD) {
    declare(scope, hash, OTHER_NAME);
    next();
  } else if (token === 91) {
    next();
    while (token !== 93) {
      if (token === 44) next();
      else element(scope);
    }
    next();
  } else if (token === 123) {
    next();
    while (token !== 125) {
      if (token === SPREAD) element(scope);
      else {
        const word = token === WORD;
        if (!word || peek() === 58) {
          if (token === 91) {
            next();
            assignment(false);
            if (token !== 93) giveUp();
          }
          next();
          expect(58);
        }
        element(scope);
      }
      if (token === 44) next();
      else if (token !== 125) giveUp();
    }
    next();
  } else giveUp();
}

function element(scope) {
  if (token === SPREAD) next();
  binding(scope);
  if (token === ASSIGN) {
    next();
    assignment(false);
  }
}

// The current token comes after `function`.
function functionDeclaration(isAsync) {
  const generator = token === 42;
  if (generator) next();
  let title = 0;
  if (token === WORD) {
    title = hash;
    listed.push(title);
    hoisted.push(true);
    declare(here, title, FUNCTION_NAME);
    functionNames.add(title);
    next();
  }
  functionRest(isAsync, generator, title, false);
}

// The current token is the parenthesis before the parameters.
function functionRest(isAsync, generator, title, own) {
  goIn(isAsync, generator);
  titles[here] = title;
  if (own && title) declare(here, title, OWN_NAME);
  parameters();
  functionBody(true);
  comeOut();
}

// The current token is the parenthesis before the parameters.
function parameters() {
  const at = declared.length;
  expect(40);
  while (token !== 41) {
    element(here);
    if (token === 44) next();
    else if (token !== 41) giveUp();
  }
  next();
  for (let i = at; i < declared.length; i += 3)
    if (declared[i] === here) varying.push(declared[i + 1]);
}

// The current token is the brace before the statements, which are in the scope of the parameters.
function functionBody(directives) {
  expect(123);
  const from = listed.length;
  statements(directives);
  meet(from, sinceBody);
  close(from);
  expect(125);
}

let sinceBody = 0;
const saved = [];

// What a function or class changes while it is open.
function goIn(isAsync, generator) {
  saved.push(inAsync, inGenerator, ground, tries, here, body, risks, sinceBody);
  inAsync = isAsync;
  inGenerator = generator;
  ground = kinds.length;
  tries = 0;
  functions++;
  open();
  body = here;
  sinceBody = varying.length;
}

function comeOut() {
  functions--;
  varying.length = sinceBody;
  sinceBody = saved.pop();
  risks = saved.pop();
  body = saved.pop();
  here = saved.pop();
  tries = saved.pop();
  ground = saved.pop();
  inGenerator = saved.pop();
  inAsync = saved.pop();
}

// The current token is the arrow, or what stands where its parameters begin, if there are any.
function arrow(isAsync, parameter, noIn) {
  goIn(isAsync, false);
  if (token === 40) parameters();
  else {
    declare(here, parameter, OTHER_NAME);
    varying.push(parameter);
  }
  if (token !== FAT) giveUp();
  next();
  if (token === 123) functionBody(true);
  else assignment(noIn);
  comeOut();
  return IDLE | PLAIN | CALLABLE | FUNCTION | ARROW;
}

function ifStatement() {
  next();
  expect(40);
  sequence(false);
  expect(41);
  const one = statement(false) & ENDS;
  if (token !== ELSE) return 0;
  next();
  return statement(false) & one;
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

function whileStatement() {
  next();
  expect(40);
  const always = sequence(false) & ALWAYS;
  expect(41);
  enter(LOOP, 0);
  statement(false);
  return leave() & BROKEN || !always ? 0 : ENDS;
}

function doStatement() {
  next();
  enter(LOOP, 0);
  const ends = statement(false) & ENDS;
  const how = leave();
  if (token !== WHILE) giveUp();
  next();
  expect(40);
  const always = sequence(false) & ALWAYS;
  expect(41);
  if (token === 59) next();
  if (how & BROKEN) return 0;
  return (ends && !(how & CONTINUED)) || always ? ENDS : 0;
}

function forStatement() {
  next();
  if (token === WORD && hash === AWAIT) next();
  const around = open();
  expect(40);
  let endless = false;
  if (head()) {
    next();
    sequence(false);
  } else {
    expect(59);
    endless = token === 59 || (sequence(false) & ALWAYS) !== 0;
    expect(59);
    if (token !== 41) sequence(false);
  }
  expect(41);
  enter(LOOP, 0);
  statement(false);
  here = around;
  return leave() & BROKEN || !endless ? 0 : ENDS;
}

// What stands in a `for` before `in`, `of` or the first semicolon; whether it is one of the former.
function head() {
  if (token === 59) return false;
  let after = 0;
  if (token === WORD && hash === LET) after = peek();
  if (token === VAR || token === CONST || after === WORD || after === 91 || after === 123) {
    declarators(true);
    return token === IN || (token === WORD && hash === OF);
  }
  const kind = sequence(true);
  if (token !== IN && !(token === WORD && hash === OF)) return false;
  write(kind);
  return true;
}

function jump(how) {
  next();
  const flag = how === BREAK ? BROKEN : CONTINUED;
  let at = kinds.length - 1;
  if (token === WORD && !newline) {
    while (at >= ground && !(kinds[at] === LABEL && labels[at] === hash)) at--;
    if (at < ground) giveUp();
    left[at] |= flag | JUMPED_TO;
    next();
  } else {
    while (at >= ground && (kinds[at] === LABEL || (how !== BREAK && kinds[at] !== LOOP))) at--;
    if (at < ground) giveUp();
    left[at] |= flag;
  }
  semicolon();
  return ENDS;
}

function labelled() {
  const first = before === 123;
  enter(LABEL, hash);
  next();
  next();
  const from = start;
  const ends = statement(false) & ENDS;
  // Guard's grammar may take the block around it for an object.
  if (first && token === 125 && !b.subarray(from, start).includes(59)) maybe |= ALL_RULES;
  const how = leave();
  if (!(how & JUMPED_TO)) maybe |= MAYBE.label;
  return how & BROKEN ? 0 : ends;
}

function switchStatement() {
  next();
  expect(40);
  sequence(false);
  expect(41);
  expect(123);
  enter(SWITCH_BODY, 0);
  const around = open();
  const from = listed.length;
  let any = false;
  let ends = 0;
  while (token !== 125) {
    if (token === DEFAULT) {
      any = true;
      next();
    } else {
      if (token !== CASE) giveUp();
      next();
      sequence(false);
    }
    expect(58);
    ends = statements(false);
  }
  next();
  close(from);
  here = around;
  return leave() & BROKEN || !any ? 0 : ends;
}

function tryStatement() {
  const outer = tries;
  const known = meant;
  const safe = risks;
  next();
  tries = 1;
  let ends = block(false);
  tries = 0;
  let final = 0;
  if (token === CATCH) {
    if (ends && risks === safe) maybe |= MAYBE.unreachable; // nothing is ever caught
    const around = open();
    next();
    if (token === 40) {
      next();
      binding(here);
      expect(41);
    }
    ends &= block(false);
    here = around;
  } else if (meant !== known) maybe |= MAYBE.idle;
  if (token === FINALLY) {
    next();
    final = block(false);
  }
  tries = outer;
  risks++;
  return ends | final;
}

function importStatement() {
  exchanges = true;
  next();
  if (token === WORD && (hash === DEFER || hash === SOURCE)) maybe |= MAYBE.differs;
  from(true);
  semicolon();
  return 0;
}

// Up to the name of the module and its attributes.
function from(now) {
  while (!(token === TEXT && now)) {
    if (token === END || token === 59) giveUp();
    now = token === WORD && hash === FROM;
    next();
  }
  next();
  if (token === WITH || (token === WORD && hash === ASSERT && !newline)) {
    next();
    object();
  }
}

function exportStatement() {
  exchanges = true;
  next();
  if (newline) maybe |= ALL_RULES; // guard's grammar may take the word for a name
  if (token === DEFAULT) {
    next();
    if (token === FUNCTION_WORD) {
      next();
      functionDeclaration(false);
    } else if (token === CLASS) classRest(true);
    else if (token === WORD && hash === ASYNC && peek() === FUNCTION_WORD && !peekedNewline) {
      next();
      next();
      functionDeclaration(true);
    } else {
      assignment(false);
      semicolon();
    }
  } else if (token === 42) {
    from(false);
    semicolon();
  } else if (token === 123) {
    while (token !== 125) {
      if (token === END) giveUp();
      next();
    }
    next();
    if (token === WORD && hash === FROM) {
      if (newline) maybe |= ALL_RULES; // guard's grammar may take the word for a name
      from(false);
    }
    semicolon();
  } else statement(false);
  return 0;
}

// Expressions

// Something is assigned to an expression.
function write(kind) {
  if (kind & TARGET) maybe |= MAYBE.differs;
  if (kind & NAME) written.push(here, nameOf, underscored ? 1 : 0);
  else if (kind & PATTERN) for (let i = patternFrom; i < nameCount; i++) written.push(here, names[i], 0);
  if (kind & OF_THIS) thisWritten = true;
}

// Whether an assignment may be to the name of a function.
function reassigns() {
  const wanted = new Map();
  for (let i = 0; i < written.length; i += 3)
    if (functionNames.has(written[i + 1])) wanted.set(written[i + 1], new Map());
  if (!wanted.size) return false;
  for (let i = 0; i < declared.length; i += 3) {
    const known = wanted.get(declared[i + 1]);
    if (known === undefined) continue;
    // Of several declarations in one scope the first says what it is.
    const what = known.get(declared[i]);
    if (what === undefined || what === OWN_NAME) known.set(declared[i], declared[i + 2]);
  }
  for (let i = 0; i < written.length; i += 3) {
    const name = written[i + 1];
    const known = wanted.get(name);
    if (known === undefined) continue;
    for (let scope = written[i]; scope >= 0; scope = parents[scope]) {
      const what = known.get(scope);
      if (what === undefined) continue;
      if (what !== OTHER_NAME && !(written[i + 2] && replacesItself(written[i], name))) return true;
      break;
    }
  }
  return false;
}

function replacesItself(scope, name) {
  for (; scope >= 0; scope = parents[scope]) if (titles[scope] === name) return true;
  return false;
}

function sequence(noIn) {
  let kind = assignment(noIn);
  if (token !== 44) return kind;
  while (token === 44) {
    next();
    kind |= assignment(noIn);
  }
  return kind & IDLE;
}

function assignment(noIn) {
  if (token === WORD && hash === YIELD && inGenerator) return yielded(noIn);
  const kind = conditional(noIn);
  if (token !== ASSIGN && token !== UPDATE_ASSIGN) return kind;
  if (kind & ARROW) giveUp();
  write(kind);
  next();
  assignment(noIn);
  return 0;
}

function yielded(noIn) {
  risks++;
  next();
  if (newline) return 0;
  switch (token) {
    case 41:
    case 93:
    case 125:
    case 44:
    case 59:
    case 58:
    case END:
    case IN:
      return 0;
    case 42:
      next();
  }
  if (token === WORD && hash === OF) giveUp();
  assignment(noIn);
  return 0;
}

function conditional(noIn) {
  const kind = operation(0, noIn);
  if (token !== 63 || kind & ARROW) return kind;
  next();
  const one = assignment(false);
  expect(58);
  const other = assignment(noIn);
  if (one & other & CONSTANT) return IDLE;
  return ((one & CONSTANT ? 0 : one) | (other & CONSTANT ? 0 : other)) & IDLE;
}

// Binary operators that bind closer than `least`.
function operation(least, noIn) {
  let kind = unary(noIn);
  if (kind & ARROW) return kind;
  for (;;) {
    let rank = 0;
    switch (token) {
      case BINARY:
      case 43:
      case 45:
      case 42:
      case 47:
        rank = precedence;
        break;
      case INSTANCEOF:
        rank = 7;
        break;
      case IN:
        rank = noIn ? 0 : 7;
    }
    if (rank <= least) return kind;
    next();
    const right = operation(rank === 11 ? 10 : rank, noIn);
    kind = rank > 2 ? IDLE : right & IDLE;
    if (right & ARROW) return kind | ARROW;
  }
}

function unary(noIn) {
  switch (token) {
    case 33:
    case 126:
    case 43:
    case 45:
    case TYPEOF:
      next();
      return unary(noIn) & CALLS_LITERAL ? 0 : IDLE;
    case VOID:
    case DELETE:
      next();
      unary(noIn);
      return 0;
    case STEP:
      next();
      write(unary(noIn));
      return 0;
    case WORD:
      if (hash === AWAIT && (inAsync || (isModule && !functions))) {
        risks++;
        next();
        if (newline) maybe |= ALL_RULES; // guard's grammar takes it for a name
        unary(noIn);
        return 0;
      }
  }
  const kind = chain(primary(noIn));
  if (token !== STEP || newline) return kind;
  write(kind);
  next();
  return 0;
}

function member(kind) {
  risks++;
  return (
    MEMBER |
    (kind & PLAIN ? PLAIN | IDLE : 0) |
    (kind & CALLABLE) |
    (kind & (THIS | OF_THIS) ? OF_THIS : 0)
  );
}

function called(kind) {
  risks++;
  if (kind & OF_THIS) thisCalled = true;
  return TARGET | (kind & CALLABLE ? CALLS_LITERAL : 0);
}

function chain(kind) {
  if (kind & ARROW) return kind;
  for (;;) {
    switch (token) {
      case OPTIONAL:
        next();
        if (token === 40 || token === 91 || token === TEMPLATE) continue;
        name();
        kind = member(kind);
        continue;
      case 46:
        next();
        name();
        kind = member(kind);
        continue;
      case 91:
        next();
        sequence(false);
        expect(93);
        kind = member(kind & THIS ? PLAIN : kind & ~CALLABLE);
        continue;
      case 40:
        list(41);
        kind = called(kind);
        continue;
      case TEMPLATE:
        template();
        kind = called(kind);
        continue;
    }
    return kind;
  }
}

// The name of a member, a private one too.
function name() {
  if (token === 35) next();
  if (token !== WORD && token < KEYWORD) giveUp();
  next();
}

// The current token is the bracket that arguments or elements begin with.
function list(end) {
  next();
  while (token !== end) {
    if (token === 44) {
      next();
      continue;
    }
    if (token === SPREAD) next();
    assignment(false);
    if (token !== 44 && token !== end) giveUp();
  }
  next();
}

function array() {
  const at = nameCount;
  list(93);
  patternFrom = at;
  return IDLE | PLAIN | PATTERN;
}

function primary(noIn) {
  switch (token) {
    case WORD:
      return identifier(noIn);
    case NUMBER: {
      const zero = p - start === 1 && b[start] === 48;
      next();
      return IDLE | PLAIN | CONSTANT | (zero ? 0 : ALWAYS);
    }
    case TEXT: {
      const empty = p - start === 2;
      next();
      return IDLE | PLAIN | CONSTANT | STRING | (empty ? 0 : ALWAYS);
    }
    case TEMPLATE:
      template();
      return IDLE | PLAIN;
    case 40:
      return parentheses(noIn);
    case 91:
      return array();
    case 123:
      return object();
    case FUNCTION_WORD:
      next();
      return functionExpression(false);
    case CLASS:
      classRest(false);
      return IDLE | PLAIN;
    case NEW:
      return newExpression();
    case THIS_WORD:
      next();
      return IDLE | PLAIN | (functions ? 0 : THIS);
    case SUPER:
      supers++;
      next();
      return IDLE | PLAIN;
    case TRUE:
      next();
      return IDLE | PLAIN | CONSTANT | ALWAYS;
    case NULL:
    case FALSE:
      next();
      return IDLE | PLAIN | CONSTANT;
    case IMPORT:
      return importExpression();
    case 35: // #a in b
      next();
      next();
      return IDLE;
    case 47:
    case UPDATE_ASSIGN:
      if (b[start] !== 47) giveUp();
      regex();
      return IDLE | PLAIN | ALWAYS;
  }
  return giveUp();
}

function identifier(noIn) {
  const mine = hash;
  const under = b[start] === 95;
  next();
  if (token === FAT && !newline) return arrow(false, mine, noIn);
  if (mine === ASYNC && !newline) {
    if (token === FUNCTION_WORD) {
      next();
      return functionExpression(true);
    }
    if (token === WORD && !(hash === OF && following() !== 61)) {
      const parameter = hash;
      next();
      return arrow(true, parameter, noIn);
    }
    if (token === 40) {
      mark();
      list(41);
      if (token === FAT && !newline) return again(true, noIn);
      marks.length -= 6;
      return called(0);
    }
  }
  if (mine === USING && token === WORD && !newline) maybe |= MAYBE.differs;
  risks++;
  nameOf = mine;
  underscored = under;
  return mine === UNDEFINED ? IDLE | PLAIN | NAME | CONSTANT : IDLE | PLAIN | NAME;
}

// Where the parameters of an arrow function may begin, before it is known whether they are any.
const marks = [];

function mark() {
  marks.push(p, start, risks, declared.length, written.length, parents.length);
}

// They are: reads them once more, as parameters.
function again(isAsync, noIn) {
  parents.length = titles.length = marks.pop();
  written.length = marks.pop();
  declared.length = marks.pop();
  risks = marks.pop();
  start = marks.pop();
  p = marks.pop();
  token = 40;
  return arrow(isAsync, 0, noIn);
}

// The current token comes after `function`.
function functionExpression(isAsync) {
  const generator = token === 42;
  if (generator) next();
  let title = 0;
  if (token === WORD) {
    title = hash;
    functionNames.add(title);
    next();
  }
  functionRest(isAsync, generator, title, true);
  return IDLE | PLAIN | FUNCTION | (generator ? 0 : CALLABLE);
}

function parentheses(noIn) {
  mark();
  next();
  const hidden = comment ? CALLABLE : 0;
  let kind = 0;
  let count = 0;
  while (token !== 41) {
    if (token === SPREAD) next();
    kind |= assignment(false);
    count++;
    if (token === 44) next();
    else if (token !== 41) giveUp();
  }
  next();
  if (token === FAT && !newline) return again(false, noIn);
  marks.length -= 6;
  if (!count) giveUp();
  return count > 1 ? kind & IDLE : kind & ~hidden & (IDLE | CALLABLE | TARGET | NAME | ALWAYS);
}

function newExpression() {
  risks++;
  next();
  if (token === 46) {
    next();
    next();
    return IDLE | PLAIN;
  }
  if (token === NEW) newExpression();
  else primary(false);
  for (;;) {
    if (token === 46) {
      next();
      name();
    } else if (token === 91) {
      next();
      sequence(false);
      expect(93);
    } else if (token === TEMPLATE) template();
    else break;
  }
  if (token === 40) list(41);
  return 0;
}

function importExpression() {
  next();
  if (token === 46) {
    next();
    if (token !== WORD || hash !== META) maybe |= MAYBE.differs;
    next();
    if (token === 40) list(41);
    return IDLE | PLAIN;
  }
  if (token !== 40) giveUp();
  list(41);
  return TARGET;
}

// Members

const GETTER = 1;
const SETTER = 2;
const VALUE = 3;
let escaped = false; // whether the key just read is spelled in a way that is not compared here

function object() {
  const at = nameCount;
  const from = keys.length;
  let odd = false;
  next();
  while (token !== 125) {
    if (token === SPREAD) {
      next();
      assignment(false);
    } else {
      objectMember();
      odd = odd || escaped;
    }
    if (token === 44) next();
    else if (token !== 125) giveUp();
  }
  next();
  closeMembers(from, odd);
  patternFrom = at;
  return IDLE | PLAIN | PATTERN;
}

function closeMembers(from, odd) {
  const end = keys.length;
  if (end - from > 1 && (odd || (repeated(keys, from) && clash(from)))) maybe |= MAYBE.member;
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

function objectMember() {
  let generator = false;
  let isAsync = false;
  let kind = VALUE;
  escaped = false;
  if (token === WORD && (hash === GET || hash === SET || hash === ASYNC)) {
    const after = peek();
    if (after !== 40 && after !== 44 && after !== 125 && after !== 58 && after !== ASSIGN) {
      if (peekedNewline) maybe |= ALL_RULES; // guard's grammar may take it for a name
      if (hash === ASYNC) isAsync = true;
      else kind = hash === GET ? GETTER : SETTER;
      next();
    }
  }
  if (token === 42) {
    generator = true;
    next();
  }
  const odd = key(kind, false);
  if (token === 40) functionRest(isAsync, generator, 0, false);
  else if (token === 58 || token === ASSIGN) {
    next();
    assignment(false);
  } else risks++;
  escaped = odd;
}

// Reads the name of a member and keeps it; says whether it is spelled oddly.
function key(kind, isStatic) {
  let mine = 0;
  escaped = false;
  if (token === WORD || token >= KEYWORD) mine = hash;
  else if (token === TEXT) mine = textKey();
  else if (token === NUMBER) mine = numberKey();
  else if (token === 35) {
    next(); // a private name twice is an error of syntax
    next();
    return false;
  } else if (token === 91) {
    next();
    // A literal alone in the brackets names a member that is not computed.
    const first = token;
    if (first === TEXT) mine = textKey();
    else if (first === NUMBER) mine = numberKey();
    let odd = escaped;
    if (!mine || peek() !== 93) {
      mine = 0;
      odd = first !== WORD && first !== THIS_WORD;
    }
    if (sequence(false) & MEMBER) odd = false;
    if (token !== 93) giveUp();
    escaped = odd;
  } else giveUp();
  next();
  if (mine || escaped) {
    keys.push(isStatic ? mine ^ 0x5bd1e995 : mine);
    keyKinds.push(kind);
  }
  return escaped;
}

function textKey() {
  let h = BASIS;
  for (let i = start + 1; i < p - 1; i++) {
    if (b[i] === 92) return escapedKey();
    h = Math.imul(h ^ b[i], PRIME);
  }
  return h;
}

const ESCAPE = /\\(?:u\{([\da-fA-F]+)\}|u([\da-fA-F]{4})|x([\da-fA-F]{2})|([0-3]?[0-7]{1,2})|(\r\n|[^]))/g;
const SINGLE = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v" };

function escapedKey() {
  const text = Buffer.from(b.subarray(start + 1, p - 1)).toString();
  const meant = text.replace(ESCAPE, (_, a, c, d, octal, sign) => {
    if (a || c || d) return String.fromCodePoint(Math.min(Number.parseInt(a || c || d, 16), 0x10ffff));
    if (octal) return String.fromCharCode(Number.parseInt(octal, 8));
    return /[\r\n]/.test(sign) ? "" : SINGLE[sign] || sign;
  });
  return hashed(Buffer.from(meant).toString("latin1"));
}

function numberKey() {
  const text = String.fromCharCode(...b.subarray(start, Math.min(p, start + 40)));
  const plain = text.replaceAll("_", "").replace(/n$/, "");
  const value = /^0[0-7]+$/.test(plain) ? Number.parseInt(plain, 8) : Number(plain);
  if (!Number.isSafeInteger(value)) escaped = true;
  return hashed(String(value));
}

// The current token is `class`.
function classRest(isDeclaration) {
  risks++;
  next();
  const around = isDeclaration ? here : open();
  if (token === WORD) {
    declare(here, hash, OTHER_NAME);
    next();
  }
  let derived = false;
  if (token === EXTENDS) {
    derived = true;
    next();
    chain(primary(false));
  }
  const from = keys.length;
  let odd = false;
  const variables = body;
  goIn(false, false);
  body = variables;
  expect(123);
  while (token !== 125) {
    if (token === 59) next();
    else {
      classMember(derived);
      odd = odd || escaped;
    }
  }
  comeOut();
  next();
  closeMembers(from, odd);
  here = around;
}

// Whether the current word is a modifier of the member that follows.
function modifies() {
  const after = peek();
  if (peekedNewline) maybe |= ALL_RULES; // guard's grammar may take it for a name
  return after !== 40 && after !== ASSIGN && after !== 59 && after !== 125 && after !== END;
}

function classMember(derived) {
  let isStatic = false;
  let generator = false;
  let isAsync = false;
  let kind = VALUE;
  escaped = false;
  if (token === WORD && hash === STATIC && modifies()) {
    isStatic = true;
    next();
    if (token === 123) {
      goIn(false, false);
      functionBody(false);
      comeOut();
      escaped = false;
      return;
    }
  }
  if (token === WORD && hash === ACCESSOR && modifies() && !peekedNewline) {
    maybe |= MAYBE.differs;
    next();
  } else if (token === WORD && hash === ASYNC && modifies() && !peekedNewline) {
    isAsync = true;
    next();
  } else if (token === WORD && (hash === GET || hash === SET) && modifies() && peek() !== 42) {
    kind = hash === GET ? GETTER : SETTER;
    next();
  }
  if (token === 42) {
    generator = true;
    next();
  }
  const builds = derived && hash === CONSTRUCTOR;
  const known = supers;
  const odd = key(kind, isStatic);
  if (token === 40) {
    functionRest(isAsync, generator, 0, false);
    if (builds && supers === known) maybe |= MAYBE.unreachable; // its fields are never made
  } else {
    if (token === ASSIGN) {
      next();
      assignment(false);
    }
    semicolon();
  }
  escaped = odd;
}

module.exports = { scan, EVERYTHING };
