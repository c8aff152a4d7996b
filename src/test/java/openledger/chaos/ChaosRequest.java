package openledger.chaos;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a client of {@link ChaosClients} asks, again and again.
 *
 * @param members of its body beside the messages
 */
public record ChaosRequest(String members, Client client) {
    /** What the client expects, and does. */
    public enum Client {
        /** Reads each answer to its end, which has to come unless the router is killed. */
        STAYS,
        /** The same, of providers that break their answers. */
        BEARS,
        /** Leaves after the first bytes of an answer. */
        LEAVES
    }

    /** So many of the route assistant, every other one for a stream. */
    static List<ChaosRequest> assistant(int count) {
        List<ChaosRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(of("assistant", i % 2 == 0, Client.STAYS));
        }
        return requests;
    }

    /** One in mode fast. */
    public static ChaosRequest of(String route, boolean stream, Client client) {
        return new ChaosRequest(String.format(Locale.ROOT, "\"model\":\"%s\",\"stream\":%b", route, stream), client);
    }

    /** The same in mode confirmed, behind a gate. */
    public static ChaosRequest confirmed(String route, boolean stream, String gate, Client client) {
        ChaosRequest fast = of(route, stream, client);
        return new ChaosRequest(
                fast.members + ",\"openledger\":{\"mode\":\"confirmed\",\"gate\":\"" + gate + "\"}", client);
    }

    /** So many clients of each. */
    public static List<ChaosRequest> times(int count, ChaosRequest... each) {
        return Stream.of(each)
                .flatMap(one -> Collections.nCopies(count, one).stream())
                .toList();
    }

    String body() {
        return "{" + members + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}";
    }
}
