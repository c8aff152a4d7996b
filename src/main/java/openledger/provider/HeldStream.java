package openledger.provider;

import io.vertx.core.buffer.Buffer;

/** A stream of events. Held until its first content; its {@code [DONE]} and any error are withheld throughout. */
final class HeldStream implements HeldAnswer {
    /** Roles, comments and empty deltas beyond this are let through as if they were content. */
    private static final int MOST_WITHOUT_CONTENT = 256 * 1024;

    private final SseScan scan = new SseScan();
    private Buffer held = Buffer.buffer();

    @Override
    public Verdict hold(Buffer piece) {
        held.appendBuffer(scan.accept(piece));
        return verdict();
    }

    @Override
    public Verdict finish() {
        held.appendBuffer(scan.finish());
        return verdict();
    }

    private Verdict verdict() {
        if (scan.contentSeen()) {
            return Verdict.CONTENT;
        }
        if (scan.errorSeen()) {
            return Verdict.ERROR;
        }
        return held.length() > MOST_WITHOUT_CONTENT ? Verdict.CONTENT : Verdict.NOT_YET;
    }

    @Override
    public Buffer released() {
        return held;
    }

    @Override
    public Buffer pass(Buffer piece) {
        return scan.accept(piece);
    }

    @Override
    public Buffer last() {
        return scan.finish();
    }

    @Override
    public Buffer lastEvent() {
        return Buffer.buffer(DONE);
    }

    @Override
    public int kept() {
        return scan.kept();
    }

    @Override
    public boolean hasError() {
        return scan.errorSeen();
    }

    @Override
    public boolean saysItIsOver() {
        return scan.doneSeen();
    }

    @Override
    public boolean isWholeAtEnd() {
        return scan.doneSeen();
    }

    @Override
    public long length() {
        return -1;
    }
}
