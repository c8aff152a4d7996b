package openledger.settlement.log;

import java.nio.charset.StandardCharsets;
import java.util.List;
import openledger.commitment.BatchHeader;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;

/**
 * Whose log an export is of, and how far it is: the text of its object {@code exported}, seven lines.
 *
 * @param sequence of the last batch that is there, with all before it
 * @param size of the log after that batch
 * @param root of the log at that size
 */
public record ExportedLog(long chainId, Address registry, LaneId lane, long sequence, long size, Hash32 root) {
    static final int MOST_BYTES = 1_024;
    private static final String FORMAT = "openledger log export 1";
    private static final List<String> NAMES = List.of("chain", "registry", "lane", "batch", "size", "root");

    static ExportedLog of(BatchHeader last) {
        return new ExportedLog(last.chainId(), last.registry(), last.lane(), last.sequence(), last.size(), last.root());
    }

    /** @throws IllegalArgumentException if it is no such text */
    static ExportedLog read(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        String[] lines = text.split("\n", -1);
        String[] values = new String[NAMES.size()];
        for (int i = 0; i < values.length && i + 1 < lines.length; i++) {
            String name = NAMES.get(i) + " ";
            values[i] = lines[i + 1].startsWith(name) ? lines[i + 1].substring(name.length()) : "";
        }
        if (lines.length != NAMES.size() + 2) {
            throw new IllegalArgumentException("it is not what 'openledger log export' writes");
        }
        ExportedLog exported = new ExportedLog(
                Long.parseLong(values[0]),
                Address.parse(values[1]),
                new LaneId(Long.parseLong(values[2])),
                Long.parseLong(values[3]),
                Long.parseLong(values[4]),
                Hash32.parse(values[5]));
        if (!exported.toString().equals(text)) {
            throw new IllegalArgumentException("it is not what 'openledger log export' writes");
        }
        return exported;
    }

    /** The text. */
    @Override
    public String toString() {
        List<Object> values = List.of(chainId, registry, lane.value(), sequence, size, root);
        StringBuilder text = new StringBuilder(FORMAT).append('\n');
        for (int i = 0; i < values.size(); i++) {
            text.append(NAMES.get(i)).append(' ').append(values.get(i)).append('\n');
        }
        return text.toString();
    }
}
