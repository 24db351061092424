"""What esprima-fork gets wrong while it reads, put right in its parser."""

from __future__ import annotations

from typing import Any


def mend(parser: Any) -> None:
    """Puts the methods of the class `parser` right; to be done once."""
    parser.nextToken = after_lines(parser.nextToken)
    parser.parseGroupExpression = grouped(parser.parseGroupExpression)
    parser.peekToken = peeked
    parser.parseLeftHandSideExpressionAllowCall = chained(
        parser.parseLeftHandSideExpressionAllowCall
    )
    parser.parseExpressionStatement = classless(parser.parseExpressionStatement)
    parser.parseStatementListItem = strict_no_more(parser.parseStatementListItem)
    parser.parseExportDeclaration = defaults(parser.parseExportDeclaration)
    from esprima.validation import _Validator

    _Validator.scope = catching(_Validator.scope)


def after_lines(ahead: Any) -> Any:
    """`nextToken`, which has the parser ask whether the token that comes *begins* on a new line.

    It looks at where the token ends: a template or string over several lines makes it refuse
    ``throw `…` `` and believe that a semicolon may be missing before any other such literal.
    """

    def token(self: Any, *given: Any, **named: Any) -> Any:
        passed = ahead(self, *given, **named)
        if self.hasLineTerminator:
            self.hasLineTerminator = passed.lineNumber != self.startMarker.line
        return passed

    return token


def grouped(inside: Any) -> Any:
    """`parseGroupExpression`, which takes `(a, b,)` for the parameters of an arrow only."""

    def group(self: Any) -> Any:
        expression = inside(self)
        if expression.type == "ArrowParameterPlaceHolder" and not self.match("=>"):
            self.throwUnexpectedToken(self.lookahead)
        return expression

    return group


def chained(inside: Any) -> Any:
    """`parseLeftHandSideExpressionAllowCall`: a member of `{a = 1}` does not make it a pattern."""

    def chain(self: Any) -> Any:
        expression = inside(self)
        default = self.context.firstCoverInitializedNameError
        if default is not None and expression.type == "MemberExpression":
            self.throwUnexpectedToken(default)
        return expression

    return chain


def classless(inside: Any) -> Any:
    """`parseExpressionStatement`, which never begins with a class: `if (a) class B {} / c / d`."""

    def statement(self: Any) -> Any:
        if self.matchKeyword("class"):
            self.throwUnexpectedToken(self.lookahead)
        return inside(self)

    return statement


def peeked(self: Any) -> Any:
    """`peekToken`, whose token says on which line it begins, not where a string in it ends."""
    state, curly = self.scanner.saveState(), self.scanner.curlyStack[:]
    try:
        self.scanner.scanComments()
        line = self.scanner.lineNumber
        passed = self.scanner.lex()
        passed.lineNumber = line
        return passed
    finally:
        self.scanner.restoreState(state)
        self.scanner.curlyStack = curly


def strict_no_more(inside: Any) -> Any:
    """`parseStatementListItem`, whose first token is read before strict code has ended.

    Right behind a strict function or a class, a word like `static` is a name.
    """
    from esprima.token import Token

    def item(self: Any) -> Any:
        ahead = self.lookahead
        if ahead.type is Token.Keyword and not self.context.strict:
            words = self.scanner
            if words.isStrictModeReservedWord(ahead.value) and not words.isKeyword(ahead.value):
                ahead.type = Token.Identifier
        return inside(self)

    return item


def defaults(inside: Any) -> Any:
    """`parseExportDeclaration`, which reads no expression that begins with a bracket or `from`."""
    from esprima import nodes

    def export(self: Any) -> Any:
        if self.context.inFunctionBody or self.peekToken().value != "default":
            return inside(self)
        state, curly = self.scanner.saveState(), self.scanner.curlyStack[:]
        self.scanner.scanComments()
        self.scanner.lex()
        self.scanner.scanComments()
        at = self.scanner.index
        first = self.scanner.lex() if self.scanner.source[at : at + 1] in "{[f" else None
        self.scanner.restoreState(state)
        self.scanner.curlyStack = curly
        if first is None or first.value not in ("{", "[", "from"):
            return inside(self)
        node = self.createNode()
        self.nextToken()
        self.nextToken()
        value = self.isolateCoverGrammar(self.parseAssignmentExpression)
        self.consumeSemicolon()
        return self.finalize(node, nodes.ExportDefaultDeclaration(value))

    return export


def catching(inside: Any) -> Any:
    """`_Validator.scope`: in the block of a `catch` functions may be doubled as in any other."""

    def scope(
        self: Any, statements: Any, context: Any, kind: str, *given: Any, **named: Any
    ) -> Any:
        kind = "block" if kind == "catch" else kind
        return inside(self, statements, context, kind, *given, **named)

    return scope
