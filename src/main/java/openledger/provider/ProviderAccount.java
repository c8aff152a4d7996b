package openledger.provider;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import openledger.inference.upstream.AccountFault;
import openledger.provider.target.Seldom;
import org.jboss.logging.Logger;

/** How often a provider has said that the operator's account there is at fault. Thread-safe. */
public final class ProviderAccount {
    private static final Logger LOG = Logger.getLogger(ProviderAccount.class);
    private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

    private final String provider;
    private final Map<AccountFault, LongAdder> counts = new EnumMap<>(AccountFault.class);
    private final Map<AccountFault, Seldom> seldom = new EnumMap<>(AccountFault.class);

    public ProviderAccount(String provider, LongSupplier nanoTime) {
        this.provider = provider;
        for (AccountFault fault : AccountFault.values()) {
            counts.put(fault, new LongAdder());
            seldom.put(fault, new Seldom(BETWEEN_WARNINGS, nanoTime));
        }
    }

    /** It has said so once more. */
    void isAtFault(AccountFault fault, int status, String requestId) {
        Objects.requireNonNull(counts.get(fault)).increment();
        Seldom ofThis = Objects.requireNonNull(seldom.get(fault));
        if (ofThis.isDue()) {
            LOG.warnf(
                    "our account at a provider is at fault, provider=%s fault=%s status=%d request=%s more=%d",
                    provider, fault, status, requestId, ofThis.heldBack());
        }
    }

    /** So often since the start, by what was wrong. */
    Map<AccountFault, Long> counts() {
        Map<AccountFault, Long> all = new EnumMap<>(AccountFault.class);
        counts.forEach((fault, count) -> all.put(fault, count.sum()));
        return all;
    }
}
