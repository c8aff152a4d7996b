package openledger.stream;

import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import openledger.commitment.BatchHeader;
import openledger.commitment.ConfirmationLevel;
import openledger.settlement.ledger.BlockRef;

/**
 * A change of a batch's level.
 *
 * @param number of the change, rising in a lane
 * @param header of the batch
 * @param block in which the evidence is; empty if there is none
 */
public record BatchLevel(
        long number, BatchHeader header, ConfirmationLevel level, Instant at, Optional<BlockRef> block) {

    /**
     * The record of the stream: the members of {@code docs/schemas/level.v1.json}. Its key is the batch's, so that of a compacted topic the
     * newest level stays.
     */
    public StreamRecord record() {
        HexFormat hex = HexFormat.of();
        byte[] value = JsonMembers.object(out -> out.text("record", "level")
                .number("lane", header.lane().value())
                .number("sequence", header.sequence())
                .text("level", level.name())
                .text("at", at.toString())
                .number("block_number", block.map(BlockRef::number).orElse(null))
                .text("block_hash", block.map(known -> known.hash().toString()).orElse(null))
                .number("chain_id", header.chainId())
                .text("registry", header.registry().toString())
                .text("head", header.head().toString())
                .text("policy_hash", header.policyHash().toString())
                .number("first_index", header.firstIndex())
                .number("count", header.count())
                .number("outcomes", header.outcomes())
                .number("first_counter", header.firstCounter())
                .number("last_counter", header.lastCounter())
                .number("complete_through", header.completeThrough())
                .text("header", "0x" + hex.formatHex(header.encode())));
        return new StreamRecord(StreamRecord.Topic.LEVELS, header.lane().value() + "-" + header.sequence(), value);
    }
}
