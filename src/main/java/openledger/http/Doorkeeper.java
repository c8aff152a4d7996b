package openledger.http;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import openledger.inference.Caller;
import openledger.inference.Callers;
import openledger.inference.Timekeeper;

/** Knows the tenants' callers by what they present. Thread-safe. */
@Singleton
final class Doorkeeper {
    private final Callers callers;
    private final WrongKeys wrongKeys;

    @Inject
    Doorkeeper(Callers callers, Timekeeper time, HttpLimits limits) {
        this.callers = callers;
        this.wrongKeys = new WrongKeys(limits.wrongKeysPerMinute(), time);
    }

    /** Who presents this key. */
    Optional<Caller> byKey(String presented) {
        return callers.byKey(presented);
    }

    /** What somebody is answered whom we do not know. */
    Refusal refuse() {
        return wrongKeys.refuse(PresentedKey.HINT);
    }
}
