package openledger.cluster;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A model at a provider, by a name that is the same at all routers of one policy. Two providers at one address are two accounts there, and
 * what closes one of them need not close the other.
 *
 * @param hex 32 lower-case hexadecimal digits
 */
public record TargetKey(String hex) {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{32}");
    private static final int BYTES = 16;

    public TargetKey {
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException("must be 32 lower-case hexadecimal digits");
        }
    }

    /** Of what the policy calls the provider, where it is reached, and what it calls the model. */
    public static TargetKey of(String provider, URI baseUrl, String model) {
        String url = baseUrl.toString().replaceFirst("/+$", "");
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((provider + '\0' + url + '\0' + model).getBytes(StandardCharsets.UTF_8));
            return new TargetKey(HexFormat.of().formatHex(Arrays.copyOf(digest, BYTES)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
