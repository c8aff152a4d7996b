package openledger.commitment.stake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import openledger.commitment.leaf.ProvableFault;
import org.junit.jupiter.api.Test;

final class VaultFaultTest {
    /** The contract's enum, whose numbers are what it tells. */
    @Test
    void faultsAreThoseOfTheContractInItsOrder() throws IOException {
        String source = Files.readString(Path.of("contracts/src/stake/Fault.sol"));
        String body = source.substring(source.indexOf('{') + 1, source.lastIndexOf('}'));
        List<String> names = Arrays.stream(body.split(",")).map(String::strip).toList();
        List<String> ours = Stream.concat(
                        Stream.of("NONE"), Arrays.stream(VaultFault.values()).map(VaultFault::name))
                .toList();
        assertThat(ours).isEqualTo(names);
        assertThat(Arrays.stream(VaultFault.values()).map(VaultFault::code))
                .containsExactlyElementsOf(
                        IntStream.range(1, names.size()).boxed().toList());
    }

    @Test
    void whatLeavesProveIsNamedAsThere() {
        assertThat(ProvableFault.values())
                .allSatisfy(proved -> assertThat(VaultFault.of(proved.code())).hasValueSatisfying(fault -> {
                    assertThat(fault.name()).isEqualTo(proved.name());
                    assertThat(fault.sentence()).isEqualTo(proved.sentence());
                }));
    }

    @Test
    void noCodeOfNothingIsAFault() {
        assertThat(VaultFault.of(0)).isEmpty();
        assertThat(VaultFault.of(VaultFault.values().length + 1)).isEmpty();
    }
}
