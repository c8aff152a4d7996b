package openledger.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChainStateTest {
    @TempDir
    Path folder;

    @Test
    void noFileIsAChainThatBegins() throws IOException {
        assertThat(ChainState.in(folder).isWhole()).isTrue();
        assertThat(ChainState.in(folder).setAsideIfBroken()).isEmpty();
    }

    @Test
    void aWholeFileStaysWhereItIs() throws IOException {
        ChainState state = written("{\"block\":{\"number\":\"0x1\"},\"accounts\":{\"0xf3\":\"0x00\"}}");
        assertThat(state.isWhole()).isTrue();
        assertThat(state.setAsideIfBroken()).isEmpty();
        assertThat(state.file()).exists();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"block\":{\"number\":\"0x1\"}",
                "{\"block\":{\"number\":\"0x",
                "{\"block\":tru",
                "[]",
                "\"0x1\"",
                "null",
                "\0\0\0\0"
            })
    void halfAFileIsMovedAside(String half) throws IOException {
        ChainState state = written(half);
        assertThat(state.isWhole()).isFalse();
        assertThat(state.setAsideIfBroken())
                .hasValueSatisfying(aside ->
                        assertThat(aside).hasFileName("chain.broken.json").hasContent(half));
        assertThat(state.file()).doesNotExist();
    }

    private ChainState written(String said) throws IOException {
        ChainState state = ChainState.in(folder);
        Files.writeString(state.file(), said);
        return state;
    }
}
