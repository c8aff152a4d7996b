package openledger.http.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import openledger.cli.VerifyCommand;
import openledger.commitment.SignedPromise;
import openledger.commitment.verify.ChainEvidence;
import openledger.commitment.verify.NodeTestimony;
import openledger.commitment.verify.Receipt;
import openledger.commitment.verify.ReceiptVerification;
import openledger.commitment.verify.ReceiptVerification.Check;
import openledger.commitment.verify.ReceiptVerification.Finding.Failed;
import openledger.commitment.verify.ReceiptVerification.Finding.Misroute;
import openledger.commitment.verify.ReceiptVerification.Finding.Passed;
import openledger.commitment.verify.ReceiptVerification.Finding.Skipped;
import openledger.commitment.verify.ReceiptVerification.Finding.Unchecked;
import openledger.commitment.verify.ReceiptVerification.Own;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.commitment.verify.ReceiptVerification.Subject;
import openledger.http.ChainUnderTest;
import openledger.support.ChangedMembers;
import openledger.support.ChangedMembers.Changed;
import openledger.verifier.ReceiptReader;
import openledger.verifier.UnreadableReceipt;
import picocli.CommandLine;

/**
 * A folder of receipts, true ones and changed ones, each with what {@code openledger verify} says of it beside it: the page has to say
 * the same. Long because a receipt has many members.
 */
final class PageReceipts {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String LANE = Long.toString(ChainUnderTest.LANE.value());

    private final Path folder;
    private final URI node;
    private final List<String> silent = new ArrayList<>();

    PageReceipts(Path folder, URI node) {
        this.folder = folder;
        this.node = node;
    }

    /** Changes of members that the command has called verified without a word about them. */
    List<String> silent() {
        return List.copyOf(silent);
    }

    /** Adds a receipt as it is. */
    void genuine(String name, String receipt) throws IOException {
        add(name, receipt);
    }

    /** Adds copies of a receipt, each with something changed. */
    void forged(String receipt) throws IOException {
        changed("leaf", receipt, root -> flip(root, "leaf", 64 + 2 * 60));
        changed("leaf's form", receipt, root -> flip(root, "leaf", 2 * 33));
        changed("answer in the leaf", receipt, root -> flip(root, "leaf", 2 * 81));
        changed("attempts in the leaf", receipt, root -> flip(root, "leaf", 2 * 39));
        changed("index", receipt, root -> add(root, "/proof", "index", -1));
        changed("size", receipt, root -> add(root, "/proof", "size", 1));
        changed("neighbour", receipt, root -> {
            ArrayNode path = (ArrayNode) root.at("/proof/path");
            path.set(0, flipped(path.get(0).asText(), 5));
        });
        changed("time of the header", receipt, root -> add(root, "/batch", "last_ms", 1));
        changed("batch of another number", receipt, root -> add(root, "/batch", "sequence", 1000));
        changed("another chain", receipt, root -> add(root, "/batch", "chain_id", 1));
        changed("another registry", receipt, root -> flip((ObjectNode) root.at("/batch"), "registry", 5));
        changed("another lane", receipt, root -> add(root, "/batch", "lane", 1));
        changed("time of the commit", receipt, root -> add(root, "/batch", "committed_at", -1));
        changed("root", receipt, root -> flip((ObjectNode) root.at("/batch"), "root", 5));
        changed("salt", receipt, root -> flip((ObjectNode) root.at("/commitment"), "salt", 5));
        changed("digest", receipt, root -> flip((ObjectNode) root.at("/commitment"), "digest", 5));
        changed("answer", receipt, root -> flip((ObjectNode) root.at("/commitment"), "response_sha256", 5));
        changed(
                "names of calls",
                receipt,
                root -> ((ArrayNode) root.at("/commitment/upstream_request_ids")).add("one"));
        changed("another request", receipt, root -> flip(root, "request", 31));
        changed("transaction", receipt, root -> flip((ObjectNode) root.at("/transaction"), "hash", 5));
        changed("block", receipt, root -> flip((ObjectNode) root.at("/transaction"), "block_hash", 5));
        changed("no transaction", receipt, root -> root.remove("transaction"));
        changed("status of the record", receipt, root -> root.put("status", "FELL_BACK"));
        changed("attempts of the record", receipt, root -> root.put("attempts", 1));
        changed("attribution of the record", receipt, root -> root.put("attribution", "SLOW"));
        changed("reason in the record", receipt, root -> root.remove("fallback_reason"));
        changed(
                "mode of the record",
                receipt,
                root -> root.put("mode", "confirmed").put("gate", "response"));
        changed("released in the record", receipt, root -> root.put("released", true));
        changed("resends of the record", receipt, root -> root.put("resends", 3));
        changed("route of the record", receipt, root -> add(root, "", "route_id", 1));
        changed("a record that is no word", receipt, root -> root.put("attempts", "two"));
        changed("no record", receipt, root -> root.remove("status"));
        changed("no salt", receipt, root -> ((ObjectNode) root.at("/commitment")).remove("salt"));
        changed("route that is another", receipt, root -> root.put("route", "another"));
        changed("target that is another", receipt, root -> root.put("target", "another/model"));
        changed("unknown member", receipt, root -> root.put("surprise\u001b", 1));
        changed("a level that is none", receipt, root -> root.put("level", "CERTAIN"));
        changed("no leaf", receipt, root -> root.remove("leaf"));
    }

