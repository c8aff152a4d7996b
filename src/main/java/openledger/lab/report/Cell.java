package openledger.lab.report;

/** One cell of a table. */
public sealed interface Cell {
    /** As people read it. */
    String shown();

    /** Words. */
    record Words(String shown) implements Cell {}

    /** A number. */
    record Amount(Measured measured, Unit unit) implements Cell {
        @Override
        public String shown() {
            return unit.show(measured);
        }
    }

    /** Words. */
    static Cell of(String words) {
        return new Words(words);
    }

    /** A number. */
    static Cell of(Measured measured, Unit unit) {
        return new Amount(measured, unit);
    }
}
