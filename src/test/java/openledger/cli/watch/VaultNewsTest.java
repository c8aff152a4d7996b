package openledger.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import openledger.audit.court.ChainTime;
import openledger.audit.court.FakeCourt;
import openledger.audit.court.Told;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import org.junit.jupiter.api.Test;

/** What a node that is behind, a reorganisation or a crowd can keep from an auditor. */
final class VaultNewsTest {
    private static final long LATEST = 1_000_000;

    private final FakeCourt court = new FakeCourt();
    private final VaultNews news = new VaultNews(court, FakeCourt.LANE, 0);
    private final List<Told> told = new ArrayList<>();

    private void read(long latest) {
        news.read(new ChainTime(latest, 1, latest - 100, latest - 600), told::add);
    }

    @Test
    void whatANodeThatIsBehindDidNotHaveIsToldLater() {
        read(LATEST);
        court.open(1, LATEST - 5, 9);
        read(LATEST + 1);
        assertThat(told).hasSize(1);
    }

    @Test
    void eachIsToldOnceAlthoughItIsReadAgain() {
        court.open(1, 10, 9);
        court.open(2, LATEST - 5, 9);
        for (int i = 0; i < 400; i += 10) {
            read(LATEST + i);
        }
        for (int i = 0; i < 2_000; i += 100) {
            read(LATEST + 400 + i);
        }
        assertThat(told).hasSize(2);
    }

    @Test
    void whatAReorganisationMovesIsToldAgain() {
        court.open(1, LATEST - 5, 9);
        read(LATEST);
        court.told.clear();
        court.open(1, LATEST + 3, 9);
        read(LATEST + 5);
        assertThat(told).hasSize(2);
    }

    @Test
    void moreThanANodeCanTellAtOnceIsReadInSmallerPieces() {
        for (int i = 0; i < 100; i++) {
            court.open(i, 500_000 + i, 9);
        }
        court.mostEvents = 10;
        for (int i = 0; i < 40; i++) {
            try {
                read(LATEST);
            } catch (LedgerUnavailable tooMuch) {
                assertThat(tooMuch).hasMessage("too much");
            }
        }
        assertThat(told).hasSize(100);
    }

    @Test
    void aNodeThatLiesAboutTheNewestBlockHidesNothingForGood() {
        read(LATEST);
        read(Long.MAX_VALUE / 2);
        court.open(1, LATEST + 50, 9);
        read(LATEST + 60);
        assertThat(told).hasSize(1);
    }

    @Test
    void whatNoNodeTellsIsAFailure() {
        court.open(1, 10, 9);
        court.mostEvents = 0;
        assertThatThrownBy(() -> read(LATEST)).isInstanceOf(LedgerUnavailable.class);
        court.mostEvents = 1;
        for (int i = 0; i < 50 && told.isEmpty(); i++) {
            read(LATEST);
        }
        assertThat(told).hasSize(1);
    }
}
