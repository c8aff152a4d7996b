package openledger.unit;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EtherTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 ETH",
        "1, 0.000000000000000001 ETH",
        "168412000000123, 0.000168412000000123 ETH",
        "500000000000000, 0.0005 ETH",
        "1000000000000000000, 1 ETH",
        "100000000000000000000, 100 ETH",
    })
    void everyAmountIsInEtherToItsLastDigit(BigInteger wei, String shown) {
        assertThat(Ether.text(wei)).isEqualTo(shown);
        assertThat(Ether.parse(Ether.digits(wei))).contains(new Wei(wei));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e18", "-1", "+1", ".5", "5.", "0.0000000000000000001", "1 ETH"})
    void whatIsNoAmountIsNotRead(String text) {
        assertThat(Ether.parse(text)).isEmpty();
    }
}
