package openledger.wiring.config;

import java.time.Duration;

/** What kind of chain it is: how fast its blocks come, and what it says before they are canonical. */
public enum ChainProfile {
    /** Blocks of one or two seconds. */
    STANDARD(Duration.ofSeconds(2), Duration.ofSeconds(2)),
    /** Canonical blocks several times a second. */
    SUBSECOND(Duration.ofMillis(250), Duration.ofMillis(250)),
    /** Receipts a quarter of a second after sending, for blocks that come every two seconds. */
    FLASHBLOCKS(Duration.ofMillis(250), Duration.ofSeconds(2));

    private final Duration interval;
    private final Duration blocks;

    ChainProfile(Duration interval, Duration blocks) {
        this.interval = interval;
        this.blocks = blocks;
    }

    /** How long it takes until the chain can have news. */
    Duration interval() {
        return interval;
    }

    /** From one canonical block to the next. */
    Duration blocks() {
        return blocks;
    }
}
