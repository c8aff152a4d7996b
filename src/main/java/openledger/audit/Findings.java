package openledger.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import openledger.audit.Difference.Kind;
import openledger.commitment.leaf.Breach;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.LeafMode;
import openledger.commitment.leaf.ProvableFault;
import openledger.routing.allocation.OpenRequest;
import openledger.routing.allocation.Snapshot;

/** What a replay finds, and whom it tells. Confined to one thread. */
final class Findings {
    private final ReplayVerdicts verdicts;
    private List<Difference> differences = new ArrayList<>();
    private int ofThisLeaf;

    Findings(ReplayVerdicts verdicts) {
        this.verdicts = verdicts;
    }

    /** All since they were taken last. */
    List<Difference> take() {
        List<Difference> taken = differences;
        taken.forEach(difference -> verdicts.found(difference.kind()));
        differences = new ArrayList<>();
        return taken;
    }

    /** Something that is not about a leaf that can be read. */
    void unreadable(List<Difference> found) {
        differences.addAll(found);
    }

    /** A leaf breaks rules, by itself or beside others; one verdict. */
    void broken(Kind kind, Leaf leaf, List<Breach> breaches) {
        breaches.forEach(breach -> differences.add(new Difference(
                kindOf(kind, breach.fault()),
                snapshot(leaf),
                leaf.request().word(),
                breach.why(),
                Optional.of(breach.fault()))));
        verdicts.replayed(leaf.route(), leaf.mode(), false);
    }

    private static Kind kindOf(Kind otherwise, ProvableFault fault) {
        if (fault == ProvableFault.PLAN_UNFOUNDED) {
            return Kind.PLAN_UNFOUNDED;
        }
        return fault == ProvableFault.NOT_AS_PLANNED ? Kind.NOT_AS_PLANNED : otherwise;
    }

    private static long snapshot(Leaf leaf) {
        return leaf.snapshot() == Leaf.NO_SNAPSHOT ? 0 : leaf.snapshot();
    }

    /** The end of a fast request, of which there is nothing but its leaf, breaks none. */
    void holds(Leaf leaf) {
        verdicts.replayed(leaf.route(), leaf.mode(), true);
    }

    /** A leaf is about to be compared. */
    void begin() {
        ofThisLeaf = 0;
    }

    /** It was compared: one verdict, however much differed. */
    void end(Leaf leaf) {
        verdicts.replayed(leaf.route(), leaf.mode(), ofThisLeaf == 0);
    }

    /** Something about the leaf that is being compared. */
    void differ(Leaf leaf, String what, Object follows, Object published) {
        if (!Objects.equals(follows, published)) {
            about(Kind.PLAN_DIFFERS, leaf, what + ": published is " + published + ", " + follows + " follows");
        }
    }

    /** Something else about it. */
    void about(Kind kind, Leaf leaf, String text) {
        about(kind, leaf, text, Optional.empty());
    }

    /** Something else about it, and what it proves. */
    void about(Kind kind, Leaf leaf, String text, Optional<ProvableFault> fault) {
        ofThisLeaf++;
        differences.add(new Difference(kind, leaf.snapshot(), leaf.request().word(), text, fault));
    }

    /** A leaf that is not compared, because it should not be there. */
    void unfounded(Kind kind, Leaf leaf, String text) {
        begin();
        about(kind, leaf, text);
        end(leaf);
    }

    /** A request as a snapshot shows it. */
    void inSnapshot(Kind kind, Snapshot snapshot, OpenRequest request, String text) {
        differences.add(new Difference(kind, snapshot.number(), request.key().word(), text));
        verdicts.replayed(snapshot.routes().get(request.route()).id(), LeafMode.CONFIRMED_RESPONSE, false);
    }
}
