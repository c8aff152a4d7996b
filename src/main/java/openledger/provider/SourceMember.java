package openledger.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A member of a request that is being translated. Whoever reads it either understands it or refuses it by its name.
 *
 * @param path dotted name from the root, empty for the root itself
 * @param name the last part of it, as sent; empty for elements and the root
 */
record SourceMember(String path, String name, JsonNode value) {
    /** The whole of a request. */
    static SourceMember root(byte[] text) throws UntranslatableMember {
        try {
            return new SourceMember("", "", StrictJson.read(text));
        } catch (StrictJson.Malformed e) {
            throw new UntranslatableMember(
                    e.place(),
                    "The JSON is malformed here, a member stands twice, or there are too many values to be translated.");
        }
    }

    /** What stands in an object, but for nulls: a member that is null changes nothing. */
    List<SourceMember> members() throws UntranslatableMember {
        if (!value.isObject()) {
            throw refused("must be an object");
        }
        List<SourceMember> members = new ArrayList<>(value.size());
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            if (!member.getValue().isNull()) {
                members.add(new SourceMember(pathOf(member.getKey()), member.getKey(), member.getValue()));
            }
        }
        return members;
    }

    List<SourceMember> elements() throws UntranslatableMember {
        if (!value.isArray()) {
            throw refused("must be a list");
        }
        List<SourceMember> elements = new ArrayList<>(value.size());
        for (JsonNode element : value) {
            elements.add(new SourceMember(path + "[" + elements.size() + "]", "", element));
        }
        return elements;
    }

    /** A member of this object that has to be there. */
    SourceMember required(String member) throws UntranslatableMember {
        if (!value.isObject()) {
            throw refused("must be an object");
        }
        JsonNode found = value.path(member);
        if (found.isMissingNode() || found.isNull()) {
            throw new UntranslatableMember(pathOf(member), "The member '" + pathOf(member) + "' is missing.");
        }
        return new SourceMember(pathOf(member), member, found);
    }

    String text() throws UntranslatableMember {
        if (!value.isTextual()) {
            throw refused("must be a string");
        }
        return value.textValue();
    }

    boolean flag() throws UntranslatableMember {
        if (!value.isBoolean()) {
            throw refused("must be true or false");
        }
        return value.booleanValue();
    }

    /** True if it is that text and nothing else. */
    boolean is(String text) {
        return value.isTextual() && value.textValue().equals(text);
    }

    /** The complaint that it has no equal in the other dialect. */
    UntranslatableMember unknown() {
        return refused("cannot be translated for a provider that speaks the Messages API");
    }

    /** The complaint that {@code '<path>' <why>}. */
    UntranslatableMember refused(String why) {
        return new UntranslatableMember(
                path, path.isEmpty() ? "The body " + why + "." : "The member '" + path + "' " + why + ".");
    }

    private String pathOf(String member) {
        String shown = StrictJson.printable(member);
        return path.isEmpty() ? shown : path + "." + shown;
    }
}
