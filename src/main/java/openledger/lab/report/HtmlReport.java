package openledger.lab.report;

import static openledger.lab.report.Text.escaped;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A report as one HTML file that needs no network: style, script and the charting library (uPlot) are in it. It follows the
 * reader's light or dark scheme, and what a chart shows is in a table as well.
 */
public final class HtmlReport {
    private final StringBuilder out = new StringBuilder(1 << 17);
    private int charts;

    private HtmlReport() {}

    /** UTF-8. */
    public static byte[] of(Report report) {
        HtmlReport html = new HtmlReport();
        html.page(report);
        return html.out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void page(Report report) {
        out.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<meta name=\"color-scheme\" content=\"light dark\">\n<title>OpenLedger lab</title>\n<style>\n")
                .append(asset("uPlot.min.css"))
                .append('\n')
                .append(asset("report.css"))
                .append("</style>\n</head>\n<body>\n<main>\n<h1>OpenLedger lab</h1>\n");
        paragraph(
                "Experiments in virtual time over the code that serves traffic; "
                        + report.seeds().count()
                        + " seeds unless a table says otherwise. Values stand with half the width of their 95 % interval over the seeds."
                        + " Tuned: the world was chosen so that the figure comes out near its reference. Robust: nothing was chosen for it.");
        out.append("<nav>");
        report.sections()
                .forEach(section -> out.append("<a href=\"#")
                        .append(section.name())
                        .append("\">")
                        .append(escaped(section.title()))
                        .append("</a> "));
        out.append("<a href=\"#questions\">The questions</a></nav>\n");
        report.sections().forEach(this::section);
        questions(report);
        out.append("</main>\n<script>\n")
                .append(asset("uPlot.iife.min.js"))
                .append("\n")
                .append(asset("report.js"))
                .append("</script>\n</body>\n</html>\n");
    }

    private void section(Section section) {
        out.append("<section id=\"").append(section.name()).append("\">\n");
        heading("h2", section.title());
        paragraph(section.shows());
        figures(section.name(), section.figures());
        section.charts().forEach(this::chart);
        section.tables().forEach(this::table);
        section.notes().forEach(this::paragraph);
        out.append("</section>\n");
    }

    private void figures(String section, List<Figure> figures) {
        if (figures.isEmpty()) {
            return;
        }
        out.append("<div class=\"wide\"><table><thead><tr><th>figure</th><th>value</th><th>95 % interval</th>")
                .append("<th>reference</th><th>standing</th><th>in report.json</th></tr></thead><tbody>\n");
        for (Figure figure : figures) {
            Unit unit = figure.unit();
            Measured measured = figure.measured();
            out.append("<tr><th scope=\"row\">").append(escaped(figure.words())).append("</th>");
            number(unit.show(measured.value()));
            number(measured.seeds() == 0 ? "exact" : unit.show(measured.low()) + " to " + unit.show(measured.high()));
            number(figure.reference()
                    .map(reference -> shown(reference, unit, measured))
                    .orElse(""));
            out.append("<td>").append(figure.standing().word()).append("</td><td><code>");
            out.append(section).append('.').append(figure.key()).append("</code></td></tr>\n");
        }
        out.append("</tbody></table></div>\n");
    }

    private static String shown(Reference reference, Unit unit, Measured measured) {
        return unit.show(reference.low()) + " to " + unit.show(reference.high())
                + (reference.isMet(measured) ? " ✓" : " ✗ not met");
    }

    private void chart(Chart chart) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("title", chart.title())
                .put("kind", chart.kind().name())
                .put("across", chart.across())
                .put(
                        "unit",
                        (chart.unit().suffix().isEmpty()
                                        ? chart.unit().word()
                                        : chart.unit().suffix())
                                .strip());
        ArrayNode places = data.putArray("places");
        ArrayNode labels = data.putArray("labels");
        for (Chart.Mark mark : chart.marks()) {
            places.add(Numbers.rounded(mark.place()));
            labels.add(mark.label());
        }
        ArrayNode series = data.putArray("series");
        for (Chart.Series one : chart.series()) {
            ObjectNode member = series.addObject();
            member.put("name", one.name());
            ArrayNode values = member.putArray("values");
            ArrayNode lows = member.putArray("lows");
            ArrayNode highs = member.putArray("highs");
            for (Measured measured : one.values()) {
                double factor = chart.unit().factor();
                values.add(Numbers.rounded(measured.value() * factor));
                lows.add(Numbers.rounded(measured.low() * factor));
                highs.add(Numbers.rounded(measured.high() * factor));
            }
        }
        String id = "chart-" + ++charts;
        out.append("<figure><figcaption>")
                .append(escaped(chart.title()))
                .append("</figcaption><div class=\"chart\" id=\"");
        out.append(id).append("\" role=\"img\" aria-label=\"").append(escaped(chart.title()));
        // A tag that ends in the data would end the script.
        out.append("\"></div><script type=\"application/json\" data-chart=\"")
                .append(id)
                .append("\">");
        out.append(data.toString().replace("<", "\\u003c")).append("</script></figure>\n");
    }

    private void table(Table table) {
        heading("h3", table.title());
        out.append("<div class=\"wide\"><table><thead><tr>");
        table.columns()
                .forEach(column -> out.append("<th>").append(escaped(column)).append("</th>"));
        out.append("</tr></thead><tbody>\n");
        for (List<Cell> row : table.rows()) {
            out.append("<tr>");
            for (Cell cell : row) {
                switch (cell) {
                    case Cell.Words(String words) ->
                        out.append("<td>").append(escaped(words)).append("</td>");
                    case Cell.Amount amount -> number(amount.shown());
                }
            }
            out.append("</tr>\n");
        }
        out.append("</tbody></table></div>\n");
    }

    private void questions(Report report) {
        out.append("<section id=\"questions\">\n<h2>The questions</h2>\n");
        for (Question question : Question.values()) {
            List<Answer> answers = report.answers(question);
            if (!answers.isEmpty()) {
                heading("h3", question.words());
                answers.forEach(answer -> paragraph(answer.words()));
            }
        }
        out.append("</section>\n");
    }

    private void heading(String tag, String words) {
        out.append('<')
                .append(tag)
                .append('>')
                .append(escaped(words))
                .append("</")
                .append(tag)
                .append(">\n");
    }

    private void paragraph(String words) {
        out.append("<p>").append(escaped(words)).append("</p>\n");
    }

    private void number(String shown) {
        out.append("<td class=\"number\">").append(escaped(shown)).append("</td>");
    }

    private static String asset(String name) {
        try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("not in this build: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip() + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
