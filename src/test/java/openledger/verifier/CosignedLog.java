package openledger.verifier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;
import openledger.commitment.log.SignedNote;
import openledger.identity.NoteSecret;
import openledger.unit.Hash32;

/** Signers of a log and of its witnesses, whose secrets are known, and what they sign. */
public final class CosignedLog {
    public static final String ORIGIN = "router.example/openledger/lane/1";
    public static final NoteSigner LOG = signer(ORIGIN, NoteKey.Kind.NOTE, 1);
    /** A witness each. */
    public static final List<NoteSigner> WITNESSES = List.of(
            signer("first.example/witness", NoteKey.Kind.COSIGNATURE, 11),
            signer("second.example/witness", NoteKey.Kind.COSIGNATURE, 12),
            signer("third.example/witness", NoteKey.Kind.COSIGNATURE, 13));
    /** When the first witness signs, Unix seconds; each other one a minute later. */
    public static final long SECONDS = 1_795_959_300;

    private static final ObjectMapper JSON = new ObjectMapper();

    private CosignedLog() {}

    public static NoteSigner signer(String name, NoteKey.Kind kind, int octet) {
        return NoteSecret.signer(
                name, kind, HexFormat.of().toHexDigits((byte) octet).repeat(NoteSigner.SEED_BYTES));
    }

    /** A checkpoint of the log, cosigned by these of the witnesses. */
    public static SignedNote note(long size, Hash32 root, int... witnesses) {
        String text = new Checkpoint(ORIGIN, size, root).toString();
        SignedNote note = new SignedNote(text, List.of(LOG.sign(text, 0)));
        for (int each : witnesses) {
            note = note.with(WITNESSES.get(each).sign(text, SECONDS + 60L * each));
        }
        return note;
    }

    /** The member of a receipt with a checkpoint of the log as its batch left it. */
    public static ObjectNode member(JsonNode leaf, int... witnesses) {
        List<Hash32> path = new ArrayList<>();
        leaf.at("/proof/path").forEach(hash -> path.add(Hash32.parse(hash.asText())));
        SignedNote note = note(
                leaf.at("/batch/size").longValue(),
                Hash32.parse(leaf.at("/batch/root").asText()),
                witnesses);
        return member(note.toString(), path);
    }

    public static ObjectNode member(String note, List<Hash32> path) {
        ObjectNode member =
                JSON.createObjectNode().put("quorum", 2).put("met", true).put("checkpoint", note);
        ArrayNode inclusion = member.putArray("inclusion");
        path.forEach(hash -> inclusion.add(hash.toString()));
        return member;
    }
}
