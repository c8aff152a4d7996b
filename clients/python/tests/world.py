"""What clients/vectors/receipts.json recorded of a real router and chain, and a node over HTTP that answers as that chain did."""

import base64
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from openledger_verify.encoding import from_hex, to_hex
from openledger_verify.keccak import keccak256
from openledger_verify.signer import G, N, multiply

ROOT = Path(__file__).resolve().parents[3]
RECORDED = json.loads((ROOT / "clients/vectors/receipts.json").read_text("utf-8"))
LANE = RECORDED["lane"]
GENUINE = RECORDED["genuine"]
WITNESSED = json.loads((ROOT / "clients/vectors/witnessed.json").read_text("utf-8"))["cases"]
_STAKED = json.loads((ROOT / "clients/vectors/staked.json").read_text("utf-8"))
# Receipts with a stake behind them, each with what its node says otherwise than one of a lane with a vault.
BEHIND, STAKED = _STAKED["answers"], _STAKED["cases"]
_ENVELOPES = json.loads((ROOT / "clients/vectors/envelopes.json").read_text("utf-8"))
# Receipts that a log has signed, and what of one is asked for in vain.
LOGGED = _ENVELOPES["cases"]
MISUSES = _ENVELOPES["misuses"]
REGISTRY = json.loads(GENUINE[0]["receipt"])["batch"]["registry"]


def vectors(name):
    return json.loads((ROOT / f"contracts/vectors/{name}.json").read_text("utf-8"))


def forged(one):
    """The text of a changed receipt: a genuine one, of which a part is exchanged."""
    receipt = GENUINE[one["of"]]["receipt"]
    return receipt[: one["at"]] + one["put"] + receipt[one["at"] + one["cut"] :]


def cosigned(one):
    """The text of a receipt with cosignatures of witnesses."""
    return forged(one).replace("@@@", one.get("repeated", "") * one.get("times", 0))


def enveloped(form):
    """A genuine receipt in a form that a log signs."""
    return base64.b64decode(_ENVELOPES["genuine"][form])


def envelope(one):
    """The bytes of a changed one: a genuine one, of which a part is exchanged."""
    genuine = enveloped(one["of"])
    return genuine[: one["at"]] + base64.b64decode(one["put"]) * one["times"] + genuine[one["at"] + one["cut"] :]


def sign(digest, key):
    """A signature by a key that is no secret; its nonce follows from both."""
    nonce = int.from_bytes(keccak256(from_hex(digest) + key.to_bytes(32, "big")), "big") % N
    x, y = multiply(G, nonce)
    s = pow(nonce, -1, N) * (int.from_bytes(from_hex(digest), "big") + x * key) % N
    low, odd = (s, y & 1) if s <= N // 2 else (N - s, 1 - (y & 1))
    return to_hex(x.to_bytes(32, "big") + low.to_bytes(32, "big") + bytes([27 + odd]))


def _key(method, params):
    return json.dumps([method, params])


_ANSWERS = {
    _key(one["method"], one["params"]): {name: one[name] for name in ("result", "error") if name in one}
    for one in RECORDED["answers"]
}


def answer_of(asked):
    """What a chain has of which it was never asked: nothing."""
    nothing = {"eth_call": "0x" + "00" * 160, "eth_getCode": "0x", "eth_getLogs": []}
    known = _ANSWERS.get(_key(asked["method"], asked["params"]), {"result": nothing.get(asked["method"])})
    return {"jsonrpc": "2.0", "id": asked["id"], **known}


def saying(others):
    """The answers of a node that says some things otherwise."""
    changed = {
        _key(one["method"], one["params"]): {name: one[name] for name in ("result", "error") if name in one}
        for one in others
    }

    def answer(asked):
        other = changed.get(_key(asked["method"], asked["params"]))
        return {"jsonrpc": "2.0", "id": asked["id"], **other} if other else answer_of(asked)

    return answer


@contextmanager
def served(handler):
    """Listens on a free port of this machine; the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def node(answer=answer_of):
    """Listens on a free port of this machine; the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            raw = json.dumps([answer(one) for one in asked] if isinstance(asked, list) else answer(asked)).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_):
            pass

    return served(Handler)
