"""Event hooks for httpx, and so for the OpenAI and Anthropic SDKs, that ask for a promise with each answer.

They check it on the spot, and prove later that it was kept. An answer is never held back or changed: what is wrong is reported.
"""

import http.client
import logging
import posixpath
import re
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from typing import NamedTuple, Optional
from urllib.parse import urlsplit

from . import bounded_http
from .finding import read_leaf
from .node import Node
from .promise import HEADER, REQUEST_HEADER, Promised, check_promise
from .receipt import LARGEST, UnreadableReceipt, read_receipt
from .verify import Pins, checked_address, verify_read

PATH = re.compile(r"(.*)/v1/(chat/completions|completions|embeddings|responses|messages(/count_tokens)?)")
UNRESERVED = re.compile("%(4[1-9a-f]|5[0-9a]|6[1-9a-f]|7[0-9a]|3[0-9]|2[de]|5f|7e)", re.IGNORECASE)
CREDENTIALS = ("authorization", "x-api-key", "api-key")
LONGEST_SECONDS = 10
# A node that is a block behind refutes what is genuine: a later look has to say it too.
SECOND_LOOK_SECONDS = 10
LOG = logging.getLogger("openledger_verify")
DECIDES = {"BROKEN": "FAILED", "MISROUTED": "MISROUTE", "OPEN": "UNCHECKED"}


class Unproved(NamedTuple):
    """A promise that is wrong, missing or was not kept."""

    request: Optional[str]
    status: int
    why: str
    promise: Optional[dict] = None
    signer: Optional[str] = None
    verdict: Optional[str] = None


class _Waiting(NamedTuple):
    at: str
    credentials: dict
    status: int
    checked: Promised
    # Since when each look has refuted it, Unix seconds.
    refuted: Optional[float] = None


