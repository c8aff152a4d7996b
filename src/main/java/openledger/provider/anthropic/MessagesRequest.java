package openledger.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import openledger.provider.translation.ChatMembers;
import openledger.provider.translation.OpaqueId;
import openledger.provider.translation.SourceMember;
import openledger.provider.translation.StrictJson;
import openledger.provider.translation.Translation;
import openledger.provider.translation.Translation.UsageChunk;
import openledger.provider.translation.UntranslatableMember;
import org.jspecify.annotations.Nullable;

/**
 * A request of OpenAI's chat completions, translated to one of Anthropic's Messages API ({@code docs/explanation/0005-dialects.md} has the
 * tables). A member without an equivalent is refused by its name; the few members that only affect how an answer is made are dropped, and
 * their names are kept.
 */
public final class MessagesRequest {
    /** The Messages API wants a bound, chat completions have none by default: tokens. */
    static final int DEFAULT_MAX_TOKENS = 4_096;

    private static final int LONGEST_USER = 256;
    private static final Pattern PERSONAL = Pattern.compile("[^\\s@]@[^\\s@]|^\\+?[0-9][0-9 ()./-]{5,}[0-9]$");

    private final ObjectNode out = JsonNodeFactory.instance.objectNode();
    private final MessagesTools tools = new MessagesTools();
    private final MessagesOutput output = new MessagesOutput();
    private final List<String> dropped = new ArrayList<>();
    private UsageChunk usage = UsageChunk.LEFT_OUT;
    private @Nullable SourceMember maxTokens;
    private @Nullable SourceMember user;

    private MessagesRequest() {}

    /**
     * Translates a body.
     *
     * @param chat one JSON object, as received
     */
    public static Translation translate(byte[] chat) {
        try {
            return new MessagesRequest().readAll(SourceMember.root(chat, "the Messages API"));
        } catch (UntranslatableMember e) {
            return e.outcome();
        }
    }

    private Translation readAll(SourceMember root) throws UntranslatableMember {
        out.put("max_tokens", DEFAULT_MAX_TOKENS);
        MessagesTurns.read(root.required("messages")).into(out);
        for (SourceMember member : root.members()) {
            read(member);
        }
        tools.into(out);
        output.into(out);
        return new Translation.Translated(StrictJson.write(out), usage, List.copyOf(dropped));
    }

    private void read(SourceMember member) throws UntranslatableMember {
        switch (member.name()) {
            case "messages" -> {}
            case "max_tokens", "max_completion_tokens" -> maxTokens(member);
            case "temperature", "top_p" -> out.set(member.name(), share(member));
            case "stop" -> stop(member);
            case "stream" -> out.put("stream", member.flag());
            case "stream_options" -> usage = ChatMembers.usageChunk(member);
            case "user", "safety_identifier" -> user(member);
            case "tools" -> tools.offer(member);
            case "tool_choice" -> tools.choose(member);
            case "parallel_tool_calls" -> tools.inParallel(member.flag());
            case "response_format" -> output.format(member, dropped);
            case "reasoning_effort" -> output.effort(member, dropped);
            case CacheControl.NAME -> out.set(CacheControl.NAME, CacheControl.read(member));
            default -> {
                if (ChatMembers.onlySteers(member)) {
                    dropped.add(member.path());
                } else if (!ChatMembers.changesNothing(member)) {
                    throw member.unknown();
                }
            }
        }
    }

    private void maxTokens(SourceMember member) throws UntranslatableMember {
        int most = ChatMembers.wholeNumberFrom1(member);
        if (maxTokens != null && maxTokens.value().intValue() != most) {
            throw member.refused("contradicts '" + maxTokens.name() + "'");
        }
        maxTokens = member;
        out.put("max_tokens", most);
    }

    private static JsonNode share(SourceMember member) throws UntranslatableMember {
        if (!member.value().isNumber()) {
            throw member.refused("must be a number");
        }
        BigDecimal number = member.value().decimalValue();
        if (number.signum() < 0 || number.compareTo(BigDecimal.ONE) > 0) {
            throw member.refused("must be from 0 to 1 for a provider that speaks the Messages API");
        }
        return member.value();
    }

    private void stop(SourceMember member) throws UntranslatableMember {
        ArrayNode sequences = JsonNodeFactory.instance.arrayNode();
        if (member.value().isTextual()) {
            sequences.add(sequence(member));
        } else {
            for (SourceMember sequence : member.elements()) {
                sequences.add(sequence(sequence));
            }
        }
        if (!sequences.isEmpty()) {
            out.set("stop_sequences", sequences);
        }
    }

    /** The Messages API takes no blank one, and an answer would not end where the client wants it to. */
    private static String sequence(SourceMember member) throws UntranslatableMember {
        if (ContentParts.isBlank(member.text())) {
            throw member.refused("must not be blank for a provider that speaks the Messages API");
        }
        return member.text();
    }

    private void user(SourceMember member) throws UntranslatableMember {
        if (user != null && !user.value().equals(member.value())) {
            throw member.refused("contradicts '" + user.name() + "'");
        }
        user = member;
        String id = member.text();
        if (id.isBlank()) {
            return;
        }
        // The Messages API refuses what is long or could name a person, and asks for a digest instead.
        boolean isOpaque = id.length() <= LONGEST_USER && !PERSONAL.matcher(id).find();
        out.putObject("metadata").put("user_id", isOpaque ? id : OpaqueId.of(id));
    }
}
