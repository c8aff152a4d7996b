package openledger.inference.record;

import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** Computes the SHA-256 of an answer while it is sent: once, whatever the number of its clients. Confined to the request's event loop. */
public final class AnswerDigest {
    private @Nullable MessageDigest sha;
    private byte @Nullable [] value;

    /** Some more of the answer; the bytes are read where they are. */
    public @SuppressWarnings("deprecation") // Vert.x has no other way to its bytes but a copy
    void add(Buffer bytes) {
        if (bytes.length() == 0 || value != null) {
            return;
        }
        if (sha == null) {
            sha = sha256();
        }
        ByteBuf raw = bytes.getByteBuf();
        if (raw.hasArray()) {
            sha.update(raw.array(), raw.arrayOffset() + raw.readerIndex(), raw.readableBytes());
        } else {
            sha.update(raw.nioBuffer());
        }
    }

    /** The digest of what has come, zeros if nothing has. What comes later does not count. */
    public byte[] value() {
        if (value == null) {
            value = sha == null ? new byte[Decision.DIGEST_BYTES] : sha.digest();
        }
        return value;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
