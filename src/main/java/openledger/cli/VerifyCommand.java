package openledger.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.RequestDigest;
import openledger.commitment.verify.ChainEvidence;
import openledger.commitment.verify.LogEnvelope;
import openledger.commitment.verify.LogPins;
import openledger.commitment.verify.LogVerification;
import openledger.commitment.verify.Receipt;
import openledger.commitment.verify.ReceiptVerification;
import openledger.commitment.verify.ReceiptVerification.Own;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.unit.Hash32;
import openledger.verifier.BundleVerifier;
import openledger.verifier.ReceiptBundle;
import openledger.verifier.ReceiptReader;
import openledger.verifier.ReceiptSeries;
import openledger.verifier.ReceiptVerifier;
import openledger.verifier.UnreadableReceipt;
import openledger.verifier.VerificationPrinter;
import openledger.verifier.VerificationPrinter.Form;
import openledger.verifier.VerifyMain;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Verifies receipts against the chain, or with the key of a log; needs no service and no database. Long because it has many options. */
@Command(
        name = "verify",
        exitCodeOnExecutionException = 2,
        mixinStandardHelpOptions = true,
        description =
                "Verify receipts, the answers of GET /v1/receipts/{id}, against the chain or with the key of the log; and bundles.",
        footer = {
            "Example:",
            "  openledger verify receipt.json --rpc http://127.0.0.1:8545 --lane 1",
            "Of a bundle, without any network:",
            "  openledger verify receipt.bundle.json --block-hash 0x5cb7… --lane 1",
            "Of a receipt that a log has signed:",
            "  openledger verify receipt.cose --log-key router.example/log/1+5cb7…+AVfX…",
            "  openledger verify receipt.tlog-proof --log-key router.example/log/1+5cb7…+AVfX… --leaf 0x…",
            "",
            "Several receipts print a line each and a last line with the totals; the worst result decides the exit code.",
            "No trusted value is taken from the receipt. Without --registry, the registry must be the one that ships with this",
            "program, by its code and address. Without --lane or --lane-owner the lane is not checked (exit code 2), unless",
            "--any-lane accepts every lane. The node at --rpc is trusted for what is on its chain.",
            "A bundle (openledger bundle) has the chain's part with it. It is checked against the hash of one block: from",
            "--block-hash, or from the node at --rpc, which is asked for nothing else.",
            "A receipt that a log has signed (COSE, tlog-proof) is checked with --log-key alone, and without it is not checked.",
            "With --witness, a receipt in JSON or as tlog-proof is verified only if enough of the named witnesses have cosigned the log;",
            "whose log it is, --log-key says.",
            "Exit codes:",
            "  0  verified: every check that matters was made and passed",
            "  1  refuted; or misrouted: genuine, and a proof that rules or a promise were broken",
            "  2  not checked: a check that matters could not be made, the receipt cannot be read, or wrong usage"
        })
public final class VerifyCommand implements Callable<Integer> {
    private static final long LARGEST_FILE = 64L << 20;

    @Mixin
    private final Console console = new Console();

    @Parameters(
            paramLabel = "RECEIPT",
            arity = "1..*",
            description = "A file, or a folder whose *.json files are read.")
    private List<Path> receipts = List.of();

    @Option(
            names = "--rpc",
            paramLabel = "URL",
            description =
                    "JSON-RPC address of a node that you trust; without it, only checks that need no chain are made.")
    private Optional<String> rpc = Optional.empty();

    @Option(
            names = "--block-hash",
            paramLabel = "HASH",
            description = "For a bundle: the hash of its block, from a source that you trust, 0x....")
    private Optional<String> blockHash = Optional.empty();

    @Mixin
    private final PinOptions pinned = new PinOptions();

    @Mixin
    private final LogOptions log = new LogOptions();

    @Option(
            names = "--leaf",
            paramLabel = "HEX",
            description = "The leaf, 0x and 192 hexadecimal digits. A tlog-proof does not contain it.")
    private Optional<String> leaf = Optional.empty();

    @Option(names = "--request", paramLabel = "FILE", description = "The request body as sent, byte for byte.")
    private Optional<Path> request = Optional.empty();

    @Option(
            names = "--nonce",
            paramLabel = "TEXT",
            description = "The openledger-nonce header as sent. Default: the receipt's.")
    private Optional<String> nonce = Optional.empty();

    @Option(
            names = "--response",
            paramLabel = "FILE",
            description = "The response body as received, byte for byte; of a stream, without OpenLedger's own events.")
    private Optional<Path> response = Optional.empty();

    @Option(names = "--all", description = "List each member that is the router's word, not only how many there are.")
    private boolean all;

    @Option(names = "--json", description = "Print JSON, one object a line.")
    private boolean json;

    private final Function<URI, ReceiptVerifier> verifiers;

    /** The command as people use it. */
    public VerifyCommand() {
        this(ReceiptVerifier::at);
    }

    /** With other nodes. */
    public VerifyCommand(Function<URI, ReceiptVerifier> verifiers) {
        this.verifiers = verifiers;
    }

    @Override
    public Integer call() {
        VerificationPrinter printer = new VerificationPrinter(console.out(), form());
        Pins pins = pinned.pins(log.pins(console), console);
        Optional<URI> node = rpc.map(this::address);
        BundleVerifier bundles = bundles(node);
        List<Path> files = files();
        if (files.size() == 1) {
            return one(files.getFirst(), printer, pins, node, bundles);
        }
        if (request.isPresent() || response.isPresent() || nonce.isPresent() || leaf.isPresent()) {
            throw console.usage(
                    "--request, --nonce, --response and --leaf need exactly one receipt; several were given.");
        }
        try (ReceiptVerifier verifier = verifier(node)) {
            return VerifyMain.exitCode(new ReceiptSeries(verifier, pins, bundles, printer).verify(files));
        }
    }

