package openledger.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import openledger.cluster.ClosureNews.Closed;
import openledger.cluster.ClosureNews.Ours;
import openledger.cluster.ClosureNews.Unknown;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClosureNewsTest {
    private static final long MILLI = 1_000_000;
    private static final TargetKey TARGET = TargetKey.of("north", URI.create("https://north.example/v1"), "large");

    private final ClosureNews news = new ClosureNews("00000000000000aa");
    private final ClosureNews others = new ClosureNews("00000000000000bb");

    @Test
    void aClosureIsReadByOthersAsItWasTold() {
        String said = news.tell(TARGET, Duration.ofSeconds(30), 0).orElseThrow();

        assertThat(others.read(said)).isEqualTo(new Closed(TARGET, Duration.ofSeconds(30)));
        assertThat(news.read(said)).isEqualTo(new Ours());
    }

    @Test
    void aTargetIsTheSameWhateverItIsCalled() {
        assertThat(TargetKey.of("north", URI.create("https://north.example/v1/"), "large"))
                .isEqualTo(TARGET);
        assertThat(TargetKey.of("north", URI.create("https://north.example/v1"), "small"))
                .isNotEqualTo(TARGET);
        assertThat(TargetKey.of("north-spare", URI.create("https://north.example/v1"), "large"))
                .isNotEqualTo(TARGET);
        assertThat(TargetKey.of("north", URI.create("https://south.example/v1"), "large"))
                .isNotEqualTo(TARGET);
    }

    @Test
    void whatIsShortOrWasToldAlreadyIsNotToldAndNothingTenTimesASecond() {
        assertThat(news.tell(TARGET, Duration.ofMillis(199), 0)).isEmpty();
        assertThat(news.tell(TARGET, Duration.ofSeconds(1), 0)).isPresent();
        // Another call of the same moment was refused alike.
        assertThat(news.tell(TARGET, Duration.ofSeconds(1), 50 * MILLI)).isEmpty();
        assertThat(news.tell(TARGET, Duration.ofSeconds(9), 99 * MILLI)).isEmpty();
        assertThat(news.tell(TARGET, Duration.ofMillis(800), 200 * MILLI)).isEmpty();
        assertThat(news.tell(TARGET, Duration.ofSeconds(9), 300 * MILLI)).isPresent();
    }

    @Test
    void noClosureIsLongerThanADay() {
        String said = news.tell(TARGET, Duration.ofDays(1_000), 0).orElseThrow();

        assertThat(others.read(said)).isEqualTo(new Closed(TARGET, Duration.ofDays(1)));
    }

    @Test
    void moreTargetsThanAPolicyHasAreNotToldOf() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(news.tell(TargetKey.of("north", URI.create("https://x"), "m" + i), Duration.ofSeconds(1), 0))
                    .isPresent();
        }

        assertThat(news.tell(TARGET, Duration.ofSeconds(1), 0)).isEqualTo(Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "closed",
                "closed 0123456789abcdef0123456789abcdef 0 00000000000000bb",
                "closed 0123456789abcdef0123456789abcdef 150 00000000000000bb",
                "closed 0123456789abcdef0123456789abcdef 86400001 00000000000000bb",
                "closed 0123456789abcdef0123456789abcdef 99999999999999999999 00000000000000bb",
                "closed 0123456789abcdef0123456789abcdef -500 00000000000000bb",
                "closed 0123456789ABCDEF0123456789abcdef 500 00000000000000bb",
                "closed 0123456789abcdef0123456789abcdef 500 bb",
                "closed 0123456789abcdef0123456789abcdef 500 00000000000000bb\n",
                "opened 0123456789abcdef0123456789abcdef 500 00000000000000bb"
            })
    void whatNoRouterSaysIsPassedOver(String said) {
        assertThat(news.read(said)).isEqualTo(new Unknown());
    }
}
