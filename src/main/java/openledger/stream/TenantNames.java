package openledger.stream;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What a stream calls a tenant. */
public enum TenantNames {
    /** By its name. */
    NAMES,
    /** By 32 hexadecimal digits that are the same for a tenant in all lanes of a database, and say nothing to others. */
    TAGS;

    private static final String HMAC = "HmacSHA256";
    private static final int TAG_BYTES = 16;

    /**
     * What a tenant is called.
     *
     * @param secret of the database; nobody who reads the stream may have it
     */
    public String of(String tenant, byte[] secret) {
        return switch (this) {
            case NAMES -> tenant;
            case TAGS -> {
                try {
                    Mac mac = Mac.getInstance(HMAC);
                    mac.init(new SecretKeySpec(secret, HMAC));
                    byte[] tag = mac.doFinal(tenant.getBytes(StandardCharsets.UTF_8));
                    yield HexFormat.of().formatHex(tag, 0, TAG_BYTES);
                } catch (GeneralSecurityException impossible) {
                    throw new IllegalStateException("every JDK has " + HMAC, impossible);
                }
            }
        };
    }
}
