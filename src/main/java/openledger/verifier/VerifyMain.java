package openledger.verifier;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.NoteKey;
import openledger.commitment.verify.ChainEvidence;
import openledger.commitment.verify.LogEnvelope;
import openledger.commitment.verify.LogPins;
import openledger.commitment.verify.LogVerification;
import openledger.commitment.verify.Receipt;
import openledger.commitment.verify.ReceiptVerification;
import openledger.commitment.verify.ReceiptVerification.Own;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.commitment.verify.ReceiptVerification.Pins.OtherLanes;
import openledger.commitment.verify.ReceiptVerification.Verdict;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.verifier.VerificationPrinter.Form;

/** {@code openledger verify} out of the verifier's jar alone: its main options, the same words, the same exit codes. */
public final class VerifyMain {
    private static final String USAGE = """
            Usage: openledger-verifier RECEIPT... --rpc URL [--lane N | --lane-owner ADDRESS | --any-lane]
                                       [--chain-id N] [--registry ADDRESS] [--log-key KEY] [--witness KEY]...
                                       [--witness-quorum K] [--leaf HEX] [--block-hash HASH] [--all] [--json]

            Verifies receipts, the answers of GET /v1/receipts/{id}, and bundles of them (--block-hash in place of --rpc).
            RECEIPT is a file, or a folder whose *.json files are read. A receipt that a log has signed (COSE, tlog-proof)
            is checked with --log-key; a tlog-proof does not contain its leaf (--leaf, 0x and 192 hexadecimal digits).
            Exit codes: 0 verified; 1 refuted or misrouted; 2 not checked, or wrong usage.""";
    private static final Set<String> VALUES = Set.of(
            "--rpc",
            "--lane",
            "--lane-owner",
            "--chain-id",
            "--registry",
            "--log-key",
            "--witness-quorum",
            "--leaf",
            "--block-hash");
    private static final String WITNESS = "--witness";
    private static final Set<String> FLAGS = Set.of("--any-lane", "--all", "--json");

    private final List<Path> receipts = new ArrayList<>();
    private final Map<String, String> values = new HashMap<>();
    private final Set<String> flags = new HashSet<>();
    private final List<NoteKey> witnesses = new ArrayList<>();

    private VerifyMain(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            if (VALUES.contains(argument) && i + 1 < arguments.length) {
                values.put(argument, arguments[++i]);
            } else if (WITNESS.equals(argument) && i + 1 < arguments.length) {
                witnesses.add(NoteKey.parse(arguments[++i]));
            } else if (FLAGS.contains(argument)) {
                flags.add(argument);
            } else if (argument.startsWith("--")) {
                throw new IllegalArgumentException(
                        "There is no option " + TerminalText.line(argument) + ", or its value is missing.");
            } else {
                receipts.add(Path.of(argument));
            }
        }
    }

    public static void main(String... arguments) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        System.exit(run(arguments, out, new PrintWriter(System.err, true, StandardCharsets.UTF_8)));
    }

    /** Verifies and prints; the exit code. */
    public static int run(String[] arguments, PrintWriter out, PrintWriter err) {
        try {
            return new VerifyMain(arguments).verify(TerminalText.writer(out));
        } catch (IllegalArgumentException misuse) {
            err.println(misuse.getMessage());
            err.println(USAGE);
        } catch (IOException unreadable) {
            err.println("A folder cannot be read.");
        }
        err.flush();
        return 2;
    }

    private int verify(PrintWriter out) throws IOException {
        VerificationPrinter printer = new VerificationPrinter(
                out, flags.contains("--json") ? Form.JSON : flags.contains("--all") ? Form.LONG_TEXT : Form.TEXT);
        Pins pins = pins();
        Optional<byte[]> leaf = value("--leaf").map(VerifyMain::leaf);
        BundleVerifier bundles = bundles();
        List<Path> files = ReceiptSeries.files(receipts);
        if (files.isEmpty()) {
            throw new IllegalArgumentException("A receipt is missing.");
        }
        if (files.size() > 1 && leaf.isPresent()) {
            throw new IllegalArgumentException("--leaf needs exactly one receipt; several were given.");
        }
        try (ReceiptVerifier verifier = verifier()) {
            return exitCode(
                    files.size() == 1
                            ? one(files.getFirst(), leaf, verifier, pins, bundles, printer)
                            : new ReceiptSeries(verifier, pins, bundles, printer).verify(files));
        }
    }

    private static byte[] leaf(String text) {
        try {
            return LeafEncoding.ofHex(text);
        } catch (IllegalArgumentException none) {
            throw new IllegalArgumentException("--leaf must be 0x and 192 hexadecimal digits.", none);
        }
    }

    private static Verdict one(
            Path file,
            Optional<byte[]> leaf,
            ReceiptVerifier verifier,
            Pins pins,
            BundleVerifier bundles,
            VerificationPrinter printer) {
        try {
            byte[] bytes = ReceiptSeries.bytes(file);
            Optional<LogEnvelope> ofLog = ReceiptReader.ofLog(bytes);
            if (ofLog.isPresent()) {
                LogVerification found = ReceiptSeries.ofLog(ofLog.get(), pins, leaf);
                printer.print(found);
                return found.verdict();
            }
            if (leaf.isPresent()) {
                throw new IllegalArgumentException("--leaf is for COSE and tlog-proof; this receipt is JSON.");
            }
            Optional<ReceiptBundle> bundle = ReceiptBundle.read(bytes);
            Receipt receipt = bundle.isPresent() ? bundle.get().receipt() : ReceiptReader.read(bytes);
            ReceiptVerification found = bundle.isPresent()
                    ? bundles.verify(bundle.get(), pins, Own.NOTHING)
                    : verifier.verify(receipt, pins, Own.NOTHING);
            printer.print(receipt, found);
            return found.verdict();
        } catch (UnreadableReceipt why) {
            printer.unreadable(why);
            return Verdict.OPEN;
        }
    }

    private ReceiptVerifier verifier() {
        return value("--rpc")
                .map(URI::create)
                .map(ReceiptVerifier::at)
                .orElseGet(() -> ReceiptVerifier.of(receipt -> ChainEvidence.none("no --rpc was given.")));
    }

    private BundleVerifier bundles() {
        return value("--block-hash")
                .map(text -> BundleVerifier.of(Hash32.parse(text)))
                .orElseGet(() -> BundleVerifier.without("name it with --block-hash if you know that it is."));
    }

    private LogPins log() {
        int quorum = value("--witness-quorum").map(Integer::parseInt).orElse(witnesses.size());
        return new LogPins(value("--log-key").map(NoteKey::parse), witnesses, quorum);
    }

    private Pins pins() {
        boolean isAnyLane = flags.contains("--any-lane");
        if (isAnyLane && (values.containsKey("--lane") || values.containsKey("--lane-owner"))) {
            throw new IllegalArgumentException("--any-lane cannot be combined with --lane or --lane-owner.");
        }
        return new Pins(
                value("--chain-id")
                        .map(text -> OptionalLong.of(Long.parseLong(text)))
                        .orElseGet(OptionalLong::empty),
                value("--registry").map(Address::parse),
                value("--lane").map(text -> new LaneId(Long.parseLong(text))),
                value("--lane-owner").map(Address::parse),
                isAnyLane ? OtherLanes.ALLOWED : OtherLanes.UNCHECKED,
                log());
    }

    private Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** What a verdict is to a shell. */
    public static int exitCode(Verdict verdict) {
        return switch (verdict) {
            case HOLDS -> 0;
            case OPEN -> 2;
            case MISROUTED, BROKEN -> 1;
        };
    }
}
