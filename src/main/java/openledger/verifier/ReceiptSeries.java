package openledger.verifier;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import openledger.commitment.verify.LogEnvelope;
import openledger.commitment.verify.LogVerification;
import openledger.commitment.verify.Receipt;
import openledger.commitment.verify.ReceiptVerification;
import openledger.commitment.verify.ReceiptVerification.Own;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.commitment.verify.ReceiptVerification.Verdict;

/** Verifies many receipts, some at once, and reports them in their order. One that cannot be read does not stop the others. */
public final class ReceiptSeries {
    private static final int AT_ONCE = 16;

    private final ReceiptVerifier verifier;
    private final Pins pins;
    private final BundleVerifier bundles;
    private final VerificationPrinter printer;
    private final Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);

    /**
     * Receipts of all forms.
     *
     * @param bundles for receipts that have the chain's part with them
     */
    public ReceiptSeries(ReceiptVerifier verifier, Pins pins, BundleVerifier bundles, VerificationPrinter printer) {
        this.verifier = verifier;
        this.pins = pins;
        this.bundles = bundles;
        this.printer = printer;
    }

    /** The files that are meant: a folder stands for the {@code *.json} right in it, by name. */
    public static List<Path> files(List<Path> given) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path path : given) {
            if (Files.isDirectory(path)) {
                files.addAll(inside(path));
            } else {
                files.add(path);
            }
        }
        return files;
    }

    private static List<Path> inside(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.json")) {
            found.forEach(files::add);
        }
        files.sort(null);
        return files;
    }

    /** Verifies and prints all; the worst that there was, of which a refuted receipt is the worst. */
    public Verdict verify(List<Path> files) {
        try (ExecutorService threads =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            List<Future<Verified>> all = new ArrayList<>(files.size());
            files.forEach(file -> all.add(threads.submit(() -> verified(file))));
            try {
                for (Future<Verified> one : all) {
                    tell(one.get());
                }
            } catch (InterruptedException e) {
                threads.shutdownNow();
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            } catch (ExecutionException e) {
                threads.shutdownNow();
                throw new IllegalStateException("a receipt could not be held against the chain", e.getCause());
            }
        }
        printer.counts(counts);
        return counts.keySet().stream().max(Verdict::compareTo).orElse(Verdict.OPEN);
    }

    private Verified verified(Path file) {
        String name = name(file);
        try {
            byte[] bytes = bytes(file);
            Optional<LogEnvelope> ofLog = ReceiptReader.ofLog(bytes);
            if (ofLog.isPresent()) {
                return new Verified.OfLog(name, ofLog(ofLog.get(), pins, Optional.empty()));
            }
            Optional<ReceiptBundle> bundle = ReceiptBundle.read(bytes);
            if (bundle.isPresent()) {
                return new Verified.Done(name, bundles.verify(bundle.get(), pins, Own.NOTHING));
            }
            Receipt receipt = ReceiptReader.read(bytes);
            return new Verified.Done(name, verifier.verify(receipt, pins, Own.NOTHING));
        } catch (UnreadableReceipt why) {
            return new Verified.NotRead(name, why);
        }
    }

    /** What was asked for and cannot be checked must not look as if it had been, whatever form the file has. */
    static LogVerification ofLog(LogEnvelope receipt, Pins pins, Optional<byte[]> leaf) throws UnreadableReceipt {
        if (pins.isOfChain()) {
            throw new UnreadableReceipt(
                    "",
                    "It names no chain, so registry and lane cannot be checked: name the log alone, or get the receipt as JSON.");
        }
        return LogVerification.of(receipt, pins.log(), leaf);
    }

    /**
     * The bytes of a file. One that is too long is the reader's to refuse; one byte more is enough for it to tell.
     *
     * @throws UnreadableReceipt if it cannot be read
     */
    public static byte[] bytes(Path file) throws UnreadableReceipt {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(ReceiptReader.LARGEST + 1);
        } catch (IOException e) {
            throw new UnreadableReceipt("", "The file cannot be read.");
        }
    }

    /** A line stays a line, whatever a file is called. */
    private static String name(Path file) {
        return String.valueOf(file.getFileName()).replaceAll("\\p{Cntrl}", "?");
    }

    private void tell(Verified one) {
        Verdict verdict = switch (one) {
            case Verified.Done(var name, var verification) -> {
                printer.row(name, verification);
                yield verification.verdict();
            }
            case Verified.OfLog(var name, var verification) -> {
                printer.row(name, verification);
                yield verification.verdict();
            }
            case Verified.NotRead(var name, var why) -> {
                printer.row(name, why);
                yield Verdict.OPEN;
            }
        };
        counts.merge(verdict, 1, Integer::sum);
    }

    /** What became of a file. */
    private sealed interface Verified {
        record Done(String name, ReceiptVerification verification) implements Verified {}

        record OfLog(String name, LogVerification verification) implements Verified {}

        record NotRead(String name, UnreadableReceipt why) implements Verified {}
    }
}
