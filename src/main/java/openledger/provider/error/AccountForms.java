package openledger.provider.error;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import openledger.inference.admission.RequestBody;
import openledger.inference.upstream.AccountFault;
import openledger.provider.sse.EventLines;

/**
 * The forms in which providers say that the operator's account is at fault. Three kinds, from sure to less so: names that only the
 * provider chooses; whole messages, letter by letter, in which no text of a client has a place; and phrases, which count only if the
 * client did not send them itself, for a provider may repeat what it was sent.
 */
final class AccountForms {
    /** Types, codes and reasons, in lower case. */
    private static final Map<String, AccountFault> NAMES = Map.ofEntries(
            // OpenAI, and those who speak as it does
            Map.entry("insufficient_quota", AccountFault.QUOTA),
            Map.entry("billing_not_active", AccountFault.BILLING),
            Map.entry("billing_hard_limit_reached", AccountFault.BILLING),
            Map.entry("invalid_api_key", AccountFault.CREDENTIAL),
            Map.entry("account_deactivated", AccountFault.SUSPENDED),
            Map.entry("account_suspended", AccountFault.SUSPENDED),
            Map.entry("account_not_active", AccountFault.SUSPENDED),
            Map.entry("access_terminated", AccountFault.SUSPENDED),
            Map.entry("organization_deactivated", AccountFault.SUSPENDED),
            Map.entry("organization_restricted", AccountFault.SUSPENDED),
            Map.entry("organization_suspended", AccountFault.SUSPENDED),
            Map.entry("insufficient_credits", AccountFault.BILLING),
            Map.entry("insufficient_balance", AccountFault.BILLING),
            Map.entry("insufficient_user_quota", AccountFault.QUOTA),
            Map.entry("exceeded_current_quota_error", AccountFault.QUOTA),
            Map.entry("invalid_authentication_error", AccountFault.CREDENTIAL),
            // Anthropic
            Map.entry("billing_error", AccountFault.BILLING),
            // Google
            Map.entry("api_key_invalid", AccountFault.CREDENTIAL),
            Map.entry("api_key_service_blocked", AccountFault.CREDENTIAL),
            Map.entry("api_key_ip_address_blocked", AccountFault.CREDENTIAL),
            Map.entry("billing_disabled", AccountFault.BILLING),
            Map.entry("consumer_suspended", AccountFault.SUSPENDED),
            Map.entry("service_disabled", AccountFault.SUSPENDED),
            // Alibaba, Volcengine
            Map.entry("arrearage", AccountFault.BILLING),
            Map.entry("invalidapikey", AccountFault.CREDENTIAL),
            Map.entry("accountoverdueerror", AccountFault.BILLING),
            Map.entry("allocationquota.freetieronly", AccountFault.QUOTA));

    /** Whole messages. */
    private static final Map<Pattern, AccountFault> MESSAGES = Map.ofEntries(
            whole(
                    "Your credit balance is too low to access the (?:Anthropic|Claude) API\\."
                            + "(?: Please go to Plans (?:&|and) Billing to upgrade or purchase credits\\.)?",
                    AccountFault.BILLING),
            whole(
                    "You have reached your specified API usage limits\\. You will regain access on "
                            + "[0-9]{4}-[0-9]{2}-[0-9]{2} at [0-9]{2}:[0-9]{2} UTC\\.",
                    AccountFault.QUOTA),
            whole("This organization has been disabled\\.", AccountFault.SUSPENDED),
            whole("invalid x-api-key", AccountFault.CREDENTIAL),
            whole("API key not valid\\. Please pass a valid API key\\.", AccountFault.CREDENTIAL),
            whole("API key expired\\. Please renew the API key\\.", AccountFault.CREDENTIAL),
            whole(
                    "Gemini API free tier is not available in your country\\. Please enable billing on your project in "
                            + "Google AI Studio\\.",
                    AccountFault.BILLING),
            whole(
                    "Your account is not active, please check your billing details on our website\\.",
                    AccountFault.BILLING),
            whole(
                    "You exceeded your current quota, please check your plan and billing details\\. For more information on "
                            + "this error, read the docs: https://platform\\.openai\\.com/docs/guides/error-codes/api-errors\\.",
                    AccountFault.QUOTA),
            whole(
                    "(?:Your )?OpenAI account has been deactivated, please check your email for more information\\. If you feel "
                            + "this is an error, contact us through our help center at help\\.openai\\.com\\.",
                    AccountFault.SUSPENDED),
            whole("Insufficient Balance", AccountFault.BILLING),
            whole("Insufficient credits", AccountFault.BILLING),
            whole("Access denied, please make sure your account is in good standing\\.", AccountFault.BILLING),
            whole(
                    "Organization has been restricted\\. Please reach out to support if you believe this was in error\\.",
                    AccountFault.SUSPENDED));

