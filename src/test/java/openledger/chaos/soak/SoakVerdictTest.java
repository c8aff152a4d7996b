package openledger.chaos.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import openledger.support.ProcessFigures;
import org.junit.jupiter.api.Test;

final class SoakVerdictTest {
    @Test
    void anEvenSoakIsFine() {
        assertThat(SoakVerdict.of(samples(i -> sample(100_000_000, 40, 300, 0))))
                .isEmpty();
    }

    @Test
    void growthWhileItWarmsUpIsFine() {
        assertThat(SoakVerdict.of(samples(i -> sample(20_000_000L * Math.min(i, 6), 5 * Math.min(i, 6), 300, 0))))
                .isEmpty();
    }

    @Test
    void heapThatGrowsIsNamed() {
        assertThat(SoakVerdict.of(samples(i -> sample(100_000_000 + 2_000_000L * i, 40, 300, 0))))
                .containsExactly("heap after collection grew by 14.0 MB");
    }

    @Test
    void heapThatGrowsByLittleIsFine() {
        assertThat(SoakVerdict.of(samples(i -> sample(50_000_000 + 500_000L * i, 40, 300, 0))))
                .isEmpty();
    }

    @Test
    void threadsAndDescriptorsThatGrowAreNamed() {
        assertThat(SoakVerdict.of(samples(i -> sample(100_000_000, 40 + i, 300 + 10 * i, 0))))
                .containsExactly("threads grew by 7.0", "descriptors grew by 70.0");
    }

    @Test
    void manyFailuresAreNamed() {
        assertThat(SoakVerdict.of(samples(i -> sample(100_000_000, 40, 300, 20))))
                .containsExactly("420 requests failed");
    }

    @Test
    void aSoakWithoutThirdsProvesNothing() {
        assertThat(SoakVerdict.of(List.of(sample(1, 1, 1, 0)))).hasSize(1);
    }

    private static List<SoakSample> samples(IntFunction<SoakSample> each) {
        return IntStream.range(0, 21).mapToObj(each).toList();
    }

    private static SoakSample sample(long heap, int threads, int descriptors, long failures) {
        return new SoakSample(0, heap, new ProcessFigures(0, threads, descriptors), 1, 1_000, failures);
    }
}
