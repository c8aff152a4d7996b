package openledger.store.catalog;

import io.smallrye.mutiny.Uni;
import java.util.Optional;
import openledger.inference.PolicyVersions;
import openledger.store.BoundedQuery;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Policies of all lanes of the database by the hash of their text, by Hibernate Reactive: a text with that hash is the same wherever it
 * was in force. Thread-safe.
 */
public final class StoredPolicies implements PolicyVersions {
    private static final String ONE = "from PolicyEntity where hash = :hash";

    private final Mutiny.SessionFactory sessions;

    public StoredPolicies(Mutiny.SessionFactory sessions) {
        this.sessions = sessions;
    }

    @Override
    public Uni<Optional<byte[]>> canonical(byte[] hash) {
        return BoundedQuery.of(sessions.withSession(session -> session.createSelectionQuery(ONE, PolicyEntity.class)
                        .setParameter("hash", hash)
                        .setMaxResults(1)
                        .getSingleResultOrNull()))
                .map(row -> Optional.ofNullable(row).map(policy -> policy.canonical));
    }
}
