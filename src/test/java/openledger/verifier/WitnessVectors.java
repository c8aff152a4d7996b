package openledger.verifier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.LogHasher;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;
import openledger.commitment.log.SignedNote;
import openledger.unit.Hash32;

/**
 * Recorded receipts with the cosignatures of witnesses beside them, good ones and bad ones, and with which exit code {@code openledger verify}
 * has to end. The same every time. Long because it is the list.
 */
final class WitnessVectors {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MARK = "@@@";
    private static final int EXHAUSTED = 2;
    private static final int GATE_RESPONSE = 3;
    private static final int GATE_DISPATCH = 4;

    private final JsonNode recorded;
    private final LogHasher hasher = new LogHasher();
    private final List<Case> all = new ArrayList<>();
    /** The log two leaves after the batch of the receipt, and the way of that one's leaf to it. */
    private final Hash32 laterRoot;

    private final List<Hash32> laterPath;

    /**
     * A receipt, and what is asked of it.
     *
     * @param of the recorded receipt that it comes from
     * @param template its text, but for {@code @@@}
     * @param repeated a text of which {@code times} stand there
     * @param pinned the key of the log is named
     * @param witnesses which of {@link CosignedLog#WITNESSES} are named
     * @param quorum 0 for all
     */
    record Case(
            String name,
            int of,
            String template,
            String repeated,
            int times,
            boolean pinned,
            List<Integer> witnesses,
            int quorum,
            int code) {
        String receipt() {
            return times == 0 ? template : template.replace(MARK, repeated.repeat(times));
        }

        List<String> options() {
            List<String> options = new ArrayList<>();
            if (pinned) {
                Collections.addAll(options, "--log-key", CosignedLog.LOG.key().toString());
            }
            witnesses.forEach(each -> Collections.addAll(
                    options, "--witness", CosignedLog.WITNESSES.get(each).key().toString()));
            if (quorum > 0) {
                Collections.addAll(options, "--witness-quorum", Integer.toString(quorum));
            }
            return options;
        }
    }

    private WitnessVectors(JsonNode recorded) throws IOException {
        this.recorded = recorded;
        JsonNode before = json(EXHAUSTED);
        JsonNode later = json(GATE_RESPONSE);
        laterRoot = Hash32.parse(later.at("/batch/root").asText());
        laterPath = List.of(
                entry(json(GATE_DISPATCH).at("/planned/leaf")),
                Hash32.parse(before.at("/proof/path/0").asText()),
                Hash32.parse(before.at("/proof/path/1").asText()),
                entry(later.at("/leaf")));
    }

    static List<Case> of(JsonNode recorded) throws IOException {
        WitnessVectors vectors = new WitnessVectors(recorded);
        vectors.counted();
        vectors.forged();
        vectors.ofAnotherLog();
        vectors.malformed();
        vectors.ofAPlan();
        return vectors.all;
    }

    /** Who has signed, who is asked for, and what the router says of it. */
    private void counted() throws IOException {
        add("two of three", later(0, 1), 0);
        add("all of three", true, later(0, 1, 2), List.of(0, 1, 2), 0, 0);
        add("of the batch's own size", true, CosignedLog.member(json(EXHAUSTED), 0, 2), List.of(0, 1, 2), 2, 0);
        add("no key of the log", false, later(0, 1), List.of(0, 1, 2), 2, 2);
        add("nobody named", false, later(0, 1), List.of(), 0, 0);
        add("one of two", later(1), 2);
        add("one of two, all wanted", true, later(0), List.of(0, 1), 0, 2);
        add("another than the named", true, later(2), List.of(0, 1), 1, 2);
        add("met, says the router, and nobody has signed", later(), 2);
        add(
                "not met, says the router, and all have signed",
                later(0, 1, 2).put("met", false).put("quorum", 9),
                0);
        add("not covered yet", JSON.createObjectNode().put("quorum", 2).put("met", false), 2);
        add(
                "nobody named, not covered yet",
                false,
                JSON.createObjectNode().put("quorum", 2).put("met", false),
                List.of(),
                0,
                0);
        all.add(new Case("no member", EXHAUSTED, text(EXHAUSTED), "", 0, true, List.of(0, 1, 2), 2, 2));
        SignedNote twice = CosignedLog.note(9, laterRoot, 1)
                .with(CosignedLog.WITNESSES
                        .get(0)
                        .sign(CosignedLog.note(9, laterRoot).text(), CosignedLog.SECONDS + 7))
                .with(CosignedLog.WITNESSES
                        .get(0)
                        .sign(CosignedLog.note(9, laterRoot).text(), CosignedLog.SECONDS - 7));
        add("twice by one, who counts once", true, member(twice), List.of(0, 1), 2, 0);
        add("twice by one, and not by the other", true, member(ForgedNote.without(twice, 1)), List.of(0, 1), 2, 2);
        add("at the first second", true, member(at(0)), List.of(0), 1, 0);
        add("at the last date", true, member(at(253_402_300_799L)), List.of(0), 1, 0);
        add("later than any date", true, member(at(253_402_300_800L)), List.of(0), 1, 0);
        add("at the largest time", true, member(at(Long.MAX_VALUE)), List.of(0), 1, 0);
        add("at a time below zero", true, member(at(-1)), List.of(0), 1, 1);
    }

