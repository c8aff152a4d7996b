"""`openledger verify` without Java: the same words and exit codes."""

import argparse
import re
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import printer
from .envelope import Statement
from .finding import VERDICTS
from .node import Node
from .receipt import LARGEST
from .verify import Pins, Unreadable, checked_leaf, exit_code, is_logged, is_useless, refuse, verify_bytes
from .witnesses import log_pins

AT_ONCE = 16
EPILOG = """\
RECEIPT is a file, or a folder whose *.json files are read.
Without --registry, the registry must be the one that ships with this program. Without --lane or --lane-owner the lane is not
checked (exit code 2), unless --any-lane accepts every lane. The node is trusted for what is on its chain.
With --witness, all of them, or K, must have cosigned the log of --log-key.
A receipt as COSE or tlog-proof is checked with --log-key alone, the latter with the --leaf that it does not contain.
Exit codes:
  0  verified: every check that matters was made and passed
  1  refuted; or misrouted: genuine, and a proof that rules or a promise were broken
  2  not checked: a check that matters could not be made, the receipt cannot be read, or wrong usage"""


def _number(text):
    if not re.fullmatch(r"[1-9][0-9]{0,18}", text):
        raise ValueError(text)
    return int(text)


def _parser():
    parser = argparse.ArgumentParser(
        prog="openledger-verify",
        description="Verifies receipts, the answers of GET /v1/receipts/{id}, against the chain or with the key of a log.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("receipts", metavar="RECEIPT", nargs="+")
    parser.add_argument("--node", "--rpc", metavar="URL", help="JSON-RPC address of a node that you trust")
    parser.add_argument("--lane", metavar="N", type=_number, help="the lane that the batch must belong to")
    parser.add_argument("--lane-owner", metavar="ADDRESS", help="the account that must own the lane")
    parser.add_argument("--any-lane", action="store_true", help="accept any lane")
    parser.add_argument("--chain-id", metavar="N", type=_number, help="id of the chain that the batch must be on")
    parser.add_argument("--registry", metavar="ADDRESS", help="the registry that the batch must be in")
    parser.add_argument("--witness", metavar="KEY", action="append", default=[], help="key of a witness; several times")
    parser.add_argument("--witness-quorum", metavar="K", type=_number, help="how many must have cosigned; default: all")
    parser.add_argument("--log-key", metavar="KEY", help="key of the log, for COSE and tlog-proof, and with --witness")
    parser.add_argument("--leaf", metavar="HEX", help="the leaf, which a tlog-proof does not contain")
    parser.add_argument("--all", action="store_true", help="list each member that is the router's word")
    parser.add_argument("--json", action="store_true", help="print JSON, one object a line")
    return parser


def _files(given):
    files = []
    for path in map(Path, given):
        files += sorted(path.glob("*.json")) if path.is_dir() else [path]
    return files


class Misuse(Exception):
    """What was asked for does not go with the receipt."""


def _verified(path, node, pins, leaf, check):
    try:
        with path.open("rb") as file:
            # One byte more than a receipt may have is enough for the reader to refuse it.
            raw = file.read(LARGEST + 1)
    except OSError:
        return Unreadable("", "The file cannot be read.")
    return verify_bytes(raw, node, pins, leaf, check)


def _print(line):
    sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")


def _one(path, node, pins, options):
    leaf = checked_leaf(options.leaf)

    def check(receipt, _):
        """What was asked for and cannot be checked must not look as if it had been."""
        if not is_logged(receipt):
            if is_useless(pins, leaf):
                raise Misuse("--leaf, and --log-key without --witness, are for COSE and tlog-proof; this receipt is JSON.")
        elif node or pins.any_lane or pins.is_of_chain:
            raise Misuse(
                "This receipt names no chain and no body: it is checked with --log-key, --witness and --leaf alone. "
                "Get it as JSON for the rest."
            )
        elif isinstance(receipt, Statement) and pins.log.witnesses:
            raise Misuse(
                "A COSE receipt cannot carry cosignatures of witnesses: get it as JSON or as tlog-proof for --witness."
            )

    found = _verified(path, node, pins, leaf, check)
    if isinstance(found, Unreadable):
        _print(printer.unreadable_as_json(found) if options.json else printer.unreadable(found.why))
    else:
        _print(printer.as_json(found) if options.json else printer.text(found, options.all))
    return found.verdict


def _series(paths, node, pins, options):
    counts = dict.fromkeys(VERDICTS, 0)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for path, found in zip(paths, threads.map(lambda path: _verified(path, node, pins, None, refuse), paths)):
            name = "".join("?" if unicodedata.category(unit) == "Cc" else unit for unit in path.name)
            counts[found.verdict] += 1
            if not options.json:
                _print(printer.row(name, found))
            elif isinstance(found, Unreadable):
                _print(printer.unreadable_as_json(found, name))
            else:
                _print(printer.as_json(found, name))
    _print(printer.totals_as_json(counts) if options.json else printer.totals(counts))
    return max((verdict for verdict in VERDICTS if counts[verdict]), key=VERDICTS.index)


def main(arguments=None):
    """Runs the command; its exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.any_lane and (options.lane is not None or options.lane_owner is not None):
        parser.error("--any-lane cannot be combined with --lane or --lane-owner.")
    log = (options.log_key, options.witness, options.witness_quorum)
    try:
        log_pins(*log)
    except ValueError as why:
        parser.error(f"--log-key, --witness, --witness-quorum: {why}")
    try:
        pins = Pins(options.chain_id, options.registry, options.lane, options.lane_owner, options.any_lane, *log)
    except ValueError:
        parser.error(
            "--registry and --lane-owner must be 0x and 40 hexadecimal digits, --lane and --chain-id a positive number."
        )
    try:
        node = Node(options.node) if options.node else None
    except ValueError:
        parser.error("--node must be the http or https address of a node.")
    paths = _files(options.receipts)
    if not paths:
        parser.error("No *.json file was found in what was given.")
    if len(paths) > 1 and options.leaf is not None:
        parser.error("--leaf needs exactly one receipt; several were given.")
    try:
        checked_leaf(options.leaf)
    except ValueError:
        parser.error("--leaf must be 0x and 192 hexadecimal digits.")
    try:
        verdict = _one(paths[0], node, pins, options) if len(paths) == 1 else _series(paths, node, pins, options)
    except Misuse as why:
        parser.error(str(why))
    sys.stdout.flush()
    return exit_code(verdict)


if __name__ == "__main__":
    sys.exit(main())
