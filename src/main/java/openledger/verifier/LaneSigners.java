package openledger.verifier;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import openledger.commitment.SignedPromise;
import openledger.commitment.verify.ChainEvidence;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.commitment.verify.RegistryCode;
import openledger.unit.Address;
import openledger.unit.LaneId;

/**
 * Whose signatures bind a lane, as the node that is trusted has it. Keys that sign still are remembered for a while; of another key the node
 * is asked at most once within a second of its last answer, so that whoever makes up keys costs it nothing. Blocks while it asks. Thread-safe.
 */
final class LaneSigners {
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final long REMEMBERED = 60;

    private final RpcNode node;
    private final Pins pins;
    private final InstantSource clock;
    /** When a key was last found to sign, Unix seconds. */
    private final Map<Address, Long> known = new ConcurrentHashMap<>();

    private long lastLook;

    LaneSigners(RpcNode node, Pins pins, InstantSource clock) {
        this.node = node;
        this.pins = pins;
        this.clock = clock;
    }

    /** Who must have signed a promise: its signer, if that is a key of the lane, else the lane's key; empty if it is not known. */
    Optional<Address> expected(SignedPromise signed) {
        Optional<LaneId> lane = pins.lane();
        if (lane.isEmpty()) {
            return Optional.empty();
        }
        long now = clock.instant().getEpochSecond();
        Long found = known.get(signed.signer());
        if (found != null && now - found < REMEMBERED) {
            return Optional.of(signed.signer());
        }
        if (!isTime(now)) {
            return Optional.empty();
        }
        try {
            return ask(lane.get(), signed, now);
        } finally {
            answered();
        }
    }

    private synchronized void answered() {
        lastLook = clock.instant().getEpochSecond();
    }

    private synchronized boolean isTime(long now) {
        if (now == lastLook) {
            return false;
        }
        lastLook = now;
        return true;
    }

    private Optional<Address> ask(LaneId lane, SignedPromise signed, long now) {
        Address registry = pins.registry().orElse(RegistryCode.ADDRESS);
        long until = System.nanoTime() + LONGEST.toNanos();
        try {
            long retired = RegistryQueries.retiredAt(node.ask(
                            RegistryQueries.call(registry, RegistryQueries.signerRetiredAt(lane, signed.signer())),
                            until)
                    .bytes("signerRetiredAt"));
            if (retired == ChainEvidence.NOT_RETIRED) {
                known.put(signed.signer(), now);
                return Optional.of(signed.signer());
            }
            known.remove(signed.signer());
            return retired >= signed.promise().signedAt()
                    ? Optional.of(signed.signer())
                    : Optional.of(RegistryQueries.signer(
                            node.ask(RegistryQueries.call(registry, RegistryQueries.laneOf(lane)), until)
                                    .bytes("laneOf")));
        } catch (NodeSilence silent) {
            return Optional.empty();
        }
    }
}
