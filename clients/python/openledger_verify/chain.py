"""A receipt against what a node said of the chain, and against what its owner insists on."""

from .answers import said
from .backing import backing
from .commitments import KINDS, ZERO_HASH, entry_hash, head_digest, head_of, record_of, request_key
from .encoding import from_hex, to_hex
from .finding import failed, misroute, passed, skipped, unchecked
from .receipt import LEVELS
from .signer import recover

# The registry that ships with this package: its address follows from its code (openledger.commitment.verify.RegistryCode).
REGISTRY = "0x713136f2e3782652c1ac3e713b9e202a21375583"
REGISTRY_CODE = "0x84aff0dc19d420c7390767143ae73141cb0ed4bcba20d5e8282f3aaf7a123fc1"

# A promise is for an hour at most; seconds.
LONGEST_PROMISE = 3600
# The time of retirement of a key that signs.
NEVER = 2**64 - 1

NOT_THERE = unchecked("The receipt names no transaction: its batch is not on chain yet.")


def chain(receipt, evidence, pins, add):
    """Adds the checks; how far the leaf has come, None if it is not shown to be on chain."""
    record = _recorded(receipt, evidence)
    place = _block(receipt, evidence)
    reached = _reached_by(evidence, record, place)
    behind = backing(receipt, evidence)
    add("CHAIN", _right_chain(receipt["header"], evidence["chain_id"], pins))
    add("REGISTRY", _registry(receipt["header"]["registry"], evidence["registry_code"], pins))
    add("LANE", _lane(receipt, evidence["lane_owner"], pins))
    add("RECORDED", record)
    add("REGISTRY_PROOF", _registry_proof(evidence["leaf_verified"]))
    add("BLOCK", place)
    add("LEVEL", _level(receipt["level"], reached, behind.over))
    add("PROMISE", _promise(receipt, evidence))
    add("SIGNED_HEAD", _signed_head(receipt, evidence))
    add("STAKE", behind.finding)
    return reached


def _right_chain(header, chain_id, pins):
    own = header["chain_id"]
    if pins.chain_id is not None and pins.chain_id != own:
        return failed(f"The batch is for chain {own}, not for chain {pins.chain_id} as expected.")
    if not chain_id.said:
        return unchecked(f"The node did not return its chain id: {chain_id.why}")
    if chain_id.value == own:
        return passed(f"Batch and node are both of chain {own}.")
    return failed(f"The batch is for chain {own}, but the node is on chain {chain_id.value}.")


def _registry(at, code, pins):
    if pins.registry is not None and pins.registry != at:
        return failed(f"The batch is for registry {at}, not for {pins.registry} as expected.")
    if not code.said:
        return unchecked(f"It is not known whether there is a registry: {code.why}")
    if code.value == ZERO_HASH:
        return failed(f"There is no contract at {at} on the node's chain.")
    if pins.registry is not None:
        return passed(f"There is a contract at {at}, as expected.")
    if code.value != REGISTRY_CODE:
        return failed(f"The contract at {at} is not the registry that this verifier knows: its code differs.")
    if at == REGISTRY:
        return passed(
            f"The contract at {at} is the registry that this verifier knows: its code, at the address that follows from it."
        )
    return unchecked(
        f"The contract at {at} has the registry's code, but not the address that follows from that code "
        f"({REGISTRY}), so its initial state is not known: name it if you trust it."
    )


def _lane(receipt, owner, pins):
    own, number = receipt["lane"], receipt["header"]["lane"]
    if own != number:
        return failed(f"The request is of lane {own}, but the batch is of lane {number}.")
    if pins.lane is not None and pins.lane != number:
        return failed(f"The batch is of lane {number}, not of lane {pins.lane} as expected.")
    if pins.lane_owner is not None:
        return _owner(number, owner, pins.lane_owner)
    if pins.lane is not None:
        return passed(f"Request and batch are both of lane {number}, as expected.")
    if pins.any_lane:
        return passed(f"Request and batch are both of lane {number}; any lane was accepted, so its owner is not checked.")
    return unchecked(
        f"Request and batch are both of lane {number}, which anybody can have opened: "
        "name the lane that you expect, or its owner."
    )


