package openledger.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.Function;
import openledger.cli.receipt.ReceiptReader;
import openledger.cli.receipt.ReceiptSeries;
import openledger.cli.receipt.ReceiptVerifier;
import openledger.cli.receipt.UnreadableReceipt;
import openledger.cli.receipt.VerificationPrinter;
import openledger.commitment.leaf.RequestDigest;
import openledger.commitment.verify.ChainEvidence;
import openledger.commitment.verify.Receipt;
import openledger.commitment.verify.ReceiptVerification;
import openledger.commitment.verify.ReceiptVerification.Own;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.commitment.verify.ReceiptVerification.Pins.OtherLanes;
import openledger.commitment.verify.ReceiptVerification.Verdict;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Holds receipts against the chain; needs no service, no database and no key. */
@Command(
        name = "verify",
        exitCodeOnExecutionException = 2,
        mixinStandardHelpOptions = true,
        description = "Hold receipts, the answers of GET /v1/receipts/{id}, against the chain.",
        footer = {
            "Of several receipts each gets a line, and the last line counts them; one that is refuted outweighs all others.",
            "Nothing that is trusted is taken from the receipt. Without --registry it must be in the registry that ships with this",
            "program, with its code and at its address. Without --lane or --lane-owner the lane is not checked (exit code 2), unless",
            "--any-lane says that it does not matter. The node at --rpc is trusted for what is on its chain.",
            "Exit codes:",
            "  0  verified: everything that matters was checked and is as the receipt says",
            "  1  refuted, or genuine and a proof that rules or a promise were broken",
            "  2  not checked: something that matters could not be, the receipt cannot be read, or wrong usage"
        })
public final class VerifyCommand implements Callable<Integer> {
    private static final long LARGEST_FILE = 64L << 20;

    @Mixin
    private final Console console = new Console();

    @Parameters(
            paramLabel = "RECEIPT",
            arity = "1..*",
            description = "A file, or a folder, which stands for the *.json in it.")
    private List<Path> receipts = List.of();

    @Option(
            names = "--rpc",
            paramLabel = "URL",
            description = "JSON-RPC of a node that you trust; without it only what needs no chain is checked.")
    private Optional<String> rpc = Optional.empty();

    @Option(names = "--chain-id", paramLabel = "N", description = "The chain it must be on.")
    private Optional<Long> chainId = Optional.empty();

    @Option(
            names = "--registry",
            paramLabel = "ADDRESS",
            description = "The contract it must be in, 0x....; default: the one that ships with this program.")
    private Optional<String> registry = Optional.empty();

    @Option(names = "--lane", paramLabel = "N", description = "The lane it must be of.")
    private Optional<Long> lane = Optional.empty();

    @Option(names = "--lane-owner", paramLabel = "ADDRESS", description = "The account that must own the lane, 0x....")
    private Optional<String> laneOwner = Optional.empty();

    @Option(names = "--any-lane", description = "Whose lane it is does not matter.")
    private boolean anyLane;

    @Option(names = "--request", paramLabel = "FILE", description = "The body that was sent, byte for byte.")
    private Optional<Path> request = Optional.empty();

    @Option(
            names = "--nonce",
            paramLabel = "TEXT",
            description = "The openledger-nonce that was sent with it. Default: the receipt's.")
    private Optional<String> nonce = Optional.empty();

    @Option(
            names = "--response",
            paramLabel = "FILE",
            description = "The answer's body, byte for byte; of a stream without the events that are OpenLedger's.")
    private Optional<Path> response = Optional.empty();

    @Option(names = "--json", description = "Print JSON, one object a line.")
    private boolean json;

    private final Function<URI, ReceiptVerifier> verifiers;

    /** The command as people use it. */
    public VerifyCommand() {
        this(ReceiptVerifier::connected);
    }

    /** With other nodes. */
    public VerifyCommand(Function<URI, ReceiptVerifier> verifiers) {
        this.verifiers = verifiers;
    }

    @Override
    public Integer call() {
        VerificationPrinter printer = new VerificationPrinter(
                console.out(), json ? VerificationPrinter.Form.JSON : VerificationPrinter.Form.TEXT);
        if (anyLane && (lane.isPresent() || laneOwner.isPresent())) {
            throw console.usage("--any-lane goes with neither --lane nor --lane-owner.");
        }
        Pins pins = pins();
        Optional<URI> node = rpc.map(this::address);
        List<Path> files = files();
        if (files.size() == 1) {
            return one(files.getFirst(), printer, pins, node);
        }
        if (request.isPresent() || response.isPresent() || nonce.isPresent()) {
            throw console.usage("--request, --nonce and --response belong to one receipt, and here are several.");
        }
        try (ReceiptVerifier verifier = verifier(node)) {
            return exitCode(new ReceiptSeries(verifier, pins, printer).verify(files));
        }
    }

    private int one(Path file, VerificationPrinter printer, Pins pins, Optional<URI> node) {
        try {
            Receipt receipt = ReceiptReader.read(bytes(file, ReceiptReader.LARGEST));
            Own own = own(receipt);
            try (ReceiptVerifier verifier = verifier(node)) {
                ReceiptVerification verification = verifier.verify(receipt, pins, own);
                printer.print(receipt, verification);
                return exitCode(verification.verdict());
            }
        } catch (UnreadableReceipt e) {
            printer.unreadable(e);
            return 2;
        }
    }

    private ReceiptVerifier verifier(Optional<URI> node) {
        return node.map(verifiers)
                .orElseGet(() -> ReceiptVerifier.of(receipt -> ChainEvidence.none("no --rpc was given.")));
    }

    private List<Path> files() {
        try {
            List<Path> files = ReceiptSeries.files(receipts);
            if (files.isEmpty()) {
                throw console.usage("There is no *.json in what was given.");
            }
            return files;
        } catch (IOException e) {
            throw console.usage("A folder cannot be read: " + e.getMessage());
        }
    }

    private static int exitCode(Verdict verdict) {
        return switch (verdict) {
            case HOLDS -> 0;
            case OPEN -> 2;
            case MISROUTED, BROKEN -> 1;
        };
    }

    private Pins pins() {
        try {
            return new Pins(
                    chainId.map(OptionalLong::of).orElseGet(OptionalLong::empty),
                    registry.map(Address::parse),
                    lane.map(LaneId::new),
                    laneOwner.map(Address::parse),
                    anyLane ? OtherLanes.ALLOWED : OtherLanes.UNCHECKED);
        } catch (IllegalArgumentException e) {
            throw console.usage(
                    "--registry and --lane-owner are 0x and 40 hexadecimal digits, --lane is a positive number.");
        }
    }

    private Own own(Receipt receipt) {
        String word = nonce.orElse(receipt.nonce());
        if (!word.isEmpty() && !RequestDigest.isNonce(word)) {
            throw console.usage("--nonce is 1 to 64 printable ASCII characters.");
        }
        return new Own(
                request.map(kept -> Hash32.of(RequestDigest.of(bytes(kept, LARGEST_FILE), word))),
                nonce,
                response.map(kept -> Hash32.of(sha256(bytes(kept, LARGEST_FILE)))));
    }

    private URI address(String text) {
        return NodeCall.address(text).orElseThrow(() -> console.usage("--rpc is the http or https address of a node."));
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

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
