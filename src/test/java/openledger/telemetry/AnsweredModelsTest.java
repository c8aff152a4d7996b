package openledger.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import openledger.inference.record.AttemptDetail;
import openledger.inference.record.AttemptRecord;
import openledger.inference.upstream.ConnectionFault;
import openledger.routing.SlotBounds;
import openledger.routing.Target;
import openledger.routing.Trigger;
import openledger.unit.TargetId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What providers say that they serve. */
final class AnsweredModelsTest {
    @ParameterizedTest
    @CsvSource({
        "gpt-5, gpt-5-2025-08-07, false",
        "gpt-5, GPT-5, false",
        "gpt-oss-120b, openai/gpt-oss-120b, false",
        "claude-sonnet-4-5, claude-sonnet-4-5-20250929, false",
        "claude-sonnet-latest, claude-sonnet, false",
        "gemini-2.5-pro, models/gemini-2.5-pro, false",
        "gpt-5, '', false",
        "gpt-5, gpt-5-mini, true",
        "gpt-5, gpt-4o, true",
        "gpt-5-mini, gpt-5, true",
        "llama-3.1-70b, llama-3.1-8b, true",
    })
    void anotherModelIsASubstitute(String asked, String said, boolean expected) {
        assertThat(AnsweredModels.isSubstitute(target(asked), answered(said))).isEqualTo(expected);
    }

    @Test
    void aProviderDoesNotMakeAsManyValuesAsItLikes() {
        AnsweredModels models = new AnsweredModels();
        Target target = target("m");
        for (int i = 0; i < AnsweredModels.MOST_A_TARGET; i++) {
            assertThat(models.of(target, answered("m-" + i))).isEqualTo("m-" + i);
        }

        assertThat(models.of(target, answered("one-more"))).isEqualTo(AnsweredModels.OTHER);
        assertThat(models.of(target, answered("m-0"))).isEqualTo("m-0");
        assertThat(models.of(target, answered(""))).isEqualTo("m");
    }

    private static Target target(String model) {
        return new Target(new TargetId(1), "p", model, 1, new SlotBounds(1, 1, 1));
    }

    private static AttemptRecord answered(String model) {
        return new AttemptRecord(1, 0, 1, Trigger.NONE, 200, 0, 1, "")
                .with(new AttemptDetail(ConnectionFault.NONE, false, model, Optional.empty(), List.of()));
    }
}
