package openledger.settlement.cut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class EndedRequestsTest {
    @Test
    void isCompleteUpToTheFirstThatIsOpenWhateverTheOrder() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<Long> counters =
                    new ArrayList<>(LongStream.rangeClosed(1, 60).boxed().toList());
            Collections.shuffle(counters, random);
            EndedRequests ended = EndedRequests.NONE;
            Set<Long> told = new TreeSet<>();
            for (int from = 0; from < counters.size(); from += 7) {
                List<Long> some = counters.subList(from, Math.min(counters.size(), from + 7));
                long before = ended.completeThrough();
                ended = ended.with(some);
                told.addAll(some);
                long complete = 0;
                while (told.contains(complete + 1)) {
                    complete++;
                }
                assertThat(ended.completeThrough()).isEqualTo(complete).isGreaterThanOrEqualTo(before);
                assertThat(EndedRequests.read(ended.bytes())).isEqualTo(ended);
            }
            assertThat(ended.completeThrough()).isEqualTo(60);
        }
    }

    @Test
    void nobodyEndsTwice() {
        EndedRequests ended = EndedRequests.NONE.with(List.of(1L, 2L, 5L));

        assertThatThrownBy(() -> ended.with(List.of(2L))).hasMessageContaining("request 2 has ended twice");
        assertThatThrownBy(() -> ended.with(List.of(5L))).hasMessageContaining("request 5");
        assertThatThrownBy(() -> ended.with(List.of(3L, 3L))).hasMessageContaining("request 3");
        assertThat(ended.completeThrough()).isEqualTo(2);
    }
}
