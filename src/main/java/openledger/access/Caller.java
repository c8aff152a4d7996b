package openledger.access;

import java.util.Optional;
import openledger.routing.RoutingMode;

/**
 * Who asks.
 *
 * @param tenant whose requests they are
 * @param keyId name of the key, by which its limits are counted; no secret
 * @param limits what the key may ask
 * @param defaultMode the mode of requests that name none, on routes that allow it
 */
public record Caller(String tenant, String keyId, KeyLimits limits, Optional<RoutingMode> defaultMode) {}
