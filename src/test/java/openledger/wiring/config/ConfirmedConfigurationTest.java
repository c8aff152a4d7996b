package openledger.wiring.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import openledger.commitment.PlanLevel;
import openledger.inference.admission.ConfirmedDefaults;
import openledger.inference.admission.ModeOptions.OnUnconfirmed;
import openledger.inference.confirmed.ConfirmedSettings;
import openledger.routing.CanonicalPolicy;
import openledger.routing.Gate;
import openledger.routing.Route;
import openledger.routing.RouteModes;
import openledger.routing.RoutingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the mode {@code confirmed} is where the file says little, and what it cannot be. */
final class ConfirmedConfigurationTest {
    private static final String ROUTE = "openledger.routes[0].";
    private static final Map<String, String> SETTLED = Map.of(
            "openledger.settlement.rpc-urls[0]", "http://127.0.0.1:8545",
            "openledger.settlement.chain-id", "901",
            "openledger.settlement.registry", "0x0000000000000000000000000000000000000001",
            "openledger.settlement.key-env", "LANE_KEY");

    @Test
    void aRouteThatSaysNothingIsFastAlone() {
        CheckedConfiguration checked = check(Map.of());

        assertThat(modes(checked).allowed()).containsExactly(RoutingMode.FAST);
        assertThat(modes(checked).byDefault()).isEqualTo(RoutingMode.FAST);
        assertThat(checked.confirmedDefaults()).isEmpty();
        assertThat(checked.confirmed()).isEqualTo(new ConfirmedSettings(Duration.ofMillis(100), 2_000));
    }

