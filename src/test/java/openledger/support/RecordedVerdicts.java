package openledger.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Holds a verifier against what {@code openledger verify} printed of recorded receipts, to the byte. */
public final class RecordedVerdicts {
    private final RecordedChain chain;
    private final Path folder;
    private final Verifier verifier;

    /** A verifier as a command; its result is the exit code. */
    public interface Verifier {
        int run(String[] arguments, PrintWriter out, PrintWriter err);
    }

    public RecordedVerdicts(RecordedChain chain, Path folder, Verifier verifier) {
        this.chain = chain;
        this.folder = folder;
        this.verifier = verifier;
    }

    /** Verifies them all, in both forms; how many there were. */
    public int check() throws IOException {
        int count = 0;
        for (JsonNode genuine : chain.recorded.get("genuine")) {
            String name = genuine.get("name").asText();
            Path file = RecordedChain.file(folder, genuine.get("receipt").asText());
            int code = genuine.get("code").asInt();
            assertThat(run(code, "--json", file))
                    .as(name)
                    .isEqualTo(genuine.get("line").asText());
            assertThat(run(code, "", file))
                    .as(name)
                    .isEqualTo(genuine.get("printed").asText());
            count++;
        }
        for (JsonNode forged : chain.recorded.get("forged")) {
            String name = forged.get("name").asText();
            Path file = RecordedChain.file(folder, chain.forged(forged));
            int code = forged.get("code").asInt();
            String line = run(code, "--json", file);
            assertThat(sha256(line))
                    .as("%s: %s", name, line)
                    .isEqualTo(forged.get("line_sha256").asText());
            assertThat(sha256(run(code, "", file)))
                    .as(name)
                    .isEqualTo(forged.get("printed_sha256").asText());
            count++;
        }
        return count;
    }

    private String run(int code, String form, Path file) {
        List<String> arguments = new ArrayList<>(chain.options());
        if (!form.isEmpty()) {
            arguments.add(form);
        }
        arguments.add(file.toString());
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int ended = verifier.run(arguments.toArray(String[]::new), new PrintWriter(out), new PrintWriter(err));
        assertThat(ended).as("%s%s", out, err).isEqualTo(code);
        return out.toString();
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
