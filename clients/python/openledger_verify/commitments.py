"""What binds a leaf to a request, a leaf to a root, and a header to the chain.

The same as openledger.commitment, to the byte: contracts/vectors holds both.
"""

from hashlib import sha256

from .encoding import from_hex, number, to_hex, utf8, word
from .keccak import keccak256

ZERO_HASH = "0x" + "00" * 32
MOST_LEAVES = 1200
KINDS = {"PLAN": 1, "OUTCOME": 2}
TOKENS = ("input", "cached", "cache_written", "output", "reasoning")
LONGEST_PATH = 63


def sha(raw: bytes) -> bytes:
    return sha256(raw).digest()


def request_key(request, digest, salt):
    """What a leaf calls a request: 24 bytes of SHA-256(requestId(16) ‖ digest(32) ‖ salt(16)), and its number; the id without 0x."""
    name = bytes.fromhex(request)
    return to_hex(sha(name + from_hex(digest) + from_hex(salt))[:24] + name[8:])


def request_digest(body: bytes, nonce: str = "") -> str:
    """SHA-256 of a body, and of that with a nonce if there is one."""
    digest = sha(body)
    return to_hex(sha(digest + utf8(nonce)) if nonce else digest)


def short(text):
    """Text behind its length of one byte."""
    raw = utf8(text)
    return bytes([len(raw)]) + raw


def usage_bytes(attempts, price_table):
    """What the attempts took, in the one form that is committed to; a number that the provider does not say is absent."""
    raw = bytes([1, len(attempts)])
    for usage in attempts:
        raw += bytes([usage["attempt"]])
        for name in TOKENS:
            value = usage.get(name)
            raw += b"\xff" * 8 if value is None else value.to_bytes(8, "big")
        raw += short(usage.get("model") or "")
    return raw + from_hex(price_table)


def outcome_commitment(salt, response_digest, upstream_request_ids, attempts, price_table):
    """First 16 bytes of SHA-256("openledger outcome v2" ‖ salt ‖ response digest ‖ u8 attempts ‖ each id behind its length ‖ usage)."""
    raw = b"openledger outcome v2" + from_hex(salt) + from_hex(response_digest)
    raw += bytes([len(upstream_request_ids)]) + b"".join(map(short, upstream_request_ids))
    return to_hex(sha(raw + usage_bytes(attempts, price_table))[:16])


def entry_hash(leaf: bytes) -> bytes:
    """The hash of an entry of the log (RFC 9162, 2.1.1)."""
    return sha(b"\0" + leaf)


def root_of(entry, index, size, path):
    """The root that follows from the hash of an entry at a place (RFC 9162, 2.1.3.2); None if no log of this size has such a path."""
    at, last = index, size - 1
    if at < 0 or at > last or len(path) > LONGEST_PATH:
        return None
    found = entry
    for neighbour in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            found = sha(b"\1" + from_hex(neighbour) + found)
            while not at & 1 and at != 0:
                at >>= 1
                last >>= 1
        else:
            found = sha(b"\1" + found + from_hex(neighbour))
        at >>= 1
        last >>= 1
    return to_hex(found) if last == 0 else None


def _bytes(text):
    return word(from_hex(text))


# The members of a header in the order of its encoding; the version comes first.
HEADER = (
    ("version", number),
    ("chain_id", number),
    ("registry", _bytes),
    ("lane", number),
    ("sequence", number),
    ("previous_head", _bytes),
    ("policy_hash", _bytes),
    ("first_snapshot", number),
    ("last_snapshot", number),
    ("snapshot_root", _bytes),
    ("first_counter", number),
    ("last_counter", number),
    ("complete_through", number),
    ("count", number),
    ("outcomes", number),
    ("size", number),
    ("root", _bytes),
    ("records_root", _bytes),
    ("first_ms", number),
    ("last_ms", number),
)


def encode_header(header):
    """abi.encode(header), 20 words."""
    return b"".join(encode(header[name]) for name, encode in HEADER)


def head_of(header):
    return to_hex(keccak256(encode_header(header)))


def record_of(head, committed_at):
    """What the registry keeps of a committed batch; the time is of the block, Unix seconds."""
    return to_hex(keccak256(from_hex(head) + number(committed_at)))


def _text(ascii_text):
    return keccak256(ascii_text.encode("ascii"))


DOMAIN = _text("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
PROMISE = _text("Promise(uint64 lane,bytes32 requestKey,uint8 kind,bytes32 leafHash,uint64 signedAt,uint64 anchorBy)")
HEAD = _text("Head(uint64 lane,uint64 sequence,bytes32 head)")
NAME, VERSION = _text("OpenLedger"), _text("2")


def _typed_digest(chain_id, registry, *words):
    """The hash that a signature of typed data is of (EIP-712); the words of the data come behind the hash of its type."""
    domain = keccak256(DOMAIN + NAME + VERSION + number(chain_id) + _bytes(registry))
    return to_hex(keccak256(b"\x19\x01" + domain + keccak256(b"".join(words))))


def promise_digest(promise):
    return _typed_digest(
        promise["chain_id"],
        promise["registry"],
        PROMISE,
        number(promise["lane"]),
        _bytes(promise["request_key"]),
        number(KINDS[promise["kind"]]),
        _bytes(promise["leaf_hash"]),
        number(promise["signed_at"]),
        number(promise["anchor_by"]),
    )


def head_digest(header, head):
    return _typed_digest(
        header["chain_id"], header["registry"], HEAD, number(header["lane"]), number(header["sequence"]), _bytes(head)
    )
