"""Where JavaScript lives: blocks of pages and components, at their places, templates filled in."""

from __future__ import annotations

import pytest

from guard.check import discover
from guard.finding import Finding
from guard.snapshot import Snapshot


def findings(path: str, text: str, before: str | None = None) -> list[Finding]:
    check = discover()["javascript"]
    base = None if before is None else {path: before}
    return [
        f
        for f in check.run(Snapshot.of({path: text}, base=base), check.options())
        if f.rule in ("javascript/syntax", "javascript/orphan")
    ]


SOUND = {
    "no script": ("a.html", "<p>it's {broken</p>"),
    "script": ("a.html", "<script>let a = 1;</script>"),
    "module": ("a.html", "<script type=module>import a from 'b'; await a</script>"),
    "json is data": ("a.html", '<script type="application/json">{"a": 1}</script>'),
    "template is text": ("a.html", '<script type="text/x-template"><p>{{</p></script>'),
    "babel is not for engines": ("a.html", '<script type="text/babel"><A/></script>'),
    "import map": ("a.html", '<script type="importmap">{"imports": {}}</script>'),
    "old type": ("a.html", '<script type="text/javascript" src=x></script>'),
    "commented out": ("a.html", "<!-- <script>let let</script> -->"),
    "text area": ("a.html", "<textarea><script>let let</script></textarea>"),
    "less than in script": ("a.html", "<script>if (a < b) c('</p>')</script>"),
    "html comment in script": ("a.html", "<script><!--\nf()\n--></script>"),
    "cdata": ("a.html", "<script>//<![CDATA[\nf()\n//]]></script>"),
    "bare cdata": ("a.html", "<script><![CDATA[\nf()\n]]></script>"),
    "handler returns": ("a.html", '<a onclick="return f(this, event)">x</a>'),
    "handler with references": ("a.html", '<a onclick="a &amp;&amp; f(&quot;x&quot;)">x</a>'),
    "no handler": ("a.html", '<a once="let let" data-on="(" @click="(">x</a>'),
    "greater than in attribute": ("a.html", '<a title="a > b" onclick="f(1 > 0)">x</a>'),
    "source and a body": ("a.html", "<script src=a.js>let let</script>"),
    "without scripts": ("a.html", "<noscript><script>(</script></noscript>"),
    "in a document of its own": ("a.html", '<iframe srcdoc=""><script>(</script></iframe>'),
    "another language": ("a.html", '<script language="vbscript">MsgBox "a"</script>'),
    "digits from a template": (
        "a.html",
        "<script>f(1{{ a }}, 0x{{ b }}, {{ c }}.5, a1{{ d }})</script>",
    ),
    "erb that trims": ("a.html", "<script>var a = <%- if b -%>1<%- else -%>2<%- end -%>;</script>"),
    "ejs that does not escape": ("a.html", "<script>var a = <%- b %>;</script>"),
    "unclosed script": ("a.html", "<script>f()"),
    "vue": ("a.vue", "<template><p @click='('/></template>\n<script>export default {}</script>"),
    "vue setup": ("a.vue", "<script setup>\nimport a from 'b'\nconst c = await a()\n</script>"),
    "vue typescript": ("a.vue", '<script lang="ts">let a: number = 1</script>'),
    "vue jsx": ("a.vue", '<script lang="jsx">const a = <p>{b}</p></script>'),
    "svelte": ("a.svelte", "<script>export let a; $: b = a * 2;</script><p on:click={f}>{b}</p>"),
    "svelte typescript": ("a.svelte", "<script lang='ts'>let a: number</script>"),
    "jinja value": ("a.html", "<script>var a = {{ a|tojson }};</script>"),
    "jinja value in string": ("a.html", "<script>var a = '{{ a }}';</script>"),
    "jinja key": ("a.html", "<script>var a = { {{ k }}: 1 };</script>"),
    "jinja if else": ("a.html", "<script>var a = {% if b %}1{% else %}2{% endif %};</script>"),
    "jinja elif": (
        "a.html",
        "<script>f({% if a %}1{% elif b %}2{% else %}3{% endif %})</script>",
    ),
    "jinja for": (
        "a.html",
        "<script>var a = [{% for i in b %}{{ i }}{% if not loop.last %},{% endif %}{% endfor %}];"
        "</script>",
    ),
    "jinja for object": (
        "a.html",
        "<script>var a = { {% for k in b %}'{{ k }}': {{ k }},{% endfor %} };</script>",
    ),
    "jinja statements": (
        "a.html",
        "<script>{% set x = 1 %}{# it's #}{% if x %}f();{% endif %}{% block js %}{% endblock %}"
        "</script>",
    ),
    "jinja raw": ("a.html", "<script>{% raw %}var a = {b: {c: 1}};{% endraw %}</script>"),
    "jinja handler": ("a.html", '<a onclick="f({{ id }})">x</a>'),
    "jinja block in if": (
        "a.html",
        "<script>{% if a %}{% block b %}f({% if c %}1{% else %}2{% endif %}){% endblock %}"
        "{% else %}g(){% endif %}</script>",
    ),
    "django tag as value": ("a.html", "<script>var u = {% url 'home' %};</script>"),
    "django tag in string": ("a.html", "<script>var u = \"{% url 'home' a=1 %}\";</script>"),
    "django comment": (
        "a.html",
        "<script>{% comment %} let let ' {% endcomment %} f() {% csrf_token %}</script>",
    ),
    "go value": ("a.html", "<script>var a = {{ .Name }}, b = {{- .B | js -}};</script>"),
    "go if else": ("a.html", "<script>var a = {{ if .A }}1{{ else }}2{{ end }};</script>"),
    "go range": ("a.html", "<script>{{ range $i, $e := .A }}f({{ $e }});{{ end }}</script>"),
    "go block": ("a.html", '<script>{{ block "js" . }}f();{{ end }}{{ template "x" . }}</script>'),
    "handlebars": ("a.html", "<script>{{#each a}}f({{{this}}});{{/each}}</script>"),
    "erb": ("a.html", "<script>var a = <%= a %>; <% if b %>f()<% end %></script>"),
    "php": (
        "a.html",
        "<script>var a = <?php echo 1 ?>; <?php if (b): ?>f()<?php endif ?></script>",
    ),
    "quotes in a placeholder in a handler": (
        "a.html",
        """<a onclick="f('{{ url_for("x", id="y") }}'{% if a == "b" %}, 1{% endif %})">x</a>""",
    ),
    "Mako and JSP": ("a.html", "<script>var a = ${b or 'c'}, d = '${e}', f = $g.id;</script>"),
    "Thymeleaf": ("a.html", "<p th:text='x'><script>var a = /*[[${b}]]*/ [[${a}]];</script>"),
    "Bottle": ("a.html", "<script>var a = {{!b}};</script>"),
    "placeholders in a script": (
        "a.js",
        "f({'a': {{ a }}, 'b': '{{ _('it') }}', \"c\": \"{{ g(\"c\")|safe }}\", d: {{ d|tojson }}})",
    ),
    "a script of Hugo": ("a.js", "{{/* a */}}\n{{- range .A -}}f({{ .B }});{{- end -}}"),
    "quotes in placeholders": ("a.js", "f('{{ _('it') }}/a', \"{{ g(\"c\")|safe }}\");"),
    "a filtered statement of Hugo": ("a.js", '{{ (resources.Get "a.js").Content | safeJS }}\nf();'),
    "old svelte typescript": ("a.svelte", "<script type='text/typescript'>let a: b</script>"),
    "vue with documentation": ("a.vue", "<docs>\n<script>\n</docs>\n<script>f()</script>"),
    "vue with pug": ("a.vue", "<template lang='pug'>\np <script>\n</template>"),
    "braces that are code": ("a.html", "<script>if (a) {{ f() }}</script>"),
}


