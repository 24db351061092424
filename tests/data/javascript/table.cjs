'use strict'

const fs = require('fs')

function parse(text, separator) {
  const rows = []
  for (const line of text.split(/\r?\n/)) {
    if (!line.trim()) continue
    rows.push(line.split(separator || ','))
  }
  return rows
}

function widths(rows) {
  const result = []
  rows.forEach(function (row) {
    row.forEach(function (cell, index) {
      const length = String(cell).length
      if (!(index in result) || result[index] < length) {
        result[index] = length
      }
    })
  })
  return result
}

const render = (rows, options) => {
  const wide = widths(rows)
  const gap = options && options.gap ? options.gap : '  '
  return rows
    .map((row) => row.map((cell, index) => pad(cell, wide[index])).join(gap))
    .join('\n')
}

function pad(cell, width) {
  const text = String(cell)
  const missing = width - text.length
  if (missing <= 0) {
    return text
  }
  return text + ' '.repeat(missing)
}

function Table(rows) {
  if (!(this instanceof Table)) {
    return new Table(rows)
  }
  this.rows = rows
  this.sorted = false
}

Table.prototype.sort = function (column) {
  const index = this.rows[0].indexOf(column)
  if (index < 0) {
    throw new Error('no column ' + column)
  }
  this.rows = [this.rows[0]].concat(
    this.rows.slice(1).sort(function (a, b) {
      return a[index] < b[index] ? -1 : 1
    })
  )
  this.sorted = true
  return this
}

Table.read = function (path, done) {
  fs.readFile(path, 'utf8', function (error, text) {
    if (error) {
      done(error)
      return
    }
    done(null, new Table(parse(text)))
  })
}

module.exports = { Table, parse, pad, render }
