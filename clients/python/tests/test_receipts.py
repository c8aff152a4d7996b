"""Recorded receipts, genuine and forged: what `openledger verify` printed of each is printed here, to the byte."""

import hashlib
import io
import sys
import tempfile
import unittest
from contextlib import redirect_stderr
from pathlib import Path
from unittest import mock

from openledger_verify import Node, Pins, Unreadable, Watch, exit_code, printer, verify_receipt
from openledger_verify.__main__ import main

from .world import BEHIND, GENUINE, LANE, RECORDED, STAKED, WITNESSED, answer_of, cosigned, forged, node, saying

PINS = Pins(lane=LANE)
OTHER = "0x" + "12" * 20


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def judged(text, known, pins=PINS):
    found = verify_receipt(text, known, pins)
    if isinstance(found, Unreadable):
        return found, printer.unreadable(found.why), printer.unreadable_as_json(found)
    return found, printer.text(found, False), printer.as_json(found)


def command(*arguments):
    """Its exit code and what it printed."""
    raw = io.BytesIO()
    out = mock.Mock(buffer=raw)
    err = io.StringIO()
    with mock.patch.object(sys, "stdout", out), redirect_stderr(err):
        try:
            code = main(list(map(str, arguments)))
        except SystemExit as stopped:
            code = stopped.code
    return code, raw.getvalue().decode("utf-8"), err.getvalue()


