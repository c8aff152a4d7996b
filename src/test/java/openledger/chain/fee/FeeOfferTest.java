package openledger.chain.fee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import openledger.chain.FeeSettings;
import openledger.chain.rpc.NodeAnswers.FeeHistory;
import openledger.settlement.ledger.Ledger.Fees;
import openledger.unit.Wei;
import org.junit.jupiter.api.Test;

final class FeeOfferTest {
    private static final FeeSettings SETTINGS = new FeeSettings(Wei.of(1_000), Wei.of(10), 100, Wei.ZERO);

    @Test
    void theNextBaseFeeIsDoubledAndTheMedianTipAdded() {
        assertThat(offer(List.of("0x1", "0x2", "0x64"), List.of(List.of("0x14"), List.of("0x0"), List.of("0x28"))))
                .isEqualTo(new Fees(Wei.of(240), Wei.of(40)));
    }

    @Test
    void theLeastTipIsOfferedWhereNobodyPays() {
        assertThat(offer(List.of("0x64"), List.of(List.of("0x0")))).isEqualTo(new Fees(Wei.of(210), Wei.of(10)));
        assertThat(FeeOffer.of(new FeeHistory(List.of("0x64"), null), SETTINGS).priorityFee())
                .isEqualTo(Wei.of(10));
    }

    @Test
    void nothingIsEverAboveTheCap() {
        String huge = "0x" + "f".repeat(64);

        assertThat(offer(List.of(huge), List.of(List.of(huge)))).isEqualTo(new Fees(Wei.of(1_000), Wei.of(1_000)));
    }

    @Test
    void whatIsNoFeeIsMalformed() {
        assertThatThrownBy(() -> offer(List.of(), List.of())).hasMessageContaining("baseFeePerGas");
        assertThatThrownBy(() -> offer(List.of("100"), List.of())).hasMessageContaining("baseFeePerGas");
        assertThatThrownBy(() -> offer(List.of("0x1"), List.of(List.of("-0x1"))))
                .hasMessageContaining("reward");
    }

    private static Fees offer(List<String> bases, List<List<String>> rewards) {
        return FeeOffer.of(new FeeHistory(List.copyOf(bases), List.copyOf(rewards)), SETTINGS);
    }
}