@pytest.mark.parametrize("case", SOUND.values(), ids=SOUND.keys())
def test_sound_hosts_pass(case: tuple[str, str]) -> None:
    assert findings(*case) == []


NOTHING_LEFT_OVER = {
    "a snippet": "<script>{{ form.media }}\n{{ a }};\nf({{ b }})</script>",
    "keys": "<script>f({ {{ a }}: 1, {{ b }}: 2 })</script>",
    "names of functions": "<script>function f_{{ a }}() {}\nfunction f_{{ b }}() {}</script>",
    "an HTML comment": "<script>\nf()\n<!-- g() / '\n</script>",
}


@pytest.mark.parametrize("text", NOTHING_LEFT_OVER.values(), ids=NOTHING_LEFT_OVER.keys())
def test_what_a_template_fills_in_is_no_leftover(text: str) -> None:
    check = discover()["javascript"]
    assert list(check.run(Snapshot.of({"a.html": text}), check.options())) == []


BROKEN = {
    "script": ("a.html", "<p>\n<script>\n  let a = 1;\n  f(;\n</script>", 4, 5),
    "second script": ("a.html", "<script>f()</script><script>g(;</script>", 1, 31),
    "after astral characters": ("a.html", "<p>😀</p><script>'😀'; g(;</script>", 1, 24),
    "sloppy code in a module": ("a.html", "<script type=module>\nwith (a) b</script>", 2, 5),
    "import in a script": ("a.html", "<script>\nimport a from 'b'</script>", 2, 1),
    "return in a script": ("a.html", "<script>\nreturn</script>", 2, 7),
    "handler": ("a.html", '<p>\n <a onclick="f(;">x</a>', 2, 16),
    "handler with references": ("a.html", '<a onclick="f(&quot;a&quot;;">x</a>', 1, 28),
    "vue": ("a.vue", "<template/>\n<script>\nexport default {;}\n</script>", 3, 17),
    "svelte": ("a.svelte", "<p/>\n<script>\nlet a = ;\n</script>", 3, 9),
    "jinja": ("a.html", "<script>\nvar a = {{ a }};\nf(;\n</script>", 3, 3),
    "jinja with branches": (
        "a.html",
        "<script>\n{% if a %}f();{% endif %}\n\nvar b;\nf(;\n</script>",
        5,
        3,
    ),
    "a template literal without its beginning": (
        "a.html",
        "<script>\nvar a = ${b} c`;\n</script>",
        2,
        10,
    ),
    "doubled braces": ("a.js", "f({{a: 1}});", 1, 4),
    "doubled braces around a name": ("a.js", "f({{a}});", 1, 4),
    "go": ("a.html", "<script>\nvar a = {{ .A }} {{ .B }};\nf(;\n</script>", 2, 18),
}


