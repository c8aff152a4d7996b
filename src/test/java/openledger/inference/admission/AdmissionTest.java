package openledger.inference.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import openledger.access.Caller;
import openledger.access.KeyLimits;
import openledger.commitment.PlanLevel;
import openledger.inference.CurrentPolicy;
import openledger.inference.admission.Admission.Admitted;
import openledger.inference.admission.Admission.Reason;
import openledger.inference.admission.Admission.Refused;
import openledger.inference.admission.ModeOptions.Confirmed;
import openledger.inference.admission.ModeOptions.OnUnconfirmed;
import openledger.routing.Gate;
import openledger.routing.Operation;
import openledger.routing.Policy;
import openledger.routing.Route;
import openledger.routing.RouteModes;
import openledger.routing.RoutingMode;
import openledger.routing.TestRoutes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests are admitted, in which mode and with which options, and what the others have to fix. Long because of its tables. */
final class AdmissionTest {
    private static final ConfirmedDefaults DEFAULTS = new ConfirmedDefaults(
            Gate.RESPONSE,
            PlanLevel.SEQUENCED,
            Map.of(
                    PlanLevel.SEQUENCED,
                    Duration.ofSeconds(6),
                    PlanLevel.SAFE,
                    Duration.ofSeconds(10),
                    PlanLevel.FINALIZED,
                    Duration.ofSeconds(10)),
            OnUnconfirmed.FAIL);
    private static final Set<RoutingMode> BOTH = EnumSet.allOf(RoutingMode.class);
    private static final Caller CALLER = caller(Optional.empty());

    @ParameterizedTest(name = "header {0}, member {1}, suffix {2}, key {3}, route {4}: {5}")
    @CsvSource({
        ",,,,fast,fast",
        ",,,,confirmed,confirmed",
        ",,,confirmed,fast,confirmed",
        ",,,fast,confirmed,fast",
        ",,confirmed,fast,fast,confirmed",
        ",,fast,confirmed,confirmed,fast",
        ",confirmed,fast,fast,fast,confirmed",
        ",fast,confirmed,confirmed,confirmed,fast",
        "confirmed,fast,fast,fast,fast,confirmed",
        "fast,confirmed,confirmed,confirmed,confirmed,fast",
        "confirmed,,fast,,fast,confirmed",
        "fast,,,confirmed,confirmed,fast",
    })
    void theMoreParticularWordCounts(
            @Nullable String header,
            @Nullable String member,
            @Nullable String suffix,
            @Nullable String key,
            String route,
            String mode) {
        String body = "{\"model\":\"assistant" + (suffix == null ? "" : ":" + suffix) + "\""
                + (member == null ? "" : ",\"openledger\":{\"mode\":\"" + member + "\"}") + "}";
        Caller caller = caller(Optional.ofNullable(key).flatMap(RoutingMode::ofWord));

        Admission.Result result = door(BOTH, route, Optional.of(DEFAULTS))
                .admit(Operation.CHAT, bytes(body), header == null ? "" : header, caller);

        assertThat(terms(result).mode().routing().word()).isEqualTo(mode);
    }

    @Test
    void aKeysDefaultCountsOnlyWhereTheRouteAllowsIt() {
        Caller caller = caller(Optional.of(RoutingMode.CONFIRMED));
        Admission fastOnly = door(Set.of(RoutingMode.FAST), "fast", Optional.of(DEFAULTS));
        Admission chainless = door(BOTH, "fast", Optional.empty());

        assertThat(terms(fastOnly.admit(Operation.CHAT, bytes("{\"model\":\"assistant\"}"), "", caller)))
                .isEqualTo(new ModeOptions.Fast());
        assertThat(terms(chainless.admit(Operation.CHAT, bytes("{\"model\":\"assistant\"}"), "", caller)))
                .isEqualTo(new ModeOptions.Fast());
    }