    /** The same of what is about a plan. */
    void forgedPlan(String receipt) throws IOException {
        changed("no plan", receipt, root -> root.remove("planned"));
        changed("plan", receipt, root -> flip((ObjectNode) root.at("/planned"), "leaf", 2 * 65));
        changed("sequence of the plan", receipt, root -> add(root, "/planned/batch", "sequence", 1000));
        changed("plan as the outcome", receipt, root -> root.set("leaf", root.at("/planned/leaf")));
        changed(
                "outcome as the plan",
                receipt,
                root -> ((ObjectNode) root.at("/planned")).set("leaf", root.get("leaf")));
        changed("only the plan", receipt, root -> root.remove("batch"));
    }

    /** The receipt as it is while its plan is in a batch and its end is not. */
    static String ofPlan(String receipt) throws IOException {
        ObjectNode root = (ObjectNode) JSON.readTree(receipt);
        root.remove(List.of("leaf", "proof", "batch", "transaction", "history", "urls", "followed_plan"));
        return root.put("level", "RECORDED").toString();
    }

    /** The same of what is about a promise. */
    void forgedPromise(String receipt) throws IOException {
        changed("promised time", receipt, root -> add(root, "/promise", "anchor_by", 1));
        changed("promised too late", receipt, root -> ((ObjectNode) root.at("/promise")).put("anchor_by", 1));
        changed("promised leaf", receipt, root -> flip((ObjectNode) root.at("/promise"), "leaf_hash", 9));
        changed("signature", receipt, root -> flip((ObjectNode) root.at("/promise"), "signature", 20));
        changed("signature's last byte", receipt, root -> flip((ObjectNode) root.at("/promise"), "signature", 131));
    }

    /** The same of what is about a signed head. */
    void forgedHead(String receipt) throws IOException {
        changed("no signed head", receipt, root -> ((ObjectNode) root.at("/batch")).remove("signed_head"));
        changed("head's signature", receipt, root -> flip(signedHead(root), "signature", 20));
        changed("head's signature's last byte", receipt, root -> flip(signedHead(root), "signature", 131));
        changed("head's signer", receipt, root -> flip(signedHead(root), "signer", 5));
        changed("head's signer that is none", receipt, root -> signedHead(root).put("signer", "0x"));
        changed("head that is another", receipt, root -> flip((ObjectNode) root.at("/batch"), "previous_head", 5));
    }

    private static ObjectNode signedHead(ObjectNode root) {
        return (ObjectNode) root.at("/batch/signed_head");
    }

    /** Adds what the command finds of a promise, for every answer about its key that a registry can give, to {@code keys.jsonl}. */
    void keys(String receipt) throws IOException, UnreadableReceipt {
        Receipt read = ReceiptReader.read(receipt.getBytes(StandardCharsets.UTF_8));
        SignedPromise promised = read.promised().orElseThrow();
        long signedAt = promised.promise().signedAt();
        StringBuilder kept = new StringBuilder();
        for (long until : new long[] {0, signedAt - 1, signedAt, signedAt + 1, ChainEvidence.NOT_RETIRED}) {
            ChainEvidence none = ChainEvidence.none("it was not queried.");
            ChainEvidence evidence = new ChainEvidence(
                    none.chainId(),
                    none.registryCode(),
                    none.batchRecord(),
                    none.transaction(),
                    none.committed(),
                    none.canonical(),
                    none.tags(),
                    none.leafVerified(),
                    none.upTo(),
                    none.policies(),
                    none.laneOwner(),
                    new NodeTestimony.Said<>(until),
                    new NodeTestimony.Said<>(Optional.of(promised.signer())));
            ReceiptVerification found = ReceiptVerification.of(read, evidence, Pins.NONE, Own.NOTHING);
            kept.append(JSON.createObjectNode()
                            .put("receipt", receipt)
                            .put("signs", until == ChainEvidence.NOT_RETIRED)
                            .put("until", until)
                            .put("expected", promise(found.checks())))
                    .append('\n');
        }
        Files.writeString(folder.resolve("keys.jsonl"), kept);
    }

