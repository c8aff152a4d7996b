"""What a receipt says of the stake behind it, against the vault that the registry names for the lane.

The words are those of openledger.commitment.stake.StakeCheck.
"""

from typing import NamedTuple, Optional

from .encoding import from_hex, to_hex, word
from .finding import Found, failed, misroute, passed, skipped, unchecked
from .keccak import keccak256
from .witnesses import time_of

# The state of keccak-256 after all whole blocks of the code that creates a vault, and what is left of it. By `make generate`.
VAULT_STATE = (
    "0x6e159f5f45ac4f06ee68a7068dde9c077fdbfc907fe553361072607de5feb90e58716954a274812990031a5e888d8270b223083f7ef4528e6c55369fda6776b9d47fa5879df3dcc37dc2d40e11c0ffb98e11ef92028ab514c31eac71bcdbc6ac64c47e2fd1b955d61db2aaa7c8b0d6c6c262b26e53e9ed8ac060530979b038d1b929105b5665e21bf8e93189e19dbecc89db686c0b976e809ed010ab28f75a2d43900c38e93f18da40b6d65fa7174ebb3da773a7596bc9e2e8ae98c346626b8966651581c2a38f18"
)
VAULT_REST = "0x60245ffd5b5f60018201611a4e57611a4e6118e2565b5060010190565b80820281158282048414176101c4576101c46118e256"

FACTORY = "0x4e59b44847b379578588920ca78fbf26c0b4956c"
NONE = "0x" + "0" * 40
# Bits of each of the words of terms: five amounts, then times and counts.
BITS = (128, 128, 128, 128, 128, 32, 32, 16, 16, 32, 32, 32, 32)
LEAF_PENALTY, PROMISE_PENALTY, WINDOW = 2, 3, 9


def vault_address(registry, terms):
    """Where the vault of a registry's lanes with these terms is: the words of `terms()`."""
    creation = keccak256(from_hex(VAULT_REST) + word(from_hex(registry)) + terms, state=from_hex(VAULT_STATE))
    return to_hex(keccak256(b"\xff" + from_hex(FACTORY) + bytes(32) + creation)[12:])


def read_terms(raw):
    """What a verification needs of terms; None if these are not the words of any."""
    if len(raw) != 32 * len(BITS):
        return None
    words = [int.from_bytes(raw[i : i + 32], "big") for i in range(0, len(raw), 32)]
    if any(value >> bits for value, bits in zip(words, BITS)):
        return None
    return {
        "bytes": raw,
        "leaf_penalty": words[LEAF_PENALTY],
        "promise_penalty": words[PROMISE_PENALTY],
        "window": words[WINDOW],
    }


def _ether(wei):
    """Wei in ether, to the last digit."""
    digits = str(wei).rjust(19, "0")
    return f"{digits[:-18]}.{digits[-18:]}".rstrip("0").rstrip(".")


class Backing(NamedTuple):
    """The finding, and whether the time to challenge is over: None if nobody knows."""

    finding: Found
    over: Optional[bool] = None


def backing(receipt, evidence):
    claim, anchor, header = receipt["stake"], receipt["anchor"], receipt["header"]
    if not claim:
        return Backing(skipped(_none(header["lane"], evidence["gate"])))
    if not anchor:
        return Backing(
            unchecked("The receipt names no transaction: its batch is not on chain yet, and nothing is behind it.")
        )
    if not evidence["chain_id"].said:
        return Backing(skipped(f"No node was asked about the vault: {evidence['chain_id'].why}"))
    if not evidence["gate"].said:
        return Backing(unchecked(f"Which vault the lane has is not known: {evidence['gate'].why}"))
    gate, seconds, answers = (evidence["gate"].value[name] for name in ("gate", "seconds", "answers"))
    if gate == NONE or gate != claim["vault"]:
        return Backing(_elsewhere(header["lane"], gate, claim, seconds))
    if not answers.said:
        return Backing(unchecked(f"What the vault {gate} says is not known: {answers.why}"))
    if vault_address(header["registry"], answers.value["terms"]["bytes"]) != gate:
        return Backing(
            unchecked(
                f"The lane's gate {gate} is not where a vault that this verifier knows would be with its terms, "
                "so what it says is not judged."
            )
        )
    objection = _against(answers.value, anchor["committed_at"], claim)
    if objection:
        return Backing(objection)
    if not seconds.said:
        return Backing(unchecked(f"The time of the newest block is not known: {seconds.why}"))
    return _standing(_ether(answers.value["active"]), seconds.value, claim)


def _none(lane, gate):
    """Without a stake in the receipt there may still be one: a router need not tell, or may not have known yet."""
    if gate.said and gate.value["gate"] != NONE:
        return f"There is no stake in the receipt, although lane {lane} has a gate: {gate.value['gate']}."
    return "There is no stake in the receipt."


def _elsewhere(lane, gate, claim, now):
    """A lane changes its vault only when all that the old one could take is out of reach."""
    vault, until = claim["vault"], claim["challengeable_until"]
    other = f"Lane {lane} has no gate" if gate == NONE else f"The gate of lane {lane} is {gate}"
    if now.said and now.value > until:
        return skipped(
            f"{other}, not {vault} any more; by the receipt the time to challenge was over at {time_of(until)}."
        )
    return failed(f"{other}, not {vault} as the receipt says.")


def _against(answers, committed_at, claim):
    """What is wrong; None if nothing is."""
    terms = answers["terms"]
    for of in ("leaf", "promise"):
        real, claimed = terms[f"{of}_penalty"], claim[f"{of}_penalty"]
        if real != claimed:
            return failed(
                f"By the vault's terms the penalty for a {of} is {real} wei, not {claimed} as the receipt says."
            )
    if claim["challengeable_until"] - terms["window"] != committed_at:
        return failed(
            f"The batch was committed at {committed_at} and can be challenged for {terms['window']} s, "
            f"not until {claim['challengeable_until']} as the receipt says."
        )
    if answers["is_punished"]:
        if claim["is_punished"]:
            return misroute("The vault has punished the lane for this leaf.")
        return failed(
            "The vault has punished the lane for this leaf, and the receipt says that it has not. "
            "If that came later, get the receipt again."
        )
    if claim["is_punished"]:
        return unchecked("The receipt says that the leaf was punished, but by what this node says it was not.")
    return None


def _standing(ether, now, claim):
    until = claim["challengeable_until"]
    said = f"the receipt says {_ether(claim['active'])} ETH."
    if now > until:
        return Backing(
            passed(
                f"The time to challenge this batch was over at {time_of(until)}; by now {ether} ETH stand behind the lane, and {said}"
            ),
            True,
        )
    return Backing(passed(f"{ether} ETH stand behind this batch until {time_of(until)}; {said}"), False)
