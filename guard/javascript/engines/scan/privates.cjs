// Knows which private names are read, and which of them the classes around them declare.
//
// QuickJS leaves out what no run reaches before it asks.
"use strict";

// Hashes of names: those read in the classes that are open, and those declared there.
const read = [];
const declared = [];

function begin() {
  read.length = declared.length = 0;
}

// The end of a class in whose body those from `uses` and `names` on were met.
function close(uses, names) {
  var known = read.length > uses ? new Set(declared.slice(names)) : null;
  var kept = uses;
  for (var i = uses; i < read.length; i++) if (!known.has(read[i])) read[kept++] = read[i];
  read.length = kept;
  declared.length = names;
}

module.exports = { begin, close, read, declared };
