package openledger.provider.error;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import openledger.inference.upstream.UpstreamRejection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Complaints of providers, who repeat what they were sent, keys included. */
final class RejectionReaderTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CASES = 2_000;
    private static final String SECRET = "Zx9-secret.of_the+operator/0123456789=";
    private static final String OTHERS = "sk-proj-AbCdEf0123456789";
    private static final List<String> AROUND = List.of(
            "",
            " ",
            "\"",
            "'",
            "(",
            "x",
            "Bearer ",
            "bearer\t",
            "\n",
            "key=",
            "Key: ",
            "\u00e9",
            "\ud83d\ude00",
            "\ud800",
            "\u0000",
            "%");
    private static final List<String> MEMBERS = List.of("message", "type", "param", "code");

    @Test
    void noKeyComesThroughWhereverItStands() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            ObjectNode root = JSON.createObjectNode();
            ObjectNode error = root.putObject("error");
            for (String member : MEMBERS) {
                error.put(member, complaint(random));
            }
            if (random.nextInt(8) == 0) {
                root.put("error", complaint(random));
            }

            String said = said(new RejectionReader(SECRET).read(root.toString()));

            assertThat(said).as("seed %d", seed).doesNotContain(SECRET, OTHERS);
        }
    }

    @Test
    void readsAnythingAtAllAndNeverFails() {
        byte[] good = ("{\"error\":{\"message\":\"no \ud83d\ude00 " + SECRET
                        + "\",\"type\":null,\"code\":1e99,\"param\":[{}]}}")
                .getBytes(StandardCharsets.UTF_8);
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            byte[] bytes = good.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }

            String text = new String(bytes, 0, random.nextInt(bytes.length + 1), StandardCharsets.UTF_8);

            assertThat(said(new RejectionReader(SECRET).read(text))).doesNotContain(SECRET);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "7",
                "[]",
                "<html>",
                "{\"error\":null}",
                "{\"error\":[]}",
                "{\"error\":{\"message\":{}}}"
            })
    void makesNothingOfWhatIsNoComplaint(String body) {
        assertThat(said(new RejectionReader(SECRET).read(body))).isEqualTo("\n\n\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'object':'error','message':'too long','type':'BadRequestError','param':null,'code':400}|too long|BadRequestError||400",
                "{'detail':'Not so'}|Not so|||",
                "{'detail':[{'type':'missing','loc':['body','messages',0,'role'],'msg':'Field required'}]}|messages.0.role: Field required||messages.0.role|",
                "{'object':'error','message':{'detail':[{'loc':['body','n'],'msg':'no'}]},'type':'invalid_request_error'}|n: no|invalid_request_error||",
                "{'message':'no'}|no|||",
                "{'error':'no','error_type':'validation'}|no|validation||",
                "[{'error':{'code':400,'message':'no','status':'INVALID_ARGUMENT'}}]|no|INVALID_ARGUMENT||400",
                "{'title':'Bad','status':400,'detail':'worse'}|worse|||",
                "{'errors':[{'code':7003,'message':'one'},{'message':'two'}]}|one; two|||",
                "{'error':{'message':'Provider returned error','code':400,'metadata':{'raw':'{\\'error\\':{\\'message\\':\\'inner\\'}}'}}}|Provider returned error: inner|||400",
                "no such thing|no such thing|||",
                "'just text'|just text|||",
                "7 errors happened|7 errors happened|||",
                "event: error~data: {'type':'error','error':{'type':'overloaded_error','message':'busy'}}~|busy|overloaded_error||",
                "{'error':{'message':'cut off in the mid|cut off in the mid|||",
                "{'error':{'type':'x','message':'cut in an escape \\u00|cut in an escape |||",
            })
    void readsComplaintsOfAllForms(String body, String message, String type, String param, String code) {
        UpstreamRejection read =
                new RejectionReader(SECRET).read(body.replace('\'', '"').replace('~', '\n'));

        assertThat(read.message().strip()).isEqualTo(message);
        assertThat(read.type()).isEqualTo(type == null ? "" : type);
        assertThat(read.param()).isEqualTo(param == null ? "" : param);
        assertThat(read.code()).isEqualTo(code == null ? "" : code);
    }

    @Test
    void keepsWhatElseAnErrorSays() {
        UpstreamRejection read = new RejectionReader(SECRET)
                .read(
                        "{\"error\":{\"message\":\"filtered\",\"param\":\"prompt\",\"code\":\"content_filter\",\"innererror\":{\"code\":"
                                + "\"ResponsibleAIPolicyViolation\",\"content_filter_result\":{\"hate\":{\"filtered\":true,\"note\":\""
                                + OTHERS + "\"}}}}}");

        assertThat(read.details())
                .isEqualTo("{\"innererror\":{\"code\":\"ResponsibleAIPolicyViolation\",\"content_filter_result\":"
                        + "{\"hate\":{\"filtered\":true,\"note\":\"[redacted]\"}}}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "key_metrics_v2",
                "key_metrics_v2_dashboard_2024",
                "sk_name_suffix",
                "pk_customer_id",
                "key-value-store",
                "sk-learn-model",
                "Bearer authentication",
                "org_chart_2025"
            })
    void namesOfAClientStay(String name) {
        String message = "The function '" + name + "' is not known.";

        assertThat(new RejectionReader(SECRET)
                        .read("{\"message\":\"" + message + "\"}")
                        .message())
                .isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sk-abc12345",
                "sk-ant-api03-AbC1dEf2GhI3jKl4-_x",
                "gsk_AbCdEf0123456789AbCdEf01",
                "Bearer abcDEF123456",
                "sk-proj-********************wxyz",
                "AIzaSyA1234567890abcdefghijklmnopqrstuv",
                "xai-AbCdEf0123456789"
            })
    void keysOfAnyProviderGo(String key) {
        assertThat(new RejectionReader(SECRET)
                        .read("{\"message\":\"bad: " + key + "!\"}")
                        .message())
                .isEqualTo("bad: [redacted]!");
    }

    @Test
    void isBoundedInDepthAndLength() {
        String deep = "{\"error\":" + "[".repeat(100_000);
        String large = "{\"error\":{\"message\":\"" + "a".repeat(100_000) + "\",\"code\":" + "9".repeat(100_000) + "}}";
        String wordy = "{\"error\":{\"message\":\"" + "a ".repeat(100_000) + "\"}}";

        String dense = "{\"message\":\"" + "a.".repeat(30_000) + "\"}";
        for (String body : List.of(deep, large, wordy, dense)) {
            assertThat(said(new RejectionReader(SECRET).read(body))).hasSizeLessThan(2_000);
        }
    }

    /** Most of a complaint is longer than is passed on, so that keys stand across the cut, too. */
    private static String complaint(Random random) {
        StringBuilder text = new StringBuilder("a ".repeat(random.nextInt(600)));
        for (int i = random.nextInt(4); i >= 0; i--) {
            text.append(AROUND.get(random.nextInt(AROUND.size())))
                    .append(random.nextBoolean() ? SECRET : " " + OTHERS)
                    .append(AROUND.get(random.nextInt(AROUND.size())));
        }
        return text.toString();
    }

    private static String said(UpstreamRejection rejection) {
        return String.join("\n", rejection.message(), rejection.type(), rejection.param(), rejection.code())
                + (rejection.details().isEmpty() ? "" : "\n" + rejection.details());
    }
}
