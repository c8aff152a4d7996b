package openledger.provider.gemini;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import openledger.provider.translation.SourceMember;

/** The names of members that were left out though they might have had an effect, each once: a client cannot make the list longer. */
final class Notes {
    /** Where the prompt may be cached up to, at whatever place: Gemini finds out by itself. */
    static final String CACHE_CONTROL = "cache_control";

    private final Set<String> names = new LinkedHashSet<>();

    void leftOut(SourceMember member) {
        names.add(CACHE_CONTROL.equals(member.name()) ? CACHE_CONTROL : member.path());
    }

    /** In the order in which they stood. */
    List<String> all() {
        return List.copyOf(names);
    }
}
