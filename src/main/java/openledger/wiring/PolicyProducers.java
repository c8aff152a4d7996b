package openledger.wiring;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import openledger.cluster.News;
import openledger.cluster.slot.SlotShares;
import openledger.inference.CurrentPolicy;
import openledger.inference.InferenceService;
import openledger.inference.PolicyVersions;
import openledger.inference.Timekeeper;
import openledger.inference.admission.Admission;
import openledger.inference.admission.ConfirmedDefaults;
import openledger.inference.origin.Origins;
import openledger.provider.HttpProviderGateway;
import openledger.routing.Policy;
import openledger.store.StoredOrigins;
import openledger.store.catalog.StoredCatalog;
import openledger.store.catalog.StoredPolicies;
import openledger.store.lane.LaneHold;
import openledger.wiring.config.CheckedConfiguration;
import openledger.wiring.config.ConfigurationFile;
import openledger.wiring.config.OpenLedgerConfig;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hibernate.reactive.mutiny.Mutiny;

/** Makes the policy and those who follow it. */
@Singleton
final class PolicyProducers {
    private final OpenLedgerConfig config;

    PolicyProducers(OpenLedgerConfig config) {
        this.config = config;
    }

    @Produces
    @Singleton
    HttpProviderGateway gateway(
            Vertx vertx, CheckedConfiguration checked, Timekeeper time, Origins origins, News news, SlotShares slots) {
        return new HttpProviderGateway(vertx, checked.circuit(), time, origins, news, slots);
    }

    /** Or finalizers do, which may find that their event loop has ended before. */
    void close(@Disposes HttpProviderGateway gateway) {
        gateway.close();
    }

    @Produces
    @Singleton
    StoredOrigins storedOrigins(Vertx vertx, Pool pool) {
        return new StoredOrigins(vertx, pool);
    }

    @Produces
    @Singleton
    Origins origins(StoredOrigins stored, Timekeeper time) {
        return new Origins(stored, time);
    }

    @Produces
    @Singleton
    CurrentPolicy policy(CheckedConfiguration checked, StoredCatalog catalog, HttpProviderGateway gateway) {
        Policy policy = PolicyRegistration.register(checked, catalog);
        gateway.learn(policy, checked.credentials(), checked.egress());
        return new CurrentPolicy(policy);
    }

    @Produces
    @Singleton
    Admission admission(CurrentPolicy policy, Optional<ConfirmedDefaults> confirmed) {
        return new Admission(policy, config.limits().maxBodyDepth(), confirmed);
    }

    @Produces
    @Singleton
    Optional<ConfirmedDefaults> confirmed(CheckedConfiguration checked) {
        return checked.confirmedDefaults();
    }

    @Produces
    @Singleton
    PolicyVersions versions(Mutiny.SessionFactory sessions) {
        return new StoredPolicies(sessions);
    }

    @Produces
    @Singleton
    PolicyReloader reloader(
            Vertx vertx,
            @ConfigProperty(name = "quarkus.config.locations") Optional<List<URI>> locations,
            CheckedConfiguration running,
            StoredCatalog catalog,
            HttpProviderGateway gateway,
            CurrentPolicy current,
            InferenceService service,
            LaneHold lane) {
        Optional<ConfigurationFile> file =
                locations.filter(known -> known.size() == 1).map(known -> new ConfigurationFile(known.getFirst()));
        return new PolicyReloader(vertx, file, config, running, catalog, gateway, current, service, lane);
    }
}