@pytest.mark.parametrize("case", BROKEN.values(), ids=BROKEN.keys())
def test_broken_hosts_are_refused_at_their_place(case: tuple[str, str, int, int]) -> None:
    path, text, line, column = case
    (finding,) = findings(path, text)
    assert finding.severity == "error"
    parser = [at for at in finding.related if at.note.startswith("the parser gave up")]
    at = parser[0] if parser else finding.at
    assert (at.line, at.column) == (line, column)


FOREIGN = {
    "web.py": "$def with (a)\n<script>\nvar a = $:json(a);\n</script>",
    "a condition of web.py": "<script>\n $if not a():\n   f();\n</script>",
    "FreeMarker": "<script>\nf(<#if a>1<#else>2</#if>);\n</script>",
    "Velocity": "#set($a = 1)\n<script>\nf(#if($a)1#end);\n</script>",
    "Smarty": "<script>\n{if $a}f();{/if}\n</script>",
    "Thymeleaf": "<p th:text='x'><script>\nvar a = [(@{a})];\n</script>",
    "JSP": '<script>\n<c:if test="a">f();</c:if>\n</script>',
    "Blade": "<script>\nvar a = @json($a);\n</script>",
    "Mako": "% if a:\n<script>\n% for x in a:\nf();\n% endfor\n</script>\n% endif",
    "Karma's words": "<script>\n  %CLIENT_CONFIG%\n  f();\n</script>",
    "a word that sed puts in": "<script>@SCRIPT</script>",
    "one in a line": "<script>\n@VERSION@\nf();</script>",
    "lua-resty-template": "<script>\n{-raw-}\nf('{*random*}');\n{-raw-}\n</script>",
    "a text that is formatted": "<script>\nvar a = 1 %% 2;\n</script>",
    "Razor": "@model A\n<script>\nvar a = @a;\n</script>",
}


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN.keys())
def test_a_template_in_a_language_that_is_not_read_is_not_refused(text: str) -> None:
    found = findings("a.html", text)
    assert found
    assert {(f.rule, f.severity) for f in found} == {("javascript/syntax", "warning")}
    broken = "<style>\n@import 'a';\n</style><a href='?q=%E2%9C%93%20'>x@EXAMPLE.ORG</a><script>\nf(;\n</script>"
    assert [f.severity for f in findings("a.html", broken)] == ["error"]


def test_a_script_that_was_sound_is_no_template_now() -> None:
    text = "f({{ a }});"
    assert findings("a.js", text) == findings("a.js", text, "f({{ b }});") == []
    (finding,) = findings("a.js", text, "f({ a });")
    assert finding.severity == "error"


def test_a_tag_that_comes_into_a_sound_script_is_not_refused() -> None:
    page = "<p>$:x</p><script>\n{}f();\n\n\n{};\n</script>"
    before = page.format("", "g()")
    for after, severity in (
        (page.format("$if a:\n  ", "g()"), "warning"),
        (page.format("", "g("), "error"),
    ):
        assert [f.severity for f in findings("a.html", after, before)] == [severity]
