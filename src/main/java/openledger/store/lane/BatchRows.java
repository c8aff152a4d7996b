package openledger.store.lane;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.data.Numeric;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import openledger.commitment.BatchHeader;
import openledger.commitment.ConfirmationLevel;
import openledger.settlement.ledger.BlockRef;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.SignedTransaction;
import openledger.unit.Hash32;
import openledger.unit.Wei;

/** Maps the columns of batches. */
final class BatchRows {
    /** Requests whose counters differ in these bits only are found together. */
    static final int GROUP_BITS = 8;
    /** All of a batch but what is large. */
    static final String SMALL = "sequence, head, header, policies, level, level_at,"
            + " included_hash, block_number, block_hash, committed_at, gas_used, fee";

    private BatchRows() {}

    static BatchHeader header(Row row) {
        return BatchHeader.decode(bytes(row, "header"));
    }

    static Hash32 hash(Row row, String column) {
        return Hash32.of(bytes(row, column));
    }

    static byte[] bytes(Row row, String column) {
        return row.getBuffer(column).getBytes();
    }

    static ConfirmationLevel level(Row row) {
        return ConfirmationLevel.ofCode(row.getShort("level"));
    }

    static Instant instant(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant();
    }

    static OffsetDateTime time(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }

    /** Only those that did what they were for are kept. */
    static Optional<Inclusion> inclusion(Row row) {
        if (row.getBuffer("included_hash") == null) {
            return Optional.empty();
        }
        return Optional.of(new Inclusion(
                hash(row, "included_hash"),
                new BlockRef(row.getLong("block_number"), hash(row, "block_hash")),
                row.getLong("committed_at"),
                Inclusion.Effect.DONE,
                row.getLong("gas_used"),
                wei(row, "fee")));
    }

    static Optional<BlockRef> block(Row row) {
        Buffer hash = row.getBuffer("block_hash");
        return hash == null
                ? Optional.empty()
                : Optional.of(new BlockRef(row.getLong("block_number"), Hash32.of(hash.getBytes())));
    }

    static SignedTransaction transaction(Row row) {
        return new SignedTransaction(
                hash(row, "hash"),
                bytes(row, "raw"),
                row.getLong("nonce"),
                wei(row, "max_fee"),
                wei(row, "priority_fee"));
    }

    static Buffer counters(List<Long> counters) {
        ByteBuffer out = ByteBuffer.allocate(Long.BYTES * counters.size());
        counters.forEach(out::putLong);
        return Buffer.buffer(out.array());
    }

    static List<Long> counters(byte[] joined) {
        List<Long> counters = new ArrayList<>(joined.length / Long.BYTES);
        for (ByteBuffer in = ByteBuffer.wrap(joined); in.hasRemaining(); ) {
            counters.add(in.getLong());
        }
        return counters;
    }

    static Long[] groups(List<Long> counters) {
        return counters.stream()
                .map(counter -> counter >> GROUP_BITS)
                .distinct()
                .toArray(Long[]::new);
    }

    static Buffer joined(List<Hash32> hashes) {
        Buffer out = Buffer.buffer(Hash32.BYTES * hashes.size());
        hashes.forEach(hash -> out.appendBytes(hash.bytes()));
        return out;
    }

    static List<Hash32> hashes(Row row, String column) {
        byte[] joined = bytes(row, column);
        List<Hash32> hashes = new ArrayList<>();
        for (int at = 0; at < joined.length; at += Hash32.BYTES) {
            hashes.add(Hash32.of(joined, at));
        }
        return hashes;
    }

    static Numeric numeric(Wei wei) {
        return Numeric.create(wei.value());
    }

    private static Wei wei(Row row, String column) {
        return new Wei(row.getNumeric(column).bigIntegerValue());
    }
}
