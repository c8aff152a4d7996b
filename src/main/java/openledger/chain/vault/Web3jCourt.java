package openledger.chain.vault;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import openledger.audit.court.ChainTime;
import openledger.audit.court.Court;
import openledger.audit.court.Filing;
import openledger.audit.court.LaneGuard;
import openledger.audit.court.Told;
import openledger.audit.court.Trial;
import openledger.chain.ChainNode;
import openledger.chain.ChainNode.Answers;
import openledger.chain.ChainNode.At;
import openledger.chain.LaneAccount;
import openledger.chain.registry.RegistryCalls;
import openledger.chain.rpc.NodeAnswers.Text;
import openledger.chain.rpc.NodeRevert;
import openledger.chain.rpc.NodeValue;
import openledger.chain.rpc.RpcFailure;
import openledger.chain.rpc.VertxWeb3jService;
import openledger.commitment.stake.Game;
import openledger.commitment.stake.StakePosition;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultEvent;
import openledger.commitment.stake.VaultTerms;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.Wei;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.core.Request;

/**
 * A vault on an OP Stack chain. Answers come on an event loop. Without an account it sends nothing. Long because a port is implemented in
 * one place. Thread-safe.
 */
public final class Web3jCourt implements Court, AutoCloseable {
    /** Who asks if we have no account. */
    private static final Address NOBODY = Address.of(new byte[Address.BYTES]);

    private final CourtSettings settings;
    private final VertxWeb3jService service;
    private final ChainNode node;
    private final LogSearch logs;
    private final Optional<AccountSender> sender;
    private final Address account;
    private volatile @Nullable VaultTerms terms;

    /**
     * Connects to nothing yet; {@link #close} lets all connections go.
     *
     * @param account sends; nobody else may use it
     */
    public Web3jCourt(Vertx vertx, CourtSettings settings, Optional<LaneAccount> account) {
        this.settings = settings;
        this.service = new VertxWeb3jService(vertx, settings.rpc());
        this.node = new ChainNode(service);
        this.logs = new LogSearch(node, settings.vault());
        this.sender = account.map(ours -> new AccountSender(vertx, settings, service, ours));
        this.account = account.map(LaneAccount::address).orElse(NOBODY);
    }

    @Override
    public Address vault() {
        return settings.vault();
    }

    @Override
    public Uni<VaultTerms> terms() {
        return Uni.createFrom().deferred(() -> {
            VaultTerms known = terms;
            return known == null
                    ? look().map(found -> switch (found) {
                                case FoundVault.Vault vault -> vault.terms();
                                case FoundVault.Other(var reason) -> throw new LedgerUnavailable(reason);
                            })
                            .invoke(read -> terms = read)
                    : Uni.createFrom().item(known);
        });
    }

    /** What is at the vault's address; a vault of another registry is none of ours. Fails with {@link LedgerUnavailable} only if no node answers. */
    public Uni<FoundVault> look() {
        return node.askAll(List.of(ask(VaultCalls.terms()), ask(CourtCalls.registry())))
                .chain(answers -> read(() -> found(answers)));
    }

    private FoundVault found(Answers answers) {
        FoundVault found = FoundVault.read(settings.vault(), answers.text(0), answers.text(1));
        return found instanceof FoundVault.Vault vault && !vault.registry().equals(settings.registry())
                ? new FoundVault.Other("the vault is one of another registry: " + vault.registry())
                : found;
    }

    @Override
    public Uni<ChainTime> time() {
        return ChainClock.read(node);
    }

    @Override
    public Uni<LaneStake> stake(LaneId lane) {
        return node.askAll(List.of(
                        ask(CourtCalls.active(lane)),
                        ask(CourtCalls.required(lane)),
                        ask(CourtCalls.pool(lane)),
                        ChainNode.call(settings.registry(), RegistryCalls.laneOf(lane), At.LATEST)))
                .chain(answers -> read(() -> new LaneStake(
                        CourtCalls.amount("active", result("active", answers, 0)),
                        CourtCalls.amount("required", result("required", answers, 1)),
                        CourtCalls.pool(result("poolOf", answers, 2)),
                        guard(RegistryCalls.accounts(result("laneOf", answers, 3))))));
    }

    private LaneGuard guard(Optional<RegistryCalls.LaneAccounts> lane) {
        if (lane.isEmpty()) {
            return new LaneGuard.NoLane(settings.registry());
        }
        Address gate = lane.get().gate();
        return gate.equals(settings.vault())
                ? new LaneGuard.ThisVault()
                : gate.equals(LaneGate.NONE) ? new LaneGuard.Nobody() : new LaneGuard.Another(gate);
    }

    @Override
    public Uni<StakePosition> position(LaneId lane, Address staker) {
        return node.ask(ask(CourtCalls.position(lane, staker)))
                .chain(answer -> read(() -> CourtCalls.position(NodeValue.result("positionOf", answer))));
    }

    @Override
    public Uni<Wei> credit(Address holder) {
        return node.ask(ask(CourtCalls.credit(holder)))
                .chain(answer -> read(() -> CourtCalls.amount("creditOf", NodeValue.result("creditOf", answer))));
    }

