package openledger.cluster;

import org.jspecify.annotations.Nullable;

/** Names in what routers say to each other of policies. Each message is sealed by {@link HopSeal#forPolicies}, its headers included. */
public final class PolicyMessages {
    /** Path of the first step: its body is the text. */
    public static final String CHECK = "/cluster/policy/check";
    /** Path of the second step: its body is the hash that the first has answered. */
    public static final String APPLY = "/cluster/policy/apply";
    /** Path of what is said instead of the second step, if somebody could not be asked to follow: its body is empty. */
    public static final String DROP = "/cluster/policy/drop";
    /** Header: who asks, the same in both steps. */
    public static final String FROM = "openledger-policy-from";
    /** Header: what the text is, {@code yaml} or {@code properties}. */
    public static final String FORM = "openledger-policy-form";
    /** Header of an answer: SHA-256 of its body. */
    public static final String DIGEST = "openledger-policy-digest";

    private static final String PROPERTIES = "properties";
    private static final String YAML = "yaml";

    private PolicyMessages() {}

    /** The word for a form. */
    public static String form(boolean isProperties) {
        return isProperties ? PROPERTIES : YAML;
    }

    /** Whether a form is that of a properties file. */
    public static boolean isProperties(@Nullable String form) {
        return PROPERTIES.equals(form);
    }
}
