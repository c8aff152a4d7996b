package openledger.http.receipt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import openledger.audit.court.LeafStake;
import openledger.audit.court.StakeView;
import openledger.audit.court.StakeWatch;
import openledger.commitment.ConfirmationLevel;
import openledger.http.StakeAccess;
import openledger.settlement.receipt.Batches.Located;
import openledger.unit.RequestId;

/** What stands behind the leaves of one request, as a member of its receipt. Amounts are texts of wei, as in {@code GET /v1/stake}. */
final class StakeMember {
    private static final String LEVEL = "level";

    private final Optional<StakeWatch> watch;

    /** Of a request; its lane has a vault only if it is this router's. */
    StakeMember(StakeAccess access, RequestId id) {
        this.watch = access.watch().filter(ours -> ours.lane().value() == id.lane());
    }

    /** What is known of a leaf without asking the chain, but of old ones. Never fails. */
    Uni<Optional<LeafStake>> of(Optional<Located> leaf) {
        return watch.isEmpty() || leaf.isEmpty()
                ? Uni.createFrom().item(Optional.empty())
                : watch.get().behind(leaf.get());
    }

    /**
     * Adds it to what a receipt has of a leaf. A leaf of a lane that has a vault is settled only if the vault has nothing against it, whatever
     * its batch is.
     */
    void addTo(ObjectNode leaf, Optional<LeafStake> known) {
        if (watch.isEmpty()) {
            return;
        }
        boolean isSettled = known.filter(LeafStake::isSettled).isPresent();
        if (!isSettled && leaf.path(LEVEL).asText().equals(ConfirmationLevel.SETTLED.name())) {
            leaf.put(LEVEL, ConfirmationLevel.FINALIZED.name());
        }
        known.filter(stake -> stake.view().stake().gated()).ifPresent(stake -> member(leaf.putObject("stake"), stake));
    }

    private static void member(ObjectNode member, LeafStake stake) {
        StakeView view = stake.view();
        member.put("vault", view.vault().toString());
        member.put("active", view.stake().active().value().toString());
        member.put("as_of", view.time().seconds());
        member.put("leaf_penalty", view.terms().leafPenalty().toString());
        member.put("promise_penalty", view.terms().promisePenalty().toString());
        member.put("challengeable_until", stake.challengeableUntil());
        member.put("punished", stake.isPunished());
        stake.penalty()
                .ifPresent(penalty -> member.putObject("penalty")
                        .put("fault", penalty.penalised().fault().name())
                        .put("transaction", penalty.transaction().toString()));
    }
}
