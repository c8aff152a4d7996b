package openledger.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;

/** Sees answers begin and end, on their way from the router to the encoder. One for each connection. */
final class AnswerWatch extends ChannelOutboundHandlerAdapter {
    private final ClientConnection connection;

    AnswerWatch(ClientConnection connection) {
        this.connection = connection;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (connection.isMuted()) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new ClosedChannelException());
            return;
        }
        // "100 Continue" is whole, but is not the answer.
        boolean interim = message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (message instanceof HttpResponse && !interim) {
            connection.answerBegins();
        }
        if (message instanceof LastHttpContent && !interim) {
            connection.answerIsWritten();
            ChannelPromise sent = promise.unvoid();
            sent.addListener(done -> connection.answerIsSent());
            var _ = context.write(message, sent);
        } else {
            var _ = context.write(message, promise);
        }
    }
}
