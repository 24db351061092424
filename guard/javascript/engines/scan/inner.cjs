// Leads to what may stand inside a part that is read further down.
//
// A program is made of itself, but no file here requires one that requires it: each of these is put
// in by the file that reads it.
"use strict";

const inner = {
  assignment: null, // (noIn) an expression without commas, whose kind is returned
  sequence: null, // (noIn) one that may have some
  operand: null, // () what a class may extend
  statement: null, // () whose kind is returned
  statements: null, // () up to a brace or a case; whether one of them ends
  directives: null, // () what may stand before the first of them
};

module.exports = { inner };