    private void forged() throws IOException {
        SignedNote genuine = CosignedLog.note(9, laterRoot, 0, 1);
        String other = CosignedLog.note(8, laterRoot).text();
        SignedNote forged =
                ForgedNote.without(genuine, 2).with(CosignedLog.WITNESSES.get(1).sign(other, CosignedLog.SECONDS));
        add("a forged cosignature", member(forged), 1);
        add("a forged cosignature of nobody who was named", true, member(forged), List.of(0), 1, 0);
        add("a forged cosignature, nobody named", false, member(forged), List.of(), 0, 0);
        add(
                "a forged cosignature behind a true one",
                member(genuine.with(forged.signatures().getLast())),
                1);
        add("another time", member(ForgedNote.changed(genuine, 1, raw -> raw[11]++)), 1);
        add("another signature", member(ForgedNote.changed(genuine, 1, raw -> raw[20]++)), 1);
        add("another s", member(ForgedNote.changed(genuine, 1, raw -> raw[50]++)), 1);
        add("s and the order of the group", member(ForgedNote.changed(genuine, 1, ForgedNote::addOrder)), 1);
        add(
                "a point that is none",
                member(ForgedNote.changed(genuine, 1, raw -> Arrays.fill(raw, 12, 44, (byte) 0xff))),
                1);
        add("a signature that is cut off", member(ForgedNote.cut(genuine)), 1);
        List<Hash32> path = new ArrayList<>(laterPath);
        path.set(1, Hash32.ZERO);
        add("another inclusion", CosignedLog.member(genuine.toString(), path), 1);
        add("a shorter inclusion", CosignedLog.member(genuine.toString(), laterPath.subList(0, 3)), 1);
        add("a longer inclusion", CosignedLog.member(genuine.toString(), joined(laterPath, List.of(Hash32.ZERO))), 1);
        add(
                "another inclusion, nobody has signed",
                CosignedLog.member(CosignedLog.note(9, laterRoot).toString(), path),
                1);
    }

    private void ofAnotherLog() throws IOException {
        NoteSigner elsewhere = CosignedLog.signer("elsewhere.example/log", NoteKey.Kind.NOTE, 1);
        NoteSigner sameName = CosignedLog.signer(CosignedLog.ORIGIN, NoteKey.Kind.NOTE, 2);
        add("another origin", member(cosigned(elsewhere, "elsewhere.example/log")), 1);
        add("another key of the log", member(cosigned(sameName, CosignedLog.ORIGIN)), 1);
        add(
                "a forged signature of the log",
                member(ForgedNote.changed(CosignedLog.note(9, laterRoot, 0, 1), 0, raw -> raw[9]++)),
                1);
        String foreign = "r\u00f6uter.example/\ud83d\udd12\u202e";
        NoteSigner strange = CosignedLog.signer("s", NoteKey.Kind.NOTE, 1);
        add("an origin of other letters", false, member(cosigned(strange, foreign)), List.of(0, 1), 2, 2);
        add(
                "another root of the batch's size",
                CosignedLog.member(CosignedLog.note(7, laterRoot, 0, 1).toString(), laterPath),
                1);
        JsonNode young = json(GATE_RESPONSE);
        Hash32 before = Hash32.parse(json(EXHAUSTED).at("/batch/root").asText());
        ObjectNode smaller =
                CosignedLog.member(CosignedLog.note(7, before, 0, 1).toString(), List.of());
        whole("a checkpoint of a smaller log", GATE_RESPONSE, with(GATE_RESPONSE, smaller), List.of(0, 1), 1);
        ObjectNode none = CosignedLog.member(
                CosignedLog.note(0, LogHasher.EMPTY_ROOT, 0, 1).toString(), List.of());
        add("a checkpoint of an empty log", none, 1);
        add(
                "a checkpoint of the largest log",
                CosignedLog.member(
                        CosignedLog.note(
                                        Long.MAX_VALUE,
                                        Hash32.parse(young.at("/batch/root").asText()),
                                        0,
                                        1)
                                .toString(),
                        laterPath),
                1);
    }