def _owner(number, owner, expected):
    if not owner.said:
        return unchecked(f"Who owns lane {number} is not known: {owner.why}")
    if owner.value == expected:
        return passed(f"Request and batch are both of lane {number}, which {expected} owns, as expected.")
    return failed(f"Lane {number} belongs to {owner.value}, not to {expected} as expected.")


def _recorded(receipt, evidence):
    header, anchor, record = receipt["header"], receipt["anchor"], evidence["batch_record"]
    if not anchor:
        return NOT_THERE
    which = f"batch {header['sequence']} of lane {header['lane']}"
    if not record.said:
        return unchecked(f"The registry could not be read: {record.why}")
    if record.value == ZERO_HASH:
        return failed(f"The registry has no {which}.")
    if record.value == record_of(head_of(header), anchor["committed_at"]):
        return passed(f"The registry has this header as {which}.")
    return failed(
        f"As {which} the registry has another header, or another commit time than "
        f"{anchor['committed_at']}. If there was a reorg since, get the receipt again."
    )


def _registry_proof(verified):
    if not verified.said:
        return unchecked(f"The registry was not queried: {verified.why}")
    if verified.value:
        return passed("The registry's own check accepts leaf and proof.")
    return failed("The registry's own check rejects leaf and proof.")


def _block(receipt, evidence):
    anchor = receipt["anchor"]
    if not anchor:
        return NOT_THERE
    transaction, committed, canonical = (evidence[name] for name in ("transaction", "committed", "canonical"))
    hash_ = anchor["transaction"]
    if not transaction.said:
        return unchecked(f"The place of the transaction is not known: {transaction.why}")
    seen = transaction.value
    if not seen:
        return failed(f"The node has transaction {hash_} in no block: dropped, or never sent to this chain.")
    if seen["time_seconds"] != anchor["committed_at"]:
        return failed(
            f"The transaction's block is of {seen['time_seconds']}"
            f", but the receipt says that the batch was committed at {anchor['committed_at']}."
        )
    if not committed.said:
        return unchecked(f"The effect of the transaction is not known: {committed.why}")
    if not committed.value:
        return failed(f"Transaction {hash_} is not the one that committed this batch.")
    number = seen["number"]
    if not canonical.said:
        return unchecked(f"The node did not return the chain's block {number}: {canonical.why}")
    if canonical.value is None:
        return unchecked(f"Block {number} is announced but not part of the chain yet; it can still be dropped.")
    if canonical.value != seen["hash"]:
        return failed(
            f"The transaction is in block {seen['hash']}, but the chain's block {number}"
            f" is {canonical.value}: a reorg removed it."
        )
    if anchor["block_hash"] != seen["hash"]:
        return unchecked(
            f"The transaction is in the chain's block {number}; the receipt names another. "
            "If there was a reorg since, get the receipt again."
        )
    if anchor["block_number"] == number:
        return passed(f"The transaction's block {number} is the chain's block of that number.")
    return failed(
        f"The transaction is in the chain's block {number}, but the receipt names it as block {anchor['block_number']}."
    )


def _reached_by(evidence, record, place):
    transaction, canonical, tags = (evidence[name] for name in ("transaction", "canonical", "tags"))
    if not transaction.said or not transaction.value:
        return None
    if canonical.said and canonical.value is None and place.finding == "UNCHECKED":
        return "PRECONFIRMED"
    if record.finding != "PASSED" or place.finding != "PASSED":
        return None
    number = transaction.value["number"]
    for tag, level in (("finalized", "FINALIZED"), ("safe", "SAFE")):
        if tags.said and tags.value[tag] is not None and tags.value[tag] >= number:
            return level
    return "SEQUENCED"


def _level(claimed, reached, over):
    """A node can lag behind another, so less than was claimed is no proof of a lie."""
    if not reached:
        return unchecked(f"The receipt claims {claimed}; by what the node says the leaf is not on chain.")
    if LEVELS.index(reached) >= LEVELS.index(claimed):
        return passed(f"It is {reached} by the evidence; the receipt claims {claimed}.")
    if claimed == "SETTLED" and reached == "FINALIZED":
        if over is None:
            return passed("It is FINALIZED by the evidence; judge yourself whether the time to challenge it has passed.")
        if over:
            return passed(
                "It is FINALIZED by the evidence, and by the lane's vault the time to challenge it has passed."
            )
        return unchecked("The receipt claims SETTLED, but by the lane's vault the time to challenge it has not passed.")
    return unchecked(f"The receipt claims {claimed}, but by what this node says it is only {reached}.")


