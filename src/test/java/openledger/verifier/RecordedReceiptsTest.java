package openledger.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import openledger.support.RecordedChain;
import openledger.support.RecordedVerdicts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The verifier as a program of its own: the words and codes of the command, of receipts that a real router and chain made. */
final class RecordedReceiptsTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void eachReceiptGetsTheWordsAndTheCodeOfTheCommand() throws IOException {
        try (RecordedChain chain = new RecordedChain()) {
            assertThat(new RecordedVerdicts(chain, folder, VerifyMain::run).check())
                    .isGreaterThan(50);
        }
    }

    @Test
    void aNodeWithoutBatchesIsAskedOneByOne() throws IOException {
        try (RecordedChain chain = new RecordedChain()) {
            chain.refusesBatches = true;
            Path file = RecordedChain.file(folder, chain.genuine("signed"));
            StringWriter out = new StringWriter();
            List<String> options = new java.util.ArrayList<>(chain.options());
            options.add(file.toString());

            assertThat(VerifyMain.run(options.toArray(String[]::new), new PrintWriter(out), new PrintWriter(out)))
                    .as("%s", out)
                    .isZero();
        }
    }

    /** A node that lies in any form leaves checks open; it never ends the verifier. */
    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}", "7", "no JSON", "{\"id\":1,\"result\":null}", "[{\"id\":0,\"result\":7}]"})
    void whatANodeSaysIsNeverAFailure(String answer) throws IOException {
        try (RecordedChain chain = new RecordedChain()) {
            chain.always = answer;
            Path file = RecordedChain.file(folder, chain.genuine("signed"));
            StringWriter out = new StringWriter();
            List<String> options = new java.util.ArrayList<>(chain.options());
            options.add(file.toString());

            assertThat(VerifyMain.run(options.toArray(String[]::new), new PrintWriter(out), new PrintWriter(out)))
                    .isEqualTo(2);
            assertThat(out.toString()).contains("NOT CHECKED");
        }
    }

    @Test
    void wrongUsageIsExplained() {
        StringWriter err = new StringWriter();
        for (String[] wrong : List.of(
                new String[] {},
                new String[] {"--surprise", "x"},
                new String[] {"--lane", "x", "receipt.json"},
                new String[] {"--rpc", "ftp://x", "receipt.json"},
                new String[] {"--any-lane", "--lane", "1", "receipt.json"})) {
            assertThat(VerifyMain.run(wrong, new PrintWriter(new StringWriter()), new PrintWriter(err)))
                    .isEqualTo(2);
        }
        assertThat(err.toString()).contains("A receipt is missing.", "--surprise", "cannot be combined", "Usage:");
    }
}
