"""Promises that a real router sent, and changed ones."""

import re
import unittest

from openledger_verify import MalformedPromise, Pins, check_promise, read_promise

from .world import LANE, RECORDED, REGISTRY

PROMISES = RECORDED["promises"]
OTHER = "0x" + "12" * 20


def check(one, header=None, body=None, nonce=None, **options):
    options.setdefault("now", read_promise(one["header"])["signed_at"] + 1)
    headers = {"OpenLedger-Promise": one["header"] if header is None else header}
    return check_promise(
        headers, one["body"] if body is None else body, nonce=one["nonce"] if nonce is None else nonce, **options
    )


SIGNER = check(PROMISES[0]).signer


class Promises(unittest.TestCase):
    def test_a_promise_is_checked_with_the_body_that_was_sent_and_nothing_else(self):
        self.assertEqual([read_promise(one["header"])["kind"] for one in PROMISES], ["OUTCOME", "PLAN"])
        for one in PROMISES:
            found = check(one, signer=SIGNER, pins=Pins(lane=LANE, registry=REGISTRY))
            self.assertEqual((found.finding, found.signer), ("PASSED", SIGNER), found.text)
            self.assertEqual(check(one, body=one["body"].encode(), signer=SIGNER).finding, "PASSED")
            self.assertEqual(check(one).finding, "UNCHECKED")

    def test_a_promise_for_something_else_is_refuted(self):
        one = PROMISES[0]
        now = read_promise(one["header"])["signed_at"]
        for found, why in (
            (check(one, body=one["body"] + " "), "another body"),
            (check(one, nonce=""), "another body"),
            (check(one, pins=Pins(lane=LANE + 1)), "not of lane"),
            (check(one, pins=Pins(chain_id=1)), "on chain"),
            (check(one, pins=Pins(registry=OTHER)), "registry"),
            (check(one, signer=OTHER), "was signed by"),
            (check(one, now=now - 7200), "more than an hour from now"),
            (check_promise({"openledger-promise": one["header"], "openledger-request": "0" * 32}, one["body"], nonce=one["nonce"], now=now), "the answer is of request"),
        ):
            self.assertEqual(found.finding, "FAILED", found.text)
            self.assertIn(why, found.text)

    def test_a_promise_that_was_due_long_ago_is_refuted(self):
        one = PROMISES[0]
        due = read_promise(one["header"])["anchor_by"]
        self.assertEqual(check(one, signer=SIGNER, now=due + 300).finding, "PASSED")
        found = check(one, signer=SIGNER, now=due + 301)
        self.assertEqual(found[:2], ("FAILED", f"The promise was due by {due}, more than five minutes ago."))

    def test_no_change_of_a_promise_passes(self):
        for one in PROMISES:
            header = one["header"]
            for value in re.finditer(r'="?(?:0x)?([0-9a-f]+)', header):
                last = value.end() - 1
                changed = header[:last] + ("2" if header[last] == "1" else "1") + header[last + 1 :]
                found = check(one, changed, signer=SIGNER, pins=Pins(lane=LANE, registry=REGISTRY))
                self.assertEqual(found.finding, "FAILED", changed)

    def test_what_is_no_promise_is_refuted_and_one_that_is_missing_is_not_checked(self):
        one = PROMISES[0]
        header = one["header"]
        members = header.split(", ")
        malformed = ["", "x", "0" * 5000, f"{header}, lane=1", f"{header}, surprise=1", header.replace("kind=2", "kind=3")]
        malformed += [re.sub(r"lane=\d+", "lane=9999999999999999999", header)]
        malformed += [", ".join(member for member in members if member != gone) for gone in members]
        for wrong in malformed:
            self.assertIn("cannot be read", check(one, wrong).text, wrong)
            with self.assertRaises(MalformedPromise):
                read_promise(wrong)
        self.assertEqual(check_promise({}, one["body"]).finding, "UNCHECKED")
        self.assertEqual(check(one, "none").finding, "UNCHECKED")


if __name__ == "__main__":
    unittest.main()
