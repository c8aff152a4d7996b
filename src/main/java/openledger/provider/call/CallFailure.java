package openledger.provider.call;

import openledger.inference.upstream.CallResult;

/** A failed call on its way through the guard, which counts exceptions; turned back into its result behind it. */
public class CallFailure extends RuntimeException {
    private final transient CallResult.Failed result;

    CallFailure(CallResult.Failed result) {
        super(result.trigger().name(), null, false, false);
        this.result = result;
    }

    public CallResult.Failed result() {
        return result;
    }

    /** A failure that says nothing about the target's health: it is merely full, or we ended the call ourselves. */
    public static final class Blameless extends CallFailure {
        Blameless(CallResult.Failed result) {
            super(result);
        }
    }
}
