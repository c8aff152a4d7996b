"""Verifies receipts and promises of an OpenLedger router; nothing is believed of the router. Standard library only."""

from .logged import LogCheck, LogVerification
from .node import Node
from .promise import MalformedPromise, Promised, check_promise, read_promise
from .verify import Check, Pins, Unreadable, Verification, exit_code, verify_receipt
from .watch import Unproved, Watch

__all__ = [
    "Check",
    "LogCheck",
    "LogVerification",
    "MalformedPromise",
    "Node",
    "Pins",
    "Promised",
    "Unproved",
    "Unreadable",
    "Verification",
    "Watch",
    "check_promise",
    "exit_code",
    "read_promise",
    "verify_receipt",
]
