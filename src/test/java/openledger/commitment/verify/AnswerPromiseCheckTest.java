package openledger.commitment.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import openledger.commitment.LeafPromise;
import openledger.commitment.leaf.RequestDigest;
import openledger.commitment.verify.AnswerPromiseCheck.Headers;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.unit.Address;
import openledger.unit.LaneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The promises of a real router, and changed ones. */
final class AnswerPromiseCheckTest {
    private final JsonNode recorded;
    private final JsonNode first;
    private final String header;
    private final PromiseHeader promise;
    private final Pins pins;

    AnswerPromiseCheckTest() throws IOException {
        recorded = new ObjectMapper()
                .readTree(Path.of("clients/vectors/receipts.json").toFile());
        first = recorded.get("promises").get(0);
        header = first.get("header").asText();
        promise = PromiseHeader.parse(header);
        pins = Pins.ofLane(new LaneId(recorded.get("lane").asLong()));
    }

    @Test
    void aPromiseIsAboutTheBodyThatWasSent() {
        for (JsonNode one : recorded.get("promises")) {
            PromiseHeader kept = PromiseHeader.parse(one.get("header").asText());
            AnswerPromiseCheck check = AnswerPromiseCheck.of(
                    headers(one.get("header").asText()),
                    digest(one),
                    pins,
                    signed -> Optional.of(signed.signer()),
                    kept.promise().signedAt());

            assertThat(check.finding()).isInstanceOf(Finding.Passed.class);
            assertThat(check.signer()).isPresent();
        }
    }

    @Test
    void whoSignedIsNotKnownWithoutASigner() {
        AnswerPromiseCheck check = check(header, pins, Optional.empty());

        assertThat(words(check))
                .startsWith("UNCHECKED The promise was signed by 0x")
                .contains("name the signer");
    }

    @Test
    void whatIsMissingIsNoPromise() {
        AnswerPromiseCheck none = AnswerPromiseCheck.of(
                new Headers(Optional.empty(), Optional.empty()), digest(first), pins, signed -> Optional.empty(), 0);

        assertThat(words(none)).isEqualTo("UNCHECKED The answer has no promise.");
        assertThat(words(check("none", pins, Optional.empty())))
                .isEqualTo("UNCHECKED The router could not sign a promise in time.");
    }

    @Test
    void aPromiseOfSomethingElseFails() {
        Optional<Address> other = Optional.of(Address.parse("0x" + "12".repeat(20)));
        assertThat(words(check(header, pins, other))).contains("as expected").startsWith("FAILED");
        assertThat(words(check(header, Pins.ofLane(new LaneId(5)), Optional.empty())))
                .startsWith("FAILED The promise is of lane");
        Pins chain = new Pins(
                OptionalLong.of(promise.chainId()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Pins.OtherLanes.ALLOWED);
        assertThat(words(check(header.replace("chain_id=", "chain_id=1"), chain, Optional.empty())))
                .startsWith("FAILED The promise is for registry");
        AnswerPromiseCheck body = AnswerPromiseCheck.of(
                headers(header),
                new byte[32],
                pins,
                signed -> Optional.empty(),
                promise.promise().signedAt());
        assertThat(words(body)).startsWith("FAILED The promise is about another request or another body");
        AnswerPromiseCheck answer = AnswerPromiseCheck.of(
                new Headers(Optional.of(header), Optional.of("\u001bno")),
                digest(first),
                pins,
                signed -> Optional.empty(),
                promise.promise().signedAt());
        assertThat(words(answer)).contains("but the answer is of request ?no");
        AnswerPromiseCheck late = AnswerPromiseCheck.of(
                headers(header),
                digest(first),
                pins,
                signed -> Optional.empty(),
                promise.promise().anchorBy() - 2 * LeafPromise.LONGEST);
        assertThat(words(late)).contains("more than an hour from now");
    }

    /** It may be an old one, of an equal body. */
    @Test
    void aPromiseThatWasDueLongAgoFails() {
        long due = promise.promise().anchorBy();
        for (long second : new long[] {300, 301}) {
            AnswerPromiseCheck check = AnswerPromiseCheck.of(
                    headers(header), digest(first), pins, signed -> Optional.of(signed.signer()), due + second);
            assertThat(words(check))
                    .startsWith(
                            second == 300
                                    ? "PASSED "
                                    : "FAILED The promise was due by " + due + ", more than five minutes ago.");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "lane=1",
                "lane=1, lane=1",
                "surprise=1",
                "lane=99999999999999999999",
                "lane=-1",
                "lane=\"1\"",
                "lane=1, lane=\"1\"",
                ",",
                "signature=\"0x\u0000\""
            })
    void whatIsNoDictionaryOfAPromiseIsRefused(String text) {
        assertThat(words(check(text, pins, Optional.empty()))).startsWith("FAILED The promise cannot be read: ");
        assertThat(words(check(header + ", " + text, pins, Optional.empty())))
                .startsWith("FAILED The promise cannot be read: ");
    }

    @Test
    void anyChangeOfACharacterIsNoticed() {
        for (int i = 0; i < header.length(); i++) {
            char c = header.charAt(i);
            String changed = header.substring(0, i) + (c == '1' ? '2' : '1') + header.substring(i + 1);
            AnswerPromiseCheck check = check(changed, pins, checked(header));
            assertThat(check.finding()).as(changed).isInstanceOf(Finding.Failed.class);
        }
    }

    private Optional<Address> checked(String text) {
        return check(text, pins, Optional.empty()).signer();
    }

    private AnswerPromiseCheck check(String text, Pins wanted, Optional<Address> signer) {
        return AnswerPromiseCheck.of(
                headers(text),
                digest(first),
                wanted,
                signed -> signer,
                promise.promise().signedAt());
    }

    private static Headers headers(String promise) {
        return new Headers(Optional.of(promise), Optional.empty());
    }

    private static byte[] digest(JsonNode promise) {
        return RequestDigest.of(
                promise.get("body").asText().getBytes(StandardCharsets.UTF_8),
                promise.get("nonce").asText());
    }

    private static String words(AnswerPromiseCheck check) {
        return switch (check.finding()) {
            case Finding.Passed(var what) -> "PASSED " + what;
            case Finding.Failed(var why) -> "FAILED " + why;
            case Finding.Unchecked(var why) -> "UNCHECKED " + why;
            case Finding.Misroute(var why) -> "MISROUTE " + why;
            case Finding.Skipped(var why) -> "SKIPPED " + why;
        };
    }
}
