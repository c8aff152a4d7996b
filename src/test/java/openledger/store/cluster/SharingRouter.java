package openledger.store.cluster;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import openledger.cluster.share.KeyShares;
import openledger.cluster.share.ShareEngine.Answer;
import openledger.cluster.share.ShareEngine.Question;

/** A router, as far as limits of keys are concerned. Confined to one thread. */
final class SharingRouter extends LeasingRouter<Question, Answer> {
    final KeyShares shares;
    private final StoredShares engine;

    SharingRouter(Vertx vertx, String url) {
        this(vertx, url, new KeyShares(() -> 3, () -> {}));
    }

    private SharingRouter(Vertx vertx, String url, KeyShares shares) {
        super(vertx, shares);
        this.shares = shares;
        this.engine = new StoredShares(vertx, database(url));
        begin(() -> engine.open(() -> {}));
    }

    @Override
    Uni<Answer> asked(Question question) {
        return engine.ask(question);
    }

    @Override
    void ended() {
        engine.close();
    }
}
