package openledger.archive;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import openledger.settlement.log.LogArchive;
import org.jspecify.annotations.Nullable;

/**
 * Where an archive is, in words: a folder, or {@code s3://bucket/prefix}.
 *
 * @param text as an operator writes it
 * @param endpoint of a service that speaks S3's API, such as {@code https://minio.example:9000}; empty for AWS.
 * @param region of the bucket, empty for {@code us-east-1}
 */
public record ArchiveAddress(String text, Optional<String> endpoint, Optional<String> region) {
    private static final String SCHEME = "s3://";
    private static final String DEFAULT_REGION = "us-east-1";
    private static final String ACCESS_KEY = "AWS_ACCESS_KEY_ID";
    private static final String SECRET = "AWS_SECRET_ACCESS_KEY";
    private static final String TOKEN = "AWS_SESSION_TOKEN";
    /** Nothing that a URL would have to escape, and no step up. */
    private static final Pattern BUCKET = Pattern.compile(
            "s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/((?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*))?/?");

    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,40}");
    /** What may stand in a header. */
    private static final Pattern CREDENTIAL = Pattern.compile("[!-~]{1,4096}");

    /**
     * The archive there. Does not connect yet.
     *
     * @param environment has the keys of a bucket, as AWS names them
     * @throws IllegalArgumentException saying what is wrong, without the secret
     */
    public LogArchive open(Function<String, @Nullable String> environment) {
        if (!text.startsWith(SCHEME)) {
            return new FolderArchive(folder());
        }
        Matcher parts = BUCKET.matcher(text);
        String place = region.orElse(DEFAULT_REGION);
        if (!parts.matches() || !REGION.matcher(place).matches()) {
            throw new IllegalArgumentException(
                    "must be like s3://bucket/prefix, of letters, digits, '.', '-' and '_', and its region like us-east-1: "
                            + text);
        }
        URI address = endpoint.map(ArchiveAddress::address)
                .orElseGet(() -> URI.create("https://s3." + place + ".amazonaws.com"));
        SignatureV4 signature =
                new SignatureV4(credential(ACCESS_KEY, environment), credential(SECRET, environment), place, "s3");
        Optional<String> token = Optional.ofNullable(environment.apply(TOKEN)).filter(known -> !known.isEmpty());
        token.ifPresent(known -> check(TOKEN, known));
        String prefix = Optional.ofNullable(parts.group(2)).orElse("");
        return new S3Archive(
                new S3Archive.Place(address, parts.group(1), prefix), signature, token, InstantSource.system());
    }

    private Path folder() {
        if (text.isBlank() || text.contains("://")) {
            throw new IllegalArgumentException("must be a folder, or like s3://bucket/prefix: " + text);
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("must be a folder, or like s3://bucket/prefix: " + text, e);
        }
    }

    private static URI address(String text) {
        try {
            URI uri = new URI(text);
            boolean isUsable = uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && (uri.getPath().isEmpty() || "/".equals(uri.getPath()))
                    && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
            if (isUsable) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw noAddress();
        }
        throw noAddress();
    }

    /** Without the text: somebody may have put a password into it. */
    private static IllegalArgumentException noAddress() {
        return new IllegalArgumentException("the endpoint must be like https://host:port, without a path");
    }

    private static String credential(String name, Function<String, @Nullable String> environment) {
        String value = environment.apply(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException("a bucket needs the environment variables " + ACCESS_KEY + " and "
                    + SECRET + ": " + name + " is not set");
        }
        return check(name, value);
    }

    private static String check(String name, String value) {
        if (!CREDENTIAL.matcher(value).matches()) {
            throw new IllegalArgumentException("the environment variable " + name + " has characters that no key has");
        }
        return value;
    }
}
