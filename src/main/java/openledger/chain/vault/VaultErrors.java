package openledger.chain.vault;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import openledger.audit.court.Trial;
import openledger.commitment.evm.CallData;
import openledger.commitment.evm.Keccak256;
import openledger.unit.Address;

/** Why a vault refuses a call, or a registry another gate, for a person. Errors that are not known keep their selector. */
public final class VaultErrors {
    private static final int SELECTOR = 4;
    private static final HexFormat HEX = HexFormat.of();

    private static final Map<String, String> BY_SELECTOR = VaultSentences.signatures().stream()
            .collect(Collectors.toUnmodifiableMap(VaultErrors::selector, Function.identity()));

    private VaultErrors() {}

    /**
     * What the data of a refusal say.
     *
     * @param data from a node, so they can be anything
     */
    public static Trial.Refused read(byte[] data) {
        if (data.length < SELECTOR) {
            return new Trial.Refused("", "it gives no reason");
        }
        String selector = HEX.formatHex(data, 0, SELECTOR);
        String signature = BY_SELECTOR.get(selector);
        if (signature == null) {
            return new Trial.Refused("", "its error is none that this program knows: 0x" + selector);
        }
        String name = signature.substring(0, signature.indexOf('('));
        List<String> types = types(signature);
        if (data.length != SELECTOR + types.size() * CallData.WORD) {
            return new Trial.Refused(name, "its error " + name + " has malformed arguments");
        }
        List<String> values = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            values.add(value(types.get(i), data, SELECTOR + i * CallData.WORD));
        }
        return new Trial.Refused(name, VaultSentences.of(signature, values));
    }

    /** What a lane's gate says to the registry if the lane's stake is too small to commit; empty if it says something else. */
    public static Optional<String> stakeShort(byte[] data) {
        Trial.Refused refused = read(data);
        return refused.error().equals("StakeShort") ? Optional.of(refused.reason()) : Optional.empty();
    }

    private static String value(String type, byte[] data, int from) {
        byte[] word = Arrays.copyOfRange(data, from, from + CallData.WORD);
        return switch (type) {
            case "address" -> "0x" + HEX.formatHex(word, CallData.WORD - Address.BYTES, CallData.WORD);
            case "bytes32" -> "0x" + HEX.formatHex(word);
            default -> new BigInteger(1, word).toString();
        };
    }

    private static List<String> types(String signature) {
        String inner = signature.substring(signature.indexOf('(') + 1, signature.length() - 1);
        return inner.isEmpty() ? List.of() : List.of(inner.split(",", -1));
    }

    private static String selector(String signature) {
        return HEX.formatHex(Keccak256.digest(signature.getBytes(StandardCharsets.US_ASCII)), 0, SELECTOR);
    }
}
