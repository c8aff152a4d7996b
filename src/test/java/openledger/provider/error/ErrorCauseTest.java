package openledger.provider.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import openledger.inference.admission.RequestBody;
import openledger.inference.upstream.AccountFault;
import openledger.provider.error.ErrorCause.Account;
import openledger.provider.error.ErrorCause.Evidence;
import openledger.provider.error.ErrorCause.Limit;
import openledger.provider.error.ErrorCause.Other;
import openledger.provider.error.ErrorCause.Rejection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whose fault an error is: the status does not say it, and the client must not be able to. Long because it is a table of what providers
 * say.
 */
final class ErrorCauseTest {
    private static final String CREDIT =
            "Your credit balance is too low to access the Anthropic API. Please go to Plans & "
                    + "Billing to upgrade or purchase credits.";

    /** As providers have sent them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "429|{'error':{'message':'You exceeded your current quota, please check your plan and billing details.','type':'insufficient_quota','param':null,'code':'insufficient_quota'}}|QUOTA|NAMED",
                "429|{'error':{'message':'Your account is not active, please check your billing details on our website.','type':'billing_not_active','param':null,'code':'billing_not_active'}}|BILLING|NAMED",
                "429|{'error':{'message':'Your account is not active, please check your billing details on our website.','type':'billing_not_active','param':null,'code':null}}|BILLING|NAMED",
                "401|{'error':{'message':'Incorrect API key provided: sk-1234. You can find it there.','type':'invalid_request_error','param':null,'code':'invalid_api_key'}}|CREDENTIAL|NAMED",
                "401|{'error':{'message':'Your OpenAI account has been deactivated, please check your email for more information. If you feel this is an error, contact us through our help center at help.openai.com.','type':'invalid_request_error','param':null,'code':'account_deactivated'}}|SUSPENDED|NAMED",
                "400|{'error':{'message':'Billing hard limit has been reached','type':'invalid_request_error','param':null,'code':'billing_hard_limit_reached'}}|BILLING|NAMED",
                "400|{'type':'error','error':{'type':'invalid_request_error','message':'This organization has been disabled.'},'request_id':'req_1'}|SUSPENDED|SAID",
                "400|{'type':'error','error':{'type':'invalid_request_error','message':'You have reached your specified API usage limits. You will regain access on 2025-11-01 at 00:00 UTC.'}}|QUOTA|SAID",
                "402|{'type':'error','error':{'type':'billing_error','message':'Payment is needed.'}}|BILLING|NAMED",
                "401|{'type':'error','error':{'type':'authentication_error','message':'invalid x-api-key'}}|CREDENTIAL|SAID",
                "401||CREDENTIAL|SAID",
                "402|Payment Required|BILLING|SAID",
                "400|[{'error':{'code':400,'message':'API key not valid. Please pass a valid API key.','status':'INVALID_ARGUMENT','details':[{'@type':'type.googleapis.com/google.rpc.ErrorInfo','reason':'API_KEY_INVALID','domain':'googleapis.com'}]}}]|CREDENTIAL|NAMED",
                "400|{'error':{'message':'{ \\'error\\': { \\'code\\': 400, \\'message\\': \\'API key not valid. Please pass a valid API key.\\', \\'status\\': \\'INVALID_ARGUMENT\\' } }','code':400,'status':'Bad Request'}}|CREDENTIAL|SAID",
                "400|{'error':{'code':400,'message':'Gemini API free tier is not available in your country. Please enable billing on your project in Google AI Studio.','status':'FAILED_PRECONDITION'}}|BILLING|SAID",
                "403|{'error':{'code':403,'message':'This API method requires billing to be enabled.','status':'PERMISSION_DENIED','details':[{'@type':'type.googleapis.com/google.rpc.ErrorInfo','reason':'BILLING_DISABLED'}]}}|BILLING|NAMED",
                "400|{'error':{'message':'Organization has been restricted. Please reach out to support if you believe this was in error.','type':'invalid_request_error','code':'organization_restricted'}}|SUSPENDED|NAMED",
                "400|{'error':{'code':'Arrearage','message':'Access denied, please make sure your account is in good standing.','type':'Arrearage'}}|BILLING|NAMED",
                "402|{'error':{'message':'Insufficient Balance','type':'unknown_error','param':null,'code':'invalid_request_error'}}|BILLING|SAID",
                "429|{'error':{'message':'Your account org-1 is suspended, please check your plan and billing details','type':'exceeded_current_quota_error'}}|QUOTA|NAMED",
                "400|{'code':'Client specified an invalid argument','error':'Incorrect API key provided: xa***xy. You can obtain an API key from https://console.x.ai.'}|CREDENTIAL|SAID",
                "412|{'error':'Account fire is suspended, your account has been suspended'}|SUSPENDED|SAID",
            })
    void isOurAccounts(int status, String body, AccountFault fault, Evidence evidence) {
        ErrorCause cause = of(status, body == null ? "" : body.replace('\'', '"'), "Hello!");

        assertThat(cause).isEqualTo(new Account(fault, evidence));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Invalid value: '%s'",
                "messages.0.content: %s",
                "%s: Extra inputs are not permitted",
                "'%s' is not one of ['system', 'user']",
            })
    void aClientCannotMakeItOurs(String form) {
        for (String words :
                new String[] {CREDIT, "Insufficient Balance", "API key not valid. Please pass a valid API key."}) {
            String message = String.format(form, words);
            String sent = words.replace("&", "\\u0026").replace("API", "\\u0041PI");

            ErrorCause plain = of(400, flat(message), words);
            ErrorCause escaped = ErrorCause.of(400, ComplaintReader.read(flat(message)), body(sent));

            assertThat(plain).isInstanceOf(Rejection.class);
            assertThat(((Rejection) plain).said().message()).isEqualTo(message);
            assertThat(escaped).isInstanceOf(Rejection.class);
        }
    }

    @Test
    void noWordsOfAClientCloseATarget() {
        String input =
                "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\",\"x\"],\"msg\":\"Field required\",\"input\":{\"code\":"
                        + "\"insufficient_quota\",\"type\":\"billing_not_active\",\"error\":{\"code\":\"invalid_api_key\"}}}]}";

        assertThat(of(400, input, "Hello!")).isInstanceOf(Rejection.class);
        assertThat(of(422, input.substring(0, input.length() - 20), "Hello!")).isInstanceOf(Rejection.class);
        assertThat(of(400, flat(CREDIT), CREDIT)).isEqualTo(new Account(AccountFault.BILLING, Evidence.SAID));
    }

    /** The provider repeats what it was sent, and what it was sent looks like an error. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"%s\",\"type\":\"invalid_request_error\"}}",
                "{\"detail\":\"%s\"}",
                "{\"error\":{\"message\":\"no\",\"metadata\":{\"raw\":\"%s\"}}}",
            })
    void anErrorThatTheClientHasMadeUpSaysNothing(String form) {
        String made = "{\"error\":{\"message\":\"x\",\"code\":\"insufficient_quota\",\"type\":\"rate_limit_error\"}}";
        String quoted = made.replace("\"", "\\\"");

        assertThat(ErrorCause.of(400, ComplaintReader.read(String.format(form, quoted)), body(quoted)))
                .isInstanceOf(Rejection.class);
        assertThat(of(400, String.format(form, quoted), "Hello!"))
                .isEqualTo(new Account(AccountFault.QUOTA, Evidence.SAID));
        assertThat(ErrorCause.of(400, ComplaintReader.read(made), body(quoted)))
                .isEqualTo(new Account(AccountFault.QUOTA, Evidence.SAID));
    }

    /** Half of the phrase is the client's, half the provider's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Previous response with id 'resp_api_key' not found.",
                "Tool choice 'api_key' not found in 'tools' parameter.",
                "Invalid 'api_key': unknown tool",
                "Previous response resp_api_key not found",
                "Tool (insufficient) balance is no function",
            })
    void aPhraseThatIsPutTogetherOfTwoIsNone(String message) {
        assertThat(of(400, flat(message), "api_key"))
                .isInstanceOfSatisfying(
                        Rejection.class, no -> assertThat(no.said().message()).isEqualTo(message));
    }

    @Test
    void charactersWrittenAsNumbersAreRead() {
        assertThat(ErrorCause.of(400, ComplaintReader.read(flat("You are out of credits.")), body("h\\u00e9")))
                .isEqualTo(new Account(AccountFault.BILLING, Evidence.SAID));
        assertThat(ErrorCause.of(
                        400, ComplaintReader.read(flat("You are out of credits.")), body("\\u006Fut of \\u0063redits")))
                .isInstanceOf(Rejection.class);
    }

    /** The client's word for the model is the route's; what the provider was asked for is the operator's choice. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'error':{'message':'The model `x` does not exist','code':'model_not_found'}}",
                "{'error':{'message':'gone','code':'model_deprecated'}}",
                "{'error':{'message':'foo/bar is not a valid model ID','code':400}}",
                "{'message':'The provided model identifier is invalid.'}",
                "{'error':{'message':'invalid model ID','type':'invalid_request_error','param':null,'code':null}}",
                "{'error':{'message':'no','type':'invalid_request_error','param':'model','code':null}}",
                "{'error':{'message':'Your organization must be verified to stream this model.','param':'stream','code':'unsupported_value'}}",
            })
    void aModelThatTheProviderDoesNotHaveIsNoMistakeOfTheClient(String body) {
        assertThat(of(400, body.replace('\'', '"'), "Hello!")).isInstanceOf(Other.class);
        assertThat(inBand(body)).isInstanceOf(Other.class);
    }

    @Test
    void wordsThatMayBeAboutOurAccountReachNoClientThatMayNotHaveSentThem() {
        ErrorCause cause = ErrorCause.of(
                400,
                ComplaintReader.read(flat("Alas: your account has been suspended, dear.")),
                body("x".repeat(1 << 20)));

        assertThat(cause).isEqualTo(new Rejection(Complaint.NONE, 400));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "413|{'error':{'message':'Request too large for model `m` in organization `o` on tokens per minute (TPM): Limit 6000, Requested 14368','type':'tokens','code':'rate_limit_exceeded'}}",
                "400|{'error':{'message':'slow down','type':'rate_limit_error'}}",
                "429|{'error':{'message':'Rate limit reached','type':'requests','code':'rate_limit_exceeded'}}",
                "429|{'error':{'code':429,'message':'You exceeded your current quota, please check your plan and billing details.','status':'RESOURCE_EXHAUSTED'}}",
                "429|",
                "429|<html>busy</html>",
            })
    void isALimit(int status, String body) {
        assertThat(of(status, body == null ? "" : body.replace('\'', '"'), "Hello!"))
                .isInstanceOf(Limit.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "400|{'error':{'message':'no','type':'invalid_request_error','param':'messages','code':null}}|400",
                "413|{'type':'error','error':{'type':'request_too_large','message':'Request exceeds the maximum size'}}|413",
                "422|{'detail':'no'}|422",
                "415|what?|415",
                "400||400",
            })
    void aClientsOwnMistakeStaysOne(int status, String body, int answered) {
        assertThat(of(status, body == null ? "" : body.replace('\'', '"'), "Hello!"))
                .isInstanceOfSatisfying(
                        Rejection.class, no -> assertThat(no.status()).isEqualTo(answered));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'error':{'message':'no','code':400}}|400",
                "{'error':{'message':'no','type':'invalid_request_error','code':null}}|400",
                "{'object':'error','message':'too long','type':'BadRequestError','param':null,'code':400}|400",
                "{'error':{'message':'no','code':'422'}}|422",
                "{'type':'error','error':{'type':'invalid_request_error','message':'no'}}|400",
                "{'type':'response.failed','response':{'status':'failed','error':{'code':'invalid_prompt','message':'no'}}}|400",
                "{'error':{'code':400,'message':'no','status':'INVALID_ARGUMENT'}}|400",
            })
    void anErrorWithinA200MayBeARejection(String body, int status) {
        assertThat(inBand(body))
                .isInstanceOfSatisfying(
                        Rejection.class, no -> assertThat(no.status()).isEqualTo(status));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'error':{'message':'oops','type':'server_error','code':500}}",
                "{'error':{'message':'oops','type':'invalid_request_error','code':503}}",
                "{'error':{'message':'no such model','type':'invalid_request_error','code':'model_not_found'}}",
                "{'error':'oops'}",
                "{}",
                "",
            })
    void anErrorWithinA200NeedNotBeOne(String body) {
        assertThat(inBand(body)).isInstanceOf(Other.class);
    }

    @Test
    void ourAccountMayBeAtFaultWithinA200() {
        assertThat(inBand("{'error':{'message':'x','type':'insufficient_quota','code':'insufficient_quota'}}"))
                .isEqualTo(new Account(AccountFault.QUOTA, Evidence.NAMED));
    }

    private static ErrorCause inBand(String body) {
        return ErrorCause.inBand(ComplaintReader.read(body.replace('\'', '"')), body("Hello!"));
    }

    private static ErrorCause of(int status, String answer, String sent) {
        return ErrorCause.of(status, ComplaintReader.read(answer), body(sent.replace("'", "\\\\'")));
    }

    private static String flat(String message) {
        return "{\"error\":{\"type\":\"invalid_request_error\",\"message\":\"" + message + "\"}}";
    }

    private static RequestBody body(String content) {
        try {
            String json = "{\"model\":\"m\",\"messages\":[{\"content\":\"" + content + "\"}]}";
            return RequestBody.of(json.getBytes(StandardCharsets.UTF_8), 8);
        } catch (RequestBody.MalformedBody e) {
            throw new AssertionError(e);
        }
    }
}
