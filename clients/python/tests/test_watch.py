"""The hooks against a router that keeps its promises, or does not, over real HTTP; with httpx and the OpenAI SDK where there are some."""

import asyncio
import json
import re
import threading
import unittest
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from types import SimpleNamespace
from unittest import mock

from openledger_verify import Pins, Watch, check_promise, read_promise
from openledger_verify.commitments import KINDS, promise_digest, request_key
from openledger_verify.signer import G, address_of, multiply

from .world import GENUINE, LANE, RECORDED, REGISTRY, answer_of, node, served, sign

try:
    import httpx
except ImportError:
    httpx = None
try:
    import openai
except ImportError:
    openai = None

KEPT = RECORDED["promises"][0]
PROMISE = read_promise(KEPT["header"])
SIGNER = check_promise(KEPT["header"], KEPT["body"], nonce=KEPT["nonce"], now=PROMISE["signed_at"]).signer
SIGNED = next(one["receipt"] for one in GENUINE if one["name"] == "signed")
OPEN = json.dumps({"request": PROMISE["request"], "level": "RECORDED"})


def signed_header(key=None, **changes):
    """The promise that a recorded receipt has, as a header: the request has the same body, and no nonce. A key signs another."""
    receipt = json.loads(SIGNED)
    own = receipt["promise"] | {"request": receipt["request"], "salt": receipt["commitment"]["salt"]} | changes
    if key:
        own["signature"] = sign(promise_digest(own), key)
    own["kind"] = KINDS[own["kind"]]
    del own["signer"]
    return ", ".join(f"{name}={json.dumps(value)}" for name, value in own.items())


class Clock:
    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


