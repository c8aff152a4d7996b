package openledger.provider.target;

import io.smallrye.faulttolerance.api.Guard;
import jakarta.enterprise.util.TypeLiteral;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import openledger.inference.upstream.CallResult;
import openledger.provider.call.CallFailure;
import openledger.routing.Target;
import org.jspecify.annotations.Nullable;

/**
 * Circuit and bulkhead of one target. Time-outs are timers of the call, because a guard's cost a sixth of the throughput; retries
 * are the attempt loop's alone. The circuit is ours, because the library's takes every outcome it is told of for a failure or a
 * success, whoever's it was.
 */
public final class TargetGuard {
    private static final TypeLiteral<CompletionStage<CallResult>> RESULT = new TypeLiteral<>() {};

    private final Guard bulkhead;
    private final Circuit circuit;
    private final LongSupplier nanoTime;

    TargetGuard(Target target, Circuit circuit, LongSupplier nanoTime) {
        this.circuit = circuit;
        this.nanoTime = nanoTime;
        this.bulkhead = Guard.create()
                .withDescription(target.name())
                .withThreadOffload(false)
                .withBulkhead()
                .limit(target.slots().max())
                .queueSize(1)
                .done()
                .build();
    }

    /** Runs a call of a tenant, or fails the stage without running it. */
    public CompletionStage<CallResult> run(String tenant, Supplier<CompletionStage<CallResult>> call) {
        if (!circuit.enter(tenant)) {
            return CompletableFuture.failedFuture(new NotCalled());
        }
        long began = nanoTime.getAsLong();
        return bulkhead.get(call, RESULT).whenComplete((result, failure) -> judge(tenant, began, failure));
    }

    /** What the guard did not let through, and what is not to be blamed on the target, says nothing. */
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
    private static final class NotCalled extends RuntimeException {
        NotCalled() {
            super("the circuit is open", null, false, false);
        }
    }
}
