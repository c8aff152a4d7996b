package openledger.lab.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** A report as a terminal shows it, 100 columns or a little more. Confined to one thread. */
public final class TerminalReport {
    private static final int WIDE = 100;
    private static final int WORDS = 58;

    private final PrintWriter out;

    /** To be printed there. */
    public TerminalReport(PrintWriter out) {
        this.out = out;
    }

    /** One section, as soon as it is there. */
    public void print(Section section) {
        out.println();
        out.println(section.title() + " [" + section.name() + "]");
        wrapped(section.shows(), "  ");
        out.println();
        for (Figure figure : section.figures()) {
            print(figure);
        }
        section.tables().forEach(this::print);
        section.notes().forEach(note -> wrapped(note, "  "));
        out.flush();
    }

    private void print(Figure figure) {
        String reference = figure.reference()
                .map(observed -> "reference " + figure.unit().show(observed.low()) + " to "
                        + figure.unit().show(observed.high())
                        + (observed.isMet(figure.measured()) ? "" : "  NOT MET"))
                .orElse("");
        String line = "  " + padded(figure.words(), WORDS) + "  "
                + padded(figure.unit().show(figure.measured()), 22) + "  "
                + padded(figure.standing().word(), 6) + "  " + reference;
        out.println(line.stripTrailing());
    }

    private void print(Table table) {
        out.println();
        out.println("  " + table.title());
        List<List<String>> rows = new ArrayList<>();
        rows.add(table.columns());
        table.rows().forEach(row -> rows.add(row.stream().map(Cell::shown).toList()));
        int[] widths = new int[table.columns().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder("   ");
            for (int i = 0; i < widths.length; i++) {
                String cell = row.get(i);
                String gap = " ".repeat(widths[i] - cell.length());
                line.append(' ').append(i == 0 ? cell + gap : gap + cell).append(' ');
            }
            out.println(line.toString().stripTrailing());
        }
    }

    /** The questions with the answers of all sections. */
    public void printAnswers(Report report) {
        out.println();
        for (Question question : Question.values()) {
            List<Answer> answers = report.answers(question);
            if (!answers.isEmpty()) {
                wrapped(question.words(), "");
                answers.forEach(answer -> wrapped(answer.words(), "    "));
            }
        }
        out.flush();
    }

    private void wrapped(String words, String indent) {
        StringBuilder line = new StringBuilder(indent);
        for (String word : words.split(" ", -1)) {
            if (line.length() > indent.length() && line.length() + word.length() > WIDE) {
                out.println(line.toString().stripTrailing());
                line = new StringBuilder(indent);
            }
            line.append(word).append(' ');
        }
        out.println(line.toString().stripTrailing());
    }

    private static String padded(String words, int width) {
        return words.length() >= width ? words : words + " ".repeat(width - words.length());
    }
}
