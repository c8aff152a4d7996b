"""Answers that come byte by byte and never end."""

import threading
import unittest
from http.server import BaseHTTPRequestHandler

from openledger_verify import bounded_http

from .world import served

SECONDS = 0.3


class Dripping(unittest.TestCase):
    def read(self, start):
        stopped = threading.Event()
        self.addCleanup(stopped.set)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                try:
                    self.wfile.write(start)
                    while not stopped.wait(SECONDS / 10):
                        self.wfile.write(b"x")
                except OSError:
                    # Who asked has gone.
                    return

            def log_message(self, *_):
                pass

        with served(Handler) as address, bounded_http.opener().open(address, timeout=SECONDS) as answer:
            return answer.read(1 << 20)

    def test_a_body_is_cut_off(self):
        with self.assertRaises(TimeoutError):
            self.read(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n")

    def test_headers_are_cut_off(self):
        with self.assertRaises(TimeoutError):
            self.read(b"HTTP/1.1 200 OK\r\nx-header: ")


if __name__ == "__main__":
    unittest.main()
