package openledger.provider.translation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A member of a request that is being translated. A reader either understands it or refuses it by its name. The name is built only then: a
 * request can have a hundred thousand members.
 *
 * @param parent whose member or element it is; null for the root
 * @param name as sent; empty for elements; of the root what it is translated to, e.g. {@code the Messages API}
 * @param index of an element, -1 for all else
 */
public record SourceMember(@Nullable SourceMember parent, String name, int index, JsonNode value) {
    /** It is shown in messages and headers, and a schema may be nested deeply. */
    private static final int LONGEST_PATH = 200;

    /**
     * The whole of a request.
     *
     * @param api what it is translated to, for complaints
     */
    public static SourceMember root(byte[] text, String api) throws UntranslatableMember {
        try {
            return new SourceMember(null, api, -1, StrictJson.read(text));
        } catch (StrictJson.Malformed e) {
            throw new UntranslatableMember(
                    e.place(),
                    "The JSON is malformed here, a member is repeated, or there are too many values to translate.");
        }
    }

    /** What stands in an object, but for nulls: a member that is null changes nothing. */
    public List<SourceMember> members() throws UntranslatableMember {
        if (!value.isObject()) {
            throw refused("must be an object");
        }
        List<SourceMember> members = new ArrayList<>(value.size());
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            if (!member.getValue().isNull()) {
                members.add(new SourceMember(this, member.getKey(), -1, member.getValue()));
            }
        }
        return members;
    }

    public List<SourceMember> elements() throws UntranslatableMember {
        if (!value.isArray()) {
            throw refused("must be a list");
        }
        List<SourceMember> elements = new ArrayList<>(value.size());
        for (JsonNode element : value) {
            elements.add(new SourceMember(this, "", elements.size(), element));
        }
        return elements;
    }

    /** A member of this object that has to be there. */
    public SourceMember required(String member) throws UntranslatableMember {
        if (!value.isObject()) {
            throw refused("must be an object");
        }
        JsonNode found = value.path(member);
        SourceMember wanted = new SourceMember(this, member, -1, found);
        if (found.isMissingNode() || found.isNull()) {
            throw new UntranslatableMember(wanted.path(), "The member '" + wanted.path() + "' is missing.");
        }
        return wanted;
    }

    public String text() throws UntranslatableMember {
        if (!value.isTextual()) {
            throw refused("must be a string");
        }
        return value.textValue();
    }

    public boolean flag() throws UntranslatableMember {
        if (!value.isBoolean()) {
            throw refused("must be true or false");
        }
        return value.booleanValue();
    }

    /** True if it is that text and nothing else. */
    public boolean is(String text) {
        return value.isTextual() && value.textValue().equals(text);
    }

    /** True for an empty list, object or text: clients send back what answers had, and many answers have empty members. */
    public boolean isEmpty() {
        return value.isContainerNode()
                ? value.isEmpty()
                : value.isTextual() && value.textValue().isEmpty();
    }

    /** The complaint that it has no equal in the other dialect. */
    public UntranslatableMember unknown() {
        return refused("cannot be translated for a provider that speaks " + api());
    }

    private String api() {
        return parent == null ? name : parent.api();
    }

    /** The complaint that {@code '<path>' <why>}. */
    public UntranslatableMember refused(String why) {
        String whole = path();
        String path = whole.length() <= LONGEST_PATH ? whole : whole.substring(0, LONGEST_PATH) + "…";
        return new UntranslatableMember(
                path, path.isEmpty() ? "The body " + why + "." : "The member '" + path + "' " + why + ".");
    }

    /** Its dotted name from the root, e.g. {@code messages[2].content}, fit to be shown; empty for the root itself. */
    public String path() {
        if (parent == null) {
            return "";
        }
        String before = parent.path();
        if (index >= 0) {
            return before + "[" + index + "]";
        }
        String shown = StrictJson.printable(name);
        return before.isEmpty() ? shown : before + "." + shown;
    }
}