    private void malformed() throws IOException {
        String note = CosignedLog.note(9, laterRoot, 0, 1).toString();
        malformed("no note", "x");
        malformed("an empty note", "");
        malformed("a note without signatures", note.substring(0, note.indexOf("\n\n") + 2));
        malformed("a note that is cut off", note.substring(0, note.length() - 1));
        malformed("a line that extends the checkpoint", note.replaceFirst("\n\n", "\nmore\n\n"));
        malformed("a size with a zero before it", note.replaceFirst("\n9\n", "\n09\n"));
        malformed("a size that is too large", note.replaceFirst("\n9\n", "\n9223372036854775808\n"));
        malformed("a root that is too short", note.replaceFirst("\n9\n....", "\n9\n"));
        malformed("a root in another way", note.replaceFirst("=\n\n", "\n\n"));
        malformed("a signature in another way", note.replaceFirst("\n$", "=\n"));
        malformed("a signature that is its id", note + "\u2014 x AAAAAA==\n");
        malformed("a signer without a name", note + "\u2014  AAAAAAA=\n");
        malformed("a signer with a plus", note + "\u2014 a+b AAAAAAA=\n");
        malformed("a signer with a space of another kind", note + "\u2014 a\u2003b AAAAAAA=\n");
        malformed("a signer whose name is too long", note + "\u2014 " + "a".repeat(256) + " AAAAAAA=\n");
        malformed("another dash", note.replaceFirst("\u2014", "-"));
        malformed("a return", note.replace("\n", "\r\n"));
        malformed("half a character in the origin", note.replaceFirst("router", "router\ud83d"));
        malformed("no origin", note.replaceFirst("^[^\n]*\n", "\n"));
        malformed("an origin that is too long", note.replaceFirst("^[^\n]*\n", "a".repeat(256) + "\n"));
        add("half a character in a name that nobody asked for", member(note + "\u2014 x\ud83d AAAAAAA=\n"), 0);
        add("the longest name", member(note + "\u2014 " + "\ud83d\udd12".repeat(127) + "a AAAAAAA=\n"), 0);
        repeated("64 signatures", note, "\u2014 x AAAAAAA=\n", 61, 0);
        repeated("65 signatures", note, "\u2014 x AAAAAAA=\n", 62, 2);
        repeated("10,000 signatures", note, "\u2014 x AAAAAAA=\n", 10_000, 2);
        repeated("a note that is too long", note, "\u2014 x AAAAAAA=\n", 20_000, 2);
        repeated("a line of 250,000 letters", note, "a", 250_000, 2);
        add("an unknown member", later(0, 1).put("more", 1), 2);
        add("a quorum that is no number", later(0, 1).put("quorum", "2"), 2);
        add("met that is no truth", later(0, 1).put("met", 1), 2);
        add("no quorum", without(later(0, 1), "quorum"), 2);
        add("no inclusion", without(later(0, 1), "inclusion"), 2);
        add("no checkpoint", without(later(0, 1), "checkpoint"), 2);
        add("a checkpoint that is a number", later(0, 1).put("checkpoint", 7), 2);
        add(
                "a hash that is too short",
                CosignedLog.member(note, List.of())
                        .set("inclusion", JSON.createArrayNode().add("0x00")),
                2);
        add("64 hashes", CosignedLog.member(note, Collections.nCopies(64, Hash32.ZERO)), 2);
        add("63 hashes", CosignedLog.member(note, Collections.nCopies(63, Hash32.ZERO)), 1);
        String whole = with(EXHAUSTED, later(0, 1));
        whole("a member twice", whole.replace("\"met\":true", "\"met\":true,\"met\":true"), 2);
        whole(
                "the whole twice",
                whole.replace("\"witnessed\":", "\"witnessed\":{\"quorum\":1,\"met\":true},\"witnessed\":"),
                2);
        whole("nothing", whole.replaceFirst("\"witnessed\":.*$", "\"witnessed\":null}"), 2);
        whole("a list", whole.replaceFirst("\"witnessed\":.*$", "\"witnessed\":[]}"), 2);
        whole("an empty one", whole.replaceFirst("\"witnessed\":.*$", "\"witnessed\":{}}"), 2);
    }

    private void ofAPlan() throws IOException {
        JsonNode receipt = json(GATE_DISPATCH);
        ObjectNode outcome = CosignedLog.member(receipt, 0, 1);
        ObjectNode plan = CosignedLog.member(receipt.get("planned"), 0, 1);
        ofPlan("plan and outcome", outcome, plan, 0);
        ofPlan("plan and outcome, one of the plan", outcome, CosignedLog.member(receipt.get("planned"), 0), 2);
        ofPlan("plan and outcome, one of the outcome", CosignedLog.member(receipt, 0), plan, 2);
        SignedNote note = SignedNote.parse(plan.get("checkpoint").asText());
        ofPlan(
                "plan and outcome, forged of the plan",
                outcome,
                plan.deepCopy().put("checkpoint", ForgedNote.changed(note, 1, raw -> raw[20]++)),
                1);
        ofPlan("plan and outcome, that of the outcome for the plan", outcome, outcome, 1);
        String both = planned(with(GATE_DISPATCH, outcome), plan);
        whole("plan and outcome, nobody named", GATE_DISPATCH, both, List.of(), 0);
        onlyThePlan("only the plan", plan, List.of(0, 1), 0);
        onlyThePlan("only the plan, nobody named", plan, List.of(), 0);
        onlyThePlan("only the plan, one of it", CosignedLog.member(receipt.get("planned"), 0), List.of(0, 1), 2);
        String more = planned(onlyPlan(), plan).replaceFirst("}$", ",\"witnessed\":" + quoted(outcome) + "}");
        whole("only the plan, with that of an outcome", GATE_DISPATCH, more, List.of(0, 1), 2);
    }

