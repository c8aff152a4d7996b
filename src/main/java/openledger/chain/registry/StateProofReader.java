package openledger.chain.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.chain.ChainNode;
import openledger.chain.RpcSettings;
import openledger.chain.rpc.NodeAnswers.OfTree;
import openledger.chain.rpc.NodeValue;
import openledger.chain.rpc.RpcFailure;
import openledger.chain.rpc.VertxWeb3jService;
import openledger.commitment.evm.Keccak256;
import openledger.commitment.state.BlockHeader;
import openledger.commitment.state.RlpItem;
import openledger.commitment.state.StateProof;
import openledger.commitment.verify.NodeTestimony;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.commitment.verify.NodeTestimony.Silent;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.unit.Address;
import openledger.unit.Hash32;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.core.Request;

/**
 * Gets the proof of a contract's slots, and the header of the block that they are of, from a node. Whether they prove anything is for others
 * to find; only that the header has the hash which the node names is looked at here, because JSON has no encoding. Needs no account and
 * keeps no state; thread-safe.
 */
public final class StateProofReader implements AutoCloseable {
    /** Members of a block's header in the order of their encoding; those since London are there if their fork is. */
    private static final List<String> FIELDS = List.of(
            "parentHash",
            "sha3Uncles",
            "miner",
            "stateRoot",
            "transactionsRoot",
            "receiptsRoot",
            "logsBloom",
            "difficulty",
            "number",
            "gasLimit",
            "gasUsed",
            "timestamp",
            "extraData",
            "mixHash",
            "nonce",
            "baseFeePerGas",
            "withdrawalsRoot",
            "blobGasUsed",
            "excessBlobGas",
            "parentBeaconBlockRoot",
            "requestsHash");

    private static final List<String> NUMBERS = List.of(
            "difficulty",
            "number",
            "gasLimit",
            "gasUsed",
            "timestamp",
            "baseFeePerGas",
            "blobGasUsed",
            "excessBlobGas");

    private final VertxWeb3jService service;
    private final ChainNode node;

    /** @param rpc without a chain id: the proof itself shows which chain it is of */
    public StateProofReader(Vertx vertx, RpcSettings rpc) {
        this.service = new VertxWeb3jService(vertx, rpc);
        this.node = new ChainNode(service);
    }

    /**
     * A proof, and what the node calls its block.
     *
     * @param block the tag or the number by which it was asked for
     */
    public record Taken(StateProof proof, String block) {}

    /**
     * Reads the proof at the first of some blocks for which the node has one. Never fails; {@link Silent} has the reason of the last.
     *
     * @param least number of the oldest block that has what is to be proved
     * @param blocks tags or numbers in hexadecimal, in the order in which they are tried
     */
    public Uni<NodeTestimony<Taken>> read(Address contract, List<Hash32> slots, long least, List<String> blocks) {
        return read(contract, slots, least, blocks, "no block was named");
    }

    private Uni<NodeTestimony<Taken>> read(
            Address contract, List<Hash32> slots, long least, List<String> blocks, String why) {
        if (blocks.isEmpty()) {
            return Uni.createFrom().item(new Silent<>(why));
        }
        List<String> others = blocks.subList(1, blocks.size());
        return at(contract, slots, least, blocks.getFirst())
                .<NodeTestimony<Taken>>map(Said::new)
                .onFailure(LedgerUnavailable.class)
                .recoverWithUni(reason -> read(contract, slots, least, others, String.valueOf(reason.getMessage())));
    }

    /** Hash of the chain's block of a number, empty if there is none yet. Never fails. */
    public Uni<NodeTestimony<Optional<Hash32>>> canonical(long number) {
        return ChainNode.readable(node.ask(ChainNode.block(number))
                        .<NodeTestimony<Optional<Hash32>>>map(answer ->
                                new Said<>(Optional.ofNullable(NodeValue.orNone("a block", answer))
                                        .map(block -> NodeValue.hash("block.hash", block.hash())))))
                .onFailure(LedgerUnavailable.class)
                .recoverWithItem(why -> new Silent<>(String.valueOf(why.getMessage())));
    }

    private Uni<Taken> at(Address contract, List<Hash32> slots, long least, String block) {
        return ChainNode.readable(node.ask(question("eth_getBlockByNumber", block, false))
                .map(answer -> header(answer, block))
                .chain(header -> node.ask(question(
                                "eth_getProof",
                                contract.toString(),
                                slots.stream().map(Hash32::toString).toList(),
                                NodeValue.hex(number(header, least))))
                        .map(answer -> new Taken(proof(answer, header, slots), block))));
    }

    private static Request<?, OfTree> question(String method, Object... parameters) {
        return new Request<>(method, List.of(parameters), null, OfTree.class);
    }

    private static byte[] header(OfTree answer, String which) {
        JsonNode block = NodeValue.orNone("block " + which, answer);
        if (block == null || !block.isObject()) {
            throw new RpcFailure(RpcFailure.Kind.NODE, "the node has no block " + which);
        }
        byte[] header = header(block);
        Hash32 named = NodeValue.hash("block.hash", text(block, "hash"));
        if (!Hash32.of(Keccak256.digest(header)).equals(named)) {
            throw new RpcFailure(
                    RpcFailure.Kind.NODE,
                    "block " + which + " has a header of a form that this program does not know, or its hash is wrong");
        }
        return header;
    }

    private static long number(byte[] header, long least) {
        long number;
        try {
            number = BlockHeader.parse(header).number();
        } catch (IllegalArgumentException none) {
            throw NodeValue.malformed("the block's header");
        }
        if (number < least) {
            throw new RpcFailure(
                    RpcFailure.Kind.NODE, "block " + number + " is older than the batch, which is in block " + least);
        }
        return number;
    }

    /** The encoding of a header that came as JSON. */
    static byte[] header(JsonNode block) {
        List<byte[]> fields = new ArrayList<>();
        for (String field : FIELDS) {
            String text = text(block, field);
            if (text == null) {
                break;
            }
            fields.add(NUMBERS.contains(field) ? shortest(field, text) : NodeValue.bytes(field, text));
        }
        return RlpItem.list(fields);
    }

    private static byte[] shortest(String field, String text) {
        BigInteger value = NodeValue.big(field, text);
        if (value.signum() == 0) {
            return new byte[0];
        }
        byte[] bytes = value.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static StateProof proof(OfTree answer, byte[] header, List<Hash32> slots) {
        JsonNode proof = NodeValue.orNone("eth_getProof", answer);
        if (proof == null || proof.path("storageProof").size() != slots.size()) {
            throw NodeValue.malformed("eth_getProof");
        }
        Map<Hash32, List<byte[]>> storage = new LinkedHashMap<>();
        for (int i = 0; i < slots.size(); i++) {
            storage.put(slots.get(i), nodes(proof.path("storageProof").path(i).path("proof")));
        }
        return new StateProof(header, nodes(proof.path("accountProof")), storage);
    }

    private static List<byte[]> nodes(JsonNode list) {
        if (!list.isArray() || list.size() > StateProof.MOST_NODES) {
            throw NodeValue.malformed("eth_getProof");
        }
        List<byte[]> nodes = new ArrayList<>();
        list.forEach(node -> nodes.add(NodeValue.bytes("eth_getProof", node.textValue())));
        return nodes;
    }

    private static @Nullable String text(JsonNode object, String member) {
        return object.path(member).textValue();
    }

    @Override
    public void close() {
        service.close();
    }
}
