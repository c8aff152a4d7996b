package openledger.cluster;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A model at a provider, by a name that is the same at all routers, whatever each calls the provider or the target.
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

    /** Of where the provider is reached and what it calls the model. */
    public static TargetKey of(URI baseUrl, String model) {
        String url = baseUrl.toString().replaceFirst("/+$", "");
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest((url + '\0' + model).getBytes(StandardCharsets.UTF_8));
            return new TargetKey(HexFormat.of().formatHex(Arrays.copyOf(digest, BYTES)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