    private String onlyPlan() throws IOException {
        ObjectNode root = (ObjectNode) json(GATE_DISPATCH);
        root.remove(List.of("leaf", "proof", "batch", "transaction", "history", "urls", "followed_plan"));
        return root.put("level", "RECORDED").toString();
    }

    private void onlyThePlan(String name, ObjectNode plan, List<Integer> witnesses, int code) throws IOException {
        whole(name, GATE_DISPATCH, planned(onlyPlan(), plan), witnesses, code);
    }

    private void ofPlan(String name, ObjectNode outcome, ObjectNode plan, int code) {
        whole(name, GATE_DISPATCH, planned(with(GATE_DISPATCH, outcome), plan), List.of(0, 1), code);
    }

    private void malformed(String name, String note) {
        add(name, member(note), 2);
    }

    private void repeated(String name, String note, String repeated, int times, int code) {
        String template = with(EXHAUSTED, member(note + MARK));
        String escaped = quoted(JSON.getNodeFactory().textNode(repeated));
        all.add(new Case(
                name,
                EXHAUSTED,
                template,
                escaped.substring(1, escaped.length() - 1),
                times,
                true,
                List.of(0, 1),
                2,
                code));
    }

    private void whole(String name, String receipt, int code) {
        whole(name, EXHAUSTED, receipt, List.of(0, 1), code);
    }

    private void whole(String name, int of, String receipt, List<Integer> witnesses, int code) {
        all.add(new Case(name, of, receipt, "", 0, !witnesses.isEmpty(), witnesses, 0, code));
    }

    private void add(String name, JsonNode witnessed, int code) {
        add(name, true, witnessed, List.of(0, 1), 2, code);
    }

    private void add(String name, boolean pinned, JsonNode witnessed, List<Integer> witnesses, int quorum, int code) {
        all.add(new Case(name, EXHAUSTED, with(EXHAUSTED, witnessed), "", 0, pinned, witnesses, quorum, code));
    }

    private ObjectNode later(int... witnesses) {
        return member(CosignedLog.note(9, laterRoot, witnesses));
    }

    private ObjectNode member(Object note) {
        return CosignedLog.member(note.toString(), laterPath);
    }

    private SignedNote at(long seconds) {
        SignedNote note = CosignedLog.note(9, laterRoot);
        return note.with(CosignedLog.WITNESSES.get(0).sign(note.text(), seconds));
    }

    private SignedNote cosigned(NoteSigner log, String origin) {
        String text = new Checkpoint(origin, 9, laterRoot).toString();
        return new SignedNote(text, List.of(log.sign(text, 0)))
                .with(CosignedLog.WITNESSES.get(0).sign(text, CosignedLog.SECONDS))
                .with(CosignedLog.WITNESSES.get(1).sign(text, CosignedLog.SECONDS));
    }

    private static ObjectNode without(ObjectNode node, String member) {
        node.remove(member);
        return node;
    }

    private static <T> List<T> joined(List<T> some, List<T> more) {
        List<T> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    private String text(int genuine) {
        return recorded.get("genuine").get(genuine).get("receipt").asText();
    }

    private JsonNode json(int genuine) throws IOException {
        return JSON.readTree(text(genuine));
    }

    private Hash32 entry(JsonNode leaf) {
        return hasher.entry(HexFormat.of().parseHex(leaf.asText().substring(2)));
    }

    private String with(int genuine, JsonNode witnessed) {
        String text = text(genuine);
        return text.substring(0, text.length() - 1) + ",\"witnessed\":" + quoted(witnessed) + "}";
    }

    private static String planned(String receipt, ObjectNode witnessed) {
        return receipt.replace("\"planned\":{", "\"planned\":{\"witnessed\":" + quoted(witnessed) + ",");
    }

    /** As ASCII, with half a character where there is one. */
    private static String quoted(JsonNode node) {
        StringBuilder out = new StringBuilder();
        node.toString().chars().forEach(each -> out.append(each < 0x7f ? "" + (char) each : "\\u%04x".formatted(each)));
        return out.toString();
    }
}
