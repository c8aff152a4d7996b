package openledger.cluster;

/**
 * The rules by which several routers keep to one budget for a key, each of which can be left out to see what it is for.
 *
 * @param ownerOnly a request begins only at the router that owns the key's range; all others forward
 * @param fencedWrites a record becomes durable only while its writer holds the lane
 * @param markBeforeNext an attempt begins only when the record of the one before it is durable
 * @param adopterMarks who adopts an open request makes durable what may have been spent before it goes on
 * @param countsOneMore who adopts an open request counts one attempt more than is durable
 * @param idleRelease a range is given away only while none of its requests runs
 * @param knowsItsLanes a router adopts a lane only in a statement that finds all of its own lanes still its own
 * @param readsAllLanes who takes a range or adopts a lane looks for the key in the journals of all lanes that the range may have been in
 * @param intentFirst the first attempt waits until its request is durable: strict, in place of eager
 */
record ResendRules(
        boolean ownerOnly,
        boolean fencedWrites,
        boolean markBeforeNext,
        boolean adopterMarks,
        boolean countsOneMore,
        boolean idleRelease,
        boolean knowsItsLanes,
        boolean readsAllLanes,
        boolean intentFirst) {

    static final ResendRules STRICT = new ResendRules(true, true, true, true, true, true, true, true, true);
    static final ResendRules EAGER = new ResendRules(true, true, true, true, true, true, true, true, false);
}
