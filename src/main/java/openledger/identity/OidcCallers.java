package openledger.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.oidc.TenantIdentityProvider;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.regex.Pattern;
import openledger.access.Caller;
import openledger.access.KeyDigest;
import openledger.access.TokenCallers;
import openledger.inference.Timekeeper;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/**
 * Callers by OpenID Connect bearer tokens that are JWTs (RFC 7519). Signature, issuer, audience and times are checked by
 * quarkus-oidc; a valid token is remembered by its digest until it expires, so that it is checked once. What the issuer
 * takes back meanwhile is not noticed, so tokens should be short-lived. Thread-safe.
 */
public final class OidcCallers implements TokenCallers {
    private static final int LONGEST_TOKEN = 8 * 1024;
    /** Three parts in base64url; possessive, so that what is no token is told in one pass. */
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]++[.][A-Za-z0-9_-]++[.][A-Za-z0-9_-]++");

    private static final int MOST_REMEMBERED = 10_000;
    private static final long MILLIS_A_SECOND = 1_000;

    private final TenantIdentityProvider provider;
    private final TokenRules rules;
    private final Timekeeper time;
    private final Cache<KeyDigest, Remembered> valid =
            Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).build();

    public OidcCallers(TenantIdentityProvider provider, TokenRules rules, Timekeeper time) {
        this.provider = provider;
        this.rules = rules;
        this.time = time;
    }

    @Override
    public boolean isToken(String presented) {
        return presented.length() <= LONGEST_TOKEN && FORM.matcher(presented).matches();
    }

    @Override
    public Optional<Caller> remembered(String presented) {
        if (!isToken(presented)) {
            return Optional.empty();
        }
        KeyDigest digest = KeyDigest.of(presented);
        Remembered known = valid.getIfPresent(digest);
        if (known != null && known.endsMillis <= time.epochMillis()) {
            valid.invalidate(digest);
            return Optional.empty();
        }
        return Optional.ofNullable(known).map(Remembered::caller);
    }

    @Override
    public Uni<Optional<Caller>> check(String token) {
        return Uni.createFrom()
                .deferred(() -> provider.authenticate(new AccessTokenCredential(token)))
                .map(identity -> remember(token, identity))
                .onFailure(AuthenticationFailedException.class)
                .recoverWithItem(Optional.empty());
    }

    /** A token that does not say when it ends is not let in: it could never be forgotten. */
    private Optional<Caller> remember(String token, SecurityIdentity identity) {
        if (!(identity.getPrincipal() instanceof JsonWebToken claims)) {
            return Optional.empty();
        }
        long endsMillis = claims.getExpirationTime() * MILLIS_A_SECOND;
        @Nullable Object tenant = claims.getClaim(rules.tenantClaim());
        if (tenant == null || endsMillis <= time.epochMillis()) {
            return Optional.empty();
        }
        Optional<Caller> caller = rules.caller(tenant);
        caller.ifPresent(known -> valid.put(KeyDigest.of(token), new Remembered(known, endsMillis)));
        return caller;
    }

    /** A caller whose token is good until {@code endsMillis}, Unix ms. */
    private record Remembered(Caller caller, long endsMillis) {}
}
