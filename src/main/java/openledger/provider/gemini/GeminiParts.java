package openledger.provider.gemini;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import openledger.provider.translation.DataUrl;
import openledger.provider.translation.SourceMember;
import openledger.provider.translation.UntranslatableMember;

/** The content of a chat message, a text or a list of parts, as parts of Gemini's. Empty texts are left out: Gemini takes none. */
final class GeminiParts {
    private static final Set<String> IMAGES =
            Set.of("image/jpeg", "image/png", "image/webp", "image/heic", "image/heif");
    /** What an address ends with; Gemini wants to be told the media type of what it fetches. */
    private static final Map<String, String> ENDINGS = Map.of(
            "jpg", "image/jpeg",
            "jpeg", "image/jpeg",
            "png", "image/png",
            "webp", "image/webp",
            "heic", "image/heic",
            "heif", "image/heif");

    /** Whose content it is. */
    enum Speaker {
        /** The system or a tool: texts only. */
        OTHER,
        USER,
        ASSISTANT
    }

    private final Notes notes;
    private final Speaker speaker;
    private final ArrayNode parts = JsonNodeFactory.instance.arrayNode();

    private GeminiParts(Notes notes, Speaker speaker) {
        this.notes = notes;
        this.speaker = speaker;
    }

    static ArrayNode read(SourceMember content, Speaker speaker, Notes notes) throws UntranslatableMember {
        GeminiParts read = new GeminiParts(notes, speaker);
        if (content.value().isTextual()) {
            read.text(content);
        } else if (content.value().isArray()) {
            for (SourceMember part : content.elements()) {
                read.part(part);
            }
        } else {
            throw content.refused("must be a string or a list of parts");
        }
        return read.parts;
    }

    private void text(SourceMember text) throws UntranslatableMember {
        if (!text.text().isEmpty()) {
            parts.addObject().put("text", text.text());
        }
    }

    private void part(SourceMember part) throws UntranslatableMember {
        SourceMember type = part.required("type");
        switch (type.text()) {
            case "text" -> text(only(part, "text"));
            case "image_url" -> {
                SourceMember image = only(part, "image_url");
                if (speaker != Speaker.USER) {
                    throw image.refused("is allowed in messages of the user only");
                }
                parts.add(image(image));
            }
            case "refusal" -> {
                SourceMember refusal = only(part, "refusal");
                if (speaker != Speaker.ASSISTANT) {
                    throw refusal.unknown();
                }
                text(refusal);
            }
            case "thinking", "redacted_thinking", "reasoning" -> {
                if (speaker != Speaker.ASSISTANT) {
                    throw type.unknown();
                }
            }
            case "input_audio", "file" -> throw part.required(type.text()).unknown();
            default -> throw type.unknown();
        }
    }

    /** The one member of a part besides its type. */
    private SourceMember only(SourceMember part, String name) throws UntranslatableMember {
        for (SourceMember member : part.members()) {
            if (Notes.CACHE_CONTROL.equals(member.name())) {
                notes.leftOut(member);
            } else if (!"type".equals(member.name()) && !name.equals(member.name()) && !member.isEmpty()) {
                throw member.unknown();
            }
        }
        return part.required(name);
    }

    private static ObjectNode image(SourceMember image) throws UntranslatableMember {
        SourceMember url = image.required("url");
        for (SourceMember member : image.members()) {
            if (!"url".equals(member.name()) && !("detail".equals(member.name()) && member.is("auto"))) {
                throw member.unknown();
            }
        }
        String start = DataUrl.beginning(url.text());
        ObjectNode part = JsonNodeFactory.instance.objectNode();
        if (start.startsWith("https://")) {
            part.putObject("fileData").put("mimeType", mediaType(url)).put("fileUri", url.text());
            return part;
        }
        if (!start.startsWith("data:")) {
            throw url.refused("must be a data: URL or begin with https:// for a provider that speaks Gemini's API");
        }
        DataUrl inline = DataUrl.read(url);
        if (!IMAGES.contains(inline.mediaType())) {
            throw url.refused("must be an image of type jpeg, png, webp, heic or heif");
        }
        part.putObject("inlineData").put("mimeType", inline.mediaType()).put("data", inline.base64());
        return part;
    }

    private static String mediaType(SourceMember url) throws UntranslatableMember {
        String path = url.text().replaceAll("[?#].*$", "");
        String type = ENDINGS.get(path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
        if (type == null) {
            throw url.refused("must end in .jpeg, .jpg, .png, .webp, .heic or .heif, or be a data: URL, for a provider"
                    + " that speaks Gemini's API: the type of the image must be known");
        }
        return type;
    }
}
