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
 * A provider's answer on its way to its clients: usually one, at whose pace it flows straight through; several if a
 * request was sent again. While it is kept, a late reader gets it from its start; once it is not, the slowest reader sets
 * the pace. Long because tape and readers are one thing: who has read what decides what is let go. Confined to the request's event loop.
 */
public final class ReplayBuffer implements UpstreamAnswer.Sink {
    /** Bytes of a buffer that has none: object, view and its place in the list. */
    private static final int PIECE_OVERHEAD = 128;

    private UpstreamAnswer answer;
    private final Listener listener;
    private final List<Reader> readers = new ArrayList<>(1);
    /** Pieces that somebody has still to read, or that are kept for late readers; the first has number {@code dropped}. */
    private final List<Buffer> pieces = new ArrayList<>(1);

    private final AnswerDigest digest = new AnswerDigest();

    private @Nullable Buffer lastPiece;
    private int dropped;
    private int keptBytes;
    private long length;
    private boolean keeping;
    private boolean flowing;
    private boolean over;
    private boolean reachedClient;
    private @Nullable Trigger broken;

    public ReplayBuffer(UpstreamAnswer answer, Keeping keeping, Listener listener) {
        this.answer = answer;
        this.keeping = keeping == Keeping.WHILE_ROOM;
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

    boolean hasReaders() {
        return !readers.isEmpty();
    }

    /** The digest of what has come so far, whoever reads it. */
    public AnswerDigest digest() {
        return digest;
    }

    /** What the answer's end says that it took; only until {@link Listener#answerEnded} is over. */
    public Optional<TokenUsage> usage() {
        return answer.usage(lastPiece == null ? Buffer.buffer() : lastPiece);
    }

    /** True if the answer has come to its end, good or bad. */
    public boolean isOver() {
        return over;
    }

    /** True if all of it is here and a reader can still begin. */
    public boolean isComplete() {
        return over && isWhole() && broken == null;
    }

    /** True if any of the answer, be it only its end, has reached a client. */
    public boolean hasReachedClient() {
        return reachedClient;
    }

    /** True if a late reader will find the answer here. */
    public boolean isKeeping() {
        return keeping;
    }

    /** Bytes kept, to be given back when the tape is let go. */
    public int keptBytes() {
        return keptBytes;
    }

    /** Lets the answer come although nobody reads it. */
    public void flowUnread() {
        if (!flowing) {
            flow();
        } else if (!over) {
            answer.resume();
        }
    }

    /** Ends the call; what has come is no whole answer. */
    public void giveUp() {
        if (!over) {
            over = true;
            broken = Trigger.NONE;
            answer.cancel();
            forgetCall();
        }
    }

    /** Ends the call and tells the readers that the answer has broken off. */
    public void breakOff(Trigger why) {
        if (!over) {
            answer.cancel();
            broken(why);
        }
    }

    private void flow() {
        flowing = true;
        answer.drainTo(this);
    }

    @Override
    public void chunk(Buffer bytes) {
        digest.add(bytes);
        lastPiece = bytes;
        length += bytes.length();
        if (keeping && !listener.keep(length, sizeOf(bytes))) {
            keeping = false;
            listener.letGo(keptBytes);
            keptBytes = 0;
            pace();
        }
        if (!keeping
                && pieces.isEmpty()
                && readers.size() == 1
                && readers.getFirst().takesAtOnce(bytes)) {
            return;
        }
        pieces.add(bytes);
        if (keeping) {
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
        over = true;
        reachedClient |= hasReaders();
        digest.add(answer.lastEvent());
        listener.answerEnded(this);
        forgetCall();
        pump();
    }

    @Override
    public void broken(Trigger why) {
        over = true;
        broken = why;
        reachedClient |= hasReaders();
        listener.answerBroke(this, why);
        forgetCall();
        pump();
    }

    /** The tape may be kept for long, and for its pieces alone there is room. */
    private void forgetCall() {
        answer = EndedAnswer.of(answer);
        lastPiece = null;
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
        if (keeping || pieces.isEmpty()) {
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
        if (over || !flowing) {
            return;
        }
        if (!keeping && readers.stream().anyMatch(reader -> reader.paused)) {
            answer.pause();
        } else {
            answer.resume();
        }
    }

    /** Whether late readers are to be served. */
    public enum Keeping {
        NO,
        WHILE_ROOM
    }

    /** Who owns the tape. */
    public interface Listener {
        /**
         * May {@code more} bytes of memory be kept for a piece?
         *
         * @param length bytes of the answer so far, that piece among them
         */
        boolean keep(long length, int more);

        /** So many kept bytes are kept no more. */
        void letGo(int bytes);

        void answerEnded(ReplayBuffer of);

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
            return answer.contentType();
        }

        @Override
        public long contentLength() {
            return isComplete() ? pieces.stream().mapToLong(Buffer::length).sum() : answer.contentLength();
        }

        @Override
        public Buffer lastEvent() {
            return answer.lastEvent();
        }

        @Override
        public UpstreamRejection complaint() {
            return answer.complaint();
        }

        @Override
        public void drainTo(Sink to) {
            sink = to;
            pump();
            if (!flowing) {
                flow();
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
            if (over && !paused && !done) {
                finish(to);
            }
        }

        private void finish(Sink to) {
            done = true;
            reachedClient = true;
            readers.remove(this);
            listener.readToTheEnd(ReplayBuffer.this);
            if (broken == null) {
                to.end();
            } else {
                to.broken(broken);
            }
        }
    }
}
