package openledger.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import openledger.inference.upstream.AnswerForm;
import openledger.provider.dialect.DialectAdapter;
import openledger.routing.Dialect;
import openledger.routing.Operation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every dialect that the configuration can name. */
final class DialectsTest {
    @ParameterizedTest
    @EnumSource
    void offersAPathForItsOperationsAndForNoOthers(Dialect dialect) {
        DialectAdapter adapter = Dialects.of(dialect);

        assertThat(adapter.dialect()).isEqualTo(dialect);
        for (AnswerForm form : AnswerForm.values()) {
            assertThat(dialect.operations())
                    .allSatisfy(operation ->
                            assertThat(adapter.path(operation, form, "m")).startsWith("/"));
            assertThat(EnumSet.complementOf(EnumSet.copyOf(dialect.operations())))
                    .allSatisfy(operation -> assertThatThrownBy(() -> adapter.path(operation, form, "m"))
                            .isInstanceOf(IllegalArgumentException.class));
        }
    }

    @ParameterizedTest
    @EnumSource
    void sendsTheSecretInOneHeaderAndNoneWithoutASecret(Dialect dialect) {
        DialectAdapter adapter = Dialects.of(dialect);

        assertThat(adapter.headers("top-secret").values())
                .filteredOn(value -> value.contains("top-secret"))
                .hasSize(1);
        assertThat(adapter.headers("")).hasSize(adapter.headers("top-secret").size() - 1);
    }

    @ParameterizedTest
    @EnumSource
    void translatesNothingThatItDoesNotOffer(Dialect dialect) {
        for (Operation operation : Operation.values()) {
            assertThat(Dialects.of(dialect).translator(operation).isEmpty()
                            || dialect.operations().contains(operation))
                    .as("%s", operation)
                    .isTrue();
        }
    }
}