    @Override
    public Uni<List<Told>> events(LaneId lane, long from, long to) {
        return told(lane, VaultEvent.BY_LANE, from, to);
    }

    @Override
    public Uni<List<Told>> cases(LaneId lane, long from, long to) {
        return told(lane, VaultEvent.PENALTIES, from, to);
    }

    private Uni<List<Told>> told(LaneId lane, List<Hash32> names, long from, long to) {
        List<Hash32> ours = List.of(VaultEvent.topic(lane));
        return logs.find(List.of(names, ours), from, to)
                .chain(byLane -> logs.find(List.of(VaultEvent.BY_GAME, List.of(), ours), from, to)
                        .chain(byGame -> read(() -> told(lane, byLane, byGame))));
    }

    private static List<Told> told(LaneId lane, List<FoundLog> byLane, List<FoundLog> byGame) {
        List<FoundLog> all = new ArrayList<>(byLane);
        all.addAll(byGame);
        all.sort(FoundLog.IN_ORDER);
        List<Told> told = new ArrayList<>();
        for (FoundLog log : all) {
            event(log)
                    .filter(event -> event.lane().equals(lane))
                    .ifPresent(event -> told.add(new Told(event, log.block(), log.transaction())));
        }
        return List.copyOf(told);
    }

    private static Optional<VaultEvent> event(FoundLog log) {
        try {
            return VaultEvent.decode(log.topics(), log.data());
        } catch (IllegalArgumentException malformed) {
            throw NodeValue.malformed("eth_getLogs");
        }
    }

    @Override
    public Uni<Optional<Game>> game(Hash32 id) {
        return node.ask(ask(CourtCalls.challenge(id)))
                .chain(answer -> read(() -> CourtCalls.game(NodeValue.result("challengeOf", answer))));
    }

    @Override
    public Uni<Boolean> isPunished(LaneId lane, long sequence, long place) {
        return node.ask(ask(CourtCalls.isPunished(lane, sequence, place)))
                .chain(answer -> read(() -> CourtCalls.flag("isPunished", NodeValue.result("isPunished", answer))));
    }

    @Override
    public Uni<Long> blockAt(long seconds) {
        return ChainClock.firstAt(node, seconds);
    }

    @Override
    public Uni<Optional<byte[]>> callData(Hash32 transaction) {
        return node.ask(ChainNode.fullTransaction(transaction))
                .chain(answer -> read(() -> Optional.ofNullable(NodeValue.orNone("the transaction", answer))
                        .filter(JsonNode::isObject)
                        .map(found -> NodeValue.bytes(
                                "transaction.input", found.path("input").textValue()))));
    }

    @Override
    public Uni<Wei> bond() {
        return node.ask(ask(CourtCalls.bond()))
                .chain(answer -> read(() -> CourtCalls.amount("bondNow", NodeValue.result("bondNow", answer))));
    }

    @Override
    public Uni<Trial> attempt(VaultCall call, Wei value) {
        return node.ask(ChainNode.call(account, settings.vault(), call.encode(), value, At.LATEST))
                .chain(answer -> read(() -> trial(answer)));
    }

    /** What the answer to a call says would become of it as a transaction. */
    static Trial trial(Text answer) {
        if (!answer.hasError()) {
            return new Trial.Holds();
        }
        return NodeRevert.of(answer.getError())
                .map(VaultErrors::read)
                .orElseThrow(() -> new RpcFailure(
                        RpcFailure.Kind.NODE,
                        "a node cannot try it: "
                                + NodeValue.cleaned(answer.getError().getMessage())));
    }

    @Override
    public Uni<Filing> file(VaultCall call, Wei value) {
        return sender.map(ours -> ours.send(settings.vault(), call.encode(), value))
                .orElseGet(() -> Uni.createFrom().item(new Filing.NotSent("there is no account to send from")));
    }

    @Override
    public Uni<Optional<Filing>> fileTogether(List<VaultCall.Answer> answers) {
        return sender.map(ours -> node.ask(ChainNode.code(VaultDeployer.answers(), At.LATEST))
                        .chain(code ->
                                read(() -> VaultContracts.answers().isCode(NodeValue.result("eth_getCode", code))))
                        .chain(isThere -> isThere
                                ? ours.send(
                                                VaultDeployer.answers(),
                                                CourtCalls.answerMany(settings.vault(), answers),
                                                Wei.ZERO)
                                        .map(Optional::of)
                                : Uni.createFrom().item(Optional.<Filing>empty()))
                        .onFailure(LedgerUnavailable.class)
                        .recoverWithItem(why -> Optional.of(new Filing.NotSent(String.valueOf(why.getMessage())))))
                .orElseGet(() -> Uni.createFrom().item(Optional.empty()));
    }

    private Request<?, Text> ask(byte[] call) {
        return ChainNode.call(settings.vault(), call, At.LATEST);
    }

    private static byte[] result(String function, Answers answers, int place) {
        return NodeValue.result(function, answers.text(place));
    }

    private static <T> Uni<T> read(Supplier<T> reader) {
        return ChainNode.readable(Uni.createFrom().item(reader));
    }

    /** Lets all connections go. */
    @Override
    public void close() {
        sender.ifPresent(AccountSender::close);
        service.close();
    }
}
