package openledger.chain.vault;

import static openledger.chain.LocalChain.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import openledger.audit.court.Filing;
import openledger.audit.court.Told;
import openledger.audit.court.Trial;
import openledger.chain.LaneAccount;
import openledger.chain.LocalChain;
import openledger.chain.RpcSettings;
import openledger.chain.Web3jLedger;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultEvent;
import openledger.demo.AnvilNode;
import openledger.support.LocalVault;
import openledger.support.RpcFaultProxy;
import openledger.support.StakedLane;
import openledger.unit.Address;
import openledger.unit.Wei;

/** A lane on a real chain with a vault, and an account that is nobody's else. Confined to one thread. */
final class CourtUnderTest implements AutoCloseable {
    static final LaneAccount ACCOUNT = LaneAccount.of(AnvilNode.KEYS.get(1));
    static final Wei BOND = new Wei(LocalVault.TERMS.bond());
    static final Wei STAKE = new Wei(BigInteger.TEN.pow(18).multiply(BigInteger.valueOf(20)));

    final LocalChain chain;
    final Web3jLedger ledger;
    final RpcFaultProxy proxy;
    final Address vault;
    final Web3jCourt court;
    final StakedLane lane;

    CourtUnderTest(Path folder) throws IOException, InterruptedException {
        chain = new LocalChain(folder);
        ledger = chain.ledger();
        lane = new StakedLane(chain, ledger);
        vault = LocalVault.deploy(chain.node, chain.registry, LocalVault.TERMS);
        proxy = RpcFaultProxy.before(chain.vertx, chain.node.rpc());
        court = court(chain.registry, vault, Duration.ofSeconds(20), proxy.rpc());
    }

    Web3jCourt court(Address registry, Address at, Duration patience, URI... nodes) {
        return new Web3jCourt(
                chain.vertx,
                new CourtSettings(rpc(nodes), registry, at, LocalChain.FEES, Duration.ofSeconds(5), patience),
                Optional.of(ACCOUNT));
    }

    static RpcSettings rpc(URI... nodes) {
        return RpcSettings.of(List.of(nodes), OptionalLong.of(AnvilNode.CHAIN_ID), Duration.ofSeconds(5));
    }

    /** Sends what has to be done; it would hold before, and says so. */
    Filing.Done done(VaultCall call, Wei value) {
        assertThat(await(court.attempt(call, value))).as(call.toString()).isEqualTo(new Trial.Holds());
        Filing filing = await(court.file(call, value));
        assertThat(filing).as(call.toString()).isInstanceOf(Filing.Done.class);
        return (Filing.Done) filing;
    }

    Filing.Done done(VaultCall call) {
        return done(call, Wei.ZERO);
    }

    /** What the vault told of it. */
    List<VaultEvent> told(Filing.Done done) {
        return await(court.events(LocalChain.LANE, done.block(), done.block())).stream()
                .filter(told -> told.transaction().equals(done.transaction()))
                .map(Told::event)
                .toList();
    }

    /** Puts so much behind the lane that it loses some of it without being short. */
    void stake() {
        done(new VaultCall.Deposit(LocalChain.LANE), STAKE);
    }

    @Override
    public void close() throws IOException {
        court.close();
        ledger.close();
        proxy.close();
        chain.close();
    }
}
