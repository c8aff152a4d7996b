package openledger.lab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReportsTest {
    private static final Measured MEASURED = new Measured(0.141234567, 0.12, 0.16, 20);

    private static Report report() {
        Section.Draft draft = Section.draft("budget", "Retry <budget>", "What 7 attempts buy & cost.");
        Figure figure = draft.add(Figure.of("fallback_b3", "fell back", Unit.SHARE, MEASURED, EvidenceLevel.TUNED)
                .beside(Reference.about(0.14, 0.03)));
        draft.add(new Table(
                "Worlds",
                List.of("world", "fell back"),
                List.of(List.of(Cell.of("</script>"), Cell.of(MEASURED, Unit.SHARE)))));
        draft.add(new Chart(
                "Fall-backs </script>",
                Chart.Kind.LINES,
                "attempts",
                Unit.SHARE,
                List.of(Chart.Mark.of(1), Chart.Mark.of(2.5)),
                List.of(new Chart.Series("reference", List.of(MEASURED, MEASURED)))));
        draft.add(new Answer(Question.SLOW_OR_SELECTIVE, "Selective.", List.of(figure)));
        return new Report(new Seeds(20), List.of(draft.done()));
    }

    @Test
    void aFigureIsUnderItsSectionAndKeyWithItsInterval() throws IOException {
        JsonNode figure = new ObjectMapper().readTree(JsonReport.of(report())).at("/budget/fallback_b3");

        assertThat(figure.get("value").doubleValue()).isEqualTo(0.141235);
        assertThat(figure.get("low").doubleValue()).isEqualTo(0.12);
        assertThat(figure.get("high").doubleValue()).isEqualTo(0.16);
        assertThat(figure.get("seeds").intValue()).isEqualTo(20);
        assertThat(figure.get("standing").textValue()).isEqualTo("tuned");
        assertThat(figure.at("/reference/met").booleanValue()).isTrue();
    }

    @Test
    void theSameReportGivesTheSameBytes() {
        assertThat(JsonReport.of(report())).isEqualTo(JsonReport.of(report()));
        assertThat(HtmlReport.of(report())).isEqualTo(HtmlReport.of(report()));
    }

    @Test
    void thePageAsksNobodyForAnything() {
        String page = new String(HtmlReport.of(report()), StandardCharsets.UTF_8);

        assertThat(page)
                .doesNotContainPattern("(src|href)=\"(?!#)")
                .doesNotContain("@import")
                .doesNotContain("url(");
        assertThat(page).contains("uPlot").contains("Retry &lt;budget&gt;").contains("budget.fallback_b3");
    }

    @Test
    void nothingOfAReportEndsAScriptOfThePage() {
        String page = new String(HtmlReport.of(report()), StandardCharsets.UTF_8);

        long begun = page.split("<script", -1).length - 1L;
        assertThat(page.split("</script>", -1).length - 1L).isEqualTo(begun);
    }

    @Test
    void theTerminalShowsFigureReferenceAndAnswer() {
        StringWriter out = new StringWriter();
        TerminalReport terminal = new TerminalReport(new PrintWriter(out));
        Report report = report();

        terminal.print(report.sections().getFirst());
        terminal.printAnswers(report);

        assertThat(out.toString())
                .contains("14.1 ± 2.0 %", "tuned", "reference 11.0 % to 17.0 %", "Selective.")
                .doesNotContain("NOT MET");
    }

    @Test
    void aFigureOutsideItsReferenceIsMarked() {
        Figure missed =
                Figure.of("x", "x", Unit.SHARE, MEASURED, EvidenceLevel.TUNED).beside(Reference.within(0.2, 0.3));
        StringWriter out = new StringWriter();
        Section.Draft draft = Section.draft("x", "x", "x");
        draft.add(missed);

        new TerminalReport(new PrintWriter(out)).print(draft.done());

        assertThat(out.toString()).contains("NOT MET");
    }

    @Test
    void twoFiguresOfASectionDoNotShareAKey() {
        Section.Draft draft = Section.draft("x", "x", "x");
        Figure figure = Figure.of("x", "x", Unit.SHARE, MEASURED, EvidenceLevel.TUNED);
        draft.add(figure);
        draft.add(figure);

        assertThatThrownBy(draft::done).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void seedsComeInOrderWhateverRunsFirst() {
        assertThat(new Seeds(50).each("count", Progress.NONE, seed -> seed))
                .isEqualTo(
                        java.util.stream.LongStream.rangeClosed(1, 50).boxed().toList());
    }
}