    private int one(Path file, VerificationPrinter printer, Pins pins, Optional<URI> node, BundleVerifier bundles) {
        try {
            byte[] bytes = bytes(file, ReceiptReader.LARGEST);
            Optional<LogEnvelope> ofLog = ReceiptReader.ofLog(bytes);
            if (ofLog.isPresent()) {
                return ofLog(ofLog.get(), printer, pins.log());
            }
            boolean hasUselessKey =
                    pins.log().key().isPresent() && pins.log().witnesses().isEmpty();
            if (hasUselessKey || leaf.isPresent()) {
                throw console.usage(
                        "--leaf, and --log-key without --witness, are for COSE and tlog-proof; this receipt is JSON.");
            }
            Optional<ReceiptBundle> bundle = ReceiptBundle.read(bytes);
            if (blockHash.isPresent() && bundle.isEmpty()) {
                throw console.usage("--block-hash is for bundles; a receipt alone is checked with --rpc.");
            }
            Receipt receipt = bundle.isPresent() ? bundle.get().receipt() : ReceiptReader.read(bytes);
            Own own = own(receipt);
            try (ReceiptVerifier verifier = verifier(node)) {
                ReceiptVerification verification = bundle.isPresent()
                        ? bundles.verify(bundle.get(), pins, own)
                        : verifier.verify(receipt, pins, own);
                printer.print(receipt, verification);
                return VerifyMain.exitCode(verification.verdict());
            }
        } catch (UnreadableReceipt e) {
            printer.unreadable(e);
            return 2;
        }
    }

    /** What was asked for and cannot be checked must not look as if it had been. */
    private int ofLog(LogEnvelope receipt, VerificationPrinter printer, LogPins pins) {
        boolean asksForMore =
                Stream.of(rpc, blockHash, request, nonce, response).anyMatch(Optional::isPresent);
        if (asksForMore || pinned.isAnythingGiven()) {
            throw console.usage(
                    "This receipt names no chain and no body: it is checked with --log-key, --witness and --leaf alone. Get it as JSON for the rest.");
        }
        if (receipt instanceof LogEnvelope.Statement && !pins.witnesses().isEmpty()) {
            throw console.usage(
                    "A COSE receipt cannot carry cosignatures of witnesses: get it as JSON or as tlog-proof for --witness.");
        }
        LogVerification verification = LogVerification.of(receipt, pins, leaf.map(this::leaf));
        printer.print(verification);
        return VerifyMain.exitCode(verification.verdict());
    }

    private Hash32 blockHash(String text) {
        try {
            return Hash32.parse(text);
        } catch (IllegalArgumentException none) {
            throw console.usage("--block-hash must be 0x and 64 hexadecimal digits.");
        }
    }

    private byte[] leaf(String text) {
        try {
            return LeafEncoding.ofHex(text);
        } catch (IllegalArgumentException none) {
            throw console.usage("--leaf must be 0x and 192 hexadecimal digits.");
        }
    }

    private ReceiptVerifier verifier(Optional<URI> node) {
        return node.map(verifiers)
                .orElseGet(() -> ReceiptVerifier.of(receipt -> ChainEvidence.none("no --rpc was given.")));
    }

    private BundleVerifier bundles(Optional<URI> node) {
        if (blockHash.isPresent() && node.isPresent()) {
            throw console.usage("--block-hash and --rpc both name the block of a bundle: give one of them.");
        }
        return blockHash
                .map(text -> BundleVerifier.of(blockHash(text)))
                .or(() -> node.map(uri -> new BundleVerifier(number -> BundleCommand.canonical(uri, number))))
                .orElseGet(() -> BundleVerifier.without(
                        "name it with --block-hash if you know that it is, or give a node with --rpc."));
    }

    private List<Path> files() {
        try {
            List<Path> files = ReceiptSeries.files(receipts);
            if (files.isEmpty()) {
                throw console.usage("No *.json file was found in what was given.");
            }
            return files;
        } catch (IOException e) {
            throw console.usage("A folder cannot be read: " + e.getMessage());
        }
    }

    private Form form() {
        return json ? Form.JSON : all ? Form.LONG_TEXT : Form.TEXT;
    }

    private Own own(Receipt receipt) {
        String word = nonce.orElse(receipt.nonce());
        if (!word.isEmpty() && !RequestDigest.isNonce(word)) {
            throw console.usage("--nonce must be 1 to 64 printable ASCII characters.");
        }
        return new Own(
                request.map(kept -> Hash32.of(RequestDigest.of(bytes(kept, LARGEST_FILE), word))),
                nonce,
                response.map(kept -> Hash32.of(RequestDigest.of(bytes(kept, LARGEST_FILE)))));
    }

    private URI address(String text) {
        return NodeCall.address(text)
                .orElseThrow(() -> console.usage("--rpc must be the http or https address of a node."));
    }

    /** All of a file, if it is not too long; one byte more is enough to tell. */
    private byte[] bytes(Path path, long most) {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes((int) most + 1);
            if (bytes.length <= most) {
                return bytes;
            }
            throw console.usage(path + " has more than " + most + " bytes.");
        } catch (IOException e) {
            throw console.usage(path + " cannot be read.");
        }
    }
}
