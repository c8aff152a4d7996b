package openledger.bench.faults;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads a whole stream of events as the standard has it (WHATWG HTML, section 9.2). An event whose blank line never came is an event
 * all the same, as it is for the SDKs that are in use.
 */
final class EventReading {
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final String LINE_END = "\r\n|\n|\r";

    private final List<Event> events = new ArrayList<>();
    private final List<String> data = new ArrayList<>();
    private String name = "";

    private EventReading() {}

    /** @param name empty for an event without one */
    record Event(String name, String data) {}

    static List<Event> of(String stream) {
        EventReading reading = new EventReading();
        String text = stream.startsWith(BYTE_ORDER_MARK) ? stream.substring(1) : stream;
        for (String line : text.split(LINE_END, -1)) {
            reading.line(line);
        }
        reading.end();
        return List.copyOf(reading.events);
    }

    private void line(String line) {
        if (line.isEmpty()) {
            end();
            return;
        }
        int colon = line.indexOf(':');
        String field = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + 1);
        String plain = value.startsWith(" ") ? value.substring(1) : value;
        if (field.equals("data")) {
            data.add(plain);
        } else if (field.equals("event")) {
            name = plain;
        }
    }

    private void end() {
        if (!data.isEmpty()) {
            events.add(new Event(name, String.join("\n", data)));
        }
        data.clear();
        name = "";
    }
}
