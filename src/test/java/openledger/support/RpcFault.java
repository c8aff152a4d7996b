package openledger.support;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import openledger.commitment.evm.Keccak256;
import openledger.support.RpcFaultProxy.Passage;
import org.jspecify.annotations.Nullable;

/** Something that a node, or the way to it, may do to us. */
public interface RpcFault {
    String SEND = "eth_sendRawTransaction";
    String SEND_SYNC = "eth_sendRawTransactionSync";
    String RECEIPT = "eth_getTransactionReceipt";

    /** Whether a question meets it. */
    boolean concerns(JsonObject question);

    /** What becomes of the question. */
    void befall(JsonObject question, Passage passage);

    /** A fault of these methods. */
    static RpcFault of(Set<String> methods, Happening happening) {
        return new RpcFault() {
            @Override
            public boolean concerns(JsonObject question) {
                return methods.contains(question.getString("method"));
            }

            @Override
            public void befall(JsonObject question, Passage passage) {
                happening.befall(passage);
            }
        };
    }

    /** What happens. */
    interface Happening {
        void befall(Passage passage);
    }

    /** Never answers, and never asks the node. */
    static RpcFault silent(String method) {
        return of(Set.of(method), passage -> {});
    }

    /** Hangs up without asking the node. */
    static RpcFault dropped(String method) {
        return of(Set.of(method), Passage::hangUp);
    }

    /** Answers late. */
    static RpcFault delayed(String method, Duration by) {
        return of(Set.of(method), passage -> passage.after(by.toMillis(), () -> passage.ask(passage::answer)));
    }

    /** Answers with an error, without asking the node. */
    static RpcFault refused(String method, int code, String message) {
        return of(Set.of(method), passage -> passage.error(code, message));
    }

    /** The node gets the transaction, but the answer is lost on the way back. */
    static RpcFault answerLost() {
        return of(Set.of(SEND, SEND_SYNC), passage -> passage.ask(lost -> passage.hangUp()));
    }

    /** The node gets the transaction, and who sent it is told something else. */
    static RpcFault refusedThoughTaken(int code, String message) {
        return of(Set.of(SEND, SEND_SYNC), passage -> passage.ask(lost -> passage.error(code, message)));
    }

    /** The node does not know EIP-7966. */
    static RpcFault noSyncSend() {
        return refused(SEND_SYNC, -32601, "Method not found");
    }

    /** EIP-7966: it was taken, but no block has it yet. */
    static RpcFault notInTime() {
        return of(
                Set.of(SEND_SYNC),
                passage -> passage.ask(
                        plain(passage),
                        taken -> passage.error(4, "The transaction was added but not processed in time")));
    }

    /** EIP-7966: it was not taken, because it is not ready. */
    static RpcFault notReady() {
        return refused(SEND_SYNC, 5, "The transaction is not ready");
    }

    /** Events are told for so many blocks at most. */
    static RpcFault logRangesAbove(long blocks) {
        return new RpcFault() {
            @Override
            public boolean concerns(JsonObject question) {
                if (!"eth_getLogs".equals(question.getString("method"))) {
                    return false;
                }
                JsonObject filter = question.getJsonArray("params").getJsonObject(0);
                return Long.decode(filter.getString("toBlock")) - Long.decode(filter.getString("fromBlock")) + 1
                        > blocks;
            }

            @Override
            public void befall(JsonObject question, Passage passage) {
                passage.error(-32602, "query exceeds max block range " + blocks);
            }
        };
    }

    /** Gas suddenly costs {@code gwei}. */
    static RpcFault feeSpike(long gwei) {
        return of(
                Set.of("eth_feeHistory"),
                passage -> passage.ask(said -> {
                    JsonArray fees = said.getJsonObject("result").getJsonArray("baseFeePerGas");
                    for (int i = 0; i < fees.size(); i++) {
                        fees.set(i, "0x" + Long.toHexString(gwei * 1_000_000_000));
                    }
                    passage.answer(said);
                }));
    }

    /** Receipts have a fee for data on L1, as on an OP Stack chain. */
    static RpcFault l1Fee(long wei) {
        return of(
                Set.of(RECEIPT, SEND_SYNC),
                passage -> passage.ask(said -> {
                    if (said.getValue("result") instanceof JsonObject receipt) {
                        receipt.put("l1Fee", "0x" + Long.toHexString(wei));
                    }
                    passage.answer(said);
                }));
    }

    /** The chain has an oracle that says what data on L1 costs. */
    static RpcFault l1Oracle(long wei) {
        return new RpcFault() {
            @Override
            public boolean concerns(JsonObject question) {
                return "eth_call".equals(question.getString("method"))
                        && question.encode().contains("0x420000000000000000000000000000000000000f");
            }

            @Override
            public void befall(JsonObject question, Passage passage) {
                passage.result("0x" + String.format("%064x", wei));
            }
        };
    }

    /**
     * A chain with Flashblocks: a transaction gets a receipt of a block that is not canonical, and never will be. The node does not get
     * the transaction. After {@code times} questions the receipt has vanished.
     */
    static RpcFault preconfirmedAndDropped(int times) {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        AtomicInteger left = new AtomicInteger(times);
        // The block is named once: the chain goes on while the questions come.
        AtomicReference<@Nullable Long> block = new AtomicReference<>();
        return new RpcFault() {
            @Override
            public boolean concerns(JsonObject question) {
                String method = question.getString("method");
                return SEND_SYNC.equals(method)
                        || (RECEIPT.equals(method)
                                && seen.contains(question.getJsonArray("params").getString(0)));
            }

            @Override
            public void befall(JsonObject question, Passage passage) {
                String parameter = question.getJsonArray("params").getString(0);
                String transaction = SEND_SYNC.equals(question.getString("method")) ? hashOf(parameter) : parameter;
                seen.add(transaction);
                if (left.getAndDecrement() > 0) {
                    passage.ask(
                            new JsonObject()
                                    .put("jsonrpc", "2.0")
                                    .put("id", 1)
                                    .put("method", "eth_blockNumber")
                                    .put("params", new JsonArray()),
                            newest -> {
                                block.compareAndSet(null, Long.decode(newest.getString("result")) + 1);
                                passage.result(preconfirmed(transaction, Objects.requireNonNull(block.get())));
                            });
                } else {
                    passage.result(null);
                }
            }
        };
    }

    private static JsonObject preconfirmed(String transaction, long block) {
        return new JsonObject()
                .put("transactionHash", transaction)
                .put("blockNumber", "0x" + Long.toHexString(block))
                .put("blockHash", "0x" + "f1".repeat(32))
                .put("status", "0x1")
                .put("gasUsed", "0x5208")
                .put("effectiveGasPrice", "0x1")
                .put("logs", new JsonArray());
    }

    private static String hashOf(String raw) {
        byte[] bytes = HexFormat.of().parseHex(raw, 2, raw.length());
        return "0x" + HexFormat.of().formatHex(Keccak256.digest(bytes));
    }

    private static JsonObject plain(Passage passage) {
        return passage.question().copy().put("method", SEND);
    }
}
