package openledger.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import openledger.audit.court.ChainTime;
import openledger.audit.court.Court.LaneStake;
import openledger.audit.court.LaneGuard;
import openledger.audit.court.StakeJson;
import openledger.audit.court.StakeView;
import openledger.audit.court.StakeView.OpenedGame;
import openledger.audit.court.StakeView.Penalty;
import openledger.commitment.stake.Game;
import openledger.commitment.stake.LanePool;
import openledger.commitment.stake.VaultEvent.Challenged;
import openledger.commitment.stake.VaultEvent.Penalised;
import openledger.commitment.stake.VaultFault;
import openledger.support.LocalVault;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.Wei;
import org.junit.jupiter.api.Test;

final class StakeJsonTest {
    private static final Address SOMEBODY = Address.parse("0x" + "a1".repeat(20));
    private static final LaneId LANE = new LaneId(7);
    /** Wei that no double has exactly. */
    private static final BigInteger MUCH = new BigInteger("20000000000000000001");

    private static final long SHORT = 77;
    private static final LanePool POOL = new LanePool(MUCH, BigInteger.TEN, BigInteger.ONE, SHORT, 0, BigInteger.TWO);

    /** With all that there can be. */
    static StakeView view() {
        return view(List.of(game(1, Game.State.ANSWERED), game(2, Game.State.OPEN)), POOL);
    }

    private static StakeView view(List<OpenedGame> games, LanePool pool) {
        return new StakeView(
                SOMEBODY,
                new ChainTime(900, 1_800_000_000, 800, 700),
                LocalVault.TERMS,
                // Short if there is a time for it, so that all of it is shown.
                new LaneStake(
                        new Wei(MUCH),
                        pool.shortUntil() == SHORT ? new Wei(MUCH.add(MUCH)) : Wei.of(10),
                        pool,
                        new LaneGuard.ThisVault()),
                1_800_100_000,
                games,
                List.of(new Penalty(
                        new Penalised(
                                LANE, 3, VaultFault.OMITTED, Hash32.ZERO, SOMEBODY, BigInteger.TEN, BigInteger.TWO),
                        850,
                        Hash32.ZERO)),
                0);
    }

    private static OpenedGame game(int number, Game.State state) {
        Hash32 id = Hash32.parse("0x" + "%064x".formatted(number));
        return new OpenedGame(
                new Challenged(id, LANE, VaultFault.WITHHELD, SOMEBODY, 1_800_000_500, Hash32.ZERO), id, state);
    }

    @Test
    void amountsAreExactAndTheNewestGameIsFirst() {
        JsonNode stake = StakeJson.of(view(), false);

        assertThat(stake.get("active").asText()).isEqualTo(MUCH.toString());
        assertThat(stake.get("leaving").asText()).isEqualTo("2000000000000000001");
        assertThat(stake.get("open_games").asInt()).isEqualTo(1);
        assertThat(stake.at("/games/0/state").asText()).isEqualTo("OPEN");
        assertThat(stake.at("/penalties/0/fault").asText()).isEqualTo("OMITTED");
        assertThat(stake.at("/terms/delay").asLong())
                .isEqualTo(LocalVault.TERMS.delay().toSeconds());
    }

    @Test
    void theAnswerHasAnEnd() {
        List<OpenedGame> many = IntStream.rangeClosed(1, 1_000)
                .mapToObj(number -> game(number, Game.State.OPEN))
                .toList();
        LanePool pool = new LanePool(MUCH, BigInteger.TEN, BigInteger.ZERO, 0, 0, BigInteger.ZERO);

        JsonNode stake = StakeJson.of(view(many, pool), false);

        assertThat(stake.get("games")).hasSize(100);
        assertThat(stake.get("open_games").asInt()).isEqualTo(1_000);
        assertThat(stake.at("/games/0/id").asText()).endsWith("3e8");
        assertThat(stake.has("short_until")).isFalse();
    }

    @Test
    void whenItWasSeenIsSaidAndWhetherThatIsOld() {
        assertThat(StakeJson.of(view(), false).get("as_of").asLong()).isEqualTo(1_800_000_000);
        assertThat(StakeJson.of(view(), false).get("stale").asBoolean()).isFalse();
        assertThat(StakeJson.of(view(), true).get("stale").asBoolean()).isTrue();
    }

    @Test
    void aLaneThatHasEnoughAgainIsNotCalledShort() {
        LanePool pool = new LanePool(MUCH, BigInteger.TEN, BigInteger.ZERO, 1_900_000_000, 0, BigInteger.ZERO);

        assertThat(StakeJson.of(view(List.of(), pool), false).has("short_until"))
                .isFalse();
    }

    @Test
    void whatThePageIsTestedWithHasTheMembersOfTheAnswer() throws IOException {
        JsonNode shown = new ObjectMapper()
                .readTree(Path.of("src/test/js/page/stake.json").toFile());

        assertThat(members(shown)).isEqualTo(members(StakeJson.of(view(), false)));
    }

    @Test
    void theMostUrgentAnswerIsNamed() {
        assertThat(StakeJson.of(view(), false).get("answer_by").asLong()).isEqualTo(1_800_000_500);
        assertThat(StakeJson.of(view(List.of(game(1, Game.State.ANSWERED)), POOL), false)
                        .has("answer_by"))
                .isFalse();
    }

    /** Those within others too. */
    private static Set<String> members(JsonNode node) {
        Set<String> all = new TreeSet<>();
        node.properties().forEach(member -> {
            all.add(member.getKey());
            members(member.getValue()).forEach(inner -> all.add(member.getKey() + "." + inner));
        });
        if (node.isArray()) {
            node.forEach(element -> all.addAll(members(element)));
        }
        return all;
    }

    @Test
    void aRouterWithoutAVaultSaysSo() {
        assertThat(new StakeResource(new StakeAccess(Optional.empty())).now().getStatus())
                .isEqualTo(404);
    }
}
