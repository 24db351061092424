"""Fixes that public packages made, each reduced by hand to the few lines that tell it.

The commit is the package's own; names and shape of the changed line are kept, the rest is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent


@dataclass(frozen=True)
class Real:
    """One fix and the rule that must come of it."""

    package: str
    commit: str
    before: str
    after: str
    forbid: str = ""
    replace: str = ""
    not_inside: str = ""
    require: str = ""
    where: str = ""
    """The class and function that the rule is bound to."""
    scoped: bool = False
    """Whether it is about the one file only."""


def real(package: str, commit: str, before: str, after: str, **rule: str | bool) -> Real:
    return Real(package, commit, dedent(before).lstrip(), dedent(after).lstrip(), **rule)  # type: ignore[arg-type]


FIXES = [
    real(
        "requests", "7c80222af",
        """
        def select(proxies, scheme):
            return proxies.get('all', proxies.get(scheme))
        """,
        """
        def select(proxies, scheme):
            return proxies.get(scheme, proxies.get('all'))
        """,
        forbid="$PROXIES.get('all', $PROXIES.get($SCHEME))",
        replace="$PROXIES.get($SCHEME, $PROXIES.get('all'))",
    ),
    real(
        "requests", "65c19bc0e",
        """
        class Session:
            def merge(self):
                for kind, ref in self.proxies.items():
                    if not ref:
                        del self.proxies[kind]
        """,
        """
        class Session:
            def merge(self):
                for kind, ref in list(self.proxies.items()):
                    if not ref:
                        del self.proxies[kind]
        """,
        forbid="self.proxies.items()",
        not_inside="list(self.proxies.items())",
        replace="list(self.proxies.items())",
        scoped=True,
    ),
    real(
        "requests", "ee50afef5",
        """
        class Prepared:
            def length(self):
                if self.method not in ('GET', 'HEAD'):
                    self.headers['Content-Length'] = '0'
        """,
        """
        class Prepared:
            def length(self):
                if self.method not in ('GET', 'HEAD') and self.headers.get('Content-Length') is None:
                    self.headers['Content-Length'] = '0'
        """,
        forbid="self.method not in ('GET', 'HEAD')",
        not_inside="self.method not in ('GET', 'HEAD') "
        "and self.headers.get('Content-Length') is None",
        replace="self.method not in ('GET', 'HEAD') and self.headers.get('Content-Length') is None",
        scoped=True,
    ),
    real(
        "requests", "ea4570da5",
        """
        import time

        def morsel_to_cookie(morsel):
            template = '%a, %d-%b-%Y %H:%M:%S GMT'
            return time.mktime(time.strptime(morsel['expires'], template))
        """,
        """
        import time

        def morsel_to_cookie(morsel):
            template = '%a, %d-%b-%Y %H:%M:%S GMT'
            return time.mktime(time.strptime(morsel['expires'], template)) - time.timezone
        """,
        forbid="time.mktime(time.strptime($MORSEL['expires'], $TEMPLATE))",
        not_inside="time.mktime(time.strptime($MORSEL['expires'], $TEMPLATE)) - time.timezone",
        replace="time.mktime(time.strptime($MORSEL['expires'], $TEMPLATE)) - time.timezone",
    ),
    real(
        "requests", "7b819852b",
        """
        def sign(body):
            if isinstance(str, body):
                body = decode(body)
            return body
        """,
        """
        def sign(body):
            if isinstance(body, str):
                body = decode(body)
            return body
        """,
        forbid="isinstance(str, body)",
        replace="isinstance(body, str)",
        scoped=True,
    ),
    real(
        "requests", "747f882b0",
        """
        class CaseInsensitiveDict(dict):
            def __delitem__(self, key):
                dict.__delitem__(self, key, value)
        """,
        """
        class CaseInsensitiveDict(dict):
            def __delitem__(self, key):
                dict.__delitem__(self, key)
        """,
        forbid="dict.__delitem__(self, $KEY, value)",
        replace="dict.__delitem__(self, $KEY)",
        scoped=True,
    ),
    real(
        "requests", "1c34ac3ae",
        """
        import codecs

        def guess_json_utf(data):
            sample = data[:4]
            if sample in (codecs.BOM_UTF32_LE, codecs.BOM32_BE):
                return 'utf-32'
        """,
        """
        import codecs

        def guess_json_utf(data):
            sample = data[:4]
            if sample in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
                return 'utf-32'
        """,
        forbid="$SAMPLE in (codecs.BOM_UTF32_LE, codecs.BOM32_BE)",
        replace="$SAMPLE in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)",
        where="guess_json_utf",
        scoped=True,
    ),
    real(
        "requests", "bc7dd0fc4",
        """
        import re

        VALID_NAME = re.compile(r'^[^:\\s][^:\\r\\n]*$')
        """,
        """
        import re

        VALID_NAME = re.compile(r'^[^:\\s][^:\\r\\n]*\\Z')
        """,
        forbid=r"re.compile('^[^:\\s][^:\\r\\n]*$')",
        replace=r"re.compile('^[^:\\s][^:\\r\\n]*\\Z')",
    ),
    real(
        "requests", "1d1831ba4",
        """
        class PreparedRequest:
            def copy(self):
                p = PreparedRequest()
                p.headers = self.headers
                return p
        """,
        """
        class PreparedRequest:
            def copy(self):
                p = PreparedRequest()
                p.headers = self.headers.copy()
                return p
        """,
        forbid="$P.headers = self.headers",
        replace="$P.headers = self.headers.copy()",
        where="PreparedRequest.copy",
        scoped=True,
    ),
    real(
        "requests", "ea1d5f364",
        """
        class Response:
            @property
            def content(self):
                self._content = b''.join(self.iter_content(1024)) or None
                return self._content
        """,
        """
        class Response:
            @property
            def content(self):
                self._content = b''.join(self.iter_content(1024)) or bytes()
                return self._content
        """,
        forbid="b''.join(self.iter_content(1024)) or None",
        replace="b''.join(self.iter_content(1024)) or bytes()",
        scoped=True,
    ),
    real(
        "requests", "2bbd7ba1c",
        """
        from http import cookiejar

        class Session:
            def request(self, cookies):
                self.cookies = cookiejar_from_dict(cookies, overwrite=False)
        """,
        """
        from http import cookiejar

        class Session:
            def request(self, cookies):
                if isinstance(cookies, dict):
                    self.cookies = cookiejar_from_dict(cookies, overwrite=False)
                elif isinstance(cookies, cookiejar.CookieJar):
                    self.cookies.update(cookies)
        """,
        forbid="self.cookies = cookiejar_from_dict($COOKIES, overwrite=False)",
        not_inside="if isinstance($COOKIES, dict):\n    $...BODY\nelse:\n    $...ORELSE",
        replace="if isinstance($COOKIES, dict):\n"
        "    self.cookies = cookiejar_from_dict($COOKIES, overwrite=False)\n"
        "elif isinstance($COOKIES, cookiejar.CookieJar):\n    self.cookies.update($COOKIES)",
        scoped=True,
    ),
    real(
        "requests", "daf56b3f6",
        """
        class Session:
            def send(self, r, history):
                if history:
                    r = history.pop()
                    r.history = tuple(history)
                return r
        """,
        """
        class Session:
            def send(self, r, history):
                if history:
                    r = history.pop()
                return r
        """,
        forbid="$R.history = tuple($HISTORY)",
        where="Session.send",
        scoped=True,
    ),
    real(
        "requests", "8023a01db",
        """
        def should_bypass_proxies(url):
            parsed = urlparse(url)
            if is_ipv4_address(parsed.hostname):
                return in_network(parsed.hostname)
            return False
        """,
        """
        def should_bypass_proxies(url):
            parsed = urlparse(url)
            if parsed.hostname is None:
                return True
            if is_ipv4_address(parsed.hostname):
                return in_network(parsed.hostname)
            return False
        """,
        require="if $PARSED.hostname is None:\n    return True",
        where="should_bypass_proxies",
        scoped=True,
    ),
    real(
        "requests", "1ecb593c7",
        """
        def get_encoding_from_headers(headers):
            content_type = headers.get('content-type')
            return header(content_type)
        """,
        """
        def get_encoding_from_headers(headers):
            content_type = headers.get('content-type')
            if not content_type:
                return None
            return header(content_type)
        """,
        require="if not content_type:\n    return None",
        where="get_encoding_from_headers",
        scoped=True,
    ),
    real(
        "requests", "899c9a952",
        """
        class Mixin:
            def resolve_redirects(self, req):
                return self.request(req.url, req.headers)
        """,
        """
        class Mixin:
            def resolve_redirects(self, req):
                try:
                    del req.headers['Cookie']
                except KeyError:
                    pass
                return self.request(req.url, req.headers)
        """,
        require="try:\n    del $REQ.headers['Cookie']\nexcept KeyError:\n    pass",
        where="Mixin.resolve_redirects",
        scoped=True,
    ),
    real(
        "celery", "45b5c4a1d",
        """
        import threading

        class Celery:
            def __init__(self):
                self._finalize_mutex = threading.Lock()
        """,
        """
        import threading

        class Celery:
            def __init__(self):
                self._finalize_mutex = threading.RLock()
        """,
        forbid="threading.Lock()",
        replace="threading.RLock()",
        where="Celery.__init__",
        scoped=True,
    ),
    real(
        "celery", "b22a34f96",
        """
        class Backend:
            def _meta(self, request):
                if request and getattr(request, 'stamps'):
                    return request.stamps
        """,
        """
        class Backend:
            def _meta(self, request):
                if request and getattr(request, 'stamps', None):
                    return request.stamps
        """,
        forbid="getattr($REQUEST, 'stamps')",
        replace="getattr($REQUEST, 'stamps', None)",
    ),
    real(
        "celery", "ee90bed1d",
        """
        import datetime

        class Certificate:
            def has_expired(self):
                return datetime.datetime.now() >= self._cert.not_valid_after
        """,
        """
        import datetime

        class Certificate:
            def has_expired(self):
                return datetime.datetime.now() >= self._cert.not_valid_after_utc
        """,
        forbid="datetime.datetime.now() >= self._cert.not_valid_after",
        replace="datetime.datetime.now() >= self._cert.not_valid_after_utc",
        scoped=True,
    ),
    real(
        "celery", "da258e393",
        """
        TERM = environ.get('TERM')
        IS_SCREEN = TERM.startswith('screen')
        """,
        """
        TERM = environ.get('TERM')
        IS_SCREEN = TERM and TERM.startswith('screen')
        """,
        forbid="TERM.startswith('screen')",
        not_inside="TERM and TERM.startswith('screen')",
        replace="TERM and TERM.startswith('screen')",
    ),
    real(
        "celery", "9836f1841",
        """
        class Backend:
            def mark_as_done(self, request, result, state):
                self.on_chord_part_return(request, state)
        """,
        """
        class Backend:
            def mark_as_done(self, request, result, state):
                self.on_chord_part_return(request, state, result)
        """,
        forbid="self.on_chord_part_return($REQUEST, $STATE)",
        replace="self.on_chord_part_return($REQUEST, $STATE, result)",
        where="Backend.mark_as_done",
        scoped=True,
    ),
    real(
        "celery", "895c04cbf",
        """
        class Task:
            def replace(self, sig, tasks):
                for t in tasks:
                    sig |= signature(t)
        """,
        """
        class Task:
            def replace(self, sig, tasks):
                for t in tasks:
                    sig |= signature(t, app=self.app)
        """,
        forbid="signature($T)",
        replace="signature($T, app=self.app)",
        where="Task.replace",
        scoped=True,
    ),
    real(
        "celery", "3ec65fd76",
        """
        class LoggingProxy:
            def write(self, data):
                if data:
                    self.logger.log(self.level, data)
        """,
        """
        class LoggingProxy:
            def write(self, data):
                data = data.rstrip('\\n')
                if data:
                    self.logger.log(self.level, data)
        """,
        require="$DATA = $DATA.rstrip('\\n')",
        where="LoggingProxy.write",
        scoped=True,
    ),
    real(
        "celery", "7e87cb1db",
        """
        class CouchBackend:
            def set(self, key, value):
                return self.connection.save(key, value)
        """,
        """
        from kombu.utils.encoding import bytes_to_str

        class CouchBackend:
            def set(self, key, value):
                key = bytes_to_str(key)
                return self.connection.save(key, value)
        """,
        require="$KEY = kombu.utils.encoding.bytes_to_str($KEY)",
        where="CouchBackend.set",
        scoped=True,
    ),
    real(
        "celery", "d3863d909",
        """
        def run(self, args):
            try:
                return self.call(args)
            except Ignore:
                raise
            except Exception as exc:
                raise self.retry(exc)
        """,
        """
        def run(self, args):
            try:
                return self.call(args)
            except Ignore:
                raise
            except Retry:
                raise
            except Exception as exc:
                raise self.retry(exc)
        """,
        require="try:\n    ...\nexcept Retry:\n    raise",
        where="run",
        scoped=True,
    ),
    real(
        "celery", "7a0ae58e9",
        """
        import logging

        logger = logging.getLogger('celery')

        def on_after_fork(exc, n):
            logger.warn('lost %s', exc)
            logger.warn('again %s', n)
        """,
        """
        import logging

        logger = logging.getLogger('celery')

        def on_after_fork(exc, n):
            logger.warning('lost %s', exc)
            logger.warning('again %s', n)
        """,
        forbid="logger.warn($V1, $V2)",
        replace="logger.warning($V1, $V2)",
    ),
]  # fmt: skip