    private static String promise(List<Check> checks) {
        return checks.stream()
                .filter(check -> check.subject() == Subject.PROMISE)
                .map(check -> switch (check.finding()) {
                    case Passed(var what) -> "PASSED " + what;
                    case Failed(var why) -> "FAILED " + why;
                    case Misroute(var why) -> "MISROUTE " + why;
                    case Unchecked(var why) -> "UNCHECKED " + why;
                    case Skipped(var why) -> "SKIPPED " + why;
                })
                .collect(Collectors.joining());
    }

    /**
     * Adds every change of every member of a receipt, to {@code members.jsonl}: what the command says of each has to be anything but a
     * silent yes.
     */
    void eachMember(String kind, String receipt) throws IOException {
        List<Changed> all = ChangedMembers.of(receipt);
        Path changed = Files.createDirectories(folder.resolve("members"));
        for (int i = 0; i < all.size(); i++) {
            Files.writeString(
                    changed.resolve("r%05d.json".formatted(i)), all.get(i).receipt());
        }
        StringWriter out = new StringWriter();
        command(out, "--json", changed.toString());
        List<String> lines = out.toString().lines().toList();
        assertThat(lines).hasSize(all.size() + 1);
        StringBuilder kept = new StringBuilder();
        for (int i = 0; i < all.size(); i++) {
            Changed one = all.get(i);
            ObjectNode said = (ObjectNode) JSON.readTree(lines.get(i));
            if (one.betrays(said)) {
                silent.add(kind + ": " + one.name());
            }
            Files.delete(changed.resolve("r%05d.json".formatted(i)));
            ObjectNode both = JSON.createObjectNode();
            both.put("name", kind + ": " + one.name())
                    .put("receipt", one.receipt())
                    .set("expected", said);
            kept.append(both).append('\n');
        }
        Files.writeString(folder.resolve("members.jsonl"), kept, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void changed(String name, String receipt, Consumer<ObjectNode> change) throws IOException {
        ObjectNode root = (ObjectNode) JSON.readTree(receipt);
        change.accept(root);
        add("changed: " + name, root.toString());
    }

    private void add(String name, String receipt) throws IOException {
        Path file = Files.writeString(folder.resolve("receipt.json"), receipt);
        StringWriter out = new StringWriter();
        int code = command(out, "--json", file.toString());
        StringWriter printed = new StringWriter();
        command(printed, file.toString());
        ObjectNode both = JSON.createObjectNode();
        both.put("name", name).put("receipt", receipt).set("expected", JSON.readTree(out.toString()));
        both.put("code", code).put("line", out.toString()).put("printed", printed.toString());
        Files.writeString(
                folder.resolve("receipts.jsonl"), both + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        Files.delete(file);
    }

    private int command(StringWriter out, String... arguments) {
        return new CommandLine(new VerifyCommand())
                .setOut(new PrintWriter(out))
                .execute(Stream.concat(Stream.of("--rpc", node.toString(), "--lane", LANE), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    /** Adds what an answer promised, for whoever kept the body. */
    void promised(String name, String body, String nonce, Response answer) throws IOException {
        ObjectNode promise = JSON.createObjectNode()
                .put("name", name)
                .put("body", body)
                .put("nonce", nonce)
                .put("header", answer.header("openledger-promise"));
        Files.writeString(
                folder.resolve("promises.jsonl"), promise + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static void add(ObjectNode root, String object, String member, int more) {
        ObjectNode place = (ObjectNode) root.at(object);
        place.put(member, place.get(member).asLong() + more);
    }

    private static void flip(ObjectNode object, String member, int digit) {
        object.put(member, flipped(object.get(member).asText(), digit));
    }

    private static String flipped(String hex, int digit) {
        int at = Math.min(hex.startsWith("0x") ? digit + 2 : digit, hex.length() - 1);
        return hex.substring(0, at) + (hex.charAt(at) == '1' ? '2' : '1') + hex.substring(at + 1);
    }
}
