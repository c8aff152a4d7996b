package openledger.cluster.share;

import java.util.concurrent.CompletionStage;

/** Port: places of a key's requests in progress. Times are monotonic nanoseconds. Thread-safe; never blocks. */
public interface Slots {
    /** Takes one; each that is {@link Free} is to be given back once. */
    Taken take(long nowNanos);

    void giveBack();

    /** From now on there may be so many; who is inside stays inside. */
    void most(int most);

    /** Nothing is taken any more, if nothing is taken now: then they can be forgotten. */
    boolean retire(long nowNanos);

    /** What became of it. */
    sealed interface Taken permits Free, Full, Retired, Asked, Unknown {}

    /** There was one. */
    record Free() implements Taken {}

    /** There was none. */
    record Full() implements Taken {}

    /** These are not counted any more; there are others of the same key. */
    record Retired() implements Taken {}

    /** Nobody knows yet: to be taken once more when there is an answer. */
    record Asked(CompletionStage<Void> answer) implements Taken {}

    /** Nobody knows, and nobody is going to soon. */
    record Unknown() implements Taken {}

    Taken FREE = new Free();
    Taken FULL = new Full();
    Taken RETIRED = new Retired();
    Taken UNKNOWN = new Unknown();
}
