"""Hashes, leaves, proofs, headers and promises against contracts/vectors, and constants against what they are made from."""

import hashlib
import json
import re
import unittest

from openledger_verify import backing, chain, leaf, table
from openledger_verify.commitments import (
    KINDS,
    encode_header,
    entry_hash,
    head_digest,
    head_of,
    outcome_commitment,
    promise_digest,
    record_of,
    request_digest,
    request_key,
    root_of,
    usage_bytes,
)
from openledger_verify.encoding import from_hex, to_hex
from openledger_verify.ed25519 import L, is_key, verifies
from openledger_verify.keccak import keccak256
from openledger_verify.note import NotANote, read_checkpoint, read_key, read_note, standing
from openledger_verify.signer import G, N, address_of, multiply, recover
from openledger_verify.answers import said
from openledger_verify.finding import read_leaf
from openledger_verify.paper import batch_range
from openledger_verify.plan import alone
from openledger_verify.rules import rules
from openledger_verify.told import utc
from openledger_verify.triggers import TRIGGERS

from .world import ROOT, sign, vectors

PAGE = ROOT / "src/main/resources/page"


def usage_of(one):
    return [
        {name: value if name == "model" else int(value) for name, value in attempt.items() if value != "-1"}
        for attempt in one["usage"]
    ]


FAULTS = {
    "ATTEMPTS": {2, 4},
    "BUDGET": {5, 6},
    "FALL_BACK": {5, 7},
    "EXHAUSTION": {8},
    "END": {2},
    "PAIR": {9, 10},
    "BATCH": {3},
}


def faults_of(group, encoded):
    """The subjects that refute or convict a leaf by itself, under its header and its route."""
    found = {}
    judged = read_leaf(encoded)
    if judged["unreadable"]:
        return {"LEAF"}
    counts = 0 < int(group["published_at"]) <= int(group["committed_at"])
    published = said([int(up_to) for up_to in group["up_to"]] if counts else [])
    rules(judged, published, found.__setitem__)
    # Whose place is looked for elsewhere in a receipt.
    found["PAIR"] = alone(judged, published)
    header = {name: int(group[name]) for name in ("first_counter", "last_counter", "last_snapshot")}
    header.update(first_ms=int(group["first_millis"]), last_ms=int(group["last_millis"]))
    found["BATCH"] = batch_range(judged["counter"], judged, header)
    return {subject for subject, one in found.items() if one.finding in ("MISROUTE", "FAILED")}


