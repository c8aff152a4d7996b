package openledger.cli.watch;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.audit.charge.BatchContent;
import openledger.audit.charge.Prosecution;
import openledger.audit.charge.Prosecution.Means;
import openledger.audit.charge.Prosecution.Step;
import openledger.audit.court.ChainTime;
import openledger.audit.court.Court;
import openledger.audit.court.Told;
import openledger.audit.court.Trial;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafKind;
import openledger.commitment.stake.Game;
import openledger.commitment.stake.ShownLeaf;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultEvent;
import openledger.commitment.stake.VaultEvent.Challenged;
import openledger.unit.Hash32;
import openledger.unit.RequestKey;
import openledger.unit.Wei;

/**
 * Answers games against the lane for its operator, from the batches that this auditor has read: of leaves that are asked for, of plans and
 * of outcomes. Records and promises it does not have. Blocks. Confined to one thread.
 */
final class Defender {
    /** Between two searches for one answer, s. */
    private static final long AGAIN = 60;

    private final WatchSettings settings;
    private final Court court;
    private final BatchFolder shelf;
    private final List<Court> courts;
    private final Prosecution prosecution;
    private final Cashier cashier;
    private final WatchReport report;
    private final Map<Hash32, Challenged> open = new HashMap<>();
    private final Map<Hash32, Search> searches = new HashMap<>();
    private final VaultNews news;

    Defender(
            WatchSettings settings,
            List<Court> courts,
            BatchFolder shelf,
            Prosecution prosecution,
            Cashier cashier,
            WatchReport report) {
        this.settings = settings;
        this.courts = List.copyOf(courts);
        this.court = courts.getFirst();
        this.shelf = shelf;
        this.prosecution = prosecution;
        this.cashier = cashier;
        this.report = report;
        this.news = new VaultNews(court, settings.lane(), settings.firstBlock());
    }

    /**
     * Answers what is open.
     *
     * @param newest the batch that was read last
     */
    void round(ChainTime time, long newest) throws IOException {
        news.read(time, this::heed);
        List<Challenged> urgent = open.values().stream()
                .sorted(Comparator.comparingLong(Challenged::deadline))
                .toList();
        for (Challenged challenged : urgent) {
            if (searches.getOrDefault(challenged.id(), Search.NONE).isDue(time, newest)) {
                Optional<Game> game = Patience.await(court.game(challenged.id()))
                        .filter(found -> found.state() == Game.State.OPEN && found.deadline() >= time.seconds());
                searches.put(
                        challenged.id(),
                        new Search(
                                time.seconds() + AGAIN,
                                game.map(Game::sequence).filter(sequence -> sequence > newest)));
                if (game.isPresent()) {
                    Optional<VaultCall> answer = answer(challenged, game.get(), newest);
                    if (answer.isPresent()) {
                        send(answer.get(), time);
                    }
                }
            }
        }
        searches.keySet().retainAll(open.keySet());
    }

    /**
     * The last search for an answer.
     *
     * @param again when the next is due, s
     * @param unread the batch that has the answer, if it was not read yet: whoever opens a game need not wait until it is SAFE
     */
    private record Search(long again, Optional<Long> unread) {
        static final Search NONE = new Search(0, Optional.empty());

        boolean isDue(ChainTime time, long newest) {
            return again <= time.seconds()
                    || unread.filter(sequence -> sequence <= newest).isPresent();
        }
    }

    private void heed(Told told) {
        switch (told.event()) {
            case Challenged game -> open.put(game.id(), game);
            case VaultEvent.Answered(var id, var lane) -> open.remove(id);
            case VaultEvent.Lost(var id, var lane) -> open.remove(id);
            default -> {}
        }
    }

    /** An answer for the lane: it earns nothing, and the cap holds it back. */
    private void send(VaultCall call, ChainTime time) throws IOException {
        Means means = cashier.means(time);
        Step step = prosecution.end(call, Wei.ZERO, means);
        BigInteger left =
                settings.limits().aDay().value().subtract(means.spent().value());
        for (Court court : courts) {
            if (Patience.await(court.attempt(call, Wei.ZERO)) instanceof Trial.Refused refused) {
                report.note("unanswered", Cashier.name(call) + " would not answer: " + refused.reason());
                return;
            }
        }
        if (settings.account().isEmpty()) {
            cashier.print(step);
        } else if (step.cost().value().compareTo(left) > 0) {
            report.note("unanswered", Cashier.name(call) + " is not sent: what may be spent in a day is spent.");
        } else {
            cashier.send(step, "answered");
        }
    }

    private Optional<VaultCall> answer(Challenged challenged, Game game, long newest) {
        Hash32 subject = challenged.subject();
        byte[] word = subject.bytes();
        long number =
                ByteBuffer.wrap(word, Hash32.BYTES - Long.BYTES, Long.BYTES).getLong();
        long last = game.sequence() == 0 ? newest : Math.min(newest, game.sequence());
        return switch (challenged.fault()) {
            case WITHHELD ->
                shelf.batch(game.sequence())
                        .filter(batch -> number >= batch.committed().header().firstIndex()
                                && number < batch.committed().header().size())
                        .map(batch -> new VaultCall.AnswerWithheld(batch.paths()
                                .shown(Math.toIntExact(
                                        number - batch.committed().header().firstIndex()))));
            case PLAN_MISSING ->
                found(
                                last,
                                (bytes, at) -> LeafKind.of(bytes, at) == LeafKind.PLAN
                                        && Hash32.of(bytes, at * LeafEncoding.BYTES)
                                                .equals(subject))
                        .map(plan -> new VaultCall.AnswerPlanMissing(plan, subject));
            case OUTCOME_MISSING ->
                found(last, (bytes, at) -> LeafKind.of(bytes, at) == LeafKind.OUTCOME && counter(bytes, at) == number)
                        .map(outcome -> new VaultCall.AnswerOutcomeMissing(outcome, number, game.sequence()));
            default -> Optional.empty();
        };
    }

    private static long counter(byte[] leaves, int at) {
        return ByteBuffer.wrap(leaves, at * LeafEncoding.BYTES + RequestKey.COMMITMENT_BYTES, Long.BYTES)
                .getLong();
    }

    /** Whether the leaf at a place is the one. */
    @FunctionalInterface
    private interface Wanted {
        boolean is(byte[] leaves, int at);
    }

    /** From the newest on that may have it, as far as there are batches. */
    private Optional<ShownLeaf> found(long last, Wanted wanted) {
        long sequence = last;
        for (Optional<BatchContent> batch = shelf.batch(sequence); batch.isPresent(); batch = shelf.batch(sequence)) {
            BatchContent content = batch.get();
            for (int at = 0; at < content.committed().header().count(); at++) {
                if (wanted.is(content.bytes(), at)) {
                    return Optional.of(content.paths().shown(at));
                }
            }
            sequence--;
        }
        return Optional.empty();
    }
}
