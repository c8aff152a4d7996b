package openledger.verifier;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import openledger.commitment.state.BlockHeader;
import openledger.commitment.state.StateProof;
import openledger.commitment.verify.Receipt;
import openledger.commitment.verify.StateEvidence;
import openledger.unit.Hash32;

/**
 * A receipt with the proof of all that verification reads from the registry: one JSON object of at most 1 MiB, whose members are
 *
 * <ul>
 *   <li>{@code openledger_bundle}: 1, the version of this form;
 *   <li>{@code receipt}: the answer of {@code GET /v1/receipts/{id}}, as it was;
 *   <li>{@code block}: the header of the block that the proofs are of, in RLP;
 *   <li>{@code account}: nodes of the state's trie, from its root to the registry's account (EIP-1186);
 *   <li>{@code storage}: for each slot of {@link StateEvidence#slots}, in that order, {@code slot} and {@code proof}, the nodes from the
 *       storage's root to it.
 * </ul>
 *
 * Bytes are {@code 0x} and lower-case hexadecimal digits. There is no other member, and none may be missing. Immutable.
 *
 * @param receipt as it is read from its JSON
 * @param proof with a header that can be read, and proofs of exactly the slots that the receipt needs; whether they hold is not known
 */
public record ReceiptBundle(Receipt receipt, StateProof proof) {
    private static final String FORM = "openledger_bundle";
    private static final String RECEIPT = "receipt";
    private static final String BLOCK = "block";
    private static final String ACCOUNT = "account";
    private static final String STORAGE = "storage";
    private static final String SLOT = "slot";
    private static final String PROOF = "proof";
    private static final List<String> MEMBERS = List.of(FORM, RECEIPT, BLOCK, ACCOUNT, STORAGE);
    private static final List<String> OF_A_SLOT = List.of(SLOT, PROOF);
    private static final int VERSION = 1;

    /**
     * Reads a bundle; empty if the bytes are the JSON of something else.
     *
     * @throws UnreadableReceipt if they are no JSON, or a bundle that is not whole
     */
    public static Optional<ReceiptBundle> read(byte[] bytes) throws UnreadableReceipt {
        JsonNode tree = ReceiptReader.tree(bytes);
        if (!tree.has(FORM)) {
            return Optional.empty();
        }
        ReceiptMembers root = new ReceiptMembers(tree, "");
        root.number(FORM, VERSION, VERSION);
        only(root, MEMBERS);
        root.object(RECEIPT);
        Receipt receipt = ReceiptReader.read(tree.get(RECEIPT));
        byte[] header = root.bytesUpTo(BLOCK, BlockHeader.LONGEST);
        try {
            BlockHeader.parse(header);
        } catch (IllegalArgumentException none) {
            throw new UnreadableReceipt(BLOCK, "must be a block's header: " + none.getMessage());
        }
        List<Hash32> needed = StateEvidence.slots(receipt);
        Map<Hash32, List<byte[]>> storage = new LinkedHashMap<>();
        for (ReceiptMembers slot : root.objects(STORAGE, needed.size())) {
            only(slot, OF_A_SLOT);
            storage.put(slot.hash(SLOT), nodes(slot, PROOF));
        }
        if (!List.copyOf(storage.keySet()).equals(needed)) {
            throw new UnreadableReceipt(STORAGE, "must have the slots that this receipt needs, in their order");
        }
        return Optional.of(new ReceiptBundle(receipt, new StateProof(header, nodes(root, ACCOUNT), storage)));
    }

    private static List<byte[]> nodes(ReceiptMembers of, String name) throws UnreadableReceipt {
        return of.listOfBytes(name, StateProof.MOST_NODES, StateProof.LONGEST_NODE);
    }

    private static void only(ReceiptMembers object, List<String> members) throws UnreadableReceipt {
        List<String> others = new ArrayList<>(object.names());
        others.removeAll(members);
        if (!others.isEmpty()) {
            throw new UnreadableReceipt("", "The bundle has a member that this program does not know.");
        }
    }

    /**
     * The bundle's bytes.
     *
     * @param receipt the JSON of a receipt, which goes in as it is
     */
    public static byte[] write(byte[] receipt, StateProof proof) {
        String storage = proof.storage().entrySet().stream()
                .map(slot ->
                        "{\"" + SLOT + "\":\"" + slot.getKey() + "\",\"" + PROOF + "\":" + list(slot.getValue()) + "}")
                .collect(Collectors.joining(",", "[", "]"));
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        bundle.writeBytes(ascii("{\"" + FORM + "\":" + VERSION + ",\"" + RECEIPT + "\":"));
        bundle.writeBytes(receipt);
        bundle.writeBytes(ascii(",\"" + BLOCK + "\":" + hex(proof.header()) + ",\"" + ACCOUNT + "\":"
                + list(proof.account()) + ",\"" + STORAGE + "\":" + storage + "}\n"));
        return bundle.toByteArray();
    }

    private static String list(List<byte[]> nodes) {
        return nodes.stream().map(ReceiptBundle::hex).collect(Collectors.joining(",", "[", "]"));
    }

    private static String hex(byte[] bytes) {
        return "\"0x" + HexFormat.of().formatHex(bytes) + "\"";
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