class Vectors(unittest.TestCase):
    def test_keccak_is_keccak_and_not_sha_3_at_every_length_around_a_block(self):
        empty = "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
        self.assertEqual(to_hex(keccak256(b"")), empty)
        for length in (0, 1, 134, 135, 136, 137, 271, 272, 1000):
            message = bytes((7 * i + length) & 0xFF for i in range(length))
            self.assertEqual(keccak256(message, 0x06), hashlib.sha3_256(message).digest())

    def test_ed25519_is_that_of_rfc_8032_and_takes_nothing_else(self):
        # Section 7.1, tests 1 to 3.
        standard = (
            (
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
            ),
            (
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
            ),
            (
                "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
                "af82",
                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
            ),
        )
        for key, message, signature in (map(bytes.fromhex, one) for one in standard):
            self.assertTrue(is_key(key) and verifies(key, message, signature))
            self.assertFalse(verifies(key, message + b"\0", signature))
            for bit in range(0, 512, 7):
                other = bytearray(signature)
                other[bit >> 3] ^= 1 << (bit & 7)
                self.assertFalse(verifies(key, message, bytes(other)), bit)
            larger = (int.from_bytes(signature[32:], "little") + L).to_bytes(32, "little")
            self.assertFalse(verifies(key, message, signature[:32] + larger))
            for length in (0, 31, 32, 63):
                self.assertFalse(verifies(key, message, signature[:length]))
        # Points of small order, and other ways to write a point.
        for none in (
            "00" * 32,
            "01" + "00" * 31,
            "ec" + "ff" * 30 + "7f",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "ee" + "ff" * 30 + "7f",
            "01" + "00" * 30 + "80",
            "ff" * 32,
            "02" + "00" * 31,
        ):
            self.assertFalse(is_key(bytes.fromhex(none)), none)

    def test_notes_are_signed_by_the_keys_that_have_signed_them(self):
        for one in vectors("log")["keys"]:
            self.assertEqual(read_key(one["key"])[:2], (one["name"], one["kind"]))
        for one in vectors("log")["notes"]:
            note = read_note(one["note"])
            self.assertEqual(read_checkpoint(note.text).size, 300)
            for expected in one["keys"]:
                key = read_key(expected["key"])
                found = standing(note, key)
                time = "" if key.kind == "NOTE" or found.seconds is None else str(found.seconds)
                self.assertEqual((found.standing, time), (expected["standing"], expected["seconds"]), one["why"])

    def test_keys_that_are_none_are_refused(self):
        key = vectors("log")["keys"][0]["key"]
        spaced, other = key.replace("router", "r outer"), key.replace("+6b8e", "+6b8f")
        for text in ("", "x", "a+b", key[:-1], key + "=", other, " " + key, spaced, "a" * 2000):
            with self.assertRaises(NotANote, msg=text):
                read_key(text)

    def test_a_proof_leads_to_the_root_if_it_is_one_and_else_does_not(self):
        for one in vectors("log")["inclusions"]:
            found = root_of(from_hex(one["entry_hash"]), int(one["index"]), int(one["size"]), one["path"])
            self.assertEqual(found == one["root"], one["valid"], one["why"])

    def test_headers_have_their_encoding_head_and_record(self):
        for one in vectors("headers")["cases"]:
            header = {name: int(value) if value.isdigit() else value for name, value in one.items() if name != "name"}
            header |= {"first_ms": header["first_millis"], "last_ms": header["last_millis"]}
            self.assertEqual(to_hex(encode_header(header)), one["encoded"])
            self.assertEqual(head_of(header), one["head"])
            self.assertEqual(record_of(one["head"], header["committed_at"]), one["record"])

    def test_leaves_are_read_and_what_is_none_is_refused_by_the_field(self):
        found = vectors("leaves")
        for one in found["cases"]:
            raw = from_hex(one["encoded"])
            read = leaf.decode(raw)
            self.assertEqual(to_hex(entry_hash(raw)), one["leaf_hash"])
            names = ("cohort", "route", "budget", "attempts", "time_millis", "snapshot", "selected_tier", "selected_target")
            for name in names:
                self.assertEqual(str(read[name]), one[name], one["name"])
            self.assertEqual(read["request"], one["request"])
            self.assertEqual(list(map(str, read["plan"])), [target for target in one["plan"] if target != "65535"])
            if one["name"].startswith("trigger "):
                self.assertEqual(f"trigger {read['trigger']}", one["name"])
            stage = read["planned"] or read["ended"]
            for name in ("turn", "arrival", "rank", "open") if read["planned"] else (
                "served_tier",
                "served_target",
                "resends",
                "total_millis",
                "outcome",
            ):
                self.assertEqual(str(stage[name]), one[name], one["name"])
        for one in found["invalid"]:
            with self.assertRaisesRegex(leaf.NotALeaf, f"^{one['field']}:", msg=one["name"]):
                leaf.decode(from_hex(one["encoded"]))
        numbers = [one for one in found["fields"] if "any" not in (one["plan"], one["outcome"])]
        self.assertEqual(
            [(name, str(offset), str(length), plan, outcome) for name, offset, length, plan, outcome in leaf.FIELDS],
            [tuple(one[name] for name in ("name", "offset", "bytes", "plan", "outcome")) for one in numbers],
        )

    def test_requests_outcomes_promises_and_heads_have_their_commitments(self):
        found = vectors("commitments")
        for one in found["digests"]:
            self.assertEqual(request_digest(one["body"].encode(), one["nonce"]), one["digest"])
        for one in found["requests"]:
            self.assertEqual(request_key(one["request_id"][2:], one["digest"], one["salt"]), one["request_key"])
        for one in found["outcomes"]:
            usage = usage_of(one)
            self.assertEqual(to_hex(usage_bytes(usage, one["price_table"])), one["usage_bytes"])
            ids, digest = one["upstream_request_ids"], one["response_digest"]
            commitment = outcome_commitment(one["salt"], digest, ids, usage, one["price_table"])
            self.assertEqual(commitment, one["commitment"])
        for one in found["promises"]:
            promise = {name: int(one[name]) for name in ("lane", "signed_at", "anchor_by", "chain_id")}
            promise |= {name: one[name] for name in ("registry", "request_key", "leaf_hash")}
            promise["kind"] = {str(code): word for word, code in KINDS.items()}[one["kind"]]
            self.assertEqual(promise_digest(promise), one["digest"])
        for one in found["heads"]:
            header = {name: int(one[name]) for name in ("chain_id", "lane", "sequence")} | {"registry": one["registry"]}
            self.assertEqual(head_digest(header, one["head"]), one["digest"])

    def test_recovers_who_signed_and_takes_the_lower_s_only(self):
        for key in (1, 2, 0xC0FFEE, N - 1):
            digest = to_hex(keccak256(key.to_bytes(32, "big")))
            signature = sign(digest, key)
            r, s, v = signature[:66], int(signature[66:130], 16), int(signature[130:], 16)
            self.assertEqual(recover(digest, signature), address_of(multiply(G, key)))
            self.assertIsNone(recover(digest, f"{r}{N - s:064x}{55 - v:02x}"))
            self.assertIsNone(recover(digest, f"{r}{s:064x}1d"))
            self.assertIsNone(recover(digest, f"0x{0:064x}{s:064x}{v:02x}"))
            self.assertIsNone(recover(digest, signature[:-2]))

    def test_times_have_the_form_of_the_router(self):
        for millis, text in (
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400_001, "2000-02-29T00:00:00.001Z"),
            (1_795_600_000_120, "2026-11-25T09:46:40.120Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
        ):
            self.assertEqual(utc(millis), text)


