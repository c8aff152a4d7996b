package openledger.inference.upstream;

/** Port: receives the names by which an answer, and its parts, can be referred to later. Safe for several threads. */
@FunctionalInterface
public interface MadeNames {
    /** Nobody listens. */
    MadeNames UNHEARD = (tenant, provider, name) -> {};

    /**
     * A provider has made something that a later request may refer to, and nobody else can tell what is meant.
     *
     * @param tenant for whom
     * @param provider by its name in the policy
     * @param name an id, or a text that only its maker can read
     */
    void made(String tenant, String provider, String name);
}
