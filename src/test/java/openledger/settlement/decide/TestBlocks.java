package openledger.settlement.decide;

import java.nio.charset.StandardCharsets;
import openledger.commitment.evm.Keccak256;
import openledger.settlement.ledger.BlockRef;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.Inclusion.Effect;
import openledger.unit.Hash32;
import openledger.unit.Wei;

/** Blocks and what is in them, each with a hash of its name. */
final class TestBlocks {
    private TestBlocks() {}

    static Inclusion inclusion(Hash32 transaction, long block, Effect effect) {
        return new Inclusion(transaction, block(block), block, effect, 60_000, Wei.of(1));
    }

    static BlockRef block(long number) {
        return new BlockRef(number, hash("block" + number));
    }

    static Hash32 hash(String text) {
        return Hash32.of(Keccak256.digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
