package openledger.verifier;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafMode;
import openledger.commitment.log.HashedEntries;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;
import openledger.routing.Trigger;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;

/** Receipts in the two forms that a log signs, good ones and bad ones, and what they are made of. The same every time. */
final class EnvelopeVectors {
    static final int SIZE = 300;
    static final int INDEX = 200;
    static final NoteSigner LOG = CosignedLog.LOG;
    static final NoteSigner OTHER = CosignedLog.signer(CosignedLog.ORIGIN, NoteKey.Kind.NOTE, 2);
    static final NoteSigner ELSEWHERE = CosignedLog.signer("elsewhere.example/log", NoteKey.Kind.NOTE, 1);
    static final byte[] LEAF = HexFormat.of()
            .parseHex(new GenuineReceipt().json().get("leaf").asText().substring(2));
    static final byte[] PLAN = LeafEncoding.encode(leaf(LeafMode.CONFIRMED_DISPATCH, 281_474_976_710_655L));
    static final HashedEntries ENTRIES = entries(LEAF);
    static final InclusionPath PATH = ENTRIES.inclusion(INDEX);

    private EnvelopeVectors() {}

    /**
     * A receipt, and what is asked of it.
     *
     * @param encoded the receipt in hexadecimal digits
     * @param key of the log
     * @param leaf as it is given to the command
     * @param quorum 0 for all of the witnesses
     */
    record Case(
            String name,
            String encoded,
            Optional<NoteKey> key,
            Optional<String> leaf,
            List<NoteKey> witnesses,
            int quorum,
            int code) {
        Case(
                String name,
                byte[] receipt,
                Optional<NoteKey> key,
                Optional<String> leaf,
                List<NoteKey> witnesses,
                int quorum,
                int code) {
            this(name, HexFormat.of().formatHex(receipt), key, leaf, witnesses, quorum, code);
        }

        byte[] receipt() {
            return HexFormat.of().parseHex(encoded);
        }

        List<String> options() {
            List<String> options = new ArrayList<>();
            key.ifPresent(known -> Collections.addAll(options, "--log-key", known.toString()));
            leaf.ifPresent(known -> Collections.addAll(options, "--leaf", known));
            witnesses.forEach(each -> Collections.addAll(options, "--witness", each.toString()));
            if (quorum > 0) {
                Collections.addAll(options, "--witness-quorum", Integer.toString(quorum));
            }
            return options;
        }
    }

    static List<Case> all() {
        List<Case> all = new ArrayList<>(StatementVectors.all());
        all.addAll(ProofVectors.all());
        return all;
    }

    /** A case with the key of a log, and with a leaf unless that is empty. */
    static Case keyed(String name, byte[] receipt, NoteSigner key, String leaf, int code) {
        Optional<String> known = leaf.isEmpty() ? Optional.empty() : Optional.of(leaf);
        return new Case(name, receipt, Optional.of(key.key()), known, List.of(), 0, code);
    }

    private static Leaf leaf(LeafMode mode, long millis) {
        return new Leaf(
                RequestKey.of(new byte[24], 12),
                mode,
                63,
                new RouteId(0xffff),
                2,
                1,
                millis,
                7,
                1,
                5,
                Trigger.SERVER_ERROR,
                List.of(4, 5),
                new Leaf.Stage.Planned(9, 6, 0, 1));
    }

    static HashedEntries entries(byte[] leaf) {
        Random random = new Random(18);
        List<byte[]> entries = new ArrayList<>();
        for (int i = 0; i < SIZE; i++) {
            byte[] entry = new byte[LeafEncoding.BYTES];
            random.nextBytes(entry);
            entries.add(i == INDEX ? leaf : entry);
        }
        return new HashedEntries(entries);
    }

    static String hex(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }

    static byte[] changed(byte[] bytes, int at) {
        byte[] other = bytes.clone();
        other[at] ^= 1;
        return other;
    }

    static byte[] prefixed(String hex, byte[] bytes) {
        return HexFormat.of().parseHex(hex + HexFormat.of().formatHex(bytes));
    }

    static int indexOf(byte[] all, byte[] part) {
        int at = 0;
        while (!Arrays.equals(all, at, at + part.length, part, 0, part.length)) {
            at++;
        }
        return at;
    }

    /** With a part exchanged, the first that is so. */
    static byte[] replaced(byte[] all, byte[] part, String hex) {
        int at = indexOf(all, part);
        return HexFormat.of()
                .parseHex(HexFormat.of().formatHex(all, 0, at)
                        + hex
                        + HexFormat.of().formatHex(all, at + part.length, all.length));
    }
}
