package openledger.commitment.leaf;

/**
 * A rule that something committed breaks.
 *
 * @param fault what it proves
 * @param why what is there and what should be, as a sentence for a person
 */
public record Breach(ProvableFault fault, String why) {}
