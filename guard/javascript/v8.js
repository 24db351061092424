// Compiles many texts in one process and says of each whether V8 accepts it; runs none of them.
//
// stdin: for each text one line of JSON, {"goals": ["script" | "commonjs" | "module", …]} with
// "bytes", followed by that many bytes of UTF-8. stdout: one line each, the first of the goals that
// V8 accepts the text as, else nothing.
"use strict";

const vm = require("node:vm");

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

let kept = Buffer.alloc(0);

process.stdin.on("data", (chunk) => {
  kept = kept.length ? Buffer.concat([kept, chunk]) : chunk;
  let answers = "";
  for (;;) {
    const end = kept.indexOf(10);
    if (end < 0) break;
    const { goals, bytes } = JSON.parse(kept.toString("utf8", 0, end));
    if (kept.length < end + 1 + bytes) break;
    const text = kept.toString("utf8", end + 1, end + 1 + bytes);
    answers += accepted(text, goals) + "\n";
    kept = kept.subarray(end + 1 + bytes);
  }
  if (answers) process.stdout.write(answers);
});
