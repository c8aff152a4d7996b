package openledger.inference;

import io.smallrye.mutiny.Uni;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import openledger.inference.origin.OriginName;
import openledger.inference.record.RecordsUnavailable;

/** Port: which provider made which object, durable and shared by all routers of the database. Safe for several threads. */
public interface OriginStore {
    /** Keeps nothing and knows nothing. */
    OriginStore NONE = new OriginStore() {
        @Override
        public void keep(String tenant, UUID name, String provider) {}

        @Override
        public Uni<Map<UUID, String>> find(Set<UUID> names) {
            return Uni.createFrom().item(Map.of());
        }
    };

    /**
     * Keeps who made something, soon and at no cost to the caller; what there is no room for is not kept.
     *
     * @param tenant whose share of the room it takes
     * @param name as {@link OriginName} makes it, with the tenant in it
     */
    void keep(String tenant, UUID name, String provider);

    /** Those of the names that are known, with their providers; fails with {@link RecordsUnavailable} if that is not known in time. */
    Uni<Map<UUID, String>> find(Set<UUID> names);
}
