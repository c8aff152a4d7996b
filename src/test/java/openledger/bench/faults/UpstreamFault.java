package openledger.bench.faults;

import java.io.IOException;

/**
 * One thing that a provider does, and what a right gateway makes of it.
 *
 * @param name unique, for tables
 * @param kind what it is an example of
 * @param shape what the client asks for
 * @param right what has to come of it
 * @param expected what the client has to read, where {@code right} wants this provider's own words; else empty
 * @param script what the provider does with each call
 */
record UpstreamFault(String name, Kind kind, Shape shape, Right right, String expected, Script script) {
    /** What the faults are examples of. */
    enum Kind {
        LAST_CHUNK("last chunk"),
        SLOW("slow answer"),
        LARGE_HEAD("large head"),
        DEAD_CONNECTION("dead connection"),
        ACCOUNT("our account"),
        ERROR_IN_200("error in a 200"),
        EVENTS("odd and half events"),
        EMPTY("empty is not content"),
        COMPLAINT("the provider's complaint"),
        CUT("cut document"),
        LABEL("label and coding");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /** What the client asks for. */
    enum Shape {
        DOCUMENT,
        STREAM,
        STREAM_WITH_USAGE
    }

    /** What has to come of it. */
    enum Right {
        /** The answer is good, and no other is to be paid for. */
        ARRIVES,
        /** The provider was not reached: a good answer has to come, no matter whose. */
        ANY_ANSWER,
        /** The provider refused this request: its reason has to reach the client, as an error. */
        COMPLAINT_ARRIVES,
        /** Nothing good has come yet, and the second target would answer. */
        SECOND_ANSWERS,
        /** Content has flowed: the client has to see that it broke. */
        SEEN_AS_BROKEN
    }

    /** What the provider does with a call. */
    @FunctionalInterface
    interface Script {
        void play(FaultyReply reply) throws IOException, InterruptedException;
    }

    boolean isStream() {
        return shape != Shape.DOCUMENT;
    }
}
