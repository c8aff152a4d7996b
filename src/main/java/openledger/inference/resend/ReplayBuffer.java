package openledger.inference.resend;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import openledger.inference.record.AnswerDigest;
import openledger.inference.record.TokenUsage;
import openledger.inference.upstream.UpstreamAnswer;
import openledger.inference.upstream.UpstreamRejection;
import openledger.routing.Trigger;
import org.jspecify.annotations.Nullable;

/**
 * A provider's answer on its way to its clients: usually one, at whose pace it flows straight through; several if a request was sent again.
 * While it is kept, a late reader gets it from its start; once it is not, the slowest reader sets the pace. Long because buffer and readers
 * are one thing: what readers have read decides what is released. {@link AnswerFlow} is the state of the provider's side. Confined to the
 * request's event loop.
 */
public final class ReplayBuffer implements UpstreamAnswer.Sink {
    /** Bytes of a buffer that has none: object, view and its place in the list. */
    private static final int PIECE_OVERHEAD = 128;

    private final Listener listener;
    private final List<Reader> readers = new ArrayList<>(1);
    /** Pieces that somebody has still to read, or that are kept for late readers; the first has number {@code dropped}. */
    private final List<Buffer> pieces = new ArrayList<>(1);

    private final AnswerDigest digest = new AnswerDigest();

    private AnswerFlow flow;
    private int dropped;
    private int keptBytes;
    private long length;
    /** Where there is room for pieces that late readers will want; null once nothing is kept for them. */
    private @Nullable Memory memory;

    private boolean reachedClient;

    /**
     * An answer that has not begun to flow.
     *
     * @param memory for late readers; null if none will come
     */
    public ReplayBuffer(UpstreamAnswer answer, @Nullable Memory memory, Listener listener) {
        this.flow = new AnswerFlow.Ready(answer);
        this.memory = memory;
        this.listener = listener;
    }

    /** A new reader, from the start of the answer; only while {@link #isWhole}. */
    UpstreamAnswer reader() {
        Reader reader = new Reader();
        readers.add(reader);
        return reader;
    }

    /** True if nothing of the answer is missing, so that a reader can still begin. */
    public boolean isWhole() {
        return dropped == 0;
    }

    /** True if somebody reads it. */
    public boolean hasReaders() {
        return !readers.isEmpty();
    }

    /** The digest of what has come so far, whoever reads it. */
    public AnswerDigest digest() {
        return digest;
    }

    /** True if the answer has come to its end, good or bad. */
    public boolean isOver() {
        return flow instanceof AnswerFlow.Whole || flow instanceof AnswerFlow.Broken;
    }

    /** True if all of it is here and a reader can still begin. */
    public boolean isComplete() {
        return flow instanceof AnswerFlow.Whole && isWhole();
    }

    /** True if any of the answer, be it only its end, has reached a client. */
    public boolean hasReachedClient() {
        return reachedClient;
    }

    /** True if a late reader will find the answer here. */
    public boolean isKeeping() {
        return memory != null;
    }

    /** Nobody will read it any more: gives back what its pieces take. */
    public void release() {
        if (memory != null) {
            memory.letGo(keptBytes);
            keptBytes = 0;
        }
    }

    /** Lets the answer come although nobody reads it. */
    public void flowUnread() {
        switch (flow) {
            case AnswerFlow.Ready(var answer) -> begin(answer);
            case AnswerFlow.Flowing now -> now.answer().resume();
            case AnswerFlow.Whole _, AnswerFlow.Broken _ -> {}
        }
    }

    /** Ends the call; what has come is no whole answer. */
    public void giveUp() {
        if (!isOver()) {
            UpstreamAnswer answer = flow.answer();
            flow = AnswerFlow.Broken.of(answer, Trigger.NONE);
            answer.cancel();
        }
    }

    /** Ends the call and tells the readers that the answer has broken off. */
    public void breakOff(Trigger why) {
        if (!isOver()) {
            flow.answer().cancel();
            breakAt(why);
        }
    }

    private void begin(UpstreamAnswer answer) {
        flow = new AnswerFlow.Flowing(answer);
        answer.drainTo(this);
    }

    private AnswerFlow.Flowing flowing() {
        if (flow instanceof AnswerFlow.Flowing now) {
            return now;
        }
        throw new IllegalStateException("nothing flows: " + flow);
    }

    @Override
    public void chunk(Buffer bytes) {
        digest.add(bytes);
        flowing().passed(bytes);
        length += bytes.length();
        if (memory != null && !memory.keep(length, sizeOf(bytes))) {
            release();
            memory = null;
            pace();
        }
        if (memory == null
                && pieces.isEmpty()
                && readers.size() == 1
                && readers.getFirst().takesAtOnce(bytes)) {
            return;
        }
        pieces.add(bytes);
        if (memory != null) {
            keptBytes += sizeOf(bytes);
        }
        pump();
    }

