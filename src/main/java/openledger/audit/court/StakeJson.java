package openledger.audit.court;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import openledger.audit.court.Court.LaneStake;
import openledger.audit.court.StakeView.OpenedGame;
import openledger.audit.court.StakeView.Penalty;
import openledger.commitment.stake.VaultTerms;

/**
 * What is at stake, as JSON: the words of {@code GET /v1/stake}, of {@code openledger stake status --json}, and of the page. Amounts are texts
 * of wei, because they are larger than the numbers that many readers of JSON have; times are Unix seconds.
 */
public final class StakeJson {
    /** Of games and of penalties, the newest; that an answer has an end. */
    private static final int MOST = 100;

    private StakeJson() {}

    /**
     * All of it, but no more than the newest 100 games and penalties.
     *
     * @param isStale whether it is old by now, {@link StakeWatch#isStale}
     */
    public static ObjectNode of(StakeView view, boolean isStale) {
        LaneStake stake = view.stake();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("vault", view.vault().toString());
        node.put("block", view.time().latest());
        node.put("as_of", view.time().seconds());
        node.put("stale", isStale);
        node.put("is_gate", stake.gated());
        node.put("active", stake.active().value().toString());
        node.put("required", stake.required().value().toString());
        node.put("leaving", stake.pool().leaving().toString());
        if (view.leavesBy() > 0) {
            node.put("leaving_until", view.leavesBy());
        }
        if (stake.gated() && stake.isShort() && stake.pool().shortUntil() > 0) {
            node.put("short_until", stake.pool().shortUntil());
        }
        node.put("locked", stake.pool().locked().toString());
        node.set("terms", terms(view.terms()));
        List<OpenedGame> open = view.open();
        node.put("open_games", open.size());
        if (!open.isEmpty()) {
            node.put("answer_by", open.getFirst().challenged().deadline());
        }
        ArrayNode games = node.putArray("games");
        newest(view.games()).forEach(game -> games.add(of(game)));
        ArrayNode penalties = node.putArray("penalties");
        newest(view.penalties()).forEach(penalty -> penalties.add(of(penalty)));
        return node;
    }

    private static <T> List<T> newest(List<T> all) {
        return all.subList(Math.max(0, all.size() - MOST), all.size()).reversed();
    }

    private static ObjectNode terms(VaultTerms terms) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("floor", terms.floor().toString());
        node.put("stake_per_leaf", terms.stakePerLeaf().toString());
        node.put("volume_window", terms.volumeWindow().toSeconds());
        node.put("leaf_penalty", terms.leafPenalty().toString());
        node.put("promise_penalty", terms.promisePenalty().toString());
        node.put("most_per_batch", terms.mostPerBatch());
        node.put("bond", terms.bond().toString());
        node.put("reporter_bps", terms.reporterBps());
        node.put("window", terms.window().toSeconds());
        node.put("response", terms.response().toSeconds());
        node.put("anchor_most", terms.anchorMost().toSeconds());
        node.put("grace", terms.grace().toSeconds());
        return node.put("delay", terms.delay().toSeconds());
    }

    private static ObjectNode of(OpenedGame game) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", game.challenged().id().toString())
                .put("state", game.state().name())
                .put("fault", game.challenged().fault().name())
                .put("meaning", game.challenged().fault().sentence())
                .put("subject", game.challenged().subject().toString())
                .put("challenger", game.challenged().challenger().toString())
                .put("deadline", game.challenged().deadline())
                .put("transaction", game.transaction().toString());
    }

    private static ObjectNode of(Penalty penalty) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("fault", penalty.penalised().fault().name())
                .put("meaning", penalty.penalised().fault().sentence())
                .put("sequence", penalty.penalised().sequence())
                .put("subject", penalty.penalised().subject().toString())
                .put("reporter", penalty.penalised().reporter().toString())
                .put("taken", penalty.penalised().taken().toString())
                .put("reward", penalty.penalised().reward().toString())
                .put("block", penalty.block())
                .put("transaction", penalty.transaction().toString());
    }
}
