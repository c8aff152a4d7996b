package openledger.http;

import java.util.Optional;
import openledger.audit.court.StakeWatch;

/**
 * Access of the resources to what is at stake.
 *
 * @param watch empty on a router without a vault
 */
public record StakeAccess(Optional<StakeWatch> watch) {}
