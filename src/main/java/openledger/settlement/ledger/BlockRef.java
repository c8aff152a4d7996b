package openledger.settlement.ledger;

import openledger.unit.Hash32;

/** A block: its number, and its hash, without which a number means nothing. */
public record BlockRef(long number, Hash32 hash) {}
