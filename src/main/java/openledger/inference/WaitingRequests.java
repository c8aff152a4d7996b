package openledger.inference;

/**
 * Requests that the router holds although no provider works for them.
 *
 * @param held confirmed ones that wait for their plan
 * @param kept those that may be sent again: their client has gone, or their answer is kept for another time
 * @param keptBytes of the answers that are kept
 */
public record WaitingRequests(int held, int kept, long keptBytes) {}
