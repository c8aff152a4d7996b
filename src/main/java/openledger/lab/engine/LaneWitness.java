package openledger.lab.engine;

import java.nio.ByteBuffer;
import openledger.commitment.evm.Keccak256;
import openledger.routing.Plan;
import openledger.routing.allocation.Allocation;
import openledger.routing.allocation.Snapshot;
import openledger.unit.RequestKey;
import openledger.unit.TenantTag;

/** Observes a confirmed run, and names its requests and tenants. */
public interface LaneWitness {
    /** Nobody; requests and tenants are called something all the same. */
    LaneWitness NOBODY = new LaneWitness() {};

    /** What stands for a request in public. */
    default RequestKey key(Arrival arrival) {
        byte[] luck = ByteBuffer.allocate(Long.BYTES).putLong(arrival.luck()).array();
        return RequestKey.of(Keccak256.digest(luck), arrival.number() + 1L);
    }

    /** What stands for a tenant in public. */
    default TenantTag tag(int tenant) {
        return TenantTag.of(ByteBuffer.allocate(TenantTag.BYTES).putInt(tenant).array());
    }

    /**
     * A snapshot was taken and allocated.
     *
     * @param millis when
     */
    default void allocated(Snapshot snapshot, Allocation allocation, double millis) {}

    /**
     * The call that serves has begun.
     *
     * @param attempt its number; its target is the plan's
     * @param ends when the answer is there, ms
     */
    default void served(Arrival arrival, Plan plan, int attempt, double ends) {}
}
