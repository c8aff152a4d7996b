package openledger.inference;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Who may ask, by the SHA-256 of their keys: a key itself is never kept, and since the digest is looked up, not the
 * key, the time of a look-up says nothing about how much of a guess was right. Thread-safe.
 */
public final class Tenants {
    private static final int LONGEST_KEY = 512;

    private final Map<String, String> tenantByDigest;

    /**
     * The tenants.
     *
     * @param tenantByDigest lower-case hex SHA-256 of a key to the name of its tenant
     */
    public Tenants(Map<String, String> tenantByDigest) {
        this.tenantByDigest = Map.copyOf(tenantByDigest);
    }

    /** The tenant a presented key belongs to. */
    public Optional<String> byKey(String key) {
        if (key.isEmpty() || key.length() > LONGEST_KEY) {
            return Optional.empty();
        }
        return Optional.ofNullable(tenantByDigest.get(digest(key)));
    }

    /** Lower-case hex SHA-256 of a key, UTF-8. */
    public static String digest(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
