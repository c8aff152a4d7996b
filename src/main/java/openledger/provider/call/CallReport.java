package openledger.provider.call;

import java.time.Duration;
import java.util.Optional;
import openledger.inference.record.AttemptDetail;
import openledger.inference.upstream.CallResult;
import openledger.inference.upstream.ConnectionFault;
import openledger.inference.upstream.UpstreamAnswer;
import openledger.inference.upstream.UpstreamRejection;
import openledger.provider.dialect.EncodedRequest;
import openledger.routing.Trigger;
import org.jspecify.annotations.Nullable;

/** Collects what is known of a call, and makes its results. Confined to the event loop of the call. */
final class CallReport {
    private final EncodedRequest spoken;
    private final Delivery delivery;
    private ConnectionFault fault = ConnectionFault.NONE;
    private String upstreamRequestId = "";
    private int status;

    CallReport(EncodedRequest spoken, Delivery delivery) {
        this.spoken = spoken;
        this.delivery = delivery;
    }

    /** The head of the answer has come. */
    void head(int saidStatus, String saidRequestId) {
        status = saidStatus;
        upstreamRequestId = saidRequestId;
    }

    /** The connection has failed. */
    void lost(ConnectionFault by) {
        fault = by;
    }

    /** Of the answer, 0 if its head has not come. */
    int status() {
        return status;
    }

    CallResult.Answered answered(UpstreamAnswer answer, String model) {
        return new CallResult.Answered(answer, status, upstreamRequestId, detail(model));
    }

    CallResult.Rejected rejected(UpstreamRejection rejection, int as, String model) {
        return new CallResult.Rejected(rejection, as, upstreamRequestId, detail(model));
    }

    CallFailure failed(Trigger trigger, @Nullable Duration retryAfter, String model) {
        CallResult.Failed failed = failure(trigger, retryAfter, model);
        return trigger == Trigger.RATE_LIMITED ? new CallFailure.Blameless(failed) : new CallFailure(failed);
    }

    /** We ended it ourselves. */
    CallFailure departed(String model) {
        return new CallFailure.Blameless(failure(Trigger.CONNECTION_LOST, null, model));
    }

    private CallResult.Failed failure(Trigger trigger, @Nullable Duration retryAfter, String model) {
        return new CallResult.Failed(
                trigger, status, Optional.ofNullable(retryAfter), upstreamRequestId, detail(model));
    }

    private AttemptDetail detail(String model) {
        return new AttemptDetail(fault, delivery.isSentAgain(), model, Optional.empty(), spoken.leftOut());
    }
}
