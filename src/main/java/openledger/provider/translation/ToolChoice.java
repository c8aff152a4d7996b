package openledger.provider.translation;

/** The {@code tool_choice} of a chat request; each dialect has its own form of it. */
public sealed interface ToolChoice {
    /** The model decides. */
    record Auto() implements ToolChoice {}

    /** No tool may be called. */
    record None() implements ToolChoice {}

    /** Some tool must be called. */
    record Any() implements ToolChoice {}

    /** That tool must be called; {@code function} has its name. */
    record Function(SourceMember function) implements ToolChoice {}

    /** Reads the member: one of three words, or an object that names a function. */
    static ToolChoice of(SourceMember choice) throws UntranslatableMember {
        if (choice.value().isTextual()) {
            return switch (choice.text()) {
                case "auto" -> new Auto();
                case "none" -> new None();
                case "required" -> new Any();
                default -> throw choice.refused("must be 'auto', 'none', 'required' or name a function");
            };
        }
        SourceMember type = choice.required("type");
        if (!type.is("function")) {
            throw type.unknown();
        }
        SourceMember function = choice.required("function");
        for (SourceMember member : choice.members()) {
            if (!"type".equals(member.name()) && !"function".equals(member.name())) {
                throw member.unknown();
            }
        }
        for (SourceMember member : function.members()) {
            if (!"name".equals(member.name())) {
                throw member.unknown();
            }
        }
        return new Function(function);
    }
}
