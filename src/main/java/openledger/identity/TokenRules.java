package openledger.identity;

import java.util.Optional;
import java.util.regex.Pattern;
import openledger.access.Caller;
import openledger.access.KeyGrant;
import openledger.access.KeyLimits;

/**
 * Maps a valid token to a caller.
 *
 * @param tenantClaim the claim that names the tenant
 * @param allowedTenants the names that are accepted; matched as a whole
 * @param limits the limits of all tokens of a tenant together
 */
public record TokenRules(String tenantClaim, Pattern allowedTenants, KeyLimits limits) {
    /** The caller for a claim's value; empty if it names no tenant or one that is not let in. */
    Optional<Caller> caller(Object claim) {
        if (claim instanceof String tenant
                && KeyGrant.isTenant(tenant)
                && allowedTenants.matcher(tenant).matches()) {
            return Optional.of(new Caller(tenant, "oidc-" + tenant, limits, Optional.empty()));
        }
        return Optional.empty();
    }
}