class Sources(unittest.TestCase):
    """What is written down here a second time is what it was made from."""

    def test_the_table_of_members_is_the_page_s(self):
        page = (PAGE / "table.js").read_text("utf-8")
        self.assertEqual(table.TABLE, re.search(r"`(\n.*?\n)`", page, re.DOTALL)[1])

    def test_the_registry_is_the_page_s(self):
        page = (PAGE / "chain.js").read_text("utf-8")
        for name in ("REGISTRY", "REGISTRY_CODE"):
            self.assertEqual(getattr(chain, name), re.search(rf'export const {name} = "(.*)"', page)[1])

    def test_the_vault_is_the_page_s(self):
        page = (PAGE / "backing.js").read_text("utf-8")
        for name in ("VAULT_STATE", "VAULT_REST"):
            self.assertEqual(getattr(backing, name), re.search(rf'export const {name} =\s+"(.*)"', page)[1])

    def test_the_triggers_are_the_router_s(self):
        java = (ROOT / "src/main/java/openledger/routing/Trigger.java").read_text("utf-8")
        self.assertEqual(list(TRIGGERS), re.findall(r"^ {4}([A-Z_]+)\(\d+\)[,;]$", java, re.MULTILINE), "make generate")

    def test_the_version_is_that_of_the_other_package(self):
        other = json.loads((ROOT / "clients/js/package.json").read_text("utf-8"))
        own = (ROOT / "clients/python/pyproject.toml").read_text("utf-8")
        self.assertIn(f'\nname = "{other["name"]}"\nversion = "{other["version"]}"\n', own)


if __name__ == "__main__":
    unittest.main()

    def test_leaves_break_the_rules_that_the_vectors_say(self):
        convicted = 0
        for group in vectors("faults")["singles"]:
            leaves, codes = from_hex(group["leaves"]), from_hex(group["faults"])
            for place, code in enumerate(codes):
                encoded = to_hex(leaves[96 * place : 96 * (place + 1)])
                found = faults_of(group, encoded)
                where = f"{group['name']}, {place}: {code}, {found}"
                if code == 0:
                    self.assertEqual(found, set(), where)
                elif code == 1:
                    self.assertEqual(found, {"LEAF"}, where)
                else:
                    nobody = code == 10 and read_leaf(encoded)["snapshot"] == 0xFFFFFFFF
                    self.assertTrue(nobody or any(code in FAULTS[subject] for subject in found), where)
                    convicted += 1
        self.assertGreater(convicted, 500)