def router(script):
    """Answers with script["answer"] and script["receipt"], (status, headers, body) each; what it was asked is in script["seen"]."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.reply("receipt", b"")

        def do_POST(self):
            self.reply("answer", self.rfile.read(int(self.headers["content-length"])))

        def reply(self, which, body):
            script["seen"].append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            status, headers, text = script[which]
            raw = text.encode()
            self.send_response(status)
            for name, value in {"content-type": "application/json", "content-length": len(raw), **headers}.items():
                self.send_header(name, str(value))
            self.end_headers()
            # Who has read enough goes.
            with suppress(ConnectionError):
                self.wfile.write(raw)

        def log_message(self, *_):
            pass

    return served(Handler)


class Watching(unittest.TestCase):
    def setUp(self):
        self.told = []
        self.clock = Clock(PROMISE["signed_at"] + 1)
        self.script = {"seen": [], "answer": (200, {"openledger-promise": KEPT["header"]}, "{}"), "receipt": (404, {}, "{}")}
        self.router = self.enter(router(self.script))
        self.chain = self.enter(node())

    def enter(self, context):
        value = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return value

    def watch(self, **options):
        options = {"signer": SIGNER, "every": 0, "on_unproved": self.told.append, "clock": self.clock} | options
        return Watch(self.chain, Pins(lane=LANE, registry=REGISTRY), **options)

    def call(self, watch, header=KEPT["header"], body=KEPT["body"], nonce=KEPT["nonce"], status=200):
        """What httpx calls its hooks with, of a request and its answer."""
        headers = {"authorization": "Bearer a key"} | ({"openledger-nonce": nonce} if nonce else {})
        request = SimpleNamespace(
            method="POST", url=f"{self.router}/v1/chat/completions", headers=headers, content=body.encode()
        )
        for hook in watch.hooks["request"]:
            hook(request)
        self.assertEqual(headers["openledger-receipt"], "signed")
        answer = {} if header is None else {"openledger-promise": header}
        for hook in watch.hooks["response"]:
            hook(SimpleNamespace(request=request, headers=answer, status_code=status))

    def test_waits_and_reports_what_was_never_proved_by_its_time(self):
        watch = self.watch()
        self.call(watch)
        self.script["receipt"] = (200, {}, OPEN)
        watch.prove()
        path, headers, _ = self.script["seen"][-1]
        self.assertEqual((path, headers["authorization"]), (f"/v1/receipts/{PROMISE['request']}", "Bearer a key"))
        self.assertEqual(watch.counts(), {"checked": 1, "proved": 0, "unproved": 0, "pending": 1})
        self.clock.now = PROMISE["anchor_by"] + 1
        watch.prove()
        self.assertEqual(watch.counts(), {"checked": 1, "proved": 0, "unproved": 1, "pending": 0})
        self.assertEqual(watch.unproved(), self.told)
        self.assertIn("in no batch yet", self.told[0].why)
        self.assertNotIn("a key", repr(self.told))

    def test_a_promise_is_proved_by_the_receipt_and_the_chain(self):
        watch = self.watch()
        self.clock.now = json.loads(SIGNED)["promise"]["signed_at"] + 1
        self.call(watch, signed_header(), nonce="")
        self.assertEqual(self.told, [])
        self.script["receipt"] = (200, {}, SIGNED)
        watch.prove()
        self.assertEqual(watch.counts(), {"checked": 1, "proved": 1, "unproved": 0, "pending": 0})

    def test_a_promise_that_was_kept_too_late_convicts_the_router(self):
        key = 0xC0FFEE
        signer = address_of(multiply(G, key))
        committed_at = json.loads(SIGNED)["batch"]["committed_at"]
        signs = {"result": "0x" + "00" * 24 + "ff" * 8}

        def answer(asked):
            data = asked["params"][0]["data"] if asked["method"] == "eth_call" else ""
            return {"id": asked["id"], **signs} if data.endswith(signer[2:]) else answer_of(asked)

        self.chain = self.enter(node(answer))
        self.script["receipt"] = (200, {}, SIGNED)
        for anchor_by, verdict in ((committed_at - 1, "MISROUTED"), (committed_at, None)):
            self.told.clear()
            self.clock.now = committed_at - 9
            watch = self.watch(signer=signer)
            self.call(watch, signed_header(key, signed_at=committed_at - 10, anchor_by=anchor_by), nonce="")
            watch.prove()
            self.assertEqual([unproved.verdict for unproved in self.told], [verdict] if verdict else [])
            self.assertEqual(watch.counts()["proved"], 0 if verdict else 1)
            self.assertTrue(not verdict or "too late" in self.told[0].why)

    def test_a_plan_s_leaf_alone_proves_nothing(self):
        key = 0xC0FFEE
        signer = address_of(multiply(G, key))
        whole = next(one["receipt"] for one in GENUINE if one["name"] == "confirmed, gate response")
        alone = json.loads(whole)
        for name in ("leaf", "proof", "batch", "transaction", "history", "urls", "followed_plan"):
            del alone[name]
        kept = RECORDED["promises"][1]
        commitment = alone["commitment"]
        signs = {"result": "0x" + "00" * 24 + "ff" * 8}

        def answer(asked):
            data = asked["params"][0]["data"] if asked["method"] == "eth_call" else ""
            return {"id": asked["id"], **signs} if data.endswith(signer[2:]) else answer_of(asked)

        self.chain = self.enter(node(answer))
        header = signed_header(
            key,
            request=alone["request"],
            salt=commitment["salt"],
            kind="PLAN",
            request_key=request_key(alone["request"], commitment["digest"], commitment["salt"]),
            leaf_hash="0x" + "00" * 32,
            signed_at=PROMISE["signed_at"],
            anchor_by=PROMISE["anchor_by"],
        )
        for receipts, proved in (((json.dumps(alone), whole), 1), ((json.dumps(alone),), 0)):
            self.clock.now = PROMISE["signed_at"] + 1
            watch = self.watch(signer=signer)
            self.call(watch, header, body=kept["body"], nonce="")
            for receipt in receipts:
                self.script["receipt"] = (200, {}, receipt)
                watch.prove()
            self.assertEqual(watch.counts(), {"checked": 1, "proved": proved, "unproved": 0, "pending": 1 - proved})
        self.clock.now = PROMISE["anchor_by"] + 1
        watch.prove()
        why = "The plan's leaf is on chain, but the outcome's is in no batch yet."
        self.assertEqual([(unproved.verdict, unproved.why) for unproved in self.told], [("OPEN", why)])

    def test_one_look_convicts_nobody_and_a_second_does(self):
        refuted = re.sub('"status":"[A-Z_]+"', '"status":"REJECTED"', SIGNED, count=1)
        for seconds, last, found in ((60, SIGNED, (1, 0, 0)), (9, refuted, (0, 0, 1)), (10, refuted, (0, 1, 0))):
            self.clock.now = json.loads(SIGNED)["promise"]["signed_at"] + 1
            watch = self.watch()
            self.call(watch, signed_header(), nonce="")
            self.script["receipt"] = (200, {}, refuted)
            watch.prove()
            self.assertEqual(watch.counts()["pending"], 1)
            self.clock.now += seconds
            self.script["receipt"] = (200, {}, last)
            watch.prove()
            counts = watch.counts()
            self.assertEqual((counts["proved"], counts["unproved"], counts["pending"]), found)

    def test_an_inference_is_known_however_it_is_spelled(self):
        watch = self.watch()
        for path, is_known in (
            ("/v1//chat/completions", True),
            ("//v1/chat/completions/", True),
            ("/v1/%63hat/completion%73", True),
            ("/x/../v1/./messages/count_tokens", True),
            ("/v1/chat%2Fcompletions", False),
            ("/v1/new", False),
        ):
            request = SimpleNamespace(method="POST", url=self.router + path, headers={}, content=b"{}")
            watch.hooks["request"][0](request)
            self.assertEqual("openledger-receipt" in request.headers, is_known, path)
        for status in (400, 200):
            answer = SimpleNamespace(request=request, headers={"openledger-request": "a name"}, status_code=status)
            watch.hooks["response"][0](answer)
        self.assertEqual([unproved.why for unproved in self.told], ["The answer has no promise."])

    def test_a_router_that_hides_the_receipt_or_gives_another_s_never_proves_its_promise(self):
        for receipt in ((404, {}, "{}"), (200, {}, "x" * (2 << 20)), (200, {}, SIGNED), (302, {"location": "/"}, "")):
            self.told.clear()
            self.clock.now = PROMISE["signed_at"] + 1
            watch = self.watch()
            self.call(watch)
            self.script["receipt"] = receipt
            watch.prove()
            self.assertEqual(watch.counts()["pending"], 1)
            self.clock.now = PROMISE["anchor_by"] + 1
            watch.prove()
            self.assertEqual(len(self.told), 1)

    def test_reports_at_once_what_is_wrong_or_missing(self):
        watch = self.watch()
        self.call(watch, header=None)
        self.call(watch, header="none")
        self.call(watch, body=KEPT["body"] + " ")
        self.call(self.watch(signer="0x" + "12" * 20))
        self.call(self.watch(most=0))
        self.call(watch, header=None, status=401)
        whys = ("has no promise", "could not sign", "another body", "as expected", "wait for their proof: 0")
        self.assertEqual(len(self.told), len(whys))
        for unproved, why in zip(self.told, whys):
            self.assertIn(why, unproved.why)

    def test_looks_by_itself(self):
        found = threading.Event()
        watch = self.watch(every=0.005, on_unproved=lambda unproved: found.set())
        self.addCleanup(watch.close)
        self.call(watch)
        self.clock.now = PROMISE["anchor_by"] + 1
        self.assertTrue(found.wait(30))

    def test_a_receipt_that_nobody_foresaw_does_not_end_the_looks(self):
        watch = self.watch()
        self.clock.now = json.loads(SIGNED)["promise"]["signed_at"] + 1
        self.call(watch, signed_header(), nonce="")
        self.script["receipt"] = (200, {}, SIGNED)
        with mock.patch("openledger_verify.watch.verify_read", side_effect=KeyError), self.assertLogs("openledger_verify"):
            watch.prove()
            self.assertEqual(watch.counts()["pending"], 1)
            self.clock.now = json.loads(SIGNED)["promise"]["anchor_by"] + 1
            watch.prove()
        self.assertIn("could not be verified: KeyError", self.told[0].why)

    def test_a_signer_that_is_no_account_is_refused_at_once(self):
        with self.assertRaisesRegex(ValueError, "signer must be 0x"):
            self.watch(signer="0x12")

    def test_a_mistake_of_the_caller_fails_no_answer(self):
        watch = self.watch(on_unproved=lambda unproved: 1 / 0)
        with self.assertLogs("openledger_verify"):
            self.call(watch, header=None)

    @unittest.skipIf(httpx is None, "httpx is not installed")
    def test_httpx_calls_the_hooks_with_the_bytes_that_it_sent(self):
        watch = self.watch()
        headers = {"openledger-nonce": KEPT["nonce"]}
        with httpx.Client(event_hooks=watch.hooks) as client:
            client.post(f"{self.router}/v1/chat/completions", content=KEPT["body"], headers=headers)
            self.assertEqual(self.script["seen"][-1][1]["openledger-receipt"], "signed")
            client.get(f"{self.router}/v1/models")
            self.assertNotIn("openledger-receipt", self.script["seen"][-1][1])

        async def call():
            async with httpx.AsyncClient(event_hooks=watch.async_hooks) as client:
                await client.post(f"{self.router}/v1/responses", content=KEPT["body"], headers=headers)

        asyncio.run(call())
        self.assertEqual(self.script["seen"][-1][1]["openledger-receipt"], "signed")
        # Both promises are the same one.
        self.assertEqual((watch.counts()["checked"], watch.counts()["pending"], self.told), (2, 1, []))

    @unittest.skipIf(openai is None, "the OpenAI SDK is not installed")
    def test_answers_of_the_openai_sdk_are_checked(self):
        watch = self.watch()
        choice = {"index": 0, "message": {"role": "assistant", "content": "Hello!"}}
        answer = json.dumps({"id": "c", "object": "chat.completion", "choices": [choice]})
        self.script["answer"] = (200, {"openledger-promise": KEPT["header"]}, answer)
        http_client = httpx.Client(event_hooks=watch.hooks)
        with openai.OpenAI(base_url=f"{self.router}/v1", api_key="a key", http_client=http_client) as client:
            messages = [{"role": "user", "content": "Hello!"}]
            said = client.chat.completions.create(model="assistant", messages=messages)
        self.assertEqual(said.choices[0].message.content, "Hello!")
        # The fake router sends another request's promise.
        _, _, body = self.script["seen"][-1]
        own = check_promise(KEPT["header"], body, Pins(lane=LANE, registry=REGISTRY), SIGNER, now=self.clock.now)
        self.assertEqual([unproved.why for unproved in self.told], [own.text])


if __name__ == "__main__":
    unittest.main()