def _promise(receipt, evidence):
    promised, header = receipt["promised"], receipt["header"]
    if not promised:
        return skipped("There is no promise in the receipt.")
    if promised["lane"] != header["lane"]:
        return failed(f"The promise is of lane {promised['lane']}, not of lane {header['lane']}.")
    if (promised["chain_id"], promised["registry"]) != (header["chain_id"], header["registry"]):
        return failed(
            f"The promise is for registry {promised['registry']} on chain {promised['chain_id']}"
            f", not for {header['registry']} on chain {header['chain_id']}."
        )
    key = request_key(receipt["request"], receipt["digest"], receipt["salt"])
    if promised["request_key"] != key:
        return failed(
            f"The promise is about another request or another body: it has the key {promised['request_key']}, not {key}."
        )
    signed_at, anchor_by = promised["signed_at"], promised["anchor_by"]
    if not 0 <= anchor_by - signed_at <= LONGEST_PROMISE:
        return failed(
            f"The promise was signed at {signed_at} and is due by {anchor_by}: a promise is for an hour at most."
        )
    return _signed(
        "promise",
        promised,
        header["lane"],
        evidence["promise_signer"],
        evidence["signer_retired_at"],
        lambda who: _kept(receipt, who),
    )


def _signed_head(receipt, evidence):
    """A true signature of another header is not of this receipt. Nothing says when a head was signed, so a retired key counts."""
    header, of = receipt["header"], receipt["signed_head"]
    if not of:
        return skipped("There is no signed head in the receipt.")
    return _signed(
        "head",
        of,
        header["lane"],
        said(recover(head_digest(header, head_of(header)), of["signature"])),
        evidence["head_signer_retired_at"],
        lambda who: passed(f"{who} of batch {header['sequence']}."),
    )


def _signed(what, of, lane, signer, retired, genuine):
    """Whether a key of the lane has signed something; what else there is to find is `genuine`, by who signed."""
    if not signer.said:
        return unchecked(f"The signer of the {what} is not known: {signer.why}")
    if not signer.value:
        return failed(f"The {what}'s signature is not valid.")
    signed_by = f"The {what} was signed by {signer.value}"
    if signer.value != of["signer"]:
        return failed(f"{signed_by}, not by {of['signer']} as the receipt says.")
    if not retired.said:
        return unchecked(f"{signed_by}; whether that is a signing key of the lane is not known: {retired.why}")
    if retired.value == 0:
        return failed(f"{signed_by}, which never was a signing key of lane {lane}.")
    if of.get("signed_at", 0) > retired.value:
        return failed(f"{signed_by} at {of['signed_at']}, but that key was retired at {retired.value}.")
    if retired.value == NEVER:
        return genuine(f"The lane's signing key signed the {what}")
    return genuine(f"The key that was the lane's signing key until {retired.value} signed the {what}")


def _kept(receipt, who_signed):
    """A promise that was signed and not kept is genuine: it convicts the router, and refutes nothing."""
    promised = receipt["promised"]
    there = next(
        (
            leaf
            for leaf in (receipt, receipt["of_plan"])
            if leaf and (leaf["leaf"][68:70] == "01") == (KINDS[promised["kind"]] == KINDS["PLAN"])
        ),
        None,
    )
    if not there:
        return unchecked(
            f"{who_signed}; it is about the request's {promised['kind']}, which the receipt does not have."
        )
    anchor = there["anchor"]
    if anchor and anchor["committed_at"] > promised["anchor_by"]:
        return misroute(
            f"{who_signed}, due by {promised['anchor_by']}, but it was committed at {anchor['committed_at']}: too late."
        )
    if promised["leaf_hash"] in (ZERO_HASH, to_hex(entry_hash(from_hex(there["leaf"])))):
        return passed(f"{who_signed}, and it was kept.")
    return misroute(f"{who_signed}, for another leaf than the one in the batch.")