    @Test
    void whatIsNotSaidIsAsConfigured() {
        assertThat(terms(asked("{\"mode\":\"confirmed\"}")))
                .isEqualTo(
                        new Confirmed(Gate.RESPONSE, PlanLevel.SEQUENCED, Duration.ofSeconds(6), OnUnconfirmed.FAIL));
        // Another level has another wait.
        assertThat(terms(asked("{\"mode\":\"confirmed\",\"level\":\"SAFE\"}")))
                .isEqualTo(new Confirmed(Gate.RESPONSE, PlanLevel.SAFE, Duration.ofSeconds(10), OnUnconfirmed.FAIL));
    }

    @Test
    void whatIsSaidCounts() {
        assertThat(terms(asked("{\"on_unconfirmed\":\"release\",\"max_wait_ms\":10000,\"level\":\"FINALIZED\","
                        + "\"g\\u0061te\":\"dispatch\",\"mode\":\"confirmed\"}")))
                .isEqualTo(new Confirmed(
                        Gate.DISPATCH, PlanLevel.FINALIZED, Duration.ofSeconds(10), OnUnconfirmed.RELEASE));
        assertThat(terms(asked("{\"mode\":\"confirmed\",\"max_wait_ms\":1}")))
                .extracting(terms -> ((Confirmed) terms).maxWait())
                .isEqualTo(Duration.ofMillis(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"gate\":\"dispatch\"",
                "\"level\":\"SAFE\"",
                "\"max_wait_ms\":2000",
                "\"on_unconfirmed\":\"release\""
            })
    void aTermOfConfirmedIsRefusedBesideFast(String term) {
        String param = "openledger." + term.substring(1, term.indexOf('"', 1));
        Refused said = refused(asked("{\"mode\":\"fast\"," + term + "}"));
        Refused unsaid = refused(asked("{" + term + "}"));
        Refused overruled = refused(door(BOTH, "fast", Optional.of(DEFAULTS))
                .admit(Operation.CHAT, body("{\"mode\":\"confirmed\"," + term + "}"), "fast", CALLER));

        assertThat(List.of(said, unsaid, overruled)).allSatisfy(refused -> {
            assertThat(refused.param()).isEqualTo(param);
            assertThat(refused.message()).contains("'confirmed'", "'fast'");
        });
        assertThat(said.message()).contains("'openledger.mode'");
        assertThat(overruled.message()).contains("'openledger-mode'");
    }

    @Test
    void theTermsNeedNoModeWhereTheDefaultIsConfirmed() {
        Admission.Result result = door(BOTH, "confirmed", Optional.of(DEFAULTS))
                .admit(Operation.CHAT, body("{\"gate\":\"dispatch\"}"), "", CALLER);

        assertThat(((Confirmed) terms(result)).gate()).isEqualTo(Gate.DISPATCH);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "slow;{\"model\":\"assistant\"};openledger-mode",
                ";{\"model\":\"assistant\",\"openledger\":{\"mode\":\"slow\"}};openledger.mode",
                ";{\"model\":\"assistant\",\"openledger\":{\"mode\":\"\"}};openledger.mode",
                ";{\"model\":\"assistant:slow\"};model",
                ";{\"model\":\"assistant:\"};model",
                ";{\"model\":\"assistant:Confirmed\"};model",
                // Also where another word counts.
                "fast;{\"model\":\"assistant:slow\"};model",
                "fast;{\"model\":\"assistant\",\"openledger\":{\"mode\":\"slow\"}};openledger.mode",
            })
    void aWordThatIsNoModeIsRefusedWhereItStands(@Nullable String header, String body, String param) {
        Refused refused = refused(door(BOTH, "fast", Optional.of(DEFAULTS))
                .admit(Operation.CHAT, bytes(body), header == null ? "" : header, CALLER));

        assertThat(refused.reason()).isEqualTo(Reason.UNKNOWN_MODE);
        assertThat(refused.param()).isEqualTo(param);
        assertThat(refused.message()).contains("fast, confirmed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "confirmed;{\"model\":\"assistant\"};openledger-mode",
                ";{\"model\":\"assistant\",\"openledger\":{\"mode\":\"confirmed\"}};openledger.mode",
                ";{\"model\":\"assistant:confirmed\"};model",
            })
    void aModeThatTheRouteDoesNotAllowIsRefusedWhereItStands(@Nullable String header, String body, String param) {
        Refused refused = refused(door(Set.of(RoutingMode.FAST), "fast", Optional.of(DEFAULTS))
                .admit(Operation.CHAT, bytes(body), header == null ? "" : header, CALLER));

        assertThat(refused.reason()).isEqualTo(Reason.MODE_NOT_OFFERED);
        assertThat(refused.param()).isEqualTo(param);
        assertThat(refused.message()).contains("'assistant'", "'confirmed'").endsWith("it offers: fast.");
    }

    @Test
    void aRouteThatIsOnlyConfirmedRefusesFast() {
        Refused refused = refused(door(Set.of(RoutingMode.CONFIRMED), "confirmed", Optional.of(DEFAULTS))
                .admit(Operation.CHAT, bytes("{\"model\":\"assistant:fast\"}"), "", CALLER));

        assertThat(refused.reason()).isEqualTo(Reason.MODE_NOT_OFFERED);
        assertThat(refused.message()).endsWith("it offers: confirmed.");
    }

    @Test
    void withoutAChainNothingIsConfirmed() {
        Admission both = door(BOTH, "fast", Optional.empty());
        Admission only = door(Set.of(RoutingMode.CONFIRMED), "confirmed", Optional.empty());

        Refused asked = refused(both.admit(Operation.CHAT, bytes("{\"model\":\"assistant\"}"), "confirmed", CALLER));
        Refused byDefault = refused(only.admit(Operation.CHAT, bytes("{\"model\":\"assistant\"}"), "", CALLER));
        Refused term = refused(both.admit(Operation.CHAT, body("{\"level\":\"SAFE\"}"), "", CALLER));

        assertThat(List.of(asked, byDefault)).allSatisfy(refused -> {
            assertThat(refused.reason()).isEqualTo(Reason.MODE_NOT_OFFERED);
            assertThat(refused.message()).contains("no chain");
        });
        assertThat(byDefault.param()).isEqualTo("model");
        assertThat(term.param()).isEqualTo("openledger.level");
    }

    @Test
    void witnessesMayBeAskedForWhereThereAreSome() {
        ConfirmedDefaults witnessed = new ConfirmedDefaults(
                Gate.RESPONSE,
                PlanLevel.SEQUENCED,
                Map.of(PlanLevel.SEQUENCED, Duration.ofSeconds(6), PlanLevel.WITNESSED, Duration.ofSeconds(2)),
                OnUnconfirmed.FAIL);

        Admission.Result result = door(BOTH, "fast", Optional.of(witnessed))
                .admit(Operation.CHAT, body("{\"mode\":\"confirmed\",\"level\":\"WITNESSED\"}"), "", CALLER);

        assertThat(terms(result))
                .isEqualTo(
                        new Confirmed(Gate.RESPONSE, PlanLevel.WITNESSED, Duration.ofSeconds(2), OnUnconfirmed.FAIL));
    }

    static Admission.Result asked(String member) {
        return door(BOTH, "fast", Optional.of(DEFAULTS)).admit(Operation.CHAT, body(member), "", CALLER);
    }

    private static Admission door(Set<RoutingMode> allowed, String byDefault, Optional<ConfirmedDefaults> confirmed) {
        Route route = TestRoutes.of(3, 1);
        Route inModes = new Route(
                route.id(),
                route.name(),
                route.tiers(),
                route.operations(),
                route.backoff(),
                route.hedgeAfter(),
                route.stormLimits(),
                new RouteModes(allowed, RoutingMode.ofWord(byDefault).orElseThrow(), TestRoutes.GRID));
        return new Admission(new CurrentPolicy(new Policy(List.of(), Map.of(inModes.name(), inModes))), 64, confirmed);
    }

    private static Caller caller(Optional<RoutingMode> defaultMode) {
        return new Caller("acme", "file-0", KeyLimits.NONE, defaultMode);
    }

    private static byte[] body(String member) {
        return bytes("{\"model\":\"assistant\",\"openledger\":" + member + "}");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ModeOptions terms(Admission.Result result) {
        assertThat(result).isInstanceOf(Admitted.class);
        return ((Admitted) result).terms();
    }

    static Refused refused(Admission.Result result) {
        assertThat(result).isInstanceOf(Refused.class);
        return (Refused) result;
    }
}
