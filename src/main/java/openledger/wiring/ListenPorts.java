package openledger.wiring;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import openledger.cluster.ClusterSettings;

/**
 * The ports of one router, which have to be different ones.
 *
 * @param open that of {@code quarkus.http.port}, 0 for any
 * @param admin that of {@code openledger.admin.port}, if there is one
 * @param internal that of {@code openledger.cluster.internal.port}, if there is a cluster
 */
public record ListenPorts(int open, OptionalInt admin, OptionalInt internal) {
    private static final String ADMIN = "openledger.admin.port";
    private static final String INTERNAL = "openledger.cluster.internal.port";

    /** Those that are configured. */
    public static ListenPorts of(int open, OptionalInt admin, Optional<ClusterSettings> cluster) {
        return new ListenPorts(
                open, admin, cluster.map(known -> OptionalInt.of(known.port())).orElse(OptionalInt.empty()));
    }

    /** Each that is another's, with its key; none if all can be had. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (isSame(admin, open)) {
            problems.add(ADMIN + ": is the router's own port (quarkus.http.port): " + open);
        }
        if (isSame(internal, open)) {
            problems.add(INTERNAL + ": is the router's own port (quarkus.http.port): " + open);
        } else if (internal.isPresent() && isSame(admin, internal.getAsInt())) {
            problems.add(INTERNAL + ": is the port of " + ADMIN + ": " + internal.getAsInt());
        }
        return problems;
    }

    private static boolean isSame(OptionalInt one, int other) {
        return one.isPresent() && one.getAsInt() != 0 && one.getAsInt() == other;
    }
}
