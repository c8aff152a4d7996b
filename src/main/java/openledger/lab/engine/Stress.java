package openledger.lab.engine;

/**
 * Conditions that a simple world leaves out.
 *
 * @param refusedMillis for how long a call that is refused holds a slot all the same, ms
 * @param breaks share of the answers that break off somewhere, 0 to 1
 * @param reading how clients take their answers
 * @param lowerSlots of the tier below; {@link #LIMITLESS} for as many as anybody wants
 */
public record Stress(double refusedMillis, double breaks, Reading reading, int lowerSlots) {
    public static final int LIMITLESS = Integer.MAX_VALUE;
    static final Stress NONE = new Stress(0, 0, Reading.WHOLE, LIMITLESS);

    /** Share of an answer's time until its first content. */
    static final double FIRST_CONTENT = 0.2;

    /** How clients take their answers. */
    public enum Reading {
        /** At once, when they are whole: what breaks off can be tried again. */
        WHOLE,
        /** As they come: patience is for the first content, and what breaks off after it is lost. */
        STREAMED
    }
}
