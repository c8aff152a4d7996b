package openledger.inference.admission;

/** Positions of the members that the router reads; -1 for one that is absent. Ends are exclusive. */
final class TopLevelMembers {
    int modelStart = -1;
    int modelEnd = -1;
    int ownStart = -1;
    int ownEnd = -1;
    /** The member {@code openledger} with its name and one comma. */
    int cutStart = -1;

    int cutEnd = -1;
    int optionsStart = -1;
    int optionsEnd = -1;
    int cacheKeyStart = -1;
    int cacheKeyEnd = -1;
    boolean stream;
    /** The largest of what names a maximum of tokens; -1 if nothing does. */
    long mostOutput = -1;
    /** How many answers are asked for; -1 if it is not said. */
    long choices = -1;
}
