package openledger.settlement.witness;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import openledger.commitment.log.NoteKey;

/**
 * Who cosigns the log.
 *
 * @param witnesses 1 to 15, each by a key of its own
 * @param quorum how many of them a checkpoint needs to count as witnessed, 1 to all
 * @param timeout for a request, its answer included
 */
public record WitnessSettings(List<Peer> witnesses, int quorum, Duration timeout) {
    /** A note must be readable with 16 signatures (C2SP signed-note), and one is the log's. */
    public static final int MOST_WITNESSES = 15;

    public WitnessSettings {
        witnesses = List.copyOf(witnesses);
        if (witnesses.isEmpty() || witnesses.size() > MOST_WITNESSES) {
            throw new IllegalArgumentException("must be 1 to " + MOST_WITNESSES + ": " + witnesses.size());
        }
        if (quorum < 1 || quorum > witnesses.size()) {
            throw new IllegalArgumentException(
                    "must be 1 to " + witnesses.size() + ", the number of witnesses: " + quorum);
        }
    }

    /** The least quorum that two forks of a log cannot both have, unless a witness signs both: more than half. */
    public static int majority(int witnesses) {
        return witnesses / 2 + 1;
    }

    /** Their keys, in their order. */
    public List<NoteKey> keys() {
        return witnesses.stream().map(Peer::key).toList();
    }

    /**
     * A witness.
     *
     * @param address {@code /add-checkpoint} is put behind it; {@code http} will do, because answers are signed and requests are public
     * @param key checks its cosignatures
     */
    public record Peer(URI address, NoteKey key) {
        public Peer {
            String scheme = address.getScheme();
            if (!("http".equals(scheme) || "https".equals(scheme)) || address.getHost() == null) {
                throw new IllegalArgumentException("a witness's address begins with http:// or https://");
            }
            if (address.getUserInfo() != null || address.getRawQuery() != null || address.getRawFragment() != null) {
                throw new IllegalArgumentException("a witness's address has no user, query or fragment");
            }
            if (key.kind() != NoteKey.Kind.COSIGNATURE) {
                throw new IllegalArgumentException("this is no key for cosignatures");
            }
        }
    }
}
