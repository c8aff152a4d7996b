package openledger.cli;

import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import openledger.archive.PublicDownload;
import openledger.chain.registry.StateProofReader;
import openledger.chain.registry.StateProofReader.Taken;
import openledger.commitment.state.BlockHeader;
import openledger.commitment.verify.ChainEvidence;
import openledger.commitment.verify.NodeTestimony;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.commitment.verify.NodeTestimony.Silent;
import openledger.commitment.verify.Receipt;
import openledger.commitment.verify.Receipt.Anchor;
import openledger.commitment.verify.ReceiptVerification;
import openledger.commitment.verify.ReceiptVerification.Check;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Own;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.commitment.verify.ReceiptVerification.Pins.OtherLanes;
import openledger.commitment.verify.StateEvidence;
import openledger.unit.Hash32;
import openledger.unit.RequestId;
import openledger.verifier.BundleVerifier;
import openledger.verifier.ReceiptBundle;
import openledger.verifier.ReceiptReader;
import openledger.verifier.TerminalText;
import openledger.verifier.UnreadableReceipt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Makes a file of a receipt and the chain's proof of it, which can be verified without router and node. Long because router, node and
 * verifier each can refuse.
 */
@Command(
        name = "bundle",
        exitCodeOnExecutionException = 2,
        mixinStandardHelpOptions = true,
        description =
                "Write a receipt and the chain's proof of it into one file, which verifies without router and node.",
        footer = {
            "Example:",
            "  KEY=sk-... openledger bundle 0006… --router http://127.0.0.1:8080 --key-env KEY \\",
            "      --rpc http://127.0.0.1:8545 --out receipt.bundle.json",
            "  openledger verify receipt.bundle.json --block-hash 0x5cb7… --lane 1",
            "",
            "The bundle has the receipt as the router answers it, the header of one block, and the proof (eth_getProof) of what",
            "the registry keeps about the receipt in the state of that block. Whoever knows the hash of the block can verify it,",
            "for ever. The hash is printed; keep it, or look it up later at any source that you trust.",
            "Without --block the block is the newest that is finalized, if it has the batch and the node can still prove it;",
            "else the newest that is safe; else the newest. A block that is not finalized can be dropped by a reorg.",
            "Exit codes:",
            "  0  written; the receipt verifies by the block, if the block is the chain's and the lane is the right one",
            "  1  written; the receipt is refuted by the block, or proves that rules or a promise were broken",
            "  2  not written; or written, and something that matters cannot be checked; or wrong usage"
        })
public final class BundleCommand implements Callable<Integer> {
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final List<String> TAGS = List.of("finalized", "safe", "latest");

    private final UnaryOperator<@Nullable String> environment;

    @Mixin
    private final Console console = new Console();

    @Parameters(paramLabel = "ID", description = "The request: 32 hexadecimal digits.")
    private String id = "";

    @Option(
            names = "--router",
            paramLabel = "URL",
            required = true,
            description = "Address of the router, e.g. http://127.0.0.1:8080.")
    private String router = "";

    @Option(
            names = "--key-env",
            paramLabel = "NAME",
            required = true,
            description = "The environment variable that holds a key of the request's tenant.")
    private String keyVariable = "";

    @Option(names = "--rpc", paramLabel = "URL", required = true, description = "JSON-RPC address of a node.")
    private String rpc = "";

