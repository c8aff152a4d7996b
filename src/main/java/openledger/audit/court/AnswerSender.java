package openledger.audit.court;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.function.BiConsumer;
import openledger.audit.court.StakeView.OpenedGame;
import openledger.commitment.stake.VaultCall;
import openledger.unit.Wei;

/**
 * Sends answers, each of which was tried and holds: together in one transaction where the chain has a contract for that, else one after
 * another. Thread-safe.
 */
final class AnswerSender {
    /** With the longest records they are 90 KB of call data, below what nodes pass on, and a quarter of the gas of a transaction. */
    static final int AT_ONCE = 16;

    private final Court court;

    AnswerSender(Court court) {
        this.court = court;
    }

    /** An answer that would hold now, and its game. */
    record Ready(OpenedGame opened, VaultCall.Answer answer) {}

    /**
     * Sends {@value #AT_ONCE} at most.
     *
     * @param heed hears what became of each
     */
    Uni<Void> send(List<Ready> ready, BiConsumer<OpenedGame, Filing> heed) {
        return ready.size() == 1 ? alone(ready.getFirst(), heed) : together(ready, heed);
    }

    /** If one fails all the same, the others shall not wait for it. */
    private Uni<Void> together(List<Ready> ready, BiConsumer<OpenedGame, Filing> heed) {
        return court.fileTogether(ready.stream().map(Ready::answer).toList())
                .chain(filing -> filing.filter(AnswerSender::isUnderWay)
                        .map(sent -> {
                            ready.forEach(one -> heed.accept(one.opened, sent));
                            return Uni.createFrom().voidItem();
                        })
                        .orElseGet(() -> Multi.createFrom()
                                .iterable(ready)
                                .onItem()
                                .transformToUniAndConcatenate(one -> alone(one, heed))
                                .collect()
                                .last()
                                .replaceWithVoid()));
    }

    private static boolean isUnderWay(Filing filing) {
        return switch (filing) {
            case Filing.Done done -> true;
            case Filing.Unsettled unsettled -> true;
            case Filing.Reverted reverted -> false;
            case Filing.NotSent notSent -> false;
        };
    }

    private Uni<Void> alone(Ready ready, BiConsumer<OpenedGame, Filing> heed) {
        return court.file(ready.answer, Wei.ZERO)
                .invoke(filing -> heed.accept(ready.opened, filing))
                .replaceWithVoid();
    }
}
