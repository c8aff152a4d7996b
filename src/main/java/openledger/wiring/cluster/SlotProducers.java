package openledger.wiring.cluster;

import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import openledger.cluster.slot.SlotShares;
import openledger.inference.Timekeeper;
import openledger.store.DatabaseServers;
import openledger.store.catalog.StoredCatalog;
import openledger.wiring.config.CheckedConfiguration;

/** Makes what slots of targets are taken from: all routers together if this one is one of several, else each learns them by itself. */
@Singleton
final class SlotProducers {
    @Produces
    @Singleton
    Optional<SharedSlots> slots(
            Vertx vertx,
            DatabaseServers database,
            StoredCatalog migrated,
            CheckedConfiguration checked,
            Timekeeper time) {
        return checked.cluster().map(settings -> new SharedSlots(vertx, database, time));
    }

    @Produces
    @Singleton
    SlotShares shares(Optional<SharedSlots> slots) {
        return slots.<SlotShares>map(SharedSlots::slots).orElse(SlotShares.ALONE);
    }
}