    /** Phrases, in lower case, of letters and digits only. */
    private static final Map<String, AccountFault> PHRASES = Map.ofEntries(
            phrase("credit balance is too low", AccountFault.BILLING),
            phrase("insufficient balance", AccountFault.BILLING),
            phrase("balance is insufficient", AccountFault.BILLING),
            phrase("insufficient credit", AccountFault.BILLING),
            phrase("insufficient funds", AccountFault.BILLING),
            phrase("out of credits", AccountFault.BILLING),
            phrase("check your billing", AccountFault.BILLING),
            phrase("check your plan and billing", AccountFault.BILLING),
            phrase("please enable billing", AccountFault.BILLING),
            phrase("billing is not active", AccountFault.BILLING),
            phrase("billing hard limit has been reached", AccountFault.BILLING),
            phrase("exceeded your current quota", AccountFault.QUOTA),
            phrase("exceeded your monthly", AccountFault.QUOTA),
            phrase("reached your specified api usage limits", AccountFault.QUOTA),
            phrase("monthly spending limit", AccountFault.QUOTA),
            phrase("api key not valid", AccountFault.CREDENTIAL),
            phrase("api key is not valid", AccountFault.CREDENTIAL),
            phrase("api key is invalid", AccountFault.CREDENTIAL),
            phrase("api key expired", AccountFault.CREDENTIAL),
            phrase("api key has expired", AccountFault.CREDENTIAL),
            phrase("api key has been", AccountFault.CREDENTIAL),
            phrase("invalid api key", AccountFault.CREDENTIAL),
            phrase("incorrect api key", AccountFault.CREDENTIAL),
            phrase("api key not found", AccountFault.CREDENTIAL),
            phrase("invalid subscription key", AccountFault.CREDENTIAL),
            phrase("your account is not active", AccountFault.SUSPENDED),
            phrase("account has been deactivated", AccountFault.SUSPENDED),
            phrase("account has been suspended", AccountFault.SUSPENDED),
            phrase("account has been disabled", AccountFault.SUSPENDED),
            phrase("account is suspended", AccountFault.SUSPENDED),
            phrase("account is disabled", AccountFault.SUSPENDED),
            phrase("account is deactivated", AccountFault.SUSPENDED),
            phrase("account is in good standing", AccountFault.SUSPENDED),
            phrase("organization has been disabled", AccountFault.SUSPENDED),
            phrase("organization has been suspended", AccountFault.SUSPENDED),
            phrase("organization has been restricted", AccountFault.SUSPENDED));

    /** What providers say of a model that the operator has named, in the same form. */
    private static final List<String> MODEL_PHRASES = Stream.of(
                    "is not a valid model",
                    "invalid model id",
                    "invalid model name",
                    "model identifier is invalid",
                    "model does not exist",
                    "model not exist",
                    "model not found",
                    "unknown model",
                    "no such model",
                    "does not exist or you do not have access to it",
                    "must be verified to stream this model",
                    "must be verified to use",
                    "has been decommissioned",
                    "has been deprecated learn more")
            .map(words -> words.replace(" ", ""))
            .toList();

    /** More than any client gets to read of a message. */
    private static final int MOST_READ = 4_000;

    private AccountForms() {}

    private static Map.Entry<Pattern, AccountFault> whole(String message, AccountFault fault) {
        return Map.entry(Pattern.compile(message), fault);
    }

    private static Map.Entry<String, AccountFault> phrase(String words, AccountFault fault) {
        return Map.entry(words.replace(" ", ""), fault);
    }

    /** What one of the names means, if one is known. */
    static Optional<AccountFault> named(List<String> names) {
        return names.stream()
                .map(name -> Optional.ofNullable(NAMES.get(name.toLowerCase(Locale.ROOT))))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Those of some names that the client has not sent. */
    static List<String> notSent(List<String> names, RequestBody asked) {
        return names.stream()
                .filter(name ->
                        SentText.of(asked.received(), EventLines.ascii(new Prose(name).letters())) == SentText.ABSENT)
                .toList();
    }

    /** What a whole message means, if it is a known one. */
    static Optional<AccountFault> said(String message) {
        String words = message.strip();
        return MESSAGES.entrySet().stream()
                .filter(known -> known.getKey().matcher(words).matches())
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** True if a message says that the provider does not have the model, or not for us, and the client has sent nothing like it. */
    static boolean isAboutModel(String message, RequestBody asked) {
        Prose words = read(message);
        return MODEL_PHRASES.stream()
                .anyMatch(phrase -> words.has(phrase)
                        && SentText.of(asked.received(), EventLines.ascii(phrase)) == SentText.ABSENT);
    }

    private static Prose read(String message) {
        return new Prose(message.substring(0, Math.min(message.length(), MOST_READ)));
    }

    /** Whether a message has a known phrase, and whose words it may be. */
    static Talk talk(String message, RequestBody asked) {
        Prose words = read(message);
        Talk found = Talk.NONE;
        for (Map.Entry<String, AccountFault> known : PHRASES.entrySet()) {
            if (words.has(known.getKey())) {
                Talk one = switch (SentText.of(asked.received(), EventLines.ascii(known.getKey()))) {
                    case ABSENT -> new Talk(Speaker.PROVIDER, Optional.of(known.getValue()));
                    case PRESENT -> new Talk(Speaker.CLIENT, Optional.empty());
                    case UNKNOWN -> new Talk(Speaker.UNKNOWN, Optional.empty());
                };
                if (one.by == Speaker.CLIENT) {
                    // The provider repeats what it was sent, so all of the message may be that.
                    return one;
                }
                found = found.by == Speaker.UNKNOWN ? found : one;
            }
        }
        return found;
    }

    /** Whose words a phrase may be. */
    enum Speaker {
        /** There is no such phrase. */
        NOBODY,
        PROVIDER,
        /** The client has sent it. */
        CLIENT,
        /** The client may have sent it in other letters. */
        UNKNOWN
    }

    /**
     * A phrase in a message.
     *
     * @param fault what it means, if it is the provider's
     */
    record Talk(Speaker by, Optional<AccountFault> fault) {
        private static final Talk NONE = new Talk(Speaker.NOBODY, Optional.empty());
    }
}
