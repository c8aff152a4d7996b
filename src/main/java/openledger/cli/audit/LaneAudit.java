package openledger.cli.audit;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import openledger.audit.Difference;
import openledger.audit.PlanReplay;
import openledger.audit.ReplayReport;
import openledger.audit.ReplayVerdicts;
import openledger.commitment.BatchHeader;
import openledger.verifier.TerminalText;
import openledger.verifier.UnreadableReceipt;

/**
 * Audits some batches of a lane, one after another, and prints the findings. Whatever is wrong with one of them, the next is read; it ends
 * only if several in a row cannot be downloaded. Confined to one thread.
 */
public final class LaneAudit {
    private static final int SHOWN = 20;
    private static final int PROGRESS = 100;
    private static final int MOST_FAILURES = 3;

    private final BatchDownload batches;
    private final PolicyDownload policies;
    private final KeptHeads heads;
    private final PrintWriter out;
    private final PlanReplay replay;
    private final List<Difference> shown = new ArrayList<>();
    private long differences;
    private long notHad;
    private String whyNotHad = "";

    /**
     * An audit.
     *
     * @param heads that the router has signed before
     */
    public LaneAudit(BatchDownload batches, PolicyDownload policies, KeptHeads heads, PrintWriter out) {
        this.batches = batches;
        this.policies = policies;
        this.heads = heads;
        this.out = out;
        this.replay = new PlanReplay(ReplayVerdicts.NOBODY, policies);
    }

    /**
     * Audits the batches from one to another; the exit code.
     *
     * @throws IOException if the router does not answer any more
     */
    public int run(long from, long last) throws IOException, InterruptedException {
        int failures = 0;
        for (long sequence = from; sequence <= last; sequence++) {
            try {
                read(sequence);
                failures = 0;
            } catch (IOException e) {
                replay.pass(sequence);
                notHad++;
                whyNotHad = String.valueOf(e.getMessage());
                if (++failures == MOST_FAILURES) {
                    throw new IOException(
                            MOST_FAILURES + " batches in a row could not be downloaded, the last because " + whyNotHad,
                            e);
                }
            }
            keep(replay.news());
            if ((sequence - from + 1) % PROGRESS == 0) {
                out.println("  batch " + sequence + " of " + last);
                out.flush();
            }
        }
        ReplayReport report = replay.finish();
        keep(report.differences());
        return print(report);
    }

    private void read(long sequence) throws IOException, InterruptedException {
        BatchHeader header;
        try {
            header = batches.header(sequence);
        } catch (UnreadableReceipt e) {
            compare();
            replay.skip(sequence, String.valueOf(e.getMessage()));
            return;
        }
        compare();
        policies.learn(header);
        replay.take(batches.data(header));
    }

    private void compare() {
        keep(batches.signed().flatMap(heads::against).stream().toList());
    }

    private void keep(List<Difference> found) {
        differences += found.size();
        found.stream().limit(SHOWN - (long) shown.size()).forEach(shown::add);
    }

    private int print(ReplayReport report) {
        batches.last().ifPresent(head -> out.println("Head of batch " + head.sequence() + ": " + head.head()));
        out.printf("%d batches: %d leaves checked against the published rules.%n", report.batches(), report.leaves());
        out.printf(
                "%d snapshots: %d plans and %d ends of planned requests compared.%n",
                report.snapshots(), report.plans(), report.outcomes());
        out.printf(
                "%d requests spent their budget while they were held, %d left before they had a plan, %d plans are due in later"
                        + " batches.%n",
                report.exhausted(), report.left(), report.pending());
        shown.forEach(this::line);
        if (differences > shown.size()) {
            out.println("... and " + (differences - shown.size()) + " more.");
        }
        if (notHad > 0) {
            out.println(TerminalText.line(
                    notHad + " batches could not be downloaded, the last because " + whyNotHad + "."));
        }
        if (report.unjudged() > 0) {
            out.println(TerminalText.line(report.unjudged()
                    + " leaves could not be checked against all rules, because no downloaded policy has their routes. "
                    + policies.trouble()));
        }
        out.println(differences == 0 ? "No difference." : differences + " differences.");
        out.flush();
        if (differences > 0) {
            return 1;
        }
        return notHad > 0 || report.unjudged() > 0 ? 2 : 0;
    }

    private void line(Difference difference) {
        String fault = difference.fault().map(proved -> " (" + proved + ")").orElse("");
        out.println(TerminalText.line(difference.kind() + fault + ", snapshot " + difference.snapshot() + ", request "
                + difference.request() + ": " + difference.text()));
    }
}
