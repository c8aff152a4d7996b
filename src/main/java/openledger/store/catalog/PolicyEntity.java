package openledger.store.catalog;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.Arrays;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** The text of a policy that is or was in force in a lane. Written by the catalog alone. */
@Entity
@Immutable
@Table(name = "policy_version")
@IdClass(PolicyEntity.Key.class)
class PolicyEntity {
    @Id
    long lane;

    @Id
    byte[] hash = {};

    byte[] canonical = {};

    /** What tells one from the other. */
    static final class Key implements Serializable {
        private static final long serialVersionUID = 1;

        long lane;
        byte[] hash = {};

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && key.lane == lane && Arrays.equals(key.hash, hash);
        }

        @Override
        public int hashCode() {
            return 31 * Long.hashCode(lane) + Arrays.hashCode(hash);
        }
    }
}
