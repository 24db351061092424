// Compiles many texts in one process and says of each whether V8 accepts it; runs none of them.
//
// stdin: for each text one line of JSON with "goals" and "others", lists of "script", "commonjs" and
// "module", and with "bytes", followed by that many bytes of UTF-8 without a zero. stdout: for each
// one line, a goal that V8 accepts the text as, one of the others only where it is none of the first,
// the bits of what guard must look for itself, and where not (see scan/index.cjs); an empty line where V8
// accepts none.
"use strict";

const { isAscii } = require("node:buffer");
const fs = require("node:fs");
const v8 = require("node:v8");
const vm = require("node:vm");

// What is compiled here is compiled once and never run; only the reader below is, and what V8 puts
// into each of its functions takes longer to optimize than it saves. Unknown flags are ignored.
for (const flag of ["max-lazy", "no-compilation-cache", "max-inlined-bytecode-size-cumulative=0"])
  v8.setFlagsFromString(`--${flag}`);

const { scan, quiet } = require("./scan/index.cjs");

Error.stackTraceLimit = 0;

const SLACK = 16; // bytes that may be looked at behind the end of a text

const COMPILE = {
  script: (text) => new vm.Script(text),
  commonjs: (text) =>
    vm.compileFunction(text, ["exports", "require", "module", "__filename", "__dirname"]),
  module: (text) => new vm.SourceTextModule(text),
};

function accepted(text, goals) {
  for (const goal of goals) {
    try {
      COMPILE[goal](text);
      return goal;
    } catch {
      // Whatever it says, the other reader is asked.
    }
  }
  return "";
}

function answer({ goals, others }, from, to) {
  const bytes = kept.subarray(from, to);
  const ascii = isAscii(bytes);
  const text = ascii ? bytes.latin1Slice() : bytes.utf8Slice();
  const goal = accepted(text, [...goals, ...others]);
  if (!goal) return "\n";
  const after = kept[to];
  kept[to] = 0;
  const maybe = scan(plainly, from, to, goal === "module", ascii && !bytes.includes(13));
  kept[to] = after;
  return `${goal} ${maybe}${quiet(from, maybe)}\n`;
}

let kept = Buffer.alloc(1 << 20);
let plainly = new Uint8Array(kept.buffer); // the same, whose methods are the language's own
let at = 0; // where in it the next text begins
let size = 0; // how much of it is filled

// Reads until `count` bytes follow `at`; false at the end of the input.
function filled(count) {
  if (at + count + SLACK > kept.length) {
    const old = kept;
    if (count + SLACK > kept.length) {
      kept = Buffer.alloc(2 * (count + SLACK));
      plainly = new Uint8Array(kept.buffer);
    }
    old.copy(kept, 0, at, size);
    size -= at;
    at = 0;
  }
  while (size - at < count) {
    tell();
    const read = fs.readSync(0, kept, size, kept.length - SLACK - size, null);
    if (!read) return false;
    size += read;
  }
  return true;
}

function line() {
  let length = 0;
  do {
    const end = kept.subarray(at, size).indexOf(10, length);
    if (end >= 0) {
      const text = kept.toString("utf8", at, at + end);
      at += end + 1;
      return text;
    }
    length = size - at;
  } while (filled(length + 1));
  return "";
}

// What ends this process ends it at the text that it is about, where each is told at once.
const each = process.argv[2] === "each";
let told = "";

function tell() {
  if (told) fs.writeSync(1, told);
  told = "";
}

for (let head = line(); head; head = line()) {
  const question = JSON.parse(head);
  const { bytes } = question;
  if (!filled(bytes)) break;
  told += answer(question, at, at + bytes);
  if (each) tell();
  at += bytes;
}
tell();
