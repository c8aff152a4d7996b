package openledger.inference.admission;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import openledger.commitment.leaf.RequestDigest;
import openledger.inference.upstream.AnswerForm;
import org.jspecify.annotations.Nullable;

/**
 * A chat request's body as received, with the positions of the few members that the router reads. Everything else passes through byte for
 * byte: {@link #withModel} replaces the value of {@code model} and leaves out {@code openledger}, without a parse-and-print round trip; so
 * does what asks for the usage of a stream. Immutable; the bytes must not be changed after construction.
 */
public final class RequestBody {
    /** A body that has been let go. */
    public static final RequestBody NONE = new RequestBody(new byte[0], new TopLevelMembers(), "");

    private static final int LARGEST_COPY = 64 * 1024;
    private static final long MOST_CHOICES = 1_000;

    private final byte[] bytes;
    private final TopLevelMembers members;
    private final String model;
    private volatile byte @Nullable [] digest;
    private volatile Map<Object, Object> translations = Map.of();

    private RequestBody(byte[] bytes, TopLevelMembers members, String model) {
        this.bytes = bytes;
        this.members = members;
        this.model = model;
    }

    /**
     * Finds the members of a body.
     *
     * @param mostDepth deepest nesting allowed, at least 1
     * @throws MalformedBody if it is not one JSON object with a {@code model}, or a member we use stands twice
     */
    public static RequestBody of(byte[] bytes, int mostDepth) throws MalformedBody {
        TopLevelMembers members = new JsonScanner(bytes, mostDepth).scan();
        if (members.modelStart < 0) {
            throw new MalformedBody(
                    "model", "The member 'model' is missing: name one of the routes in GET /v1/models.");
        }
        if (bytes[members.modelStart] != '"') {
            throw new MalformedBody("model", "The member 'model' must be a string.");
        }
        String model = JsonString.unescape(bytes, members.modelStart + 1, members.modelEnd - 1);
        return new RequestBody(bytes, members, model);
    }

    /** The value of {@code model}, unescaped. */
    public String model() {
        return model;
    }

    /** What the client asked for with {@code stream}. */
    public AnswerForm form() {
        return members.stream ? AnswerForm.STREAM : AnswerForm.PLAIN;
    }

    /** How many tokens the answer may have, if the client says so. */
    OptionalLong mostOutput() {
        return members.mostOutput < 0 ? OptionalLong.empty() : OptionalLong.of(members.mostOutput);
    }

    /** How many answers the client asks for: 1 to 1,000. */
    long choices() {
        return Math.clamp(members.choices, 1, MOST_CHOICES);
    }

    /** The value of {@code prompt_cache_key}, unescaped; empty if it is no string, or not there. */
    public String cacheKey() {
        boolean isText = members.cacheKeyStart >= 0 && bytes[members.cacheKeyStart] == '"';
        return isText ? JsonString.unescape(bytes, members.cacheKeyStart + 1, members.cacheKeyEnd - 1) : "";
    }

    /** The text of the value of {@code openledger}, if the client sent one. */
    public Optional<String> ownMember() {
        return members.ownStart < 0
                ? Optional.empty()
                : Optional.of(
                        new String(bytes, members.ownStart, members.ownEnd - members.ownStart, StandardCharsets.UTF_8));
    }

    /** The SHA-256 of the bytes as received: computed once, when it is first asked for; 32 bytes, not to be changed. */
    public byte[] digest() {
        byte[] known = digest;
        if (known == null) {
            known = RequestDigest.of(bytes);
            digest = known;
        }
        return known;
    }

    /**
     * What the bytes come to in another language, made when it is first asked for: at the door, for all attempts.
     *
     * @param into which language that is
     * @param as what {@code how} makes of them, always the same for one body and language
     */
    public <T> T translated(Object into, Class<T> as, Function<byte[], T> how) {
        Object known = translations.get(into);
        if (known == null) {
            known = how.apply(bytes);
            Map<Object, Object> more = new HashMap<>(translations);
            more.put(into, known);
            translations = Map.copyOf(more);
        }
        return as.cast(known);
    }