    @Option(
            names = "--block",
            paramLabel = "BLOCK",
            description = "The block: finalized, safe, latest or a number. Default: the first of these that serves.")
    private Optional<String> block = Optional.empty();

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "The file, which must not exist.")
    private Path out = Path.of("");

    /** The command as people use it. */
    public BundleCommand() {
        this(System::getenv);
    }

    /** With another environment. */
    BundleCommand(UnaryOperator<@Nullable String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (RequestId.parse(id).isEmpty()) {
            throw console.usage("ID must be 32 lower-case hexadecimal digits.");
        }
        URI address =
                NodeCall.address(router).orElseThrow(() -> console.usage("--router must be an http or https address."));
        URI node = NodeCall.address(rpc)
                .orElseThrow(() -> console.usage("--rpc must be the http or https address of a node."));
        String key = environment.apply(keyVariable);
        if (key == null || key.isEmpty() || !key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw console.usage(
                    "--key-env must name an environment variable that holds a key (printable ASCII without spaces).");
        }
        List<String> blocks = block.map(this::named).orElse(TAGS);
        if (Files.exists(out)) {
            throw console.usage("--out must name a file that does not exist.");
        }
        try (PublicDownload download = new PublicDownload(address, key)) {
            byte[] json = download.get("/v1/receipts/" + id, ReceiptReader.LARGEST);
            Receipt receipt = ReceiptReader.read(json);
            return receipt.request().toString().equals(id)
                    ? bundle(json, receipt, node, blocks)
                    : failed("the router answered with the receipt of another request");
        } catch (IOException | UnreadableReceipt e) {
            return failed(String.valueOf(e.getMessage()));
        }
    }

    private List<String> named(String word) {
        if (TAGS.contains(word)) {
            return List.of(word);
        }
        try {
            long number = Long.parseLong(word);
            if (number >= 0) {
                return List.of("0x" + Long.toHexString(number));
            }
        } catch (NumberFormatException none) {
            // Said below.
        }
        throw console.usage("--block must be finalized, safe, latest or the number of a block.");
    }

    private int bundle(byte[] json, Receipt receipt, URI node, List<String> blocks)
            throws IOException, UnreadableReceipt {
        Optional<Anchor> plan = receipt.plan().flatMap(Receipt.Committed::anchor);
        if (receipt.anchor().isEmpty() || (receipt.plan().isPresent() && plan.isEmpty())) {
            return failed("the receipt's batch is not on chain yet; try again later");
        }
        long least = Stream.of(receipt.anchor(), plan)
                .flatMap(Optional::stream)
                .mapToLong(Anchor::blockNumber)
                .max()
                .orElseThrow();
        List<Hash32> slots = StateEvidence.slots(receipt);
        NodeTestimony<Taken> taken =
                asked(node, reader -> reader.read(receipt.header().registry(), slots, least, blocks));
        return switch (taken) {
            case Silent<Taken>(var why) -> failed("the node gives no proof: " + why);
            case Said<Taken>(var there) -> written(json, there);
        };
    }

    /** Hash of the chain's block of a number, by a node. */
    static NodeTestimony<Optional<Hash32>> canonical(URI node, long number) {
        return asked(node, reader -> reader.canonical(number));
    }

    private static <T> NodeTestimony<T> asked(URI node, Function<StateProofReader, Uni<NodeTestimony<T>>> question) {
        return NodeCall.wait(
                vertx -> {
                    StateProofReader reader = new StateProofReader(vertx, NodeCall.settings(List.of(node)));
                    return question.apply(reader)
                            .ifNoItem()
                            .after(LONGEST)
                            .recoverWithItem(() -> new Silent<>("the node took too long"))
                            .eventually(reader::close);
                },
                LONGEST.multipliedBy(2));
    }

    /** What is written is read again first: a bundle that proves nothing is of no use in years. */
    private int written(byte[] json, Taken taken) throws IOException, UnreadableReceipt {
        byte[] bytes = ReceiptBundle.write(json, taken.proof());
        if (bytes.length > ReceiptReader.LARGEST) {
            return failed("the bundle would have more than " + ReceiptReader.LARGEST + " bytes");
        }
        ReceiptBundle bundle = ReceiptBundle.read(bytes).orElseThrow();
        BlockHeader of = bundle.proof().block();
        ReceiptVerification verification = verification(bundle, of.hash());
        Optional<String> gap = gap(bundle, of.hash());
        if (gap.isPresent()) {
            return failed("the node's proof does not hold: " + gap.get());
        }
        Files.write(out, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        console.out()
                .println("Written: " + bytes.length + " bytes, with proofs of block " + of.number() + " ("
                        + taken.block() + "), whose hash is");
        console.out().println("  " + of.hash());
        verification.checks().stream()
                .map(BundleCommand::objection)
                .flatMap(Optional::stream)
                .forEach(line -> console.out().println(TerminalText.line(line)));
        console.out().flush();
        return switch (verification.verdict()) {
            case HOLDS -> 0;
            case OPEN -> 2;
            case MISROUTED, BROKEN -> 1;
        };
    }

    /** The anchors are the verifier's to choose; here those of the receipt are taken, to see whether the rest holds. */
    private static ReceiptVerification verification(ReceiptBundle bundle, Hash32 hash) {
        Pins pins = new Pins(
                Pins.NONE.chainId(),
                Optional.of(bundle.receipt().header().registry()),
                Optional.empty(),
                Optional.empty(),
                OtherLanes.ALLOWED);
        return BundleVerifier.of(hash).verify(bundle, pins, Own.NOTHING);
    }

    private static Optional<String> gap(ReceiptBundle bundle, Hash32 hash) {
        ChainEvidence evidence = StateEvidence.of(
                bundle.receipt(),
                bundle.proof(),
                new Said<>(Optional.of(hash)),
                new Silent<>("it is not needed for the proof"));
        return Stream.of(evidence.registryCode(), evidence.batchRecord(), evidence.upTo(), evidence.laneOwner())
                .flatMap(found -> found instanceof Silent<?>(var why) ? Stream.of(why) : Stream.empty())
                .findFirst();
    }

    private static Optional<String> objection(Check check) {
        return switch (check.finding()) {
            case Finding.Failed(var why) ->
                Optional.of("REFUTED   " + check.subject().title() + ": " + why);
            case Finding.Misroute(var why) ->
                Optional.of("MISROUTE  " + check.subject().title() + ": " + why);
            case Finding.Unchecked(var why) ->
                Optional.of("open      " + check.subject().title() + ": " + why);
            case Finding.Passed _, Finding.Skipped _ -> Optional.empty();
        };
    }

    private int failed(String why) {
        console.complain("Nothing was written: " + why + (why.endsWith(".") ? "" : "."));
        return 2;
    }
}
