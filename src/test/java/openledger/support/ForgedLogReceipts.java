package openledger.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import openledger.commitment.log.NoteKey;
import openledger.demo.ChildProcess;
import openledger.support.OtherVerifiers.Said;

/**
 * Copies of one receipt in the forms that a log signs, COSE and tlog-proof, each with something changed: all have to be refuted in every
 * language, and in the same words. Confined to one thread.
 */
public final class ForgedLogReceipts {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int SIGNATURE_AT = 40;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final NoteKey log;
    private final ShownThings shown;
    private final OtherVerifiers others;
    private byte[] leaf = {};

    /**
     * Forges.
     *
     * @param log the key of the log that has signed the genuine ones
     */
    public ForgedLogReceipts(Path folder, NoteKey log, ShownThings shown, OtherVerifiers others) {
        this.folder = folder;
        this.log = log;
        this.shown = shown;
        this.others = others;
    }

    /** The three forms of one receipt. */
    public void run(Path json, byte[] cose, String proof) throws IOException, InterruptedException {
        JsonNode receipt = JSON.readTree(json.toFile());
        leaf = bytes(receipt.get("leaf").asText());
        byte[] hash = bytes(receipt.at("/proof/path/0").asText());
        said("genuine COSE receipt", 0, "genuine.cose", cose);
        cose("leaf", cose, leaf);
        cose("path", cose, hash);
        cose("signature", cose, Arrays.copyOfRange(cose, cose.length - Long.BYTES, cose.length));
        said("genuine tlog-proof", 0, "genuine.tlog-proof", proof.getBytes(StandardCharsets.UTF_8));
        String index = "\nindex " + receipt.at("/proof/index").asLong() + "\n";
        String place = "\nindex " + (receipt.at("/proof/index").asLong() ^ 1) + "\n";
        tlog("index", proof, index, place);
        String path = Base64.getEncoder().encodeToString(hash);
        hash[0] ^= 1;
        tlog("path", proof, path, Base64.getEncoder().encodeToString(hash));
        String signature = proof.substring(proof.length() - SIGNATURE_AT);
        char first = signature.charAt(0);
        tlog("signature", proof, signature, (first == 'A' ? 'B' : 'A') + signature.substring(1));
        leaf[leaf.length - 1] ^= 1;
        said("tlog-proof of another leaf", 1, "forged-leaf.tlog-proof", proof.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.substring(2));
    }

    private void cose(String what, byte[] genuine, byte[] part) throws IOException, InterruptedException {
        byte[] changed = genuine.clone();
        changed[indexOf(genuine, part) + part.length / 2] ^= 1;
        said("COSE receipt with changed " + what, 1, "forged-" + what + ".cose", changed);
    }

    private static int indexOf(byte[] all, byte[] part) {
        int at = 0;
        while (!Arrays.equals(all, at, at + part.length, part, 0, part.length)) {
            at++;
        }
        return at;
    }

    private void tlog(String what, String genuine, String part, String other) throws IOException, InterruptedException {
        String changed = genuine.replace(part, other);
        if (changed.equals(genuine)) {
            throw new IllegalStateException("the proof has no " + what);
        }
        said(
                "tlog-proof with changed " + what,
                1,
                "forged-" + what + ".tlog-proof",
                changed.getBytes(StandardCharsets.UTF_8));
    }

    private void said(String title, int code, String name, byte[] receipt) throws IOException, InterruptedException {
        Path file = Files.write(folder.resolve(name), receipt);
        List<String> options = name.endsWith("proof")
                ? List.of(
                        "--json",
                        "--log-key",
                        log.toString(),
                        "--leaf",
                        "0x" + HexFormat.of().formatHex(leaf))
                : List.of("--json", "--log-key", log.toString());
        ChildProcess verify = VerifyRun.start("verify-" + name, folder, file, options);
        shown.expect(title + ": exit code", code, verify.awaitEnd(LIMIT));
        JsonNode words = JSON.readTree(verify.lines().getLast());
        for (Said said : others.verify(name, file, options)) {
            shown.expect(title + ": exit code in " + said.language(), code, said.code());
            shown.expect(
                    title + ": the same words in " + said.language(),
                    "true",
                    Boolean.toString(words.equals(JSON.readTree(said.lines().getLast()))));
        }
    }
}