    /** The bytes as received. */
    public byte[] received() {
        return bytes;
    }

    /** True if the client wants to be told what a stream took; a plain answer says it in any case. */
    public boolean asksForUsage() {
        return StreamOptions.askForUsage(options());
    }

    private byte[] options() {
        return members.optionsStart < 0
                ? new byte[0]
                : Arrays.copyOfRange(bytes, members.optionsStart, members.optionsEnd);
    }

    /**
     * The body for a provider: a large one is a view of the bytes as received, not a copy of them.
     *
     * @param modelJson the provider's model as a JSON string, quotes included
     */
    public Buffer withModel(byte[] modelJson) {
        return spliced(List.of(new Splice(members.modelStart, members.modelEnd, modelJson)));
    }

    /**
     * The same, asking for what the answer's stream took, whether the client asks for it or not.
     *
     * @param modelJson as above
     */
    public Buffer withModelAskingForUsage(byte[] modelJson) {
        if (asksForUsage()) {
            return withModel(modelJson);
        }
        if (members.optionsStart >= 0) {
            return spliced(List.of(
                    new Splice(members.modelStart, members.modelEnd, modelJson),
                    new Splice(members.optionsStart, members.optionsEnd, StreamOptions.askingForUsage(options()))));
        }
        byte[] both = Arrays.copyOf(modelJson, modelJson.length + StreamOptions.MEMBER.length);
        System.arraycopy(StreamOptions.MEMBER, 0, both, modelJson.length, StreamOptions.MEMBER.length);
        return spliced(List.of(new Splice(members.modelStart, members.modelEnd, both)));
    }

    /** What stands instead of {@code [start..end)}. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares splices
    private record Splice(int start, int end, byte[] by) {}

    private Buffer spliced(List<Splice> ofOthers) {
        List<Splice> splices = new ArrayList<>(ofOthers);
        if (members.ownStart >= 0) {
            splices.add(new Splice(members.cutStart, members.cutEnd, new byte[0]));
        }
        splices.sort(Comparator.comparingInt(Splice::start));
        int length = bytes.length;
        for (Splice splice : splices) {
            length += splice.by.length;
        }
        Sections out = length <= LARGEST_COPY ? new Copied(length) : new Viewed();
        int from = 0;
        for (Splice splice : splices) {
            out.add(bytes, from, splice.start);
            out.add(splice.by, 0, splice.by.length);
            from = splice.end;
        }
        out.add(bytes, from, bytes.length);
        return out.whole();
    }

    /** What is made of sections of arrays. */
    private interface Sections {
        /** Adds {@code from[start..end)}. */
        void add(byte[] from, int start, int end);

        Buffer whole();
    }

    /** One array: the quickest to be sent, if there is not much of it. */
    private static final class Copied implements Sections {
        private final Buffer out;

        Copied(int length) {
            out = Buffer.buffer(length);
        }

        @Override
        public void add(byte[] from, int start, int end) {
            out.appendBytes(from, start, end - start);
        }

        @Override
        public Buffer whole() {
            return out;
        }
    }

    /** Views of the arrays, one after the other. */
    private static final class Viewed implements Sections {
        private final List<ByteBuf> parts = new ArrayList<>(4);

        @Override
        public void add(byte[] from, int start, int end) {
            parts.add(Unpooled.wrappedBuffer(from, start, end - start));
        }

        @Override
        @SuppressWarnings("deprecation") // Vert.x has no other way to a view of several arrays
        public Buffer whole() {
            return Buffer.buffer(Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(parts.toArray(ByteBuf[]::new))));
        }
    }

    /** The body cannot be routed; names the member and says what to do. */
    public static final class MalformedBody extends Exception {
        private final String member;

        public MalformedBody(String member, String message) {
            super(message, null, false, false);
            this.member = member;
        }

        /** The offending member, empty if it is the body as a whole. */
        public String member() {
            return member;
        }
    }
}
