package openledger.cli.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import openledger.audit.usage.TokenCount;

/**
 * One row of an export, whatever its form: values by the lower-case names of their columns; members of a JSON object within another have a
 * dot between the names. Immutable.
 */
final class ExportRow {
    private static final Pattern WHOLE = Pattern.compile("([0-9]{1,15})(\\.0{1,9})?");
    private static final Pattern EPOCH = Pattern.compile("([0-9]{9,10})(\\.[0-9]{1,9})?");
    private static final Pattern EPOCH_MILLIS = Pattern.compile("[0-9]{12,13}");
    private static final int LONGEST = 4_096;
    private static final int MOST = 256;
    private static final int MOST_DIGITS = 64;
    private static final int DEEPEST = 4;

    private final long line;
    private final Map<String, String> values;

    private ExportRow(long line, Map<String, String> values) {
        this.line = line;
        this.values = values;
    }

    /** A record under its header, which has as many fields. */
    static ExportRow of(long line, List<String> header, List<String> fields) throws UnreadableExport {
        if (fields.size() != header.size()) {
            throw UnreadableExport.at(
                    line, "there are " + fields.size() + " fields, and the header has " + header.size());
        }
        Map<String, String> values = HashMap.newHashMap(header.size());
        for (int i = 0; i < fields.size(); i++) {
            values.put(header.get(i), fields.get(i).strip());
        }
        return new ExportRow(line, values);
    }

    /** A JSON object; arrays in it are left out. */
    static ExportRow of(long line, JsonNode object) throws UnreadableExport {
        Map<String, String> values = new HashMap<>();
        flatten(line, object, "", 0, values);
        return new ExportRow(line, values);
    }

    private static void flatten(long line, JsonNode object, String path, int depth, Map<String, String> into)
            throws UnreadableExport {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            String name = path + member.getKey().toLowerCase(Locale.ROOT);
            JsonNode value = member.getValue();
            if (value.isObject() && depth < DEEPEST) {
                flatten(line, value, name + ".", depth + 1, into);
            } else if (value.isValueNode() && !value.isNull()) {
                String text = value.isNumber() ? plain(value.decimalValue()) : value.asText();
                if (text.length() <= LONGEST) {
                    into.put(name, text.strip());
                }
            }
            if (into.size() > MOST) {
                throw UnreadableExport.at(line, "an object has more than " + MOST + " members");
            }
        }
    }

    /** A number of few characters may have a billion digits. */
    private static String plain(BigDecimal number) {
        return Math.abs((long) number.scale()) <= MOST_DIGITS ? number.toPlainString() : number.toString();
    }

    long line() {
        return line;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** The value; empty text if there is none. */
    String text(String name) {
        return values.getOrDefault(name, "");
    }

    /** The first of these columns that has a value, if any has. */
    Optional<String> first(List<String> names) {
        return names.stream().filter(name -> !text(name).isEmpty()).findFirst();
    }

    /** A whole number of at most 15 digits; {@link TokenCount#UNKNOWN} if there is none. */
    long number(String name) throws UnreadableExport {
        String text = text(name);
        if (text.isEmpty()) {
            return TokenCount.UNKNOWN;
        }
        Matcher whole = WHOLE.matcher(text);
        if (!whole.matches()) {
            throw UnreadableExport.at(line, "'" + name + "' is not a whole number of at most 15 digits");
        }
        return Long.parseLong(whole.group(1));
    }

    /** The sum of those that there are; unknown if there is none. */
    long sum(List<String> names) throws UnreadableExport {
        long sum = TokenCount.UNKNOWN;
        for (String name : names) {
            long part = number(name);
            sum = part == TokenCount.UNKNOWN ? sum : Math.max(0, sum) + part;
        }
        return sum;
    }

    /** A time: ISO 8601, of UTC where there is no offset; a day; or Unix seconds or milliseconds. */
    Instant time(String name) throws UnreadableExport {
        String text = text(name);
        try {
            if (EPOCH.matcher(text).matches()) {
                int dot = text.indexOf('.');
                long seconds = Long.parseLong(dot < 0 ? text : text.substring(0, dot));
                String nanos = dot < 0 ? "0" : (text.substring(dot + 1) + "000000000").substring(0, 9);
                return Instant.ofEpochSecond(seconds, Long.parseLong(nanos));
            }
            if (EPOCH_MILLIS.matcher(text).matches()) {
                return Instant.ofEpochMilli(Long.parseLong(text));
            }
            if (text.length() == "2026-01-31".length()) {
                return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
            }
            String iso = text.replace(" UTC", "Z").replaceFirst("^(.{10}) ", "$1T");
            boolean hasOffset = iso.matches(".{10}T.*(Z|[+-][0-9]{2}(:?[0-9]{2})?)");
            return hasOffset
                    ? OffsetDateTime.parse(withColon(iso)).toInstant()
                    : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new UnreadableExport(
                    "line " + line + ": '" + name + "' is no time like 2026-01-31T12:00:00Z, nor Unix seconds", e);
        }
    }

    private static String withColon(String iso) {
        return iso.replaceFirst("([+-][0-9]{2})([0-9]{2})$", "$1:$2").replaceFirst("([+-][0-9]{2})$", "$1:00");
    }
}
