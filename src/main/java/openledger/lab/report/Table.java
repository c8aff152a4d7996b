package openledger.lab.report;

import java.util.List;

/**
 * Rows under their columns.
 *
 * @param title what it shows
 * @param columns heads, in order
 * @param rows each with as many cells as there are columns
 */
public record Table(String title, List<String> columns, List<List<Cell>> rows) {
    public Table {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<Cell> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException("a row of " + title + " has " + row.size() + " cells");
            }
        }
    }
}
