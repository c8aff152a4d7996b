package openledger.provider;

import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.Guard;
import jakarta.enterprise.util.TypeLiteral;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import openledger.inference.CallResult;
import openledger.routing.Target;

/**
 * Circuit breaker and bulkhead of one target. Time-outs are timers of the call, because a guard's cost a sixth of the
 * throughput; retries are the attempt loop's alone.
 */
final class TargetGuard {
    private static final TypeLiteral<CompletionStage<CallResult>> RESULT = new TypeLiteral<>() {};

    private final Guard guard;

    TargetGuard(Target target, CircuitSettings circuit, TargetState state) {
        this.guard = Guard.create()
                .withDescription(target.name())
                .withThreadOffload(false)
                .withBulkhead()
                .limit(target.slots().max())
                .queueSize(1)
                .done()
                .withCircuitBreaker()
                .requestVolumeThreshold(circuit.requestVolume())
                .failureRatio(circuit.failureRatio())
                .delay(circuit.delay().toMillis(), ChronoUnit.MILLIS)
                .skipOn(CallFailure.Blameless.class)
                .onStateChange(now -> state.circuit(now == CircuitBreakerState.OPEN))
                .done()
                .build();
    }

    /** Runs a call, or fails the stage without running it. */
    CompletionStage<CallResult> run(Supplier<CompletionStage<CallResult>> call) {
        return guard.get(call, RESULT);
    }
}
