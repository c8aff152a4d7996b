package openledger.telemetry;

import static io.opentelemetry.api.common.AttributeKey.stringKey;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributesBuilder;
import openledger.commitment.leaf.LeafMode;
import openledger.routing.Gate;

/**
 * All attributes of metrics. Each is bounded by the configuration, of which there is one at a time, by an enum or by the 64 cohorts; none is a tenant, a key, a request or a text
 * of a client.
 */
final class Dimensions {
    static final AttributeKey<String> ROUTE = stringKey("openledger.route");
    static final AttributeKey<String> MODE = stringKey("openledger.mode");
    static final AttributeKey<String> GATE = stringKey("openledger.gate");
    static final AttributeKey<String> RELEASED = stringKey("openledger.released");
    static final AttributeKey<String> TIER = stringKey("openledger.tier");
    static final AttributeKey<String> TARGET = stringKey("openledger.target");
    static final AttributeKey<String> STATUS = stringKey("openledger.status");
    static final AttributeKey<String> TRIGGER = stringKey("openledger.trigger");
    static final AttributeKey<String> ATTRIBUTION = stringKey("openledger.attribution");
    static final AttributeKey<String> RESEND = stringKey("openledger.resend");
    static final AttributeKey<String> PLACE = stringKey("openledger.place");
    static final AttributeKey<String> ON_UNCONFIRMED = stringKey("openledger.on_unconfirmed");
    static final AttributeKey<String> ANNOUNCED = stringKey("openledger.announced");
    static final AttributeKey<String> REFUSAL = stringKey("openledger.refusal");
    static final AttributeKey<String> ACCOUNT_FAULT = stringKey("openledger.account.fault");
    static final AttributeKey<String> LIMIT = stringKey("openledger.limit");
    static final AttributeKey<String> LEVEL = stringKey("openledger.level");
    static final AttributeKey<String> PROFILE = stringKey("openledger.chain.profile");
    static final AttributeKey<String> COHORT = stringKey("openledger.cohort");
    static final AttributeKey<String> SLO = stringKey("openledger.slo");
    static final AttributeKey<String> PART = stringKey("openledger.part");
    static final AttributeKey<String> CUT = stringKey("openledger.cut");
    static final AttributeKey<String> EFFECT = stringKey("openledger.effect");
    static final AttributeKey<String> SENDING = stringKey("openledger.sending");
    static final AttributeKey<String> CHANGE = stringKey("openledger.change");
    static final AttributeKey<String> CONDITION = stringKey("openledger.condition");
    static final AttributeKey<String> DIFFERENCE = stringKey("openledger.difference");
    static final AttributeKey<String> WITNESS = stringKey("openledger.witness");
    static final AttributeKey<String> WITNESS_OUTCOME = stringKey("openledger.witness.outcome");
    static final AttributeKey<String> GAME = stringKey("openledger.game");
    static final AttributeKey<String> RESULT = stringKey("openledger.result");
    static final AttributeKey<String> HOP = stringKey("openledger.hop");
    static final AttributeKey<String> POLICY_HASH = stringKey("openledger.policy.hash");
    static final AttributeKey<String> SCOPE = stringKey("openledger.scope");
    static final AttributeKey<String> FAULT = stringKey("openledger.fault");

    static final AttributeKey<String> OPERATION = stringKey("gen_ai.operation.name");
    static final AttributeKey<String> PROVIDER = stringKey("gen_ai.provider.name");
    static final AttributeKey<String> REQUEST_MODEL = stringKey("gen_ai.request.model");
    static final AttributeKey<String> RESPONSE_MODEL = stringKey("gen_ai.response.model");
    static final AttributeKey<String> TOKEN_TYPE = stringKey("gen_ai.token.type");
    static final AttributeKey<String> ERROR = stringKey("error.type");

    /** What stands where there is none. */
    static final String NONE = "none";

    private Dimensions() {}

    /** The mode and its gate, {@code none} in mode fast. */
    static AttributesBuilder settled(AttributesBuilder to, LeafMode mode) {
        return to.put(MODE, mode.routing().word())
                .put(GATE, mode.gate().map(Gate::word).orElse(NONE));
    }

    /** {@code yes} or {@code no}. */
    static String yesIf(boolean holds) {
        return holds ? "yes" : "no";
    }
}
