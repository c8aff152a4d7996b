package openledger.cluster;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import openledger.cluster.orphan.OrphanName;
import openledger.routing.Operation;

/**
 * Proofs under the secret of the cluster. A request's is the HMAC-SHA256 of its method, path, {@link HopFields} and all headers that are
 * forwarded, the caller's key among them; an answer's is that of the request's proof, of its status and of its headers. So neither can be
 * made, changed or used elsewhere without the secret. Requests without a key are named under it as well. What is said of policies has proofs of its own ({@link #forPolicies}): none of the one
 * kind is one of the other. Thread-safe.
 */
public final class HopSeal {
    /** Of the secret. */
    public static final int SHORTEST_SECRET = 32;

    /** What belongs to a connection and not to what it carries (RFC 9110, section 7.6.1), and what is ours. Lower case. */
    private static final Set<String> OF_THE_CONNECTION = Set.of(
            "connection",
            "content-length",
            "date",
            "expect",
            "host",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            HopFields.NAME,
            HopFields.ANSWER_PROOF);

    private static final String ALGORITHM = "HmacSHA256";
    private static final String OF_REQUESTS = "openledger hop 1 ";
    private static final String OF_POLICIES = "openledger policy 1 ";
    private final SecretKeySpec key;
    private final String cluster;
    private final String purpose;

    /**
     * A seal.
     *
     * @param secret {@link #SHORTEST_SECRET} bytes or more
     * @param cluster name of the cluster: requests of another one are strangers', also under the same secret
     */
    public HopSeal(byte[] secret, String cluster) {
        if (secret.length < SHORTEST_SECRET) {
            throw new IllegalArgumentException("a cluster's key has " + SHORTEST_SECRET + " bytes or more");
        }
        this(new SecretKeySpec(secret, ALGORITHM), cluster, OF_REQUESTS);
    }

    private HopSeal(SecretKeySpec key, String cluster, String purpose) {
        this.key = key;
        this.cluster = cluster;
        this.purpose = purpose;
    }

    /** The seal of what routers say to each other of policies. */
    public HopSeal forPolicies() {
        return new HopSeal(key, cluster, OF_POLICIES);
    }

    /** Whether a header of that name, in any case, goes along with what is forwarded. */
    public static boolean isForwarded(String header) {
        return !OF_THE_CONNECTION.contains(header.toLowerCase(Locale.ROOT));
    }

    /** The fields with the proof of a request. */
    public HopFields sealed(
            HopFields fields, String method, String path, Collection<Map.Entry<String, String>> headers) {
        return fields.with(proof(fields, method, path, headers));
    }

    /** Whether a request is one of the cluster's. */
    public boolean isOurs(HopFields fields, String method, String path, Collection<Map.Entry<String, String>> headers) {
        return MessageDigest.isEqual(HexFormat.of().parseHex(fields.proof()), proof(fields, method, path, headers));
    }

    /** The proof of an answer, 64 hexadecimal digits. */
    public String answered(HopFields request, int status, Collection<Map.Entry<String, String>> headers) {
        return HexFormat.of().formatHex(answerProof(request, status, headers));
    }

    /** Whether an answer is of the router that was asked, and whole up to the end of its headers. */
    public boolean isAnswered(
            String proof, HopFields request, int status, Collection<Map.Entry<String, String>> headers) {
        return MessageDigest.isEqual(
                proof.getBytes(StandardCharsets.UTF_8),
                answered(request, status, headers).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * What routers call a request without a key among themselves.
     *
     * @param digest of its body and nonce
     */
    public OrphanName orphan(String tenant, Operation operation, byte[] digest) {
        Mac mac = begin("orphan");
        add(mac, tenant);
        add(mac, operation.name());
        add(mac, HexFormat.of().formatHex(digest));
        return new OrphanName(HexFormat.of().formatHex(mac.doFinal()).substring(0, OrphanName.DIGITS));
    }

    /** SHA-256 of a body, 64 hexadecimal digits. */
    public static String digest(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private byte[] proof(HopFields fields, String method, String path, Collection<Map.Entry<String, String>> headers) {
        Mac mac = begin("request");
        add(mac, method);
        add(mac, path);
        add(mac, fields.signed());
        add(mac, headers);
        return mac.doFinal();
    }

    private byte[] answerProof(HopFields request, int status, Collection<Map.Entry<String, String>> headers) {
        Mac mac = begin("answer");
        add(mac, request.proof());
        add(mac, Integer.toString(status));
        add(mac, headers);
        return mac.doFinal();
    }

    private Mac begin(String what) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            add(mac, purpose + what);
            add(mac, cluster);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** In an order that no proxy or library can change: values of one name stay in theirs. */
    private static void add(Mac mac, Collection<Map.Entry<String, String>> headers) {
        List<Map.Entry<String, String>> sorted = new ArrayList<>(headers.size());
        for (Map.Entry<String, String> header : headers) {
            if (isForwarded(header.getKey())) {
                sorted.add(Map.entry(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
            }
        }
        sorted.sort(Map.Entry.comparingByKey());
        for (Map.Entry<String, String> header : sorted) {
            add(mac, header.getKey());
            add(mac, header.getValue());
        }
    }

    /** With its length before it, so that no two sequences of texts are the same bytes. */
    private static void add(Mac mac, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        mac.update(new byte[] {
            (byte) (bytes.length >>> 24), (byte) (bytes.length >>> 16), (byte) (bytes.length >>> 8), (byte) bytes.length
        });
        mac.update(bytes);
    }
}
