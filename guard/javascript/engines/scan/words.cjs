// Numbers the kinds of tokens and the keywords, and knows words by their hashes.
"use strict";

// Tokens: signs are their characters, the rest has numbers of its own, words from KEYWORD on.
const END = 0;
const WORD = 1;
const NUMBER = 2;
const TEXT = 3;
const HASH = 35;
const PAREN = 40;
const PAREN_END = 41;
const STAR = 42;
const COMMA = 44;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const SEMICOLON = 59;
const BRACKET = 91;
const BRACKET_END = 93;
const TEMPLATE = 96;
const BRACE = 123;
const BRACE_END = 125;
const FAT = 128;
const STEP = 129;
const SPREAD = 130;
const OPTIONAL = 131;
const ASSIGN = 132; // these three come after an operand
const UPDATE_ASSIGN = 133;
const QUESTION = 134;
const BINARY = 140; // and the rank of the operator
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

// Names in some places only.
const RESERVED = 100;
const SOMETIMES = (
  "implements interface let package private protected public static yield await eval arguments"
).split(" ");

// Names are known by their hashes (FNV-1a): two that share one only make guard look itself.
const BASIS = 0x811c9dc5 | 0;
const PRIME = 0x01000193;

function hashed(word) {
  let hash = BASIS;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), PRIME);
  return hash;
}

const [LET, ASYNC, OF, GET, SET, STATIC, AWAIT, YIELD, USING, ACCESSOR, FROM, META] =
  "let async of get set static await yield using accessor from meta".split(" ").map(hashed);
const [DEFER, SOURCE, UNDEFINED, ASSERT, CONSTRUCTOR] =
  "defer source undefined assert constructor".split(" ").map(hashed);

// Where each keyword, and what is one sometimes, is by its hash; how each of the former is spelled:
// WIDTH bytes for each, zeros at the end.
const MASK = 1023;
const WIDTH = 12;
const wordIn = new Uint8Array(MASK + 1);
const hashIn = new Int32Array(MASK + 1);
const spelled = new Uint8Array(KEYWORDS.length * WIDTH);
function place(word, number) {
  var hash = hashed(word);
  var slot = hash & MASK;
  while (wordIn[slot]) slot = (slot + 1) & MASK;
  wordIn[slot] = number;
  hashIn[slot] = hash;
}

for (let number = 0; number < KEYWORDS.length; number++) {
  const word = KEYWORDS[number];
  place(word, KEYWORD + number);
  for (let i = 0; i < word.length; i++) spelled[number * WIDTH + i] = word.charCodeAt(i);
}
for (const word of SOMETIMES) place(word, RESERVED);

// Whether the word of this hash is a keyword in some places.
function isReserved(hash) {
  for (var slot = hash & MASK; wordIn[slot]; slot = (slot + 1) & MASK)
    if (hashIn[slot] === hash) return wordIn[slot] === RESERVED;
  return false;
}

module.exports = {
  KEYWORD, END, WORD, NUMBER, TEXT, HASH, PAREN, PAREN_END, STAR, COMMA, DOT, SLASH, COLON,
  SEMICOLON, BRACKET, BRACKET_END, TEMPLATE, BRACE, BRACE_END, FAT, STEP, SPREAD, OPTIONAL, ASSIGN,
  UPDATE_ASSIGN, QUESTION, BINARY, BREAK, CASE, CATCH, CLASS, CONST, CONTINUE, DEBUGGER, DEFAULT,
  DELETE, DO, ELSE, EXPORT, EXTENDS, FALSE, FINALLY, FOR, FUNCTION_WORD, IF, IMPORT, IN, NEW,
  INSTANCEOF, NULL, RETURN, SUPER, SWITCH, THIS_WORD, THROW, TRUE, TRY, TYPEOF, VAR, VOID, WHILE,
  WITH, RESERVED, BASIS, PRIME, hashed, LET, ASYNC, OF, GET, SET, STATIC, AWAIT, YIELD, USING,
  ACCESSOR, FROM, META, DEFER, SOURCE, UNDEFINED, ASSERT, CONSTRUCTOR, spelled, WIDTH, MASK, wordIn,
  hashIn, isReserved,
};
