package openledger.access;

import java.util.Optional;
import openledger.routing.RoutingMode;

/**
 * The caller of a request.
 *
 * @param tenant whose requests they are
 * @param keyId id of the key, by which its limits are counted; not secret
 * @param limits the limits of the key
 * @param defaultMode the mode of requests that name none, on routes that allow it
 */
public record Caller(String tenant, String keyId, KeyLimits limits, Optional<RoutingMode> defaultMode) {}
