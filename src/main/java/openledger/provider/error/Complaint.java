package openledger.provider.error;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A provider's error in its own words, before any redaction. Members it did not give are empty.
 *
 * @param status the HTTP status that the error itself names, 0 if it names none
 * @param names the words by which the provider classifies the error (types, codes, reasons): never text that a client may have sent
 * @param quoted such words of an error that stands as text within this one: another provider's, or one that a client has made up
 * @param details what else stands in the error
 */
public record Complaint(
        String message,
        String type,
        String param,
        String code,
        int status,
        List<String> names,
        List<String> quoted,
        ObjectNode details) {
    /** Nothing was said. */
    public static final Complaint NONE = ofWords("");

    public Complaint {
        names = List.copyOf(names);
        quoted = List.copyOf(quoted);
    }

    static Complaint ofWords(String message) {
        return new Complaint(message, "", "", "", 0, List.of(), List.of(), JsonNodeFactory.instance.objectNode());
    }
}
