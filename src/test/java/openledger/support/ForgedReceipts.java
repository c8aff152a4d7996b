package openledger.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import openledger.demo.ChildProcess;
import openledger.support.OtherVerifiers.Said;

/** Copies of a genuine receipt, each with something changed: all have to be refuted, for the reason that fits, in every language. */
public final class ForgedReceipts {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final List<String> pins;
    private final ShownThings shown;
    private final OtherVerifiers others;

    public ForgedReceipts(Path folder, List<String> pins, ShownThings shown, OtherVerifiers others) {
        this.folder = folder;
        this.pins = pins;
        this.shown = shown;
        this.others = others;
    }

    public void run(Path genuine) throws IOException, InterruptedException {
        String text = Files.readString(genuine);
        forged("leaf", text, root -> root.put("leaf", flipped(root.get("leaf").asText())), "PROOF");
        forged("index", text, root -> add(root, "/proof", "index"), "PROOF");
        forged("sibling", text, ForgedReceipts::sibling, "PROOF");
        forged("status", text, root -> root.put("status", "FELL_BACK"), "STORY");
        forged("target", text, root -> root.put("target", "another/model"), "NAMES");
        forged("header-member", text, root -> add(root, "/batch", "last_ms"), "HEADER");
        forged("head-signature", text, ForgedReceipts::headSignature, "SIGNED_HEAD");
        forged("head-signer", text, ForgedReceipts::headSigner, "SIGNED_HEAD");
        pinned("lane", genuine, "--lane", "2", "LANE");
        pinned("chain", genuine, "--chain-id", "10", "CHAIN");
    }

    private void forged(String what, String text, Consumer<ObjectNode> change, String subject)
            throws IOException, InterruptedException {
        ObjectNode root = (ObjectNode) JSON.readTree(text);
        change.accept(root);
        Path file = Files.writeString(folder.resolve("forged-" + what + ".json"), root.toString());
        refuted("changed " + what, what, file, pins, subject);
    }

    private void pinned(String what, Path genuine, String option, String value, String subject)
            throws IOException, InterruptedException {
        List<String> other = new ArrayList<>(pins);
        other.set(other.indexOf(option) + 1, value);
        refuted("another " + what + " insisted on", what, genuine, other, subject);
    }

    private void refuted(String title, String what, Path file, List<String> options, String subject)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(options);
        all.add("--json");
        ChildProcess verify = VerifyRun.start("verify-" + what, folder, file, all);
        shown.expect(title + ": exit code", 1, verify.awaitEnd(LIMIT));
        JsonNode said = JSON.readTree(verify.lines().getLast());
        for (Said other : others.verify(what, file, all)) {
            shown.expect(title + ": exit code in " + other.language(), 1, other.code());
            shown.expect(
                    title + ": the same words in " + other.language(),
                    "true",
                    Boolean.toString(said.equals(JSON.readTree(other.lines().getLast()))));
        }
        // A changed octet of a leaf may contradict the record beside it as well.
        JsonNode reason = StreamSupport.stream(said.path("checks").spliterator(), false)
                .filter(check -> "FAILED".equals(check.path("finding").asText()))
                .filter(check -> subject.equals(check.path("subject").asText()))
                .findFirst()
                .orElse(said);
        shown.expect(title + ": a reason", subject, reason.path("subject").asText());
        shown.note(
                "", reason.path("title").asText() + ": " + reason.path("text").asText());
    }

    private static void add(ObjectNode root, String object, String member) {
        ObjectNode place = (ObjectNode) root.at(object);
        place.put(member, place.get(member).asLong() + 1);
    }

    private static void sibling(ObjectNode root) {
        ArrayNode path = (ArrayNode) root.at("/proof/path");
        path.set(0, flipped(path.get(0).asText()));
    }

    private static void headSignature(ObjectNode root) {
        ObjectNode signed = (ObjectNode) root.at("/batch/signed_head");
        signed.put("signature", flipped(signed.get("signature").asText()));
    }

    private static void headSigner(ObjectNode root) {
        ObjectNode signed = (ObjectNode) root.at("/batch/signed_head");
        signed.put("signer", flipped(signed.get("signer").asText()));
    }

    /** In the middle, which in a leaf is the time that all of it took. */
    private static String flipped(String hex) {
        int at = hex.length() * 5 / 8 + 4;
        return hex.substring(0, at) + (hex.charAt(at) == '0' ? '1' : '0') + hex.substring(at + 1);
    }
}
