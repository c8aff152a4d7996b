package openledger.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import openledger.unit.LaneId;
import org.junit.jupiter.api.Test;

/** What routers prove to each other, and to strangers do not. */
final class HopSealTest {
    private static final byte[] SECRET = "a secret of thirty-two bytes, ok".getBytes(StandardCharsets.US_ASCII);
    private static final String PATH = "/v1/chat/completions";
    private static final List<Map.Entry<String, String>> HEADERS = List.of(
            Map.entry("Authorization", "Bearer sk-test"), Map.entry("idempotency-key", "k"), Map.entry("host", "x"));
    private final HopSeal seal = new HopSeal(SECRET, "eu");

    @Test
    void whatWasSealedIsOursInWhateverOrderAndCaseItComes() {
        HopFields fields = seal.sealed(fields(5, "0"), "POST", PATH, HEADERS);

        assertThat(HopFields.read(fields.text())).contains(fields);
        assertThat(seal.isOurs(fields, "POST", PATH, HEADERS)).isTrue();
        List<Map.Entry<String, String>> otherwise = List.of(
                Map.entry("IDEMPOTENCY-KEY", "k"),
                Map.entry("authorization", "Bearer sk-test"),
                Map.entry("content-length", "7"),
                Map.entry("connection", "keep-alive"));
        assertThat(seal.isOurs(fields, "POST", PATH, otherwise)).isTrue();
    }

    @Test
    void whatIsSaidOfPoliciesIsNoRequestAndNoRequestIsSaidOfPolicies() {
        HopFields request = seal.sealed(fields(5, "0"), "POST", PATH, HEADERS);
        HopFields message = seal.forPolicies().sealed(fields(5, "0"), "POST", PATH, HEADERS);

        assertThat(seal.isOurs(message, "POST", PATH, HEADERS)).isFalse();
        assertThat(seal.forPolicies().isOurs(request, "POST", PATH, HEADERS)).isFalse();
        assertThat(seal.forPolicies().isOurs(message, "POST", PATH, HEADERS)).isTrue();
        assertThat(seal.isAnswered(seal.forPolicies().answered(message, 200, HEADERS), message, 200, HEADERS))
                .isFalse();
    }

    @Test
    void nothingThatWasChangedIsOurs() {
        HopFields fields = seal.sealed(fields(5, "0"), "POST", PATH, HEADERS);

        assertThat(seal.isOurs(fields, "GET", PATH, HEADERS)).isFalse();
        assertThat(seal.isOurs(fields, "POST", "/v1/embeddings", HEADERS)).isFalse();
        for (int i = 0; i < 2; i++) {
            List<Map.Entry<String, String>> changed = new ArrayList<>(HEADERS);
            changed.set(i, Map.entry(HEADERS.get(i).getKey(), "other"));
            assertThat(seal.isOurs(fields, "POST", PATH, changed)).isFalse();
            changed.remove(i);
            assertThat(seal.isOurs(fields, "POST", PATH, changed)).isFalse();
        }
        List<Map.Entry<String, String>> more = new ArrayList<>(HEADERS);
        more.add(Map.entry("x-api-key", "sk-other"));
        assertThat(seal.isOurs(fields, "POST", PATH, more)).isFalse();
        assertThat(new HopSeal(SECRET, "us").isOurs(fields, "POST", PATH, HEADERS))
                .isFalse();
        byte[] other = SECRET.clone();
        other[0]++;
        assertThat(new HopSeal(other, "eu").isOurs(fields, "POST", PATH, HEADERS))
                .isFalse();
        String text = fields.text();
        for (int i = 0; i < text.length(); i++) {
            String changed = text.substring(0, i) + (text.charAt(i) == '1' ? '2' : '1') + text.substring(i + 1);
            assertThat(HopFields.read(changed).filter(read -> seal.isOurs(read, "POST", PATH, HEADERS)))
                    .as(changed)
                    .isEmpty();
        }
    }

