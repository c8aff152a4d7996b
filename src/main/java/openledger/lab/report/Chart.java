package openledger.lab.report;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Series over a common axis.
 *
 * @param title what it shows
 * @param kind how it is drawn
 * @param across what the axis across is
 * @param unit of all values
 * @param marks where on the axis the values stand: as many as each series has values
 * @param series in the order in which they are named
 */
public record Chart(String title, Kind kind, String across, Unit unit, List<Mark> marks, List<Series> series) {
    public Chart {
        marks = List.copyOf(marks);
        series = List.copyOf(series);
        for (Series one : series) {
            if (one.values.size() != marks.size()) {
                throw new IllegalArgumentException("series " + one.name + " of " + title + " misses marks");
            }
        }
    }

    /** How a chart is drawn; both with the intervals of the values. */
    public enum Kind {
        /** Marks stand where their place says, and lines lead from one to the next. */
        LINES,
        /** Marks stand in a row, with nothing between them. */
        POINTS
    }

    /**
     * A place on the axis across.
     *
     * @param place number on the axis, increasing; their order, for points
     * @param label what is written there
     */
    public record Mark(double place, String label) {
        /** A number that is its own label. */
        public static Mark of(double place) {
            return new Mark(place, Numbers.plain(place));
        }

        /** Labels in a row. */
        public static List<Mark> inARow(List<String> labels) {
            return IntStream.range(0, labels.size())
                    .mapToObj(i -> new Mark(i, labels.get(i)))
                    .toList();
        }
    }

    /**
     * Values of one kind, one a mark.
     *
     * @param name in the legend
     * @param values in the order of the marks
     */
    public record Series(String name, List<Measured> values) {
        public Series {
            values = List.copyOf(values);
        }
    }
}
