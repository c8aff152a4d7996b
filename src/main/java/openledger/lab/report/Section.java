package openledger.lab.report;

import java.util.ArrayList;
import java.util.List;

/**
 * The results of one experiment.
 *
 * @param name of the experiment; first part of its figures' keys
 * @param title as a heading
 * @param shows what it shows, in one sentence
 * @param figures in order, with different keys
 * @param tables in order
 * @param charts in order
 * @param notes on how to read it, a sentence or two each
 * @param answers to the project's questions
 */
public record Section(
        String name,
        String title,
        String shows,
        List<Figure> figures,
        List<Table> tables,
        List<Chart> charts,
        List<String> notes,
        List<Answer> answers) {
    public Section {
        figures = List.copyOf(figures);
        tables = List.copyOf(tables);
        charts = List.copyOf(charts);
        notes = List.copyOf(notes);
        answers = List.copyOf(answers);
        if (figures.stream().map(Figure::key).distinct().count() < figures.size()) {
            throw new IllegalArgumentException("figures of " + name + " share a key");
        }
    }

    /** One that is yet to be filled. */
    public static Draft draft(String name, String title, String shows) {
        return new Draft(name, title, shows);
    }

    /** A section in the making. Confined to one thread. */
    public static final class Draft {
        private final String name;
        private final String title;
        private final String shows;
        private final List<Figure> figures = new ArrayList<>();
        private final List<Table> tables = new ArrayList<>();
        private final List<Chart> charts = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private final List<Answer> answers = new ArrayList<>();

        private Draft(String name, String title, String shows) {
            this.name = name;
            this.title = title;
            this.shows = shows;
        }

        /** Adds a figure; returns it, for answers that stand on it. */
        public Figure add(Figure figure) {
            figures.add(figure);
            return figure;
        }

        /** Adds a table. */
        public void add(Table table) {
            tables.add(table);
        }

        /** Adds a chart. */
        public void add(Chart chart) {
            charts.add(chart);
        }

        /** Adds a note. */
        public void note(String words) {
            notes.add(words);
        }

        /** Adds an answer. */
        public void add(Answer answer) {
            answers.add(answer);
        }

        /** What has been added, in order. */
        public Section done() {
            return new Section(name, title, shows, figures, tables, charts, notes, answers);
        }
    }
}
