package openledger.commitment;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import openledger.commitment.evm.Keccak256;
import openledger.commitment.log.LogVectors;

/**
 * Writes {@code contracts/vectors/*.json}, which the tests of both languages read; what is in them is told in
 * {@code contracts/vectors/README.md}. The same every time: a change of the files is a change of a format.
 */
public final class VectorsWriter {
    static final Path FOLDER = Path.of("contracts/vectors");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DefaultIndenter INDENT = new DefaultIndenter("  ", "\n");

    private VectorsWriter() {}

    /** The text of each file, by its name. */
    static Map<String, String> files() {
        Map<String, String> files = new TreeMap<>();
        files.put("commitments.json", text(CommitmentVectors.all()));
        files.put("faults.json", text(FaultVectors.all()));
        files.put("headers.json", text(HeaderVectors.all()));
        files.put("honest.json", text(HonestVectors.all()));
        files.put("leaves.json", text(LeafVectors.all()));
        files.put("log.json", text(LogVectors.all()));
        return files;
    }

    /** Writes them into the folder named by the only argument. */
    public static void main(String[] arguments) throws IOException {
        Path folder = arguments.length == 1 ? Path.of(arguments[0]) : FOLDER;
        Files.createDirectories(folder);
        for (Map.Entry<String, String> file : files().entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
    }

    private static String text(ObjectNode all) {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(
                        Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER))
                .withArrayIndenter(INDENT)
                .withObjectIndenter(INDENT);
        try {
            return JSON.writer(printer).writeValueAsString(all) + "\n";
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** Bytes as {@code 0x} and hex digits. */
    static String hex(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }

    /** The word {@code keccak256(abi.encode(name))} of a text of at most 32 ASCII characters as bytes32: a hash for a test. */
    public static byte[] word(String name) {
        byte[] padded = Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), 32);
        return Keccak256.digest(padded);
    }
}
