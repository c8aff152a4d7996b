package openledger.inference.origin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * The stored form of a name that a tenant may refer to, or name its sessions by: half a SHA-256 of the tenant and the name, so that no
 * tenant's name is another's.
 */
public final class OriginName {
    private OriginName() {}

    /** Names of two tenants are never equal, and nothing of either can be read from it. */
    public static UUID of(String tenant, String name) {
        byte[] owner = tenant.getBytes(StandardCharsets.UTF_8);
        MessageDigest sha = sha256();
        sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(owner.length).flip());
        sha.update(owner);
        sha.update(name.getBytes(StandardCharsets.UTF_8));
        ByteBuffer digest = ByteBuffer.wrap(sha.digest());
        return new UUID(digest.getLong(), digest.getLong());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
