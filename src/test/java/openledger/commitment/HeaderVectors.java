package openledger.commitment;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;

/** Headers, their encoding and their hash, with the word that the registry keeps of them. */
public final class HeaderVectors {
    private static final long LATEST_MILLIS = 0xffff_ffff_ffffL;
    private static final long LAST_SNAPSHOT = 0xffff_fffeL;

    private HeaderVectors() {}

    static ObjectNode all() {
        ObjectNode all = VectorsWriter.object();
        ArrayNode cases = all.putArray("cases");
        cases.add(put("smallest", smallest(), 0));
        cases.add(put("an ordinary one", ordinary(), 1_795_600_001L));
        cases.add(put("largest", largest(), 0xffff_ffffL));
        return all;
    }

    static BatchHeader smallest() {
        return new BatchHeader(
                1,
                Address.of(new byte[Address.BYTES]),
                new LaneId(1),
                1,
                Hash32.ZERO,
                Hash32.ZERO,
                1,
                0,
                Hash32.ZERO,
                1,
                1,
                0,
                1,
                1,
                1,
                Hash32.ZERO,
                Hash32.ZERO,
                0,
                0);
    }

    public static BatchHeader ordinary() {
        return new BatchHeader(
                901,
                Address.parse("0x5fbdb2315678afecb367f032d93f642f64180aa3"),
                new LaneId(7),
                42,
                hash("previous head"),
                hash("policy hash"),
                18,
                17,
                hash("snapshot root"),
                49_201,
                50_400,
                49_317,
                1_200,
                1_199,
                50_398,
                hash("root"),
                hash("records root"),
                1_795_600_000_123L,
                1_795_600_000_456L);
    }

    static BatchHeader largest() {
        byte[] ones = new byte[Hash32.BYTES];
        Arrays.fill(ones, (byte) 0xff);
        Hash32 most = Hash32.of(ones);
        return new BatchHeader(
                Long.MAX_VALUE,
                Address.of(Arrays.copyOf(ones, Address.BYTES)),
                new LaneId(Long.MAX_VALUE),
                Long.MAX_VALUE,
                most,
                most,
                LAST_SNAPSHOT,
                LAST_SNAPSHOT,
                most,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                BatchHeader.MOST_LEAVES,
                BatchHeader.MOST_LEAVES,
                Long.MAX_VALUE,
                most,
                most,
                LATEST_MILLIS,
                LATEST_MILLIS);
    }

    private static Hash32 hash(String name) {
        return Hash32.of(VectorsWriter.word(name));
    }

    private static ObjectNode put(String name, BatchHeader header, long committedAt) {
        ObjectNode node = VectorsWriter.object();
        node.put("name", name);
        node.put("version", Integer.toString(BatchHeader.VERSION));
        node.put("chain_id", Long.toString(header.chainId()));
        node.put("registry", header.registry().toString());
        node.put("lane", Long.toString(header.lane().value()));
        node.put("sequence", Long.toString(header.sequence()));
        node.put("previous_head", header.previousHead().toString());
        node.put("policy_hash", header.policyHash().toString());
        node.put("first_snapshot", Long.toString(header.firstSnapshot()));
        node.put("last_snapshot", Long.toString(header.lastSnapshot()));
        node.put("snapshot_root", header.snapshotRoot().toString());
        node.put("first_counter", Long.toString(header.firstCounter()));
        node.put("last_counter", Long.toString(header.lastCounter()));
        node.put("complete_through", Long.toString(header.completeThrough()));
        node.put("count", Integer.toString(header.count()));
        node.put("outcomes", Integer.toString(header.outcomes()));
        node.put("size", Long.toString(header.size()));
        node.put("root", header.root().toString());
        node.put("records_root", header.recordsRoot().toString());
        node.put("first_millis", Long.toString(header.firstMillis()));
        node.put("last_millis", Long.toString(header.lastMillis()));
        node.put("encoded", VectorsWriter.hex(header.encode()));
        node.put("head", header.head().toString());
        node.put("committed_at", Long.toString(committedAt));
        node.put("record", BatchHeader.record(header.head(), committedAt).toString());
        return node;
    }
}
