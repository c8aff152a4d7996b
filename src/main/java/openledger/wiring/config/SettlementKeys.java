package openledger.wiring.config;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The chain. Every decision becomes a leaf of a batch that is committed to a registry. Without {@code rpc-urls} nothing
 * is settled, and receipts stay {@code RECORDED}.
 */
public interface SettlementKeys {
    /** The nodes of one chain, in order of preference. The next one is queried if one does not answer. */
    @WithName("rpc-urls")
    Optional<List<String>> rpcUrls();

    /** The address at which a node announces new blocks. Left out: the router polls. */
    @WithName("web-socket-url")
    Optional<String> webSocketUrl();

    /** The id of the chain. The start fails if the nodes are of another chain. Required if there are nodes. */
    @WithName("chain-id")
    OptionalLong chainId();

    /** The address of the registry. {@code openledger chain deploy} prints it. Required if there are nodes. */
    Optional<String> registry();

    /**
     * The name of the environment variable that holds the private key of the account that commits, as 64 hexadecimal
     * digits. Nothing else may send transactions from this account. This key or {@code key-file} is required if there
     * are nodes.
     */
    @WithName("key-env")
    Optional<String> keyEnv();

    /** The path of a file that holds the private key and nothing else. A changed file takes effect after a restart. */
    @WithName("key-file")
    Optional<String> keyFile();

    /**
     * The name of the environment variable that holds the seed of the accounts of all lanes of {@code openledger.lanes},
     * as 64 hexadecimal digits. Each lane has an account of its own, so that every router can settle each of them.
     * {@code openledger chain accounts} prints their addresses.
     */
    @WithName("lane-keys-env")
    Optional<String> laneKeysEnv();

    /**
     * The names of the environment variables that hold the private keys of the lanes of {@code openledger.lanes}, by
     * the numbers of the lanes, in place of {@code lane-keys-env}. Each lane needs an account of its own.
     */
    @WithName("key-envs")
    Map<Long, String> keyEnvs();

    /**
     * The name of the environment variable that holds the private key of the account that signs promises. It should be
     * another key than the one that commits, so that a thief of that one cannot promise anything. Left out: the account
     * that commits signs too.
     */
    @WithName("signer-key-env")
    Optional<String> signerKeyEnv();

    /**
     * The address of the account that opened the lane, if another account commits now. Left out: the account that
     * commits, which opens the lane at the first start. The number of the lane follows from this address and
     * {@code openledger.lane}.
     */
    @WithName("lane-opener")
    Optional<String> laneOpener();

    /**
     * The kind of chain: {@code standard} has blocks of one or two seconds, {@code subsecond} has several a second,
     * {@code flashblocks} has receipts before blocks.
     */
    @WithDefault("standard")
    ChainProfile profile();

    /**
     * Whether all leaves are posted as call data. That costs 35 times the gas, and nobody needs this router to get
     * them.
     */
    @WithName("post-leaves")
    @WithDefault("false")
    boolean postLeaves();

    /** The maximum time that a leaf waits until its batch of 1,200 is full: up to 1 h. */
    @WithName("max-wait")
    @WithDefault("30s")
    Duration maxWait();

    /** The maximum number of batches that are sent and not yet in a block, 1 to 64. */
    @WithName("batches-in-flight")
    @WithDefault("8")
    int batchesInFlight();

    /** The maximum fee for a unit of gas, in gwei, 1 to 1,000,000. Above it batches wait for a lower price. */
    @WithName("max-gwei")
    @WithDefault("100")
    int maxGwei();

    /** The time after finality until a batch is {@code SETTLED}, up to 365 days. */
    @WithName("challenge-window")
    @WithDefault("168h")
    Duration challengeWindow();

    /** The time within which a signed receipt promises its leaf on chain, up to 1 h. */
    @WithName("anchor-within")
    @WithDefault("10m")
    Duration anchorWithin();

    /**
     * The number of leaves not yet on chain from which on the router logs and shows a warning, 1 or more. It stays
     * ready.
     */
    @WithName("warn-leaves")
    @WithDefault("100000")
    long warnLeaves();

    /**
     * The age of the oldest leaf not yet on chain from which on the router logs and shows a warning, up to 365 days. It
     * stays ready.
     */
    @WithName("warn-age")
    @WithDefault("10m")
    Duration warnAge();

    /**
     * The vault, a contract with a stake for this lane. The router answers every challenge against the lane there. Without
     * {@code vault} it does not look at any.
     */
    interface StakeKeys {
        /**
         * The address of the vault. Its registry must be {@code openledger.settlement.registry}. The start fails if its
         * challenge window is not {@code openledger.settlement.challenge-window}, if
         * {@code openledger.settlement.anchor-within} is longer than it allows, or if
         * {@code openledger.retention.batch-days} drops what may still be asked for.
         */
        Optional<String> vault();

        /**
         * The name of the environment variable that holds the private key of the account that sends answers, as 64
         * hexadecimal digits. It needs some coins for fees. It must not be the account that commits, and nothing else may
         * send transactions from it. This key or {@code key-file} is required if there is a vault.
         */
        @WithName("key-env")
        Optional<String> keyEnv();

        /** The path of a file that holds the private key and nothing else. A changed file takes effect after a restart. */
        @WithName("key-file")
        Optional<String> keyFile();

        /**
         * The nodes of the chain that the vault is asked at and answers are sent to; each gets an answer that is in no
         * block. Name one that is not in {@code openledger.settlement.rpc-urls}, so that an answer has another way. Left
         * out: {@code openledger.settlement.rpc-urls}.
         */
        @WithName("rpc-urls")
        Optional<List<String>> rpcUrls();

        /** The maximum fee for a unit of gas of an answer, in gwei, 1 to 1,000,000. */
        @WithName("max-gwei")
        @WithDefault("1000")
        int maxGwei();

        L1Keys l1();
    }

    /**
     * The way around the sequencer of an OP Stack chain, for answers that were not taken in half of their time. The
     * account of {@code openledger.stake.key-env} needs coins there, too.
     */
    interface L1Keys {
        /** The nodes of L1. Left out: there is no such way. */
        @WithName("rpc-urls")
        Optional<List<String>> rpcUrls();

        /** The id of L1. Required if there are nodes of L1. */
        @WithName("chain-id")
        OptionalLong chainId();

        /** The address of the chain's {@code OptimismPortal} on L1. Required if there are nodes of L1. */
        Optional<String> portal();

        /** The maximum fee for a unit of gas on L1, in gwei, 1 to 1,000,000. */
        @WithName("max-gwei")
        @WithDefault("500")
        int maxGwei();
    }
}
