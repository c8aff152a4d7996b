package openledger.stream;

/**
 * One record of the stream.
 *
 * @param key by which consumers tell records apart: of two with one key the later counts
 * @param value JSON, UTF-8; never changed after construction
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record StreamRecord(Topic topic, String key, byte[] value) {
    /** What a record is about. */
    public enum Topic {
        /** Decisions, and what was left out of them. */
        DECISIONS("decisions.v1"),
        /** How far batches have come on the chain. */
        LEVELS("levels.v1");

        private final String word;

        Topic(String word) {
            this.word = word;
        }

        /** Its name, without what the operator puts before it. */
        public String word() {
            return word;
        }
    }
}
