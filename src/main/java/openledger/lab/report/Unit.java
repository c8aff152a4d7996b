package openledger.lab.report;

import java.util.Locale;

/** The unit of a figure, and how it is shown; JSON has the plain number. */
public enum Unit {
    /** 0 to 1; shown in per cent. */
    SHARE("share", 100, "%.1f", " %"),
    /** 0 to 1 and mostly near 0; shown in per cent with another digit. */
    SMALL_SHARE("share", 100, "%.2f", " %"),
    /** Of something, relative: −0.4 is 40 % less; shown in per cent with its sign. */
    CHANGE("relative change", 100, "%+.1f", " %"),
    /** Percentage points: 0.9 is the step from 12.1 % to 13 %. */
    POINTS("percentage points", 1, "%+.2f", " points"),
    /** Milliseconds. */
    MILLIS("ms", 1, "%.0f", " ms"),
    /** Milliseconds more or less than something. */
    ADDED_MILLIS("ms", 1, "%+.0f", " ms"),
    /** So many a second. */
    PER_SECOND("per second", 1, "%,.0f", "/s"),
    /** Whole things. */
    COUNT("count", 1, "%,.0f", ""),
    /** What an operator gains by one lazy fall-back at a load of one half, on average. */
    GAINS("mean gains", 1, "%,.0f", " gains"),
    /** US dollars. */
    DOLLARS("US dollars", 1, "%,.2f", " $"),
    /** US dollars, less than one. */
    SMALL_DOLLARS("US dollars", 1, "%.4f", " $"),
    /** One thing a thing, mostly near 1. */
    RATIO("ratio", 1, "%.3f", ""),
    /** Units of gas. */
    GAS("gas", 1, "%,.0f", " gas"),
    /** Tokens. */
    TOKENS("tokens", 1, "%,.0f", " tokens");

    private final String word;
    private final double factor;
    private final String format;
    private final String suffix;

    Unit(String word, double factor, String format, String suffix) {
        this.word = word;
        this.factor = factor;
        this.format = format;
        this.suffix = suffix;
    }

    /** Name of the unit of the plain number. */
    public String word() {
        return word;
    }

    /** What the plain number is multiplied with before it is shown. */
    public double factor() {
        return factor;
    }

    /** What stands behind a shown number, with its space. */
    public String suffix() {
        return suffix;
    }

    /** A value as people read it. */
    public String show(double value) {
        return digits(value) + suffix;
    }

    /** With half the width of its interval, if it has one. */
    public String show(Measured measured) {
        return measured.seeds() == 0
                ? show(measured.value())
                : digits(measured.value()) + " ± " + digits(measured.margin()).replace("+", "") + suffix;
    }

    private String digits(double value) {
        String text = String.format(Locale.ROOT, format, value * factor);
        // A value that rounds to nothing has no sign.
        return text.matches("[+-]0(\\.0+)?") ? text.substring(1) : text;
    }
}
