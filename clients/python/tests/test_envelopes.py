"""Receipts in the two forms that a log signs: what `openledger verify` says of each is said here, to the byte."""

import random
import tempfile
import unittest
from pathlib import Path

from openledger_verify import LogVerification, Pins, Unreadable, exit_code, printer, verify_receipt
from openledger_verify.encoding import from_hex
from openledger_verify.verify import verify_bytes

from .test_receipts import command, sha256
from .world import GENUINE, LOGGED, MISUSES, envelope, enveloped


def named(name):
    return next(one for one in LOGGED if one["name"] == name)


COSE, PROOF = named("COSE"), named("tlog-proof")


def asked(options):
    """Pins and leaf."""
    given = list(zip(options[::2], options[1::2]))
    quorum, leaf = dict(given).get("--witness-quorum"), dict(given).get("--leaf")
    pins = Pins(
        log_key=dict(given).get("--log-key"),
        witnesses=[key for option, key in given if option == "--witness"],
        witness_quorum=quorum and int(quorum),
    )
    return pins, leaf and from_hex(leaf)


def judged(raw, pins, leaf):
    return verify_bytes(raw, None, pins, leaf, lambda receipt, pinned: None)


class Envelopes(unittest.TestCase):
    def test_prints_what_openledger_verify_printed(self):
        self.assertGreater(len(LOGGED), 140)
        for one in LOGGED:
            found = judged(envelope(one), *asked(one["options"]))
            self.assertEqual(exit_code(found.verdict), one["code"], one["name"])
            if isinstance(found, Unreadable):
                self.assertEqual(found.why, one["why"], one["name"])
                text, line = printer.unreadable(found.why), printer.unreadable_as_json(found)
            else:
                self.assertEqual([check._asdict() for check in found.checks], one["checks"], one["name"])
                text, line = printer.text(found, False), printer.as_json(found)
            self.assertEqual(sha256(text + "\n"), one["printed_sha256"], f"{one['name']}\n{text}")
            self.assertEqual(sha256(line + "\n"), one["line_sha256"], f"{one['name']}\n{line}")

    def test_the_command_verifies_them_and_refuses_what_they_do_not_say(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "one")
            for one in (COSE, PROOF, named("COSE by another log"), named("tlog-proof, two of three"), named("COSE twice")):
                path.write_bytes(envelope(one))
                code, out, err = command(path, *one["options"])
                self.assertEqual((code, sha256(out), err), (one["code"], one["printed_sha256"], ""), one["name"])
                self.assertEqual(sha256(command(path, *one["options"], "--json")[1]), one["line_sha256"], one["name"])
            for one in MISUSES:
                path.write_bytes(GENUINE[0]["receipt"].encode() if one["form"] == "JSON" else enveloped(one["form"]))
                code, out, err = command(path, *one["options"])
                self.assertEqual((code, out), (2, ""), one["options"])
                self.assertTrue(err.endswith(f": error: {one['says']}\n"), err)
            code, _, err = command(path, path, *PROOF["options"])
            self.assertEqual((code, "--leaf needs exactly one receipt" in err), (2, True))

    def test_among_several_each_is_known_by_its_form(self):
        with tempfile.TemporaryDirectory() as folder:
            for i, one in enumerate((COSE, PROOF, named("COSE by another log"), named("COSE twice"))):
                Path(folder, f"{i}.json").write_bytes(envelope(one))
            code, out, _ = command(folder, *COSE["options"])
            self.assertEqual(code, 1)
            rows = ["0.json  VERIFIED", "1.json  NOT CHECKED", "2.json  REFUTED", "3.json  NOT CHECKED", "4 receipts: 1 verifi"]
            self.assertEqual([line[:20].rstrip() for line in out.splitlines()], rows)
            code, out, _ = command(folder, *COSE["options"], "--lane", "1")
            self.assertEqual((code, out.count("It names no chain, so registry and lane cannot be checked")), (2, 3))

    def test_a_program_gives_their_bytes_or_their_text(self):
        pins = Pins(log_key=COSE["options"][1])
        found = verify_receipt(envelope(COSE), pins=pins)
        self.assertIsInstance(found, LogVerification)
        self.assertEqual((found.verified, found.proved["status"], len(found.checks)), (True, "SERVED", 4))
        raw, leaf = envelope(PROOF), PROOF["options"][3]
        for given in (raw, raw.decode(), bytearray(raw)):
            found = verify_receipt(given, pins=pins, leaf=leaf)
            self.assertEqual((found.verdict, found.proved["index"], found.proved["log_size"]), ("HOLDS", "200", "300"))
        self.assertEqual(verify_receipt(raw, pins=pins).verdict, "OPEN")
        self.assertEqual(verify_receipt(envelope(COSE)).verdict, "OPEN")
        pinned = verify_receipt(envelope(COSE), pins=Pins(lane=1, log_key=pins.log_key))
        self.assertIn("names no chain", pinned.why)
        json = verify_receipt(GENUINE[0]["receipt"], pins=Pins(any_lane=True, log_key=pins.log_key))
        self.assertIn("for COSE and tlog-proof; this receipt is JSON", json.why)
        with self.assertRaises(ValueError):
            verify_receipt(raw, pins=pins, leaf="0x12")
        with self.assertRaises(TypeError):
            verify_receipt(7, pins=pins)

    def test_no_byte_of_them_can_be_another_unless_nothing_else_is_proved(self):
        for one in (COSE, PROOF):
            pins, leaf = asked(one["options"])
            genuine = envelope(one)
            proved = judged(genuine, pins, leaf).proved
            self.assertGreater(len(proved), 10)
            held = 0
            for at in range(len(genuine)):
                other = bytearray(genuine)
                other[at] ^= 1 << 3 * at % 8
                found = judged(bytes(other), pins, leaf)
                if found.verdict == "HOLDS":
                    held += 1
                    # The size is not signed, and not proved.
                    self.assertEqual(found.proved, proved)
            self.assertLess(held, 1 if one is PROOF else 3)

    def test_bytes_of_any_kind_have_a_verdict(self):
        chance = random.Random(18)
        for one in (COSE, PROOF):
            pins, leaf = asked(one["options"])
            genuine = envelope(one)
            for length in range(len(genuine)):
                self.assertEqual(judged(genuine[:length], pins, leaf).verdict, "OPEN", length)
            for _ in range(500):
                other = bytearray(genuine)
                at = chance.randrange(1, len(other) - 8)
                other[at : at + 8] = chance.randbytes(8)
                found = judged(bytes(other), pins, leaf)
                self.assertIn(found.verdict, ("OPEN", "BROKEN"))


if __name__ == "__main__":
    unittest.main()