class Receipts(unittest.TestCase):
    def test_prints_of_recorded_receipts_what_openledger_verify_printed(self):
        with node() as url:
            known = Node(url)
            for one in GENUINE:
                found, text, line = judged(one["receipt"], known)
                self.assertEqual((text + "\n", line + "\n"), (one["printed"], one["line"]), one["name"])
                self.assertEqual((exit_code(found.verdict), one["code"]), (0, 0), one["name"])
            self.assertGreater(len(RECORDED["forged"]), 40)
            for one in RECORDED["forged"]:
                found, text, line = judged(forged(one), known)
                self.assertEqual(exit_code(found.verdict), one["code"], f"{one['name']}: {text}")
                self.assertEqual(sha256(text + "\n"), one["printed_sha256"], f"{one['name']}: {one['why']}\n{text}")
                self.assertEqual(sha256(line + "\n"), one["line_sha256"], f"{one['name']}: {one['why']}\n{line}")

    def test_prints_of_receipts_with_cosignatures_what_openledger_verify_printed(self):
        self.assertGreater(len(WITNESSED), 80)
        with node() as url:
            known = Node(url)
            for one in WITNESSED:
                named = list(zip(one["options"][::2], one["options"][1::2]))
                quorum = dict(named).get("--witness-quorum")
                pins = Pins(
                    lane=LANE,
                    log_key=dict(named).get("--log-key"),
                    witnesses=[key for option, key in named if option == "--witness"],
                    witness_quorum=quorum and int(quorum),
                )
                found, text, line = judged(cosigned(one), known, pins)
                told = f"{one['name']}: {one.get('witnesses')}\n{text}"
                self.assertEqual(exit_code(found.verdict), one["code"], told)
                self.assertEqual(sha256(text + "\n"), one["printed_sha256"], told)
                self.assertEqual(sha256(line + "\n"), one["line_sha256"], told)

    def test_prints_of_receipts_with_a_stake_what_openledger_verify_printed(self):
        self.assertGreater(len(STAKED), 150)
        told = answer_of
        with node(lambda asked: told(asked)) as url:
            known = Node(url)
            for one in STAKED:
                told = saying(BEHIND + one["answers"])
                found, text, line = judged(forged(one), known)
                why = f"{one['name']}: {one.get('stake')}\n{text}"
                self.assertEqual(exit_code(found.verdict), one["code"], why)
                self.assertEqual(sha256(text + "\n"), one["printed_sha256"], why)
                self.assertEqual(sha256(line + "\n"), one["line_sha256"], why)

    def test_witnesses_are_named_on_the_command_line(self):
        one = WITNESSED[0]
        with node() as url, tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "a.json")
            path.write_text(cosigned(one), "utf-8")
            pinned = [path, "--node", url, "--lane", LANE]
            code, out, _ = command(*pinned, *one["options"])
            self.assertEqual((code, sha256(out)), (0, one["printed_sha256"]))
            key, first = one["options"][1], one["options"][3]
            for wrong in (
                ["--witness", "x"],
                ["--witness", key],
                ["--log-key", key],
                ["--witness-quorum", "1"],
                ["--witness", first, "--witness", first],
                ["--witness", first, "--witness-quorum", "2"],
            ):
                code, out, err = command(*pinned, *wrong)
                self.assertEqual((code, out), (2, ""), wrong)
                self.assertIn("usage: ", err)
        with self.assertRaises(ValueError):
            Watch("http://127.0.0.1:1", Pins(log_key=key))
        for wrong in ({"witnesses": [key]}, {"witnesses": ["x"]}, {"witnesses": [first], "witness_quorum": 2}):
            with self.assertRaises(ValueError):
                Pins(**wrong)

    def test_nothing_is_taken_from_the_receipt_for_what_was_not_pinned(self):
        receipt = GENUINE[0]["receipt"]
        with node() as url:
            for pins, verdict in (
                (Pins(), "OPEN"),
                (Pins(any_lane=True), "HOLDS"),
                (Pins(lane=LANE + 1), "BROKEN"),
                (Pins(lane_owner=OTHER), "BROKEN"),
                (Pins(lane=LANE, chain_id=1), "BROKEN"),
                (Pins(lane=LANE, registry=OTHER), "BROKEN"),
            ):
                self.assertEqual(verify_receipt(receipt, url, pins).verdict, verdict, pins)
        self.assertEqual(verify_receipt(receipt, None, PINS).verdict, "OPEN")
        for wrong in ({"lane": "1"}, {"lane": 0}, {"registry": "0x1"}, {"chain_id": True}):
            with self.assertRaises(ValueError):
                Pins(**wrong)

    def test_a_node_that_is_silent_or_wrong_leaves_checks_open_or_refutes(self):
        def but(method, result):
            return lambda asked: {"id": asked["id"], "result": result} if asked["method"] == method else answer_of(asked)

        for answer, verdict in (
            (lambda asked: "no answer", "OPEN"),
            (lambda asked: {"id": asked["id"], "error": {"message": "\u001b[2J"}}, "OPEN"),
            (but("eth_call", {"surprise": []}), "OPEN"),
            (but("eth_getLogs", [{"topics": 7}]), "OPEN"),
            (but("eth_getLogs", [7]), "OPEN"),
            (but("eth_getBlockByNumber", 7), "OPEN"),
            (but("eth_chainId", "0x1"), "BROKEN"),
            (but("eth_getTransactionReceipt", None), "BROKEN"),
        ):
            with node(answer) as url:
                self.assertEqual(verify_receipt(GENUINE[0]["receipt"], url, PINS).verdict, verdict)
        self.assertEqual(verify_receipt(GENUINE[0]["receipt"], "http://127.0.0.1:1", PINS).verdict, "OPEN")
        for wrong in ("file:///x", "http://", "http://user@host/", "x"):
            with self.assertRaises(ValueError):
                Node(wrong)

    def test_the_command_has_the_exit_codes_and_reads_folders(self):
        with node() as url, tempfile.TemporaryDirectory() as folder:
            one = Path(folder, "a.json")
            one.write_text(GENUINE[0]["receipt"], "utf-8")
            code, out, _ = command(one, "--node", url, "--lane", LANE)
            self.assertEqual((code, out), (0, GENUINE[0]["printed"]))
            Path(folder, "b.json").write_text("{}", "utf-8")
            code, out, _ = command(folder, "--node", url, "--lane", LANE)
            rows = [
                "a.json  VERIFIED     FINALIZED",
                "b.json  NOT CHECKED  -             request: is missing",
                "2 receipts: 1 verified, 0 refuted, 0 misrouted, 1 not checked",
            ]
            self.assertEqual((code, out.splitlines()), (2, rows))
            refuted = next(each for each in RECORDED["forged"] if each["code"] == 1)
            Path(folder, "c.json").write_text(forged(refuted), "utf-8")
            self.assertEqual(command(folder, "--node", url, "--lane", LANE, "--json")[0], 1)
            self.assertEqual(command(one, "--node", url)[0], 2)
            for wrong in ([], [one, "--lane", "x"], [one, "--any-lane", "--lane", "1"], [one, "--surprise"], [one, "--node", "x"]):
                code, out, err = command(*wrong)
                self.assertEqual((code, out), (2, ""), wrong)
                self.assertIn("usage: ", err)


if __name__ == "__main__":
    unittest.main()
