package openledger.lab.report;

import java.util.Optional;

/**
 * One number of a report.
 *
 * @param key within its section: lower case, digits and underscores
 * @param words what it is
 * @param unit of the value
 * @param measured value and interval
 * @param standing what it is worth
 * @param reference what was observed elsewhere, if anything was
 */
public record Figure(
        String key, String words, Unit unit, Measured measured, EvidenceLevel standing, Optional<Reference> reference) {
    public Figure {
        if (!key.matches("[a-z0-9_]+")) {
            throw new IllegalArgumentException("a key is lower case, digits and underscores: " + key);
        }
    }

    /** A figure that nobody has observed before. */
    public static Figure of(String key, String words, Unit unit, Measured measured, EvidenceLevel standing) {
        return new Figure(key, words, unit, measured, standing, Optional.empty());
    }

    /** The same beside what was observed. */
    public Figure beside(Reference observed) {
        return new Figure(key, words, unit, measured, standing, Optional.of(observed));
    }
}
