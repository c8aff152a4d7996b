package openledger.stream;

import java.time.Instant;
import openledger.unit.LaneId;

/**
 * Decisions that are in no stream, for the journal dropped them first.
 *
 * @param fromChunk of the journal, the first that was not streamed whole
 * @param toChunk the last of them
 * @param at when that was found
 */
public record StreamGap(LaneId lane, long fromChunk, long toChunk, Instant at) {
    /** The record of the stream, among the decisions. */
    public StreamRecord record() {
        byte[] value = JsonMembers.object(out -> out.text("record", "gap")
                .number("lane", lane.value())
                .number("from_chunk", fromChunk)
                .number("to_chunk", toChunk)
                .text("at", at.toString()));
        return new StreamRecord(StreamRecord.Topic.DECISIONS, "gap-" + lane.value() + "-" + fromChunk, value);
    }
}
