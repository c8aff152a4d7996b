package openledger.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import openledger.budget.AttemptLedger;
import openledger.budget.AttemptPermit;
import openledger.fairness.Attribution.BestTierView;
import openledger.inference.WalkedSession.Impossible;
import openledger.inference.confirmed.PlanConfirmation;
import openledger.inference.retry.AttemptsEnd;
import openledger.inference.retry.RetryLoop;
import openledger.inference.upstream.UpstreamRequest;
import openledger.routing.Route;
import org.jspecify.annotations.Nullable;

/** Attempts that end when told. Once they are cancelled they are still at once, or when told. */
final class ScriptedAttempts implements RetryLoop {
    private final AttemptLedger ledger;
    private final boolean isStillAtOnce;
    private final List<Runnable> still = new ArrayList<>();

    @Nullable UniEmitter<? super AttemptsEnd> to;

    int left = 3;
    boolean isLeaving;
    boolean isClosed;

    ScriptedAttempts(Route route, boolean isStillAtOnce) {
        this.ledger = new AttemptLedger(route);
        this.isStillAtOnce = isStillAtOnce;
    }

    AttemptPermit take() {
        return ledger.take().orElseThrow(Impossible::new);
    }

    UniEmitter<? super AttemptsEnd> running() {
        UniEmitter<? super AttemptsEnd> running = to;
        if (running == null || isLeaving) {
            throw new Impossible();
        }
        to = null;
        return running;
    }

    private Uni<AttemptsEnd> begin() {
        return Uni.createFrom().emitter(begun -> {
            assertThat(to).as("attempts begun twice").isNull();
            assertThat(isClosed).as("ledger closed").isFalse();
            to = begun;
        });
    }

    void calmDown() {
        isLeaving = false;
        List<Runnable> waiting = List.copyOf(still);
        still.clear();
        waiting.forEach(Runnable::run);
    }

    @Override
    public Uni<AttemptsEnd> start() {
        return begin();
    }

    @Override
    public Uni<AttemptsEnd> goOn(UpstreamRequest again) {
        return begin();
    }

    @Override
    public void cancel() {
        isLeaving |= !isStillAtOnce && to != null;
        to = null;
    }

    @Override
    public void whenStill(Runnable then) {
        if (isLeaving) {
            still.add(then);
        } else {
            then.run();
        }
    }

    @Override
    public boolean isInFlight() {
        return to != null;
    }

    @Override
    public boolean canGoOn() {
        return left > 0 && !isClosed;
    }

    @Override
    public void close() {
        isClosed = true;
    }

    @Override
    public void stopRetrying() {}

    @Override
    public void resumeRetries() {}

    @Override
    public void rest() {}

    @Override
    public int spent() {
        return 0;
    }

    @Override
    public int overtakes() {
        return 0;
    }

    @Override
    public BestTierView view() {
        return BestTierView.SHOWED_NONE;
    }

    @Override
    public Optional<PlanConfirmation> watch() {
        return Optional.empty();
    }
}
