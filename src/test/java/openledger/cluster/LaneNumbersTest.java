package openledger.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import openledger.unit.LaneNumbers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LaneNumbersTest {
    @Test
    void numbersAndRangesAreInOrder() {
        assertThat(LaneNumbers.parse("1-3").numbers()).containsExactly(1L, 2L, 3L);
        assertThat(LaneNumbers.parse(" 7, 2 - 3 ").numbers()).containsExactly(2L, 3L, 7L);
        assertThat(LaneNumbers.parse("5").numbers()).containsExactly(5L);
        assertThat(LaneNumbers.parse("5").isShared()).isFalse();
        assertThat(LaneNumbers.parse("1-256").numbers()).hasSize(LaneNumbers.MOST);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "'';numbers and ranges",
                "1-;numbers and ranges",
                "a-b;numbers and ranges",
                "1,,2;numbers and ranges",
                "-3;numbers and ranges",
                "99999999999999999999;numbers and ranges",
                "0-3;positive",
                "3-1;smaller number",
                "1-257;1 to 256",
                "1-999999999999;1 to 256",
                "1-200,301-400;1 to 256",
                "1-3,3;has 3 twice",
            })
    void whatIsNoPoolIsRefusedWithTheReason(String text, String reason) {
        assertThatThrownBy(() -> LaneNumbers.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }
}
