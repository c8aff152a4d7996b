package openledger.stream;

import java.util.List;

/**
 * What is streamed at once.
 *
 * @param records in the order in which they are to be read
 * @param end how far the stream has come with them
 */
public record StreamBatch(List<StreamRecord> records, StreamCursor end) {
    public StreamBatch {
        records = List.copyOf(records);
    }
}
