package openledger.provider.error;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import openledger.inference.admission.RequestBody;
import openledger.inference.upstream.AccountFault;

/** Why a provider refused or failed, which its status alone does not show. */
public sealed interface ErrorCause {
    /**
     * The client must change its request.
     *
     * @param said the provider's words; none if they may speak of the operator's account
     * @param status to be answered with
     */
    record Rejection(Complaint said, int status) implements ErrorCause {}

    /**
     * The provider is at its limit, for all requests or for one of this size.
     *
     * @param said the provider's words; none if they tell of the operator's own limit with it
     */
    record Limit(Complaint said) implements ErrorCause {}

    /** The operator's account is at fault. */
    record Account(AccountFault fault, Evidence evidence) implements ErrorCause {}

    /** Anything else that the client cannot mend. */
    record Other(Complaint said) implements ErrorCause {}

    /** How sure it is that the account is at fault. */
    enum Evidence {
        /** By a name that only the provider chooses: all calls of the target would end alike. */
        NAMED,
        /** By the status or by words: enough to ask somebody else, not to close the target. */
        SAID
    }

    int BAD_REQUEST = 400;
    int UNAUTHORIZED = 401;
    int PAYMENT_REQUIRED = 402;
    int TOO_MANY = 429;

    /** Of what the operator may ask of it. */
    Set<String> LIMITS = Set.of(
            "rate_limit_exceeded",
            "rate_limit_error",
            "rate_limit_reached",
            "tokens_limit_exceeded",
            "too_many_requests");
    /** Of what it can do for everybody. */
    Set<String> OVERLOADS = Set.of("overloaded_error", "overloaded", "engine_overloaded_error", "server_overloaded");
    /** Of a client's own mistakes, in errors that come without a status of their own. */
    Set<String> MISTAKES = Set.of(
            "invalid_request_error",
            "invalid_request",
            "badrequesterror",
            "bad_request",
            "bad_request_error",
            "validation_error",
            "unprocessableentityerror",
            "invalid_argument",
            "context_length_exceeded",
            "string_above_max_length",
            "content_filter",
            "content_policy_violation",
            "request_too_large",
            "invalid_prompt",
            "invalid_image",
            "empty_image_file");
    /** Beginnings of such names. */
    List<String> MISTAKEN = List.of("invalid_image", "invalid_base64", "image_", "unsupported_");
    /** The operator's own mistakes, whatever type they come under. */
    Set<String> OURS = Set.of(
            "model_not_found",
            "not_found_error",
            "deployment_not_found",
            "deploymentnotfound",
            "model_deprecated",
            "model_decommissioned",
            "model_not_available",
            "model_not_active",
            "model_terms_required",
            "model_not_supported",
            "unknown_model",
            "invalid_model");

    /** The cause of an answer with a status of its own. */
    static ErrorCause of(int status, Complaint said, RequestBody asked) {
        Optional<ErrorCause> known = known(status, said, asked);
        return known.orElseGet(() -> switch (status) {
            case TOO_MANY -> new Limit(Complaint.NONE);
            case UNAUTHORIZED -> new Account(AccountFault.CREDENTIAL, Evidence.SAID);
            case PAYMENT_REQUIRED -> new Account(AccountFault.BILLING, Evidence.SAID);
            default ->
                Failures.classOf(status) == Failures.StatusClass.REJECTION && !isAboutModel(said, asked)
                        ? new Rejection(withoutDoubtful(said, asked), status)
                        : new Other(withoutDoubtful(said, asked));
        });
    }

    /** The cause of an error that came within a 200. */
    static ErrorCause inBand(Complaint said, RequestBody asked) {
        return known(said.status(), said, asked).orElseGet(() -> {
            Complaint words = withoutDoubtful(said, asked);
            boolean rejected = !isAboutModel(said, asked)
                    && (said.status() == 0
                            ? saysMistake(said)
                            : Failures.classOf(said.status()) == Failures.StatusClass.REJECTION);
            int status = said.status() == 0 ? BAD_REQUEST : said.status();
            return rejected ? new Rejection(words, status) : new Other(words);
        });
    }

    private static Optional<ErrorCause> known(int status, Complaint said, RequestBody asked) {
        Optional<AccountFault> named = AccountForms.named(said.names());
        if (named.isPresent()) {
            // A client that has sent the name may be all that the provider repeats.
            boolean isSure = AccountForms.named(AccountForms.notSent(said.names(), asked))
                    .isPresent();
            return Optional.of(new Account(named.get(), isSure ? Evidence.NAMED : Evidence.SAID));
        }
        List<String> quoted = AccountForms.notSent(said.quoted(), asked);
        Optional<AccountFault> passedOn = AccountForms.named(quoted);
        if (passedOn.isPresent()) {
            return Optional.of(new Account(passedOn.get(), Evidence.SAID));
        }
        if (has(said.names(), LIMITS) || has(quoted, LIMITS)) {
            return Optional.of(new Limit(Complaint.NONE));
        }
        if (has(said.names(), OVERLOADS) || has(quoted, OVERLOADS)) {
            return Optional.of(new Limit(withoutDoubtful(said, asked)));
        }
        Optional<AccountFault> whole = AccountForms.said(said.message());
        if (whole.isPresent()) {
            return Optional.of(new Account(whole.get(), Evidence.SAID));
        }
        // At some, being asked too often this minute is a quota that is exceeded.
        return status == TOO_MANY && has(said.names(), Set.of("resource_exhausted"))
                ? Optional.of(new Limit(Complaint.NONE))
                : AccountForms.talk(said.message(), asked).fault().map(fault -> new Account(fault, Evidence.SAID));
    }

    private static boolean saysMistake(Complaint said) {
        return has(said.names(), MISTAKES)
                || MISTAKEN.stream().anyMatch(beginning -> said.code().startsWith(beginning));
    }

    /** It is about the model, which the operator has chosen and not the client. */
    private static boolean isAboutModel(Complaint said, RequestBody asked) {
        return has(said.names(), OURS)
                || "model".equals(said.param())
                || AccountForms.isAboutModel(said.message(), asked);
    }

    private static boolean has(List<String> said, Set<String> names) {
        return said.stream().anyMatch(name -> names.contains(name.toLowerCase(Locale.ROOT)));
    }

    /** No words that may be about the operator's account, though nothing proves it. */
    private static Complaint withoutDoubtful(Complaint said, RequestBody asked) {
        return AccountForms.talk(said.message(), asked).by() == AccountForms.Speaker.UNKNOWN ? Complaint.NONE : said;
    }
}
