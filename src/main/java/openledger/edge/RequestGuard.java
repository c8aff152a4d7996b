package openledger.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.TimeUnit;
import openledger.http.problem.ProblemType;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the HTTP parser and lets a head through only when it is whole and can be read in one way ({@link RequestHead}), and a
 * body only as its framing allows. Whatever else comes is answered here and the connection closed. One for each connection.
 *
 * <p>Long because it is the way of octets through one connection, from the first to the refusal.
 */
final class RequestGuard extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = Logger.getLogger(RequestGuard.class);
    /** The parser's own bounds are not below these (quarkus.http.limits), so that it finds nothing to object to; octets. */
    private static final int LONGEST_LINE = 4_096;

    private static final int LARGEST_HEAD = 16_384;
    /** Octets of requests that were sent early, which wait for the answers before them; more is read once they are whole. */
    private static final int MOST_EARLY = 256 * 1024;
    /** Closing at once could take the answer away from its reader. */
    private static final int LINGER_MILLIS = 500;

    private final ClientConnection connection;
    private @Nullable ByteBuf held;
    private @Nullable BodyFraming body;
    private boolean watched;
    private boolean waiting;
    private boolean shut;

    /** Positions in the buffer that is being read, relative to where the head begins. */
    private int headFrom;

    private int lineFrom;
    private int lines;

    RequestGuard(ClientConnection connection) {
        this.connection = connection;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        connection.open(() -> refuse(
                context,
                new HeadFault(
                        ProblemType.HEAD_TIMEOUT,
                        ProblemType.HEAD_TIMEOUT.status(),
                        "The head of the request did not arrive in time.")));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        letGo();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        shut = true;
        letGo();
        context.fireChannelInactive();
    }

    private void letGo() {
        if (held != null) {
            connection.holdsNoMore(held.capacity());
            held.release();
            held = null;
        }
    }

    /** Keeps octets for later; the connection is closed if all connections together keep too many. */
    private void hold(ChannelHandlerContext context, ByteBuf from, int at, int length) {
        ByteBuf kept = context.alloc().buffer(length);
        if (connection.mayHold(kept.capacity())) {
            held = kept.writeBytes(from, at, length);
        } else {
            kept.release();
            shut = true;
            connection.close();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        connection.isTaken(context.channel().isWritable());
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf arrived)) {
            context.fireChannelRead(message);
            return;
        }
        if (shut) {
            arrived.release();
            return;
        }
        if (!watched) {
            // The last handler is the one that answers; behind TLS it is not there before the first octets.
            watched = true;
            context.pipeline().addBefore(context.pipeline().lastContext().name(), null, new AnswerWatch(connection));
        }
        ByteBuf all = arrived;
        if (held != null) {
            all = joined(context, held, arrived);
            letGo();
        }
        if (waiting) {
            keepWaiting(context, all);
        } else {
            read(context, all);
        }
    }

    private static ByteBuf joined(ChannelHandlerContext context, ByteBuf first, ByteBuf second) {
        ByteBuf both = context.alloc().buffer(first.readableBytes() + second.readableBytes());
        both.writeBytes(first).writeBytes(second);
        second.release();
        return both;
    }

    /** A request is with the router alone: its answer is one that can be large, and no second one waits for who does not read. */
    private boolean mustWait(ChannelHandlerContext context) {
        if (connection.outstanding() > 0) {
            context.flush();
        }
        return connection.outstanding() > 0;
    }

    private void keepWaiting(ChannelHandlerContext context, ByteBuf early) {
        context.channel().config().setAutoRead(false);
        if (early.readableBytes() > MOST_EARLY) {
            shut = true;
            connection.close();
        } else {
            hold(context, early, early.readerIndex(), early.readableBytes());
        }
        early.release();
    }

    private void goOn(ChannelHandlerContext context) {
        waiting = false;
        if (shut || held == null) {
            return;
        }
        ByteBuf early = held.retain();
        letGo();
        context.channel().config().setAutoRead(true);
        read(context, early);
        context.fireChannelReadComplete();
    }

    private void read(ChannelHandlerContext context, ByteBuf all) {
        int end = all.writerIndex();
        int at = all.readerIndex();
        HeadFault fault = null;
        while (at < end && fault == null && !shut) {
            if (body == null && mustWait(context)) {
                waiting = true;
                keepWaiting(context, all);
                connection.readIsOver();
                connection.afterAnswers(() -> goOn(context));
                return;
            }
            if (body == null) {
                int headEnd = headEnd(all, at, end);
                fault = headEnd < 0 ? unfinished(all, at, end) : begin(all, at, headEnd);
                if (headEnd < 0 || fault != null || shut) {
                    break;
                }
                at = headEnd;
            } else {
                at = body.read(all, at, end);
                fault = body.objection() == null ? null : HeadFault.invalid(body.objection());
            }
            if (endBody() && at < end) {
                // So that its answer, if it has one at once, does not count with those of the requests behind it.
                context.fireChannelRead(all.readRetainedSlice(at - all.readerIndex()));
            }
        }
        if (fault != null && body != null) {
            all.release();
            refuseBody(context, fault);
            return;
        }
        pass(context, all, at);
        if (fault != null) {
            refuse(context, fault);
        } else if (!shut) {
            connection.readIsOver();
        }
    }

    private boolean endBody() {
        if (body == null || !body.isOver()) {
            return false;
        }
        body = null;
        connection.bodyIsWhole();
        return true;
    }

    /** Hands on what is before {@code at} and keeps the rest, the beginning of a head. */
    private void pass(ChannelHandlerContext context, ByteBuf all, int at) {
        int rest = all.writerIndex() - at;
        if (rest > 0 && !shut) {
            hold(context, all, at, rest);
        }
        all.writerIndex(at);
        if (all.isReadable()) {
            context.fireChannelRead(all);
        } else {
            all.release();
        }
    }

    /** Where the head that begins at {@code from} ends, -1 if it is not whole or a line ends as none may. */
    private int headEnd(ByteBuf all, int from, int end) {
        int line = from + lineFrom;
        while (line < end) {
            int feed = all.indexOf(line, end, (byte) '\n');
            if (feed < 0 || feed == line || all.getByte(feed - 1) != '\r') {
                break;
            }
            boolean empty = feed == line + 1;
            if (empty && lines == 0 && headFrom == 0) {
                // An empty line before a request is forgiven (RFC 9112, section 2.2), once.
                headFrom = 2;
            } else if (empty && lines > 0) {
                return feed + 1;
            } else if (empty) {
                break;
            } else {
                lines++;
            }
            line = feed + 1;
            lineFrom = line - from;
        }
        return -1;
    }

    /** What is wrong with a head that has no end yet. */
    private @Nullable HeadFault unfinished(ByteBuf all, int from, int end) {
        int line = from + lineFrom;
        int feed = all.indexOf(line, end, (byte) '\n');
        if (feed >= 0) {
            return HeadFault.invalid(
                    "A line of the request head does not end with CR LF, or is empty where it must not be.");
        }
        if (lines == 0 && line < end && !Octets.isToken(all.getByte(line)) && all.getByte(line) != '\r') {
            return HeadFault.invalid("A request must begin with its method.");
        }
        HeadFault large = tooLarge(all, from, end);
        if (large == null) {
            connection.headIsOpen();
        }
        return large;
    }

    private @Nullable HeadFault tooLarge(ByteBuf all, int from, int end) {
        int begin = from + headFrom;
        int first = lines == 0 ? end : all.indexOf(begin, end, (byte) '\n');
        if (first - begin > LONGEST_LINE) {
            return new HeadFault(
                    ProblemType.HEAD_TOO_LARGE,
                    414,
                    "The first line of the request is longer than " + LONGEST_LINE + " octets.");
        }
        if (end - first > LARGEST_HEAD && lines > 0) {
            return new HeadFault(
                    ProblemType.HEAD_TOO_LARGE,
                    431,
                    "The headers of the request are larger than " + LARGEST_HEAD + " octets.");
        }
        return null;
    }

    private @Nullable HeadFault begin(ByteBuf all, int from, int end) {
        HeadFault large = tooLarge(all, from, end);
        if (large != null) {
            return large;
        }
        byte[] head = new byte[end - from - headFrom];
        all.getBytes(from + headFrom, head);
        headFrom = 0;
        lineFrom = 0;
        lines = 0;
        return switch (RequestHead.of(head)) {
            case RequestHead.Unsound(var objection) -> HeadFault.invalid(objection);
            case RequestHead.Sound(var length) -> {
                if (connection.isBegun()) {
                    body = new BodyFraming(length);
                } else {
                    shut = true;
                }
                yield null;
            }
        };
    }

    /** The request is with the router already. It is answered here if the router has not begun to, and never by both. */
    private void refuseBody(ChannelHandlerContext context, HeadFault fault) {
        shut = true;
        if (connection.outstanding() == 1 && !connection.isAnswerBegun()) {
            answer(context, fault);
        } else {
            connection.close();
        }
    }

    /** Answers after what the router answers to earlier requests of the connection. */
    private void refuse(ChannelHandlerContext context, HeadFault fault) {
        shut = true;
        letGo();
        connection.afterAnswers(() -> answer(context, fault));
    }

    private void answer(ChannelHandlerContext context, HeadFault fault) {
        LOG.debugf(
                "a request is refused before it is read, problem=%s",
                fault.type().slug());
        connection.mute();
        context.writeAndFlush(fault.answer(context.alloc())).addListener(written -> {
            if (context.channel() instanceof DuplexChannel socket) {
                var _ = socket.shutdownOutput();
            }
            Runnable end = connection::close;
            var _ = context.executor().schedule(end, LINGER_MILLIS, TimeUnit.MILLISECONDS);
        });
    }
}
