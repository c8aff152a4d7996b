package openledger.wiring.lanes;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import openledger.chain.LaneAccount;
import openledger.chain.LaneSeed;
import openledger.unit.Address;
import openledger.unit.LaneNumbers;
import openledger.wiring.StakeReader.Secrets;
import openledger.wiring.config.ConfigurationProblems;
import openledger.wiring.config.SettlementKeys;

/** The accounts that commit for the lanes of a pool, from wherever the configuration has their keys. */
public final class LaneKeyring {
    private static final String KEY = "openledger.settlement.key";
    private static final String KEYS = "openledger.settlement.key-envs";
    private static final String SEED = "openledger.settlement.lane-keys";
    private static final String ENV = "-env";
    private static final String FILE = "-file";

    private final ConfigurationProblems problems;
    private final Secrets secrets;

    /**
     * A keyring that notes what it finds wrong.
     *
     * @param secrets reads keys from where the configuration places them
     */
    public LaneKeyring(ConfigurationProblems problems, Secrets secrets) {
        this.problems = problems;
        this.secrets = secrets;
    }

    /** The accounts by the numbers of their lanes; those that cannot be had are noted and left out. */
    public Map<Long, LaneAccount> read(LaneNumbers pool, SettlementKeys keys) {
        boolean single = keys.keyEnv().isPresent() || keys.keyFile().isPresent();
        boolean each = !keys.keyEnvs().isEmpty();
        boolean seed = keys.laneKeysEnv().isPresent();
        if ((single ? 1 : 0) + (each ? 1 : 0) + (seed ? 1 : 0) > 1) {
            problems.add(seed ? SEED + ENV : KEYS, "set one of key-env, key-file, key-envs and lane-keys-env");
            return Map.of();
        }
        if (seed) {
            return derived(pool, keys);
        }
        if (each) {
            return named(pool, keys);
        }
        if (!single) {
            problems.add(KEY + ENV, "is missing; set it or key-file");
            return Map.of();
        }
        if (pool.isShared()) {
            problems.add(
                    KEY + (keys.keyFile().isPresent() ? FILE : ENV),
                    "one account commits for one lane: for openledger.lanes set lane-keys-env or key-envs");
        }
        return account(KEY, keys.keyEnv(), keys.keyFile())
                .map(account -> Map.of(pool.first(), account))
                .orElse(Map.of());
    }

    private Map<Long, LaneAccount> derived(LaneNumbers pool, SettlementKeys keys) {
        Map<Long, LaneAccount> accounts = new HashMap<>();
        secrets.key(SEED, keys.laneKeysEnv(), Optional.empty())
                .flatMap(text -> problems.build(SEED + ENV, () -> LaneSeed.of(text)))
                .ifPresent(from -> pool.numbers().forEach(number -> accounts.put(number, from.account(number))));
        return accounts;
    }

    private Map<Long, LaneAccount> named(LaneNumbers pool, SettlementKeys keys) {
        Map<Long, LaneAccount> accounts = new HashMap<>();
        Set<Address> known = new HashSet<>();
        for (long number : pool.numbers()) {
            Optional<String> variable = Optional.ofNullable(keys.keyEnvs().get(number));
            if (variable.isEmpty()) {
                problems.add(KEYS, "has no key for lane " + number);
                continue;
            }
            secrets.key(KEY, variable, Optional.empty())
                    .flatMap(text -> problems.build(KEYS + "." + number, () -> LaneAccount.of(text)))
                    .ifPresent(account -> {
                        if (!known.add(account.address())) {
                            problems.add(KEYS + "." + number, "is the account of another lane: " + account.address());
                        }
                        accounts.put(number, account);
                    });
        }
        return accounts;
    }

    private Optional<LaneAccount> account(String key, Optional<String> variable, Optional<String> file) {
        return secrets.key(key, variable, file)
                .flatMap(secret -> problems.build(key + (file.isPresent() ? FILE : ENV), () -> LaneAccount.of(secret)));
    }
}
