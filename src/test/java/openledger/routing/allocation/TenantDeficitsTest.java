package openledger.routing.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import openledger.unit.TenantTag;
import org.junit.jupiter.api.Test;

final class TenantDeficitsTest {
    private static final TenantTag ONE = TenantTag.of(new byte[TenantTag.BYTES]);
    private static final TenantTag OTHER = TenantTag.of(new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});

    private final TenantDeficits deficits = new TenantDeficits(3);

    @Test
    void countsEachTenantsGrants() {
        deficits.charge(ONE);
        deficits.charge(ONE);
        deficits.charge(OTHER);

        assertThat(deficits.of(ONE)).isEqualTo(2);
        assertThat(deficits.of(OTHER)).isEqualTo(1);
    }

    @Test
    void halvesThemAtRegularIntervals() {
        for (int i = 0; i < 5; i++) {
            deficits.charge(ONE);
        }

        pass(2);
        assertThat(deficits.of(ONE)).isEqualTo(5);
        pass(1);
        assertThat(deficits.of(ONE)).isEqualTo(2);
        pass(3);
        assertThat(deficits.of(ONE)).isEqualTo(1);
        pass(3);
        assertThat(deficits.of(ONE)).isZero();
    }

    private void pass(int epochs) {
        for (int i = 0; i < epochs; i++) {
            deficits.epochPassed();
        }
    }
}