    @Test
    void bothModesAreFastByDefaultAndConfirmedAloneIsConfirmed() {
        RouteModes both = modes(settled(Map.of(ROUTE + "modes", "confirmed,fast")));
        RouteModes confirmed = modes(settled(Map.of(ROUTE + "modes", "confirmed")));
        RouteModes chosen =
                modes(settled(Map.of(ROUTE + "modes", "fast,confirmed", ROUTE + "default-mode", "confirmed")));

        assertThat(both.byDefault()).isEqualTo(RoutingMode.FAST);
        assertThat(confirmed.allowed()).containsExactly(RoutingMode.CONFIRMED);
        assertThat(confirmed.byDefault()).isEqualTo(RoutingMode.CONFIRMED);
        assertThat(chosen.byDefault()).isEqualTo(RoutingMode.CONFIRMED);
        assertThat(both.grid().epoch()).isEqualTo(Duration.ofMillis(100));
        assertThat(both.grid().epochs()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({
        "standard,SEQUENCED,SEQUENCED,6000",
        "subsecond,SEQUENCED,SEQUENCED,2000",
        "flashblocks,PRECONFIRMED,PRECONFIRMED,2000",
        "flashblocks,PRECONFIRMED,SEQUENCED,6000",
    })
    void theDefaultsFollowTheChain(String profile, PlanLevel level, PlanLevel asked, long wait) {
        ConfirmedDefaults defaults = settled(Map.of("openledger.settlement.profile", profile))
                .confirmedDefaults()
                .orElseThrow();

        assertThat(defaults.level()).isEqualTo(level);
        assertThat(defaults.levels().iterator().next()).isEqualTo(level);
        assertThat(defaults.waits()).containsEntry(asked, Duration.ofMillis(wait));
        assertThat(defaults.gate()).isEqualTo(Gate.RESPONSE);
        assertThat(defaults.onUnconfirmed()).isEqualTo(OnUnconfirmed.FAIL);
    }

    @Test
    void whatTheFileSaysCounts() {
        CheckedConfiguration checked = settled(Map.of(
                "openledger.settlement.profile", "flashblocks",
                "openledger.confirmed.level", "SEQUENCED",
                "openledger.confirmed.gate", "dispatch",
                "openledger.confirmed.max-wait", "3s",
                "openledger.confirmed.on-unconfirmed", "release",
                "openledger.confirmed.epoch", "50ms",
                "openledger.confirmed.max-held", "7"));
        ConfirmedDefaults defaults = checked.confirmedDefaults().orElseThrow();

        assertThat(defaults.level()).isEqualTo(PlanLevel.SEQUENCED);
        assertThat(defaults.levels()).contains(PlanLevel.PRECONFIRMED);
        assertThat(defaults.waits().values()).containsOnly(Duration.ofSeconds(3));
        assertThat(defaults.gate()).isEqualTo(Gate.DISPATCH);
        assertThat(defaults.onUnconfirmed()).isEqualTo(OnUnconfirmed.RELEASE);
        assertThat(checked.confirmed()).isEqualTo(new ConfirmedSettings(Duration.ofMillis(50), 7));
    }

    @Test
    void confirmedWithoutAChainNamesBothKeys() {
        assertThatThrownBy(() -> check(Map.of(ROUTE + "modes", "fast,confirmed")))
                .isInstanceOf(ConfigurationProblem.class)
                .hasMessageContaining(ROUTE + "modes: ")
                .hasMessageContaining("openledger.settlement.rpc-urls");
    }

    @Test
    void aBudgetThatIsLongerThanAPlanIsRefusedWithTheReason() {
        Map<String, String> nine = Map.of(ROUTE + "tiers[0].attempts", "9");
        Map<String, String> confirmed = new HashMap<>(nine);
        confirmed.put(ROUTE + "modes", "confirmed");

        assertThat(route(settled(nine)).budget()).isEqualTo(9);
        assertThatThrownBy(() -> settled(confirmed))
                .hasMessageContaining(ROUTE + "tiers: ")
                .hasMessageContaining("at most 8");
    }

    @Test
    void aDefaultThatIsNotAllowedIsRefusedWithWhatIs() {
        assertThatThrownBy(() -> settled(Map.of(ROUTE + "default-mode", "confirmed")))
                .hasMessageContaining(ROUTE + "default-mode: ")
                .hasMessageContaining("modes: fast");
        assertThatThrownBy(() -> settled(Map.of(ROUTE + "modes", "confirmed", ROUTE + "default-mode", "fast")))
                .hasMessageContaining(ROUTE + "default-mode: ")
                .hasMessageContaining("modes: confirmed");
    }

    @Test
    void theGridIsLookedAtWhereItMatters() {
        Map<String, String> epoch = Map.of("openledger.confirmed.epoch", "150ms");
        Map<String, String> confirmed = new HashMap<>(epoch);
        confirmed.put(ROUTE + "modes", "confirmed");

        assertThat(modes(settled(epoch)).allowed()).containsExactly(RoutingMode.FAST);
        assertThatThrownBy(() -> settled(confirmed))
                .hasMessageContaining(ROUTE + "retry-grid: ")
                .hasMessageContaining("openledger.confirmed.epoch");
        confirmed.put(ROUTE + "retry-grid", "450ms");
        assertThat(modes(settled(confirmed)).grid().epochs()).isEqualTo(3);
    }

    @Test
    void aFastRouteKeepsItsTextWhateverTheEpochIs() {
        String before = CanonicalPolicy.of(route(settled(Map.of())));
        String after = CanonicalPolicy.of(route(settled(Map.of("openledger.confirmed.epoch", "150ms"))));

        assertThat(after).isEqualTo(before).contains("\"modes\":[\"fast\"]");
        assertThat(CanonicalPolicy.of(route(settled(Map.of(ROUTE + "modes", "fast,confirmed")))))
                .contains("\"modes\":[\"fast\",\"confirmed\"]", "\"retry_grid\":{\"epoch_ms\":100,\"epochs\":4}");
    }

    @Test
    void aReloadCannotChangeWhatAllConfirmedRequestsShare() {
        Map<String, String> both = Map.of(ROUTE + "modes", "fast,confirmed");
        Map<String, String> slower = new HashMap<>(both);
        slower.put("openledger.confirmed.epoch", "200ms");
        CheckedConfiguration chainless = check(Map.of());
        CheckedConfiguration running = settled(both);

        running.checkFollowed(settled(both));
        running.checkFollowed(settled(Map.of("openledger.confirmed.epoch", "200ms")));
        chainless.checkFollowed(settled(Map.of()));
        assertThatThrownBy(() -> running.checkFollowed(settled(slower)))
                .isInstanceOf(ConfigurationProblem.class)
                .hasMessageContaining("openledger.confirmed.epoch: ");
        assertThatThrownBy(() -> chainless.checkFollowed(settled(both)))
                .isInstanceOf(ConfigurationProblem.class)
                .hasMessageContaining("openledger.settlement.rpc-urls: ");
    }

    @Test
    void theDemoOffersBothModes() throws IOException {
        var keys = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withSources(new io.smallrye.config.source.yaml.YamlConfigSource(
                        Path.of("deploy/demo.yaml").toUri().toURL(), 100))
                .withMapping(OpenLedgerConfig.class)
                .build()
                .getConfigMapping(OpenLedgerConfig.class);

        CheckedConfiguration demo = CheckedConfiguration.of(keys, name -> "11".repeat(32));

        assertThat(demo.draft().routes().values())
                .allSatisfy(route -> assertThat(route.modes().allowed()).hasSize(2));
        assertThat(demo.confirmedDefaults()).isPresent();
    }

    private static RouteModes modes(CheckedConfiguration checked) {
        return route(checked).modes();
    }

    private static Route route(CheckedConfiguration checked) {
        return checked.draft().route("assistant").orElseThrow();
    }

    private static CheckedConfiguration settled(Map<String, String> changes) {
        Map<String, String> keys = new HashMap<>(SETTLED);
        keys.putAll(changes);
        return check(keys);
    }

    private static CheckedConfiguration check(Map<String, String> changes) {
        Map<String, String> keys = new HashMap<>(Map.of(
                "openledger.providers[0].name",
                "north",
                "openledger.providers[0].base-url",
                "http://127.0.0.1:9101/v1",
                ROUTE + "name",
                "assistant",
                ROUTE + "tiers[0].name",
                "best",
                ROUTE + "tiers[0].attempts",
                "3",
                ROUTE + "tiers[0].targets[0].provider",
                "north",
                ROUTE + "tiers[0].targets[0].model",
                "sim-large"));
        keys.putAll(changes);
        OpenLedgerConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withSources(new PropertiesConfigSource(keys, "keys", 200))
                .withMapping(OpenLedgerConfig.class)
                .build()
                .getConfigMapping(OpenLedgerConfig.class);
        return CheckedConfiguration.of(config, name -> "11".repeat(32));
    }
}
