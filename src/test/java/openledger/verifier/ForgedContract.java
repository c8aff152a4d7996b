package openledger.verifier;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import openledger.commitment.BatchHeader;
import openledger.commitment.evm.Keccak256;

/** Creation code of contracts that a forger would put on a chain, assembled by hand. */
final class ForgedContract {
    private static final String HEADER = BatchHeader.ABI_TYPE;
    private static final String VERIFY_LEAF = "verifyLeaf(" + HEADER + ",uint64,bytes,uint64,bytes32[])";
    private static final String BATCH_COMMITTED = "BatchCommitted(uint64,uint64,bytes32," + HEADER + ",uint64)";
    private static final int RECORDS_SLOT = 1;
    private static final int BUDGETS_SLOT = 3;

    private ForgedContract() {}

    /** A registry of the forger's own, which has one batch and says yes to everything about it. */
    static String yesSaying(String forger, BatchHeader header) {
        return creation(event(header) + record(header, "6000"), code(forger));
    }

    /**
     * A contract that answers each question of a verifier with what it wants to hear, and with the record of its one batch, which is
     * in its first slot.
     */
    private static String code(String forger) {
        String account = word(bare(forger));
        return assembled(
                new Answer(VERIFY_LEAF, words(1)),
                new Answer("routeOf(uint64,uint16)", words(0x0302, 1)),
                new Answer("laneOf(uint64)", account + words(0) + account + words(0) + account));
    }

    private record Answer(String function, String data) {}

    private static String assembled(Answer... answers) {
        int load = 6 + 11 * (answers.length + 1) + 1;
        int returns = load + 12;
        int at = returns + 16 * answers.length;
        // The function's selector, on the stack.
        StringBuilder code = new StringBuilder("60003560e01c");
        for (int i = 0; i < answers.length; i++) {
            code.append(jump(answers[i].function, returns + 16 * i));
        }
        code.append(jump("batchRecord(uint64,uint64)", load));
        code.append("00"); // anything else: nothing
        code.append("5b60005460005260206000f3"); // give it back
        StringBuilder data = new StringBuilder();
        for (Answer answer : answers) {
            int length = answer.data.length() / 2;
            code.append("5b61").append(u16(length)).append("61").append(u16(at + data.length() / 2));
            code.append("60003961").append(u16(length)).append("6000f3");
            data.append(answer.data);
        }
        return code.append(data).toString();
    }

    private static String jump(String function, int to) {
        String selector =
                HexFormat.of().formatHex(Keccak256.digest(function.getBytes(StandardCharsets.US_ASCII)), 0, 4);
        return "8063" + selector + "1461" + u16(to) + "57";
    }

    /** Creation code that does something and leaves this code behind. */
    private static String creation(String before, String code) {
        int from = before.length() / 2 + 13;
        return "0x" + before + "61" + u16(code.length() / 2) + "8061" + u16(from) + "6000396000f3" + code;
    }

    /** Creation code that writes the record of a batch and a budget into storage, and leaves the registry's code behind. */
    static String poisoned(BatchHeader header) throws IOException {
        String lane = word(Long.toHexString(header.lane().value()));
        String batch = slot(word("1"), slot(lane, word(Integer.toHexString(RECORDS_SLOT))));
        String budget =
                "61" + "0302" + "7f" + slot(word("1"), slot(lane, word(Integer.toHexString(BUDGETS_SLOT)))) + "55";
        String code = new JsonObject(Files.readString(Path.of("contracts/artifacts/RoutingBatchRegistry.json")))
                .getString("deployedBytecode");
        return creation(event(header) + record(header, "7f" + batch) + budget, bare(code));
    }

    /** Keeps the record of a batch that is committed in this very block. */
    private static String record(BatchHeader header, String pushedSlot) {
        return "7f" + bare(header.head().toString()) + "600052" // its head
                + "42602052" // the time of this block
                + "60406000" + "20" // their hash
                + pushedSlot + "55";
    }

    /** The registry's event of a batch. */
    private static String event(BatchHeader header) {
        return "7f" + bare(header.head().toString())
                + "7f" + words(header.sequence())
                + "7f" + words(header.lane().value())
                + "7f" + HexFormat.of().formatHex(Keccak256.digest(BATCH_COMMITTED.getBytes(StandardCharsets.US_ASCII)))
                + "60006000a4";
    }

    /** Where a mapping keeps the value of a key. */
    private static String slot(String key, String mapping) {
        return HexFormat.of().formatHex(Keccak256.digest(HexFormat.of().parseHex(key + mapping)));
    }

    private static String words(long... values) {
        StringBuilder words = new StringBuilder();
        for (long value : values) {
            words.append(word(Long.toHexString(value)));
        }
        return words.toString();
    }

    private static String word(String hex) {
        return "0".repeat(64 - hex.length()) + hex;
    }

    private static String u16(int value) {
        return "%04x".formatted(value);
    }

    private static String bare(String hex) {
        return hex.substring(2);
    }
}
