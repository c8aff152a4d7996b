"""HTTP of which a whole answer is bounded in time, also if it comes byte by byte: urllib's time-out starts anew with each of them."""

import http.client
import io
import ssl
import time
import urllib.request


class _Until(io.RawIOBase):
    """A socket's bytes until a time; then TimeoutError."""

    def __init__(self, raw, sock, end):
        self._raw = raw
        self._sock = sock
        self._end = end

    def readable(self):
        return True

    def readinto(self, into):
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._sock.settimeout(left)
        return self._raw.readinto(into)

    def close(self):
        super().close()
        self._raw.close()


class _Response(http.client.HTTPResponse):
    def __init__(self, sock, *args, **options):
        super().__init__(sock, *args, **options)
        end = time.monotonic() + (sock.gettimeout() or 0)
        self.fp = io.BufferedReader(_Until(self.fp.detach(), sock, end))


class _Http(http.client.HTTPConnection):
    response_class = _Response


class _Https(http.client.HTTPSConnection):
    response_class = _Response


class _HttpHandler(urllib.request.HTTPHandler):
    def http_open(self, request):
        return self.do_open(_Http, request)


class _HttpsHandler(urllib.request.HTTPSHandler):
    def https_open(self, request):
        return self.do_open(_Https, request, context=ssl.create_default_context())


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Only who was named is asked."""

    def redirect_request(self, *_):
        return None


def opener():
    """Opens with a time-out, which the answer as a whole has; follows no redirect. Safe for several threads."""
    return urllib.request.build_opener(_NoRedirect, _HttpHandler, _HttpsHandler)
