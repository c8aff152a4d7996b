package openledger.audit.court;

/**
 * How far a chain has come.
 *
 * @param latest number of the newest block
 * @param seconds its time, Unix s: what is due by the clock of the contracts
 * @param safe number of the newest block that only a reorganisation of L1 can take; 0 if there is none yet
 * @param finalized number of the newest block that nothing can take; 0 if there is none yet
 */
public record ChainTime(long latest, long seconds, long safe, long finalized) {}
