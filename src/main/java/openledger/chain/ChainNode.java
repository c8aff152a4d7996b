package openledger.chain;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import openledger.chain.rpc.NodeAnswers.OfBlock;
import openledger.chain.rpc.NodeAnswers.OfFees;
import openledger.chain.rpc.NodeAnswers.OfReceipt;
import openledger.chain.rpc.NodeAnswers.OfTransaction;
import openledger.chain.rpc.NodeAnswers.OfTree;
import openledger.chain.rpc.NodeAnswers.Text;
import openledger.chain.rpc.NodeValue;
import openledger.chain.rpc.RpcFailover.Silence;
import openledger.chain.rpc.RpcFailure;
import openledger.chain.rpc.VertxWeb3jService;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.Wei;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;

/** The queries that are sent to a node. A failed transfer is a {@link LedgerUnavailable}; a node's "no" is an answer. */
public final class ChainNode {
    private static final double MEDIAN = 50;
    private static final int HEX = 16;
    /** More coins than anything costs, and so few that their sum fits a word. */
    private static final String RICH = "0x1" + "0".repeat(24);

    private final VertxWeb3jService service;

    public ChainNode(VertxWeb3jService service) {
        this.service = service;
    }

    /** Asks one thing. */
    public <T extends Response<?>> Uni<T> ask(Request<?, T> question) {
        return readable(service.send(question, question.getResponseType()));
    }

    /** Asks one thing that the node answers when the chain has come so far. */
    public <T extends Response<?>> Uni<T> askPatiently(Request<?, T> question, Duration longest) {
        return readable(service.send(question, question.getResponseType(), longest, Silence.IS_EXPECTED));
    }

    /** Asks several things in one trip; answers come in the order of the questions. */
    public Uni<Answers> askAll(List<Request<?, ? extends Response<?>>> questions) {
        return readable(service.sendBatch(questions).map(Answers::new));
    }

    /** Runs a step that reads answers: what is malformed there is the node's failure too. */
    public static <T> Uni<T> readable(Uni<T> answers) {
        return answers.onFailure(RpcFailure.class)
                .transform(why -> new LedgerUnavailable(String.valueOf(why.getMessage())));
    }

    /** Which block a question is about. */
    public sealed interface At {
        /** The newest block, or the newest of a tag; never {@code pending}. */
        record Tag(String name) implements At {}

        /** Exactly this block, as long as it is canonical (EIP-1898). */
        record Block(Hash32 hash) implements At {}

        Tag LATEST = new Tag("latest");
        Tag SAFE = new Tag("safe");
        Tag FINALIZED = new Tag("finalized");
    }

    public static Request<?, Text> chainId() {
        return new Request<>("eth_chainId", List.of(), null, Text.class);
    }

    public static Request<?, OfBlock> block(At.Tag tag) {
        return new Request<>("eth_getBlockByNumber", List.of(tag.name(), false), null, OfBlock.class);
    }

    public static Request<?, OfBlock> block(long number) {
        return new Request<>("eth_getBlockByNumber", List.of(NodeValue.hex(number), false), null, OfBlock.class);
    }

    public static Request<?, OfBlock> block(Hash32 hash) {
        return new Request<>("eth_getBlockByHash", List.of(hash.toString(), false), null, OfBlock.class);
    }

    public static Request<?, Text> call(Address to, byte[] data, At at) {
        Map<String, String> transaction = Map.of("to", NodeValue.hex(to), "data", NodeValue.hex(data));
        return new Request<>("eth_call", List.of(transaction, parameter(at)), null, Text.class);
    }

    /**
     * A call by somebody with coins, who need not have them.
     *
     * @param value that goes with it
     */
    public static Request<?, Text> call(Address from, Address to, byte[] data, Wei value, At at) {
        List<Object> parameters = new ArrayList<>(List.of(transaction(from, to, data, value), parameter(at)));
        if (value.value().signum() > 0) {
            parameters.add(Map.of(NodeValue.hex(from), Map.of("balance", RICH)));
        }
        return new Request<>("eth_call", parameters, null, Text.class);
    }