class Watch:
    """What is promised, until it is proved. Safe for several threads.

        watch = Watch("https://node.example", Pins(lane=1), signer="0x…", on_unproved=print)
        client = OpenAI(http_client=httpx.Client(event_hooks=watch.hooks))

    At most `most` promises wait for their proof; one more is reported at once. A thread looks for proofs every `every` seconds while
    there are some; 0 leaves them to prove(). It does not keep the process alive, so call prove() before the end. `clock` is in Unix
    seconds.
    """

    def __init__(self, node, pins=Pins(), signer=None, most=1000, every=30.0, on_unproved=None, clock=time.time):
        if pins.log.key is not None and not pins.log.witnesses:
            raise ValueError("log_key needs witnesses: nothing else of a receipt in JSON is held against it")
        self._node = Node(node)
        self._pins = pins
        self._signer = checked_address("signer", signer)
        self._most = most
        self._every = every
        self._on_unproved = on_unproved or (lambda unproved: None)
        self._clock = clock
        self._opener = bounded_http.opener()
        self._lock = threading.Lock()
        self._round = threading.Lock()
        self._pending = {}
        self._unproved = deque(maxlen=max(1, most))
        self._counts = {"checked": 0, "proved": 0, "unproved": 0}
        self._stopped = threading.Event()
        self._thread = None

    @property
    def hooks(self):
        """Of an httpx.Client."""
        return {"request": [self._ask], "response": [self._check]}

    @property
    def async_hooks(self):
        """Of an httpx.AsyncClient."""

        async def ask(request):
            self._ask(request)

        async def check(response):
            self._check(response)

        return {"request": [ask], "response": [check]}

    def unproved(self):
        """Promises that are wrong, missing or were not kept, oldest first; the newest `most` of them."""
        with self._lock:
            return list(self._unproved)

    def counts(self):
        """Numbers of answers that were checked, whose promise was proved, is pending, or is unproved."""
        with self._lock:
            return {**self._counts, "pending": len(self._pending)}

    def close(self):
        """Ends the looks; what waits stays."""
        self._stopped.set()

    def _ask(self, request):
        if _receipts_of(request):
            request.headers["openledger-receipt"] = "signed"

    def _check(self, response):
        request = response.request
        at = _receipts_of(request)
        headers, status = response.headers, response.status_code
        if not at:
            if 200 <= status < 300 and headers.get(REQUEST_HEADER) is not None:
                self._report(Unproved(headers.get(REQUEST_HEADER), status, "The answer has no promise."))
            return
        nonce = request.headers.get("openledger-nonce", "")
        try:
            body = request.content
        except RuntimeError:
            # httpx has passed on a stream without keeping it.
            self._report(Unproved(headers.get(REQUEST_HEADER), status, "The body was a stream, so no promise was checked."))
            return
        found = check_promise(headers, body, self._pins, self._signer, nonce, self._clock())
        is_error = not 200 <= status < 300
        with self._lock:
            self._counts["checked"] += 1
            if found.promise is None and is_error and headers.get(HEADER) is None:
                # An error before there is a record promises nothing.
                return
            is_wrong = found.promise is None or found.finding == "FAILED"
            is_full = len(self._pending) >= self._most
            if not is_wrong and not is_full:
                credentials = {name: request.headers[name] for name in CREDENTIALS if name in request.headers}
                own = at + found.promise["request"]
                self._pending.setdefault(found.promise["signature"], _Waiting(own, credentials, status, found))
                self._start()
                return
        why = found.text if is_wrong else f"As many promises as are kept wait for their proof: {self._most}."
        own = found.promise["request"] if found.promise else headers.get(REQUEST_HEADER)
        self._report(Unproved(own, status, why, found.promise, found.signer))

    def _report(self, unproved):
        with self._lock:
            self._counts["unproved"] += 1
            self._unproved.append(unproved)
        try:
            self._on_unproved(unproved)
        except Exception:
            # The caller's own mistake must not fail the answer that it is about.
            LOG.exception("on_unproved failed")

    def _start(self):
        if self._every > 0 and self._thread is None:
            self._thread = threading.Thread(target=self._look_again, name="openledger-verify", daemon=True)
            self._thread.start()

    def _look_again(self):
        while not self._stopped.wait(self._every):
            self.prove()

    def prove(self):
        """Looks for the proof of each promise that waits; one round at a time."""
        with self._round:
            with self._lock:
                waiting = list(self._pending.items())
            for key, one in waiting:
                self._prove(key, one)

    def _prove(self, key, one):
        promise = one.checked.promise
        now = self._clock()
        is_due = now > promise["anchor_by"]
        verdict, why = self._look(one)
        refuted = (now if one.refuted is None else one.refuted) if verdict == "BROKEN" else None
        is_refuted = refuted is not None and now - refuted >= SECOND_LOOK_SECONDS
        if verdict not in ("HOLDS", "MISROUTED") and not is_refuted and not is_due:
            with self._lock:
                self._pending[key] = one._replace(refuted=refuted)
            return
        with self._lock:
            del self._pending[key]
            self._counts["proved"] += verdict == "HOLDS"
        if verdict != "HOLDS":
            self._report(Unproved(promise["request"], one.status, why, promise, one.checked.signer, verdict))

    def _look(self, one):
        """What the receipt proves by now."""
        promise = one.checked.promise
        request = urllib.request.Request(one.at, headers=one.credentials)
        try:
            with self._opener.open(request, timeout=LONGEST_SECONDS) as answer:
                receipt = read_receipt(answer.read(LARGEST + 1).decode("utf-8"))
        except urllib.error.HTTPError as refused:
            refused.close()
            return None, f"The router answers {refused.code} in place of the receipt."
        except UnreadableReceipt as why:
            return None, str(why)
        except (OSError, ValueError, http.client.HTTPException):
            return None, "The router gives no receipt."
        if receipt["request"] != promise["request"]:
            return None, f"The receipt is of request {receipt['request']}."
        try:
            found = verify_read(receipt, self._node, self._pins, {**promise, "signer": one.checked.signer})
        except Exception as mistake:
            # Nothing that a router sends may end the looks, not even by a mistake of ours, or it would never be reported.
            LOG.exception("a receipt could not be verified")
            return None, f"The receipt could not be verified: {type(mistake).__name__}."
        # Of a promise of a plan it holds with the outcome's leaf only if that followed the plan.
        if found.verdict == "HOLDS" and read_leaf(receipt["leaf"])["planned"]:
            return "OPEN", "The plan's leaf is on chain, but the outcome's is in no batch yet."
        decisive = next((check for check in found.checks if check.finding == DECIDES.get(found.verdict)), None)
        return found.verdict, decisive and f"{decisive.title}: {decisive.text}"


def _receipts_of(request):
    """Where the receipts of a request are; None if it is no inference."""
    parts = urlsplit(str(request.url))
    # As the router's routes compare it.
    plain = UNRESERVED.sub(lambda escape: chr(int(escape[1], 16)), parts.path)
    found = PATH.fullmatch(posixpath.normpath("/" + plain.lstrip("/")))
    return f"{parts.scheme}://{parts.netloc}{found[1]}/v1/receipts/" if found and request.method == "POST" else None
