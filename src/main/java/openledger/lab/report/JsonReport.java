package openledger.lab.report;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A report as JSON: an object a section, and in it an object a figure, {@code {value, low, high, seeds, unit, standing, words}} and
 * {@code reference} where there is one, then its {@code tables}. Numbers are plain: shares are 0 to 1. Members have a fixed order.
 */
public final class JsonReport {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build();

    private JsonReport() {}

    /** UTF-8, with a new line at the end. */
    public static byte[] of(Report report) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.putObject("lab").put("version", 1).put("seeds", report.seeds().count());
        for (Section section : report.sections()) {
            write(section, root.putObject(section.name()));
        }
        ObjectNode answers = root.putObject("answers");
        for (Question question : Question.values()) {
            var given = answers.putArray(question.name().toLowerCase(java.util.Locale.ROOT));
            report.answers(question).forEach(answer -> given.add(answer.words()));
        }
        return bytes(root);
    }

    private static void write(Section section, ObjectNode to) {
        for (Figure figure : section.figures()) {
            ObjectNode member = to.putObject(figure.key());
            write(figure.measured(), member);
            member.put("unit", figure.unit().word())
                    .put("standing", figure.standing().word())
                    .put("words", figure.words());
            figure.reference()
                    .ifPresent(reference -> member.putObject("reference")
                            .put("low", Numbers.rounded(reference.low()))
                            .put("value", Numbers.rounded(reference.value()))
                            .put("high", Numbers.rounded(reference.high()))
                            .put("met", reference.isMet(figure.measured())));
        }
        var tables = to.putArray("tables");
        for (Table table : section.tables()) {
            ObjectNode member = tables.addObject();
            member.put("title", table.title());
            var rows = member.putArray("rows");
            for (var row : table.rows()) {
                ObjectNode cells = rows.addObject();
                for (int i = 0; i < row.size(); i++) {
                    write(row.get(i), table.columns().get(i), cells);
                }
            }
        }
    }

    private static void write(Cell cell, String column, ObjectNode to) {
        switch (cell) {
            case Cell.Words(String shown) -> to.put(column, shown);
            case Cell.Amount(Measured measured, Unit unit) -> {
                ObjectNode member = to.putObject(column);
                write(measured, member);
                member.put("unit", unit.word());
            }
        }
    }

    static void write(Measured measured, ObjectNode to) {
        to.put("value", Numbers.rounded(measured.value()))
                .put("low", Numbers.rounded(measured.low()))
                .put("high", Numbers.rounded(measured.high()))
                .put("seeds", measured.seeds());
    }

    private static byte[] bytes(ObjectNode root) {
        try {
            DefaultIndenter lines = new DefaultIndenter("  ", "\n");
            var printer = new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines);
            return (MAPPER.writer(printer).writeValueAsString(root) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (IOException neverInMemory) {
            throw new UncheckedIOException(neverInMemory);
        }
    }
}
