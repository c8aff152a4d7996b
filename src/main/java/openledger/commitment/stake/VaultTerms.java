package openledger.commitment.stake;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * All amounts and times of a vault, which are fixed at its birth ({@code Terms} in {@code contracts/src/stake/StakeTypes.sol}). Amounts are
 * in the smallest unit of what is staked: wei, or that of a token; the bond is always in wei. Times are whole seconds of the chain's blocks.
 * A value of this type fits the contract's words; whether a vault would take it is another question.
 *
 * @param floor least active stake with which a lane commits
 * @param stakePerLeaf active stake for each leaf that the lane committed within {@code volumeWindow}; 0 for none
 * @param volumeWindow over which leaves count
 * @param leafPenalty taken for a leaf that breaks a rule
 * @param promisePenalty taken for what was promised and not kept, and for what is not shown
 * @param mostPerBatch leaves of a batch for which money is taken
 * @param bond least bond of a game, in wei
 * @param bondGas gas that the bond pays for at the base fee of the block that opens the game
 * @param reporterBps what of a penalty its reporter gets, in 1/10,000; the rest is burned
 * @param window how long after its block a batch can be challenged
 * @param response how long there is for an answer
 * @param anchorMost longest time from a promise to its fulfilment
 * @param grace how long a lane that a penalty has made short may commit
 */
public record VaultTerms(
        BigInteger floor,
        BigInteger stakePerLeaf,
        Duration volumeWindow,
        BigInteger leafPenalty,
        BigInteger promisePenalty,
        int mostPerBatch,
        BigInteger bond,
        long bondGas,
        int reporterBps,
        Duration window,
        Duration response,
        Duration anchorMost,
        Duration grace) {
    /** The struct's type, as it stands in the signature of a function. */
    public static final String ABI_TYPE =
            "(uint128,uint128,uint128,uint128,uint128,uint32,uint32,uint16,uint16,uint32,uint32,uint32,uint32)";

    private static final int WORD = 32;
    private static final int AMOUNT_BITS = 128;
    private static final int SECONDS_BITS = 32;
    private static final int COUNT_BITS = 16;
    /** Of the members in the order of the struct. */
    private static final int[] BITS = {
        AMOUNT_BITS,
        AMOUNT_BITS,
        AMOUNT_BITS,
        AMOUNT_BITS,
        AMOUNT_BITS,
        SECONDS_BITS,
        SECONDS_BITS,
        COUNT_BITS,
        COUNT_BITS,
        SECONDS_BITS,
        SECONDS_BITS,
        SECONDS_BITS,
        SECONDS_BITS
    };

    /** Bytes of {@link #encode}. */
    public static final int BYTES = BITS.length * WORD;

    /** Twice the gas of the dearest answer, rounded up to 10,000: so that no challenge costs a lane more than it pays. */
    private static final long BOND_GAS = 430_000;

    /**
     * What a file of terms leaves out is as here, in wei: a penalty is about 70 times what a lane gains by a request that it routes against its
     * plan, with guesses for that gain and the price of coin.
     */
    public static final VaultTerms USUAL = new VaultTerms(
            ether("0.01"),
            BigInteger.ZERO,
            Duration.ofHours(1),
            ether("0.00005"),
            ether("0.0005"),
            100,
            ether("0.0005"),
            BOND_GAS,
            3_000,
            Duration.ofDays(7),
            Duration.ofDays(3),
            Duration.ofHours(1),
            Duration.ofHours(1));

    /** Throws {@link IllegalArgumentException} for what the contract's words do not hold; the message begins with the term. */
    public VaultTerms {
        fits("floor", floor, AMOUNT_BITS);
        fits("stakePerLeaf", stakePerLeaf, AMOUNT_BITS);
        fits("volumeWindow", volumeWindow);
        fits("leafPenalty", leafPenalty, AMOUNT_BITS);
        fits("promisePenalty", promisePenalty, AMOUNT_BITS);
        fits("mostPerBatch", BigInteger.valueOf(mostPerBatch), COUNT_BITS);
        fits("bond", bond, AMOUNT_BITS);
        fits("bondGas", BigInteger.valueOf(bondGas), SECONDS_BITS);
        fits("reporterBps", BigInteger.valueOf(reporterBps), COUNT_BITS);
        fits("window", window);
        fits("response", response);
        fits("anchorMost", anchorMost);
        fits("grace", grace);
    }

    /** How long stake that leaves stays liable, after which nothing can be said against what it backed. */
    public Duration delay() {
        return anchorMost.plus(window).plus(response);
    }

    /** The struct in Solidity's ABI, in place: {@value #BYTES} bytes. */
    public byte[] encode() {
        BigInteger[] members = {
            floor,
            stakePerLeaf,
            leafPenalty,
            promisePenalty,
            bond,
            BigInteger.valueOf(bondGas),
            seconds(volumeWindow),
            BigInteger.valueOf(mostPerBatch),
            BigInteger.valueOf(reporterBps),
            seconds(window),
            seconds(response),
            seconds(anchorMost),
            seconds(grace)
        };
        byte[] words = new byte[BYTES];
        for (int word = 0; word < members.length; word++) {
            byte[] digits = members[word].toByteArray();
            int length = Math.min(digits.length, WORD);
            System.arraycopy(digits, digits.length - length, words, (word + 1) * WORD - length, length);
        }
        return words;
    }

    /** Reads {@link #encode}; throws {@link IllegalArgumentException} if these are not the bytes of terms. */
    public static VaultTerms decode(byte[] words) {
        if (words.length != BYTES) {
            throw new IllegalArgumentException("terms have " + BYTES + " bytes: " + words.length);
        }
        return new VaultTerms(
                amount(words, 0),
                amount(words, 1),
                time(words, 6),
                amount(words, 2),
                amount(words, 3),
                amount(words, 7).intValue(),
                amount(words, 4),
                amount(words, 5).longValue(),
                amount(words, 8).intValue(),
                time(words, 9),
                time(words, 10),
                time(words, 11),
                time(words, 12));
    }

    private static BigInteger amount(byte[] words, int word) {
        BigInteger value = new BigInteger(1, words, word * WORD, WORD);
        if (value.bitLength() > BITS[word]) {
            throw new IllegalArgumentException("word " + word + " is not a number of " + BITS[word] + " bits");
        }
        return value;
    }

    private static Duration time(byte[] words, int word) {
        return Duration.ofSeconds(amount(words, word).longValue());
    }

    private static BigInteger ether(String amount) {
        return new BigDecimal(amount).movePointRight(18).toBigIntegerExact();
    }

    private static BigInteger seconds(Duration time) {
        return BigInteger.valueOf(time.toSeconds());
    }

    private static void fits(String term, Duration value) {
        if (!value.equals(value.truncatedTo(ChronoUnit.SECONDS))) {
            throw new IllegalArgumentException(term + " is not of whole seconds: " + value);
        }
        fits(term, seconds(value), SECONDS_BITS);
    }

    private static void fits(String term, BigInteger value, int bits) {
        if (value.signum() < 0 || value.bitLength() > bits) {
            throw new IllegalArgumentException(term + " is not a number of " + bits + " bits: " + value);
        }
    }
}
