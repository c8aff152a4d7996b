package openledger.provider.anthropic;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import openledger.provider.translation.DataUrl;
import openledger.provider.translation.SourceMember;
import openledger.provider.translation.UntranslatableMember;

/**
 * The content of a chat message, a text or a list of parts, as blocks of the Messages API. Blank texts are left out: the Messages API
 * accepts none, and they have no meaning.
 */
final class ContentParts {
    private static final Set<String> IMAGES = Set.of("image/jpeg", "image/png", "image/gif", "image/webp");
    private static final char NEXT_LINE = '\u0085';

    private enum Kinds {
        TEXTS,
        TEXTS_AND_IMAGES,
        OF_AN_ANSWER
    }

    private ContentParts() {}

    static ArrayNode texts(SourceMember content) throws UntranslatableMember {
        return blocks(content, Kinds.TEXTS);
    }

    static ArrayNode textsAndImages(SourceMember content) throws UntranslatableMember {
        return blocks(content, Kinds.TEXTS_AND_IMAGES);
    }

    /** What an assistant has said; a refusal is a text, and thinking is taken back by no provider without its signature. */
    static ArrayNode ofAnswer(SourceMember content) throws UntranslatableMember {
        return blocks(content, Kinds.OF_AN_ANSWER);
    }

    private static ArrayNode blocks(SourceMember content, Kinds allowed) throws UntranslatableMember {
        ArrayNode blocks = JsonNodeFactory.instance.arrayNode();
        if (content.value().isTextual()) {
            addText(blocks, content.text());
            return blocks;
        }
        if (!content.value().isArray()) {
            throw content.refused("must be a string or a list of parts");
        }
        for (SourceMember part : content.elements()) {
            part(blocks, part, allowed);
        }
        return blocks;
    }

    private static void part(ArrayNode blocks, SourceMember part, Kinds allowed) throws UntranslatableMember {
        SourceMember type = part.required("type");
        int before = blocks.size();
        switch (type.text()) {
            case "text" -> addText(blocks, only(part, "text").text());
            case "image_url" -> {
                SourceMember image = only(part, "image_url");
                if (allowed != Kinds.TEXTS_AND_IMAGES) {
                    throw image.refused("is allowed in messages of the user only");
                }
                blocks.addObject().put("type", "image").set("source", source(image));
            }
            case "refusal" -> {
                SourceMember refusal = only(part, "refusal");
                if (allowed != Kinds.OF_AN_ANSWER) {
                    throw refusal.unknown();
                }
                addText(blocks, refusal.text());
            }
            case "thinking", "redacted_thinking", "reasoning" -> {
                if (allowed != Kinds.OF_AN_ANSWER) {
                    throw type.unknown();
                }
            }
            case "input_audio", "file" -> throw part.required(type.text()).unknown();
            default -> throw type.unknown();
        }
        if (blocks.size() > before && part.value().path(CacheControl.NAME).isObject()) {
            CacheControl.onLast(blocks, part.required(CacheControl.NAME));
        }
    }

    /** Adds a block unless the text is blank. */
    static void addText(ArrayNode blocks, String text) {
        if (!isBlank(text)) {
            blocks.addObject().put("type", "text").put("text", text);
        }
    }

    /** Whatever Unicode calls a space counts, as it does for the provider. */
    static boolean isBlank(String text) {
        return text.chars().allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c) || c == NEXT_LINE);
    }

    /** The one member of a part besides its type, and besides what says nothing of the content. */
    private static SourceMember only(SourceMember part, String name) throws UntranslatableMember {
        for (SourceMember member : part.members()) {
            switch (member.name()) {
                case "type", CacheControl.NAME -> {}
                default -> {
                    if (!name.equals(member.name()) && !member.isEmpty()) {
                        throw member.unknown();
                    }
                }
            }
        }
        return part.required(name);
    }

    private static ObjectNode source(SourceMember image) throws UntranslatableMember {
        SourceMember url = image.required("url");
        for (SourceMember member : image.members()) {
            if (!"url".equals(member.name()) && !("detail".equals(member.name()) && member.is("auto"))) {
                throw member.unknown();
            }
        }
        String address = url.text();
        String start = DataUrl.beginning(address);
        ObjectNode source = JsonNodeFactory.instance.objectNode();
        if (start.startsWith("https://") || start.startsWith("http://")) {
            return source.put("type", "url").put("url", address);
        }
        if (!start.startsWith("data:")) {
            throw url.refused("must be a data: URL or begin with https:// or http://");
        }
        DataUrl inline = DataUrl.read(url);
        if (!IMAGES.contains(inline.mediaType())) {
            throw url.refused("must be an image of type jpeg, png, gif or webp");
        }
        return source.put("type", "base64")
                .put("media_type", inline.mediaType())
                .put("data", inline.base64());
    }
}
