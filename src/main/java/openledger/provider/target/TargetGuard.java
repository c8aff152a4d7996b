package openledger.provider.target;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import openledger.inference.upstream.CallResult;
import openledger.provider.call.CallFailure;
import org.jspecify.annotations.Nullable;

/**
 * The circuit of one target around its calls. The number of concurrent calls is bounded by the slots ({@link TargetState}), which hold a
 * call longer than anything here would; time-outs are timers of the call, because a guard's cost a sixth of the throughput; retries are the
 * attempt loop's alone.
 */
public final class TargetGuard {
    private final Circuit circuit;
    private final LongSupplier nanoTime;

    TargetGuard(Circuit circuit, LongSupplier nanoTime) {
        this.circuit = circuit;
        this.nanoTime = nanoTime;
    }

    /** Runs a call of a tenant, or fails the stage with {@link NotCalled} without running it. */
    public CompletionStage<CallResult> run(String tenant, Supplier<CompletionStage<CallResult>> call) {
        if (!circuit.enter(tenant)) {
            return CompletableFuture.failedFuture(new NotCalled());
        }
        long began = nanoTime.getAsLong();
        return call.get().whenComplete((result, failure) -> judge(tenant, began, failure));
    }

    /** What is not an outcome of the call, and what is not to be blamed on the target, says nothing. */
    private void judge(String tenant, long began, @Nullable Throwable failure) {
        if (failure == null) {
            circuit.answered(tenant, began);
            return;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof CallFailure && !(cause instanceof CallFailure.Blameless)) {
            circuit.failed(tenant);
        }
    }

    /** The circuit is open. */
    public static final class NotCalled extends RuntimeException {
        NotCalled() {
            super("the circuit is open", null, false, false);
        }
    }
}
