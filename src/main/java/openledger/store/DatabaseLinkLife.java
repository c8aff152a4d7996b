package openledger.store;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.timeout.IdleStateEvent;
import openledger.store.DatabaseLink.End;

/**
 * Ends a connection to the database that is silent, and knows how each has ended. Confined to the connection's event loop.
 */
final class DatabaseLinkLife extends ChannelDuplexHandler {
    /** PostgreSQL's message Terminate, with which a client says that it leaves: a letter, and the length of the rest. */
    private static final long TERMINATE = ((long) 'X' << Integer.SIZE) | Integer.BYTES;

    private static final int TERMINATE_BYTES = 1 + Integer.BYTES;

    private boolean isAsked;
    private boolean hasLeft;

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // whoever writes has the promise
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        isAsked = true;
        if (message instanceof ByteBuf bytes && isTerminate(bytes)) {
            hasLeft = true;
        }
        context.write(message, promise);
    }

    private static boolean isTerminate(ByteBuf bytes) {
        int at = bytes.writerIndex() - TERMINATE_BYTES;
        return at >= bytes.readerIndex()
                && ((long) bytes.getUnsignedByte(at) << Integer.SIZE | bytes.getUnsignedInt(at + 1)) == TERMINATE;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        isAsked = false;
        context.fireChannelRead(message);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the close handlers tell
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent) {
            hasLeft |= !isAsked;
            context.close();
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    /** How it has ended, once it has. */
    End end() {
        return hasLeft ? End.ORDINARY : End.LOST;
    }
}