    /** Memory of a piece: an answer may come in very small ones. */
    private static int sizeOf(Buffer piece) {
        return piece.length() + PIECE_OVERHEAD;
    }

    @Override
    public void end() {
        AnswerFlow.Flowing ended = flowing();
        digest.add(ended.answer().lastEvent());
        Optional<TokenUsage> usage = ended.usage();
        flow = AnswerFlow.Whole.of(ended.answer());
        reachedClient |= hasReaders();
        listener.answerEnded(this, usage);
        pump();
    }

    @Override
    public void broken(Trigger why) {
        flowing();
        breakAt(why);
    }

    private void breakAt(Trigger why) {
        flow = AnswerFlow.Broken.of(flow.answer(), why);
        reachedClient |= hasReaders();
        listener.answerBroke(this, why);
        pump();
    }

    private void pump() {
        if (readers.size() == 1) {
            readers.getFirst().pump();
        } else {
            // A reader that is done leaves the list.
            List.copyOf(readers).forEach(Reader::pump);
        }
        trim();
    }

    /** Lets go of what no reader needs any more. */
    private void trim() {
        if (memory != null || pieces.isEmpty()) {
            return;
        }
        int needed = dropped + pieces.size();
        for (Reader reader : readers) {
            needed = Math.min(needed, reader.position);
        }
        if (needed > dropped) {
            pieces.subList(0, needed - dropped).clear();
            dropped = needed;
        }
    }

    private void pace() {
        if (!(flow instanceof AnswerFlow.Flowing now)) {
            return;
        }
        if (memory == null && readers.stream().anyMatch(reader -> reader.paused)) {
            now.answer().pause();
        } else {
            now.answer().resume();
        }
    }

    /** Where pieces are kept for late readers. */
    public interface Memory {
        /**
         * Takes {@code more} bytes for a piece; false if there is no room.
         *
         * @param length bytes of the answer so far, that piece among them
         */
        boolean keep(long length, int more);

        /** Gives so many bytes back. */
        void letGo(int bytes);
    }

    /** Who owns the buffer. */
    public interface Listener {
        /** It has come whole, and took so much if it says so. */
        void answerEnded(ReplayBuffer of, Optional<TokenUsage> usage);

        void answerBroke(ReplayBuffer of, Trigger why);

        /** A reader has got everything. */
        void readToTheEnd(ReplayBuffer of);

        /** The last reader left before the end. */
        void readersLeft(ReplayBuffer of);
    }

    /** One client's view of the answer. */
    private final class Reader implements UpstreamAnswer {
        private @Nullable Sink sink;
        private int position;
        private boolean paused;
        private boolean done;

        @Override
        public String contentType() {
            return flow.answer().contentType();
        }

        @Override
        public long contentLength() {
            return isComplete()
                    ? pieces.stream().mapToLong(Buffer::length).sum()
                    : flow.answer().contentLength();
        }

        @Override
        public Buffer lastEvent() {
            return flow.answer().lastEvent();
        }

        @Override
        public UpstreamRejection complaint() {
            return flow.answer().complaint();
        }

        @Override
        public void drainTo(Sink to) {
            sink = to;
            pump();
            if (flow instanceof AnswerFlow.Ready(var answer)) {
                begin(answer);
            }
        }

        @Override
        public void pause() {
            paused = true;
            pace();
        }

        @Override
        public void resume() {
            paused = false;
            pump();
            trim();
            pace();
        }

        @Override
        public void cancel() {
            if (done) {
                return;
            }
            done = true;
            readers.remove(this);
            trim();
            if (readers.isEmpty()) {
                listener.readersLeft(ReplayBuffer.this);
            } else {
                pace();
            }
        }

        /** Passes a piece straight through if the reader has everything before it and is ready. */
        boolean takesAtOnce(Buffer bytes) {
            if (sink == null || paused || position != dropped) {
                return false;
            }
            position++;
            dropped++;
            reachedClient = true;
            sink.chunk(bytes);
            return true;
        }

        void pump() {
            Sink to = sink;
            if (to == null) {
                return;
            }
            while (!paused && !done && position < dropped + pieces.size()) {
                reachedClient = true;
                to.chunk(pieces.get(position++ - dropped));
            }
            if (isOver() && !paused && !done) {
                finish(to);
            }
        }

        private void finish(Sink to) {
            done = true;
            reachedClient = true;
            readers.remove(this);
            listener.readToTheEnd(ReplayBuffer.this);
            switch (flow) {
                case AnswerFlow.Whole _ -> to.end();
                case AnswerFlow.Broken(var _, var why) -> to.broken(why);
                case AnswerFlow.Ready _, AnswerFlow.Flowing _ -> throw new IllegalStateException("not over: " + flow);
            }
        }
    }
}
