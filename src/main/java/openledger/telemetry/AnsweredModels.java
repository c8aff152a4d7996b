package openledger.telemetry;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import openledger.inference.record.AttemptRecord;
import openledger.routing.Target;
import openledger.unit.TargetId;

/**
 * The models that providers say they serve, as values of an attribute. A provider chooses its words, so of each target so many are told apart
 * and no more; the rest are {@code _OTHER}, as the semantic conventions of OpenTelemetry call it. Thread-safe.
 */
final class AnsweredModels {
    static final int MOST_A_TARGET = 8;
    static final String OTHER = "_OTHER";

    private final Map<TargetId, Set<String>> known = new ConcurrentHashMap<>();

    /** What a call was answered with; what was asked for if the provider does not say. */
    String of(Target target, AttemptRecord attempt) {
        String said = attempt.detail().model();
        if (said.isEmpty() || said.equals(target.model())) {
            return target.model();
        }
        Set<String> models = known.computeIfAbsent(target.id(), first -> ConcurrentHashMap.newKeySet());
        return models.contains(said) || (models.size() < MOST_A_TARGET && models.add(said)) ? said : OTHER;
    }

    /**
     * True if another model answered than was asked for. A name with something before its last slash, or with a version behind a dash, a
     * colon or an at sign, is of the same model: {@code gpt-5} and {@code openai/gpt-5-2025-08-07}.
     */
    static boolean isSubstitute(Target target, AttemptRecord attempt) {
        String said = attempt.detail().model();
        return !said.isEmpty() && !said.equals(target.model()) && !isSame(plain(target.model()), plain(said));
    }

    private static String plain(String model) {
        return model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    }

    private static boolean isSame(String asked, String said) {
        String shorter = asked.length() < said.length() ? asked : said;
        String longer = asked.length() < said.length() ? said : asked;
        return longer.startsWith(shorter)
                && (longer.length() == shorter.length() || isVersion(longer.substring(shorter.length())));
    }

    /** Something behind the name that begins with a digit, or the word for the newest; {@code -mini} is another model. */
    private static boolean isVersion(String rest) {
        boolean separated = "-:@".indexOf(rest.charAt(0)) >= 0 && rest.length() > 1;
        String word = rest.substring(1);
        return separated && (Character.isDigit(word.charAt(0)) || word.startsWith("v") || "latest".equals(word));
    }
}