    /** What a transaction would take, from a node that tries it at its newest block. */
    public static Request<?, Text> estimate(Address from, Address to, byte[] data, Wei value) {
        return new Request<>("eth_estimateGas", List.of(transaction(from, to, data, value)), null, Text.class);
    }

    /**
     * Events of a contract.
     *
     * @param topics what each of an event's topics may be, from the first; nothing means anything
     * @param from first block
     * @param to last block
     */
    public static Request<?, OfTree> logs(Address contract, List<List<Hash32>> topics, long from, long to) {
        List<@Nullable List<String>> wanted = new ArrayList<>();
        for (List<Hash32> topic : topics) {
            wanted.add(
                    topic.isEmpty()
                            ? null
                            : topic.stream().map(Hash32::toString).toList());
        }
        Map<String, Object> filter = Map.of(
                "address",
                NodeValue.hex(contract),
                "topics",
                wanted,
                "fromBlock",
                NodeValue.hex(from),
                "toBlock",
                NodeValue.hex(to));
        return new Request<>("eth_getLogs", List.of(filter), null, OfTree.class);
    }

    /** A transaction with its call data, or none. */
    public static Request<?, OfTree> fullTransaction(Hash32 transaction) {
        return new Request<>("eth_getTransactionByHash", List.of(transaction.toString()), null, OfTree.class);
    }

    private static Map<String, String> transaction(Address from, Address to, byte[] data, Wei value) {
        return Map.of(
                "from",
                NodeValue.hex(from),
                "to",
                NodeValue.hex(to),
                "data",
                NodeValue.hex(data),
                "value",
                "0x" + value.value().toString(HEX));
    }

    public static Request<?, Text> code(Address account, At at) {
        return new Request<>("eth_getCode", List.of(NodeValue.hex(account), parameter(at)), null, Text.class);
    }

    /** The coins of an account, at the newest block. */
    public static Request<?, Text> balance(Address account) {
        return new Request<>("eth_getBalance", List.of(NodeValue.hex(account), "latest"), null, Text.class);
    }

    public static Request<?, Text> nonce(Address account, At at) {
        return new Request<>(
                "eth_getTransactionCount", List.of(NodeValue.hex(account), parameter(at)), null, Text.class);
    }

    public static Request<?, OfReceipt> receipt(Hash32 transaction) {
        return new Request<>("eth_getTransactionReceipt", List.of(transaction.toString()), null, OfReceipt.class);
    }

    public static Request<?, OfTransaction> transaction(Hash32 transaction) {
        return new Request<>("eth_getTransactionByHash", List.of(transaction.toString()), null, OfTransaction.class);
    }

    public static Request<?, OfFees> feeHistory(int blocks) {
        return new Request<>(
                "eth_feeHistory", List.of(NodeValue.hex(blocks), "latest", List.of(MEDIAN)), null, OfFees.class);
    }

    public static Request<?, Text> send(byte[] raw) {
        return new Request<>("eth_sendRawTransaction", List.of(NodeValue.hex(raw)), null, Text.class);
    }

    /** EIP-7966, without its optional time-out: nodes do not agree how it is encoded. */
    public static Request<?, OfReceipt> sendSync(byte[] raw) {
        return new Request<>("eth_sendRawTransactionSync", List.of(NodeValue.hex(raw)), null, OfReceipt.class);
    }

    private static Object parameter(At at) {
        return switch (at) {
            case At.Tag(var name) -> name;
            case At.Block(var hash) -> Map.of("blockHash", hash.toString(), "requireCanonical", true);
        };
    }

    /** Answers of a trip. */
    public record Answers(List<? extends Response<?>> all) {
        public <T extends Response<?>> T at(int index, Class<T> type) {
            return type.cast(all.get(index));
        }

        public Text text(int index) {
            return at(index, Text.class);
        }
    }
}