    @Test
    void anAnswerIsProvedForItsRequestOnly() {
        HopFields fields = seal.sealed(fields(5, "0"), "POST", PATH, HEADERS);
        HopFields next = seal.sealed(fields(5, "1"), "POST", PATH, HEADERS);
        List<Map.Entry<String, String>> answer = List.of(Map.entry("content-type", "text/event-stream"));
        String proof = seal.answered(fields, 200, answer);

        assertThat(seal.isAnswered(proof, fields, 200, answer)).isTrue();
        assertThat(seal.isAnswered(proof, next, 200, answer)).isFalse();
        assertThat(seal.isAnswered(proof, fields, 421, answer)).isFalse();
        assertThat(seal.isAnswered(proof, fields, 200, List.of())).isFalse();
        assertThat(seal.isAnswered(fields.proof(), fields, 200, answer)).isFalse();
        assertThat(seal.isAnswered("", fields, 200, answer)).isFalse();
        assertThat(seal.isAnswered("ü", fields, 200, answer)).isFalse();
    }

    @Test
    void garbageIsReadAsNothing() {
        Random random = new Random(1);
        String good = seal.sealed(fields(5, "0"), "POST", PATH, HEADERS).text();
        assertThat(HopFields.read("")).isEmpty();
        assertThat(HopFields.read(good + " ")).isEmpty();
        assertThat(HopFields.read(good.repeat(1_000))).isEmpty();
        assertThat(HopFields.read(good.replace("lane=3", "lane=0"))).isEmpty();
        assertThat(HopFields.read(good.replace("lane=3", "lane=99999999999999999999")))
                .isEmpty();
        assertThat(HopFields.read(good.replace("time=5", "time=-5"))).isEmpty();
        for (int i = 0; i < 10_000; i++) {
            char[] changed = good.toCharArray();
            for (int n = random.nextInt(1, 5); n > 0; n--) {
                changed[random.nextInt(changed.length)] = (char) random.nextInt(0x20, 0x180);
            }
            HopFields.read(new String(changed))
                    .ifPresent(read -> assertThat(read.text()).isEqualTo(new String(changed)));
        }
        assertThatThrownBy(() -> new HopSeal(new byte[31], "eu")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void eachRequestIsTakenOnceAndOnlyInItsTime() {
        SeenHops seen = new SeenHops(1_000);
        long now = 1_000_000;
        long skew = SeenHops.LONGEST_SKEW.toMillis();

        assertThat(seen.look(fields(now, "a"), now)).isEqualTo(SeenHops.Verdict.FRESH);
        assertThat(seen.look(fields(now, "a"), now)).isEqualTo(SeenHops.Verdict.AGAIN);
        assertThat(seen.look(fields(now, "b"), now)).isEqualTo(SeenHops.Verdict.FRESH);
        assertThat(seen.look(fields(now - skew - 1, "c"), now)).isEqualTo(SeenHops.Verdict.STALE);
        assertThat(seen.look(fields(now + skew + 1, "c"), now)).isEqualTo(SeenHops.Verdict.STALE);
        // The latest moment at which one may come again.
        for (long later = now; later <= now + skew; later += 100) {
            assertThat(seen.look(fields(now, "a"), later)).isEqualTo(SeenHops.Verdict.AGAIN);
        }
        assertThat(seen.look(fields(now, "a"), now + skew + 1)).isEqualTo(SeenHops.Verdict.STALE);
    }

    @Test
    void nothingIsForgottenWhileItCouldComeAgainAndMemoryIsBounded() {
        SeenHops seen = new SeenHops(10_000);
        Random random = new Random(2);
        long now = 1_000_000;
        List<HopFields> taken = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            now += random.nextInt(20);
            HopFields fresh = fields(now + random.nextLong(-15_000, 15_001), Integer.toHexString(i));
            assertThat(seen.look(fresh, now)).isEqualTo(SeenHops.Verdict.FRESH);
            taken.add(fresh);
            HopFields again = taken.get(random.nextInt(taken.size()));
            assertThat(seen.look(again, now)).isIn(SeenHops.Verdict.AGAIN, SeenHops.Verdict.STALE);
        }
        SeenHops small = new SeenHops(2);
        assertThat(small.look(fields(now, "a"), now)).isEqualTo(SeenHops.Verdict.FRESH);
        assertThat(small.look(fields(now, "b"), now)).isEqualTo(SeenHops.Verdict.FRESH);
        assertThat(small.look(fields(now, "c"), now)).isEqualTo(SeenHops.Verdict.FULL);
        assertThat(small.look(fields(now, "a"), now)).isEqualTo(SeenHops.Verdict.AGAIN);
    }

    private static HopFields fields(long time, String nonce) {
        String whole = "0".repeat(32 - nonce.length()) + nonce;
        return new HopFields(7, new LaneId(3), 2, time, whole, HopSeal.digest(new byte[0]), "0".repeat(64));
    }
}
