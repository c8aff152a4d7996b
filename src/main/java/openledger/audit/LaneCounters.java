package openledger.audit;

import java.util.List;
import java.util.Optional;
import openledger.audit.CounterSet.Missing;
import openledger.audit.Difference.Kind;
import openledger.commitment.BatchHeader;
import openledger.commitment.HeaderFaults;
import openledger.commitment.leaf.Breach;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.leaf.ProvableFault;
import openledger.unit.Hash32;
import org.jspecify.annotations.Nullable;

/**
 * Follows a lane's headers and the numbers of its requests: headers continue each other, each request has one outcome and at most one
 * plan, no plan comes after its outcome, and what a header calls ended has an outcome.
 *
 * <p>Memory is bounded by the window: of requests that a header calls ended nothing is kept, since another leaf of them is a second one
 * whatever it says; beyond, stretches of numbers are kept, of which an honest lane has as many as it has open requests. A lane that makes
 * more than {@link #MOST_STRETCHES} is forgotten from there, as if it were read from a later batch. Who has not read all batches cannot
 * tell which requests have no outcome, since it may be in a batch that was not read: then only who is new since then is judged. Confined
 * to one thread.
 */
final class LaneCounters {
    static final int MOST_STRETCHES = 1_000_000;
    private static final int NAMED = 5;

    private final Findings findings;
    private final CounterSet ended = new CounterSet();
    private final CounterSet planned = new CounterSet();
    private @Nullable BatchHeader newest;
    private long complete;
    private long highest;
    /** Up to here an outcome may be in a batch that was not read. */
    private long unreadThrough;

    private boolean hasAllHeaders;

    LaneCounters(Findings findings) {
        this.findings = findings;
    }

    /** The batch before the first that is taken; it was not read. */
    void after(BatchHeader before) {
        newest = before;
        complete = before.completeThrough();
        passed();
    }

    /** A batch was not read: its outcomes are not known, nor the highest number among them. */
    void passed() {
        unreadThrough = Long.MAX_VALUE;
        hasAllHeaders = false;
    }

    /** The next batch. */
    void take(PublishedBatch batch) {
        BatchHeader header = batch.header();
        headers(batch);
        highest = Math.max(highest, header.lastCounter());
        if (batch.leaves().size() < header.count() && unreadThrough < highest) {
            unreadThrough = highest;
        }
        batch.leaves().forEach(this::planned);
        batch.leaves().forEach(this::ended);
        complete(header);
        bound();
        newest = header;
    }

    private void headers(PublishedBatch batch) {
        BatchHeader header = batch.header();
        BatchHeader before = newest;
        if (before == null) {
            hasAllHeaders = header.sequence() == 1;
            if (hasAllHeaders) {
                HeaderFaults.first(header).ifPresent(breach -> broken(Kind.HEADER_BROKEN, breach));
            } else {
                passed();
            }
        } else if (HeaderFaults.areOfOneLane(before, header)) {
            continued(batch, before);
        } else {
            findings.unreadable(List.of(new Difference(
                    Kind.UNREADABLE,
                    0,
                    Hash32.ZERO,
                    "batch " + header.sequence()
                            + ": it is of another lane, registry or chain than the batch before")));
        }
    }

    private void continued(PublishedBatch batch, BatchHeader before) {
        BatchHeader header = batch.header();
        List<Breach> breaches = HeaderFaults.of(before, header);
        breaches.forEach(breach -> broken(Kind.HEADER_BROKEN, breach));
        boolean follows = before.sequence() == header.sequence() - 1 && header.firstIndex() == before.size();
        if (follows && batch.rootBefore().filter(before.root()::equals).isEmpty()) {
            broken(
                    Kind.LOG_FORKED,
                    new Breach(
                            ProvableFault.LOG_FORKED,
                            "batch " + header.sequence() + ": its log does not begin with that of the batch before"));
        }
    }

    private void broken(Kind kind, Breach breach) {
        findings.unreadable(List.of(new Difference(kind, 0, Hash32.ZERO, breach.why(), Optional.of(breach.fault()))));
    }

    /** What has ended in an earlier batch is not planned any more. */
    private void planned(Leaf leaf) {
        if (!(leaf.stage() instanceof Stage.Planned)) {
            return;
        }
        long counter = leaf.request().counter();
        if (counter <= complete || ended.has(counter)) {
            findings.broken(
                    Kind.PLAN_AFTER_OUTCOME,
                    leaf,
                    List.of(new Breach(
                            ProvableFault.PLAN_AFTER_OUTCOME,
                            "Request " + counter + " had ended in a batch before its plan.")));
        } else if (!planned.add(counter)) {
            findings.broken(Kind.TWICE, leaf, twice("Request " + counter + " has two plans."));
        }
    }

    private void ended(Leaf leaf) {
        if (!(leaf.stage() instanceof Stage.Ended)) {
            return;
        }
        long counter = leaf.request().counter();
        if (counter <= complete) {
            findings.broken(
                    Kind.TWICE,
                    leaf,
                    twice("Request " + counter + " has an outcome again: all up to " + complete
                            + " had theirs in a batch before."));
        } else if (!ended.add(counter)) {
            findings.broken(Kind.TWICE, leaf, twice("Request " + counter + " has two outcomes."));
        }
    }

    private static List<Breach> twice(String why) {
        return List.of(new Breach(ProvableFault.TWICE, why));
    }

    private void complete(BatchHeader header) {
        long through = header.completeThrough();
        if (hasAllHeaders) {
            HeaderFaults.beyond(header, highest).ifPresent(breach -> broken(Kind.HEADER_BROKEN, breach));
        }
        if (through <= complete) {
            return;
        }
        gap(header, Math.max(complete, unreadThrough), Math.min(through, highest));
        ended.drop(through);
        planned.drop(through);
        complete = through;
    }

    private void gap(BatchHeader header, long after, long through) {
        if (after >= through) {
            return;
        }
        Missing missing = ended.missing(after, through, NAMED);
        if (missing.stretches() > 0) {
            findings.unreadable(List.of(new Difference(
                    Kind.OUTCOME_MISSING,
                    0,
                    Hash32.ZERO,
                    "batch " + header.sequence() + ": its header says that all requests up to "
                            + header.completeThrough() + " have ended, but there is no outcome of " + missing.first()
                            + (missing.stretches() > NAMED
                                    ? " and " + (missing.stretches() - NAMED) + " more stretches"
                                    : ""),
                    Optional.empty())));
        }
    }

    private void bound() {
        if (ended.size() > MOST_STRETCHES || planned.size() > MOST_STRETCHES) {
            ended.clear();
            planned.clear();
            unreadThrough = Math.max(unreadThrough, highest);
        }
    }
}
