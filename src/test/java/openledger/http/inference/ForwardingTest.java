package openledger.http.inference;

import static org.assertj.core.api.Assertions.assertThat;

import openledger.cluster.HopOutcome;
import openledger.http.problem.ProblemType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ForwardingTest {
    /** Only where it is known that nothing was begun, a client is told so. */
    @ParameterizedTest
    @CsvSource({
        "NOT_OWNER, OWNER_UNREACHABLE",
        "NOBODY, OWNER_UNREACHABLE",
        "UNREACHABLE, OWNER_UNREACHABLE",
        "STRANGER, OWNER_REFUSED",
        "REFUSED, OWNER_REFUSED",
        "LOST, OWNER_LOST",
        "UNPROVED, OWNER_LOST",
    })
    void aClientIsToldWhatBecameOfItsHop(HopOutcome why, ProblemType problem) {
        assertThat(Forwarding.problem(why)).isEqualTo(problem);
    }
}
