"""What can be checked of a receipt without any chain."""

from .commitments import MOST_LEAVES, entry_hash, head_of, outcome_commitment, request_key, root_of
from .encoding import from_hex
from .finding import UNREADABLE, failed, passed, skipped
from .told import record


def paper(receipt, leaf, add):
    is_leaf = not leaf["unreadable"]
    add("LEAF", readable(leaf))
    add("COMMITMENT", _commitment(receipt, leaf) if is_leaf else UNREADABLE)
    add("REQUEST", skipped("No copy of the request was given."))
    add("ANSWER", _answer(receipt, leaf) if is_leaf else UNREADABLE)
    add("RESPONSE", skipped("No copy of the answer was given."))
    add("STORY", record(receipt, leaf) if is_leaf else UNREADABLE)
    add("BATCH", batch_range(receipt["counter"], leaf, receipt["header"]) if is_leaf else UNREADABLE)
    add("PROOF", _proof(receipt))
    add("HEADER", _header(receipt))


def readable(leaf):
    if leaf["unreadable"]:
        return failed(f"These are not the bytes of a leaf ({leaf['unreadable']}).")
    return passed("The leaf has the form of version 2.")


def _commitment(receipt, leaf):
    recomputed = request_key(receipt["request"], receipt["digest"], receipt["salt"])
    if recomputed == leaf["request"]:
        return passed("Id, digest and salt of the receipt give the commitment in the leaf.")
    return failed(
        f"Id, digest and salt give {recomputed}, but the leaf is about {leaf['request']}"
        ": another request's leaf, or one of the three is changed."
    )


def _answer(receipt, leaf):
    if not leaf["ended"]:
        return skipped("The leaf is a plan; there was no answer yet.")
    recomputed = outcome_commitment(
        receipt["salt"],
        receipt["response_digest"],
        receipt["upstream_request_ids"],
        receipt["usage"],
        receipt["price_table"],
    )
    what = "Response digest, the providers' names of the calls and what these took give"
    if recomputed == leaf["ended"]["outcome"]:
        return passed(f"{what} the commitment in the leaf.")
    return failed(f"{what} {recomputed}, but the leaf has {leaf['ended']['outcome']}.")


def batch_range(counter, leaf, header):
    """Whether a leaf and a request's number lie in the range that a header says."""
    breach = _number(counter, header) or _outside(leaf, header)
    return failed(breach) if breach else passed("The request's number and time lie in the batch's range.")


def _number(counter, header):
    if header["first_counter"] <= counter <= header["last_counter"]:
        return None
    return f"The request has number {counter}, but the batch goes from {header['first_counter']} to {header['last_counter']}."


def _outside(leaf, header):
    far = _number(leaf["counter"], header)
    if far:
        return far
    time, snapshot = leaf["time_millis"], leaf["snapshot"]
    if not header["first_ms"] <= time <= header["last_ms"]:
        return f"The leaf's time {time} is not between the header's {header['first_ms']} and {header['last_ms']}."
    if leaf["planned"] and snapshot > header["last_snapshot"]:
        return f"The plan is of snapshot {snapshot}, but the batch ends with snapshot {header['last_snapshot']}."
    return None


def _proof(receipt):
    header, proof = receipt["header"], receipt["proof"]
    index, size, count = proof["index"], proof["size"], header["count"]
    if size != header["size"]:
        return failed(f"The proof is for a log of {size} leaves, but the header says {header['size']}.")
    if count > MOST_LEAVES or count > size:
        return failed(f"A batch has at most {MOST_LEAVES} leaves, and not more than the log: {count} of {size}.")
    first, last = size - count, size - 1
    if not first <= index <= last:
        return failed(f"Leaf {index} of the log is not in this batch, which has those from {first} to {last}.")
    entry = entry_hash(from_hex(receipt["leaf"]))

    def leads(place):
        return root_of(entry, place, size, proof["path"]) == header["root"]

    if leads(index):
        return passed(f"Leaf {index} of {size} leads to the header's root.")
    for other in range(first, last + 1):
        if leads(other):
            return failed(
                f"The index is wrong: the proof leads to the header's root from {other}, not from {index}."
            )
    return failed(
        f"Leaf and path do not lead to the header's root {header['root']}"
        ": the leaf, a hash of the path or the root is changed."
    )


def _header(receipt):
    recomputed = head_of(receipt["header"])
    if recomputed == receipt["head"]:
        return passed("The header has the hash that the receipt names.")
    return failed(f"The header has the hash {recomputed}, but the receipt names {receipt['head']}: the header is changed.")
