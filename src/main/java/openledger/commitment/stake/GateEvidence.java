package openledger.commitment.stake;

import java.math.BigInteger;
import openledger.commitment.verify.NodeTestimony;
import openledger.unit.Address;

/**
 * What a node says of what stands behind a leaf.
 *
 * @param gate the contract that the registry asks before each batch of the lane; {@link #NONE} if there is none
 * @param seconds time of the newest block, Unix s
 * @param answers of that contract
 */
public record GateEvidence(Address gate, NodeTestimony<Long> seconds, NodeTestimony<Answers> answers) {
    /** In place of a gate. */
    public static final Address NONE = Address.of(new byte[Address.BYTES]);

    /**
     * What a contract says that may be a vault.
     *
     * @param active what is behind the lane's next batch, wei, below 2<sup>128</sup>
     * @param isPunished whether the leaf was punished
     */
    public record Answers(VaultTerms terms, BigInteger active, boolean isPunished) {}

    /**
     * What {@code active} gave.
     *
     * @throws IllegalArgumentException if no stake is so large
     */
    public static BigInteger active(byte[] answer) {
        BigInteger amount = new VaultWords(answer, 1).amount(0);
        if (amount.bitLength() > StakeClaim.AMOUNT_BITS) {
            throw new IllegalArgumentException("no stake has " + amount.bitLength() + " bits");
        }
        return amount;
    }

    /**
     * What {@code isPunished} gave.
     *
     * @throws IllegalArgumentException if it is neither true nor false
     */
    public static boolean isPunished(byte[] answer) {
        long word = new VaultWords(answer, 1).number(0);
        if (word > 1) {
            throw new IllegalArgumentException("neither true nor false: " + word);
        }
        return word == 1;
    }
}
