package openledger.lab.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class EventQueueTest {
    private record Entry(double millis, int event) {}

    @Test
    void eventsComeByTheirMomentsAndThoseOfOneMomentAsTheyWereEntered() {
        for (long seed = 0; seed < 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            EventQueue calendar = new EventQueue();
            List<Entry> entered = new ArrayList<>();
            for (int event = 0; event < 3_000; event++) {
                double millis = random.nextInt(500);
                entered.add(new Entry(millis, event));
                calendar.at(millis, event);
            }
            entered.sort(Comparator.comparingDouble(Entry::millis));

            for (Entry next : entered) {
                assertThat(calendar.next()).isEqualTo(next.millis);
                assertThat(calendar.take()).isEqualTo(next.event);
                assertThat(calendar.now()).isEqualTo(next.millis);
            }
            assertThat(calendar.next()).isInfinite();
        }
    }

    @Test
    void whatIsEnteredForThePastHappensNow() {
        EventQueue calendar = new EventQueue();
        calendar.at(10, 1);
        calendar.take();

        calendar.at(3, 2);

        assertThat(calendar.next()).isEqualTo(10);
    }
}
