// Numbers the kinds of tokens and the keywords, and knows words by their hashes.
"use strict";

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

// Where each keyword, and what is one sometimes, is by its hash.
const SLOTS = 1024;
const wordIn = new Int32Array(SLOTS);
const hashIn = new Int32Array(SLOTS);
function place(word, number) {
  let slot = hashed(word) & (SLOTS - 1);
  while (wordIn[slot]) slot = (slot + 1) & (SLOTS - 1);
  wordIn[slot] = number;
  hashIn[slot] = hashed(word);
}

for (const [number, word] of KEYWORDS.entries()) place(word, KEYWORD + number);
for (const word of SOMETIMES) place(word, RESERVED);

module.exports = {
  SLOTS, KEYWORDS, hashed, wordIn, hashIn, END, WORD, NUMBER, TEXT, TEMPLATE, BINARY, ASSIGN,
  UPDATE_ASSIGN, FAT, STEP, SPREAD, OPTIONAL, KEYWORD, RESERVED, BREAK, CASE, CATCH, CLASS,
  CONST, CONTINUE, DEBUGGER, DEFAULT, DELETE, DO, ELSE, EXPORT, EXTENDS, FALSE, FINALLY, FOR,
  FUNCTION_WORD, IF, IMPORT, IN, NEW, INSTANCEOF, NULL, RETURN, SUPER, SWITCH, THIS_WORD, THROW,
  TRUE, TRY, TYPEOF, VAR, VOID, WHILE, WITH, LET, ASYNC, OF, GET, SET, STATIC, AWAIT, YIELD,
  USING, ACCESSOR, FROM, META, DEFER, SOURCE, UNDEFINED, ASSERT, CONSTRUCTOR, BASIS, PRIME,
};
