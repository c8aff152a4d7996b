package openledger.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Hands what is written to a connection on as fast as its client takes it, in pieces. What is handed on is copied to memory outside of the
 * heap, of which there is little; what waits here is where it was, and often the same for all, as a file of the page is. One for each
 * connection; confined to its event loop.
 */
final class PacedOutput extends ChannelDuplexHandler {
    /** Netty takes so much before it says that it has enough. */
    static final int PIECE = 64 * 1024;

    private final Queue<Piece> waiting = new ArrayDeque<>();

    private record Piece(Object message, ChannelPromise promise) {}

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        while (message instanceof ByteBuf octets && octets.readableBytes() > PIECE) {
            waiting.add(new Piece(octets.readRetainedSlice(PIECE), context.newPromise()));
        }
        if (waiting.isEmpty() && context.channel().isWritable()) {
            var _ = context.write(message, promise);
            return;
        }
        waiting.add(new Piece(message, promise));
        handOn(context);
    }

    private void handOn(ChannelHandlerContext context) {
        while (context.channel().isWritable()) {
            Piece next = waiting.poll();
            if (next == null) {
                return;
            }
            var _ = context.write(next.message, next.promise);
        }
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        context.flush();
        while (!waiting.isEmpty() && context.channel().isWritable()) {
            handOn(context);
            context.flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (!waiting.isEmpty() && context.channel().isWritable()) {
            flush(context);
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        drop();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        drop();
    }

    private void drop() {
        for (Piece piece = waiting.poll(); piece != null; piece = waiting.poll()) {
            ReferenceCountUtil.release(piece.message);
            piece.promise.tryFailure(new ClosedChannelException());
        }
    }
}
