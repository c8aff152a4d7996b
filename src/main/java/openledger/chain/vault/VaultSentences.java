package openledger.chain.vault;

import java.math.BigInteger;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import openledger.unit.Ether;

/**
 * What each error of a vault, of the registry about gates, and of {@code Answers} means, as the end of a sentence for a person. Immutable.
 */
final class VaultSentences {
    /** The end of the year 9999, Unix seconds: a later time is no date for everybody. */
    private static final BigInteger LAST_DATE = BigInteger.valueOf(253_402_300_799L);

    private static final Pattern PLACE = Pattern.compile("\\{(\\d)(:time|:ether)?}");

    /** By the error's signature; a place has the number of an argument, and says if that is a time in Unix s or an amount in wei. */
    private static final Map<String, String> ALL = all();

    private VaultSentences() {}

    private static Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("BadTerms()", "a term is out of its bounds, or there is no registry");
        all.put("NotRegistry(address)", "only the registry asks before a commit, and {0} is not the registry");
        all.put(
                "LaneUnknown(uint64)",
                "nobody has opened lane {0} at the vault's registry; a router opens its lane at its first start");
        all.put(
                "StakeShort(uint64,uint256,uint256)",
                "lane {0} has an active stake of {1:ether}, and needs {2:ether} to commit: put more behind it, with openledger"
                        + " stake deposit");
        all.put("TooMuch(uint256,uint256)", "that is more than there is: {0}, of {1}");
        all.put("TooEarly(uint256)", "that cannot be done before {0:time}");
        all.put("Nothing()", "there is nothing to give, or to take");
        all.put("SendFailed(address)", "{0} does not take the money: name another account that gets it");
        all.put(
                "NotCommitted(uint64,uint64)",
                "the registry has no batch {1} of lane {0}, or one that was committed at another time");
        all.put("NotInBatch(uint64,uint64,uint64)", "that is not entry {2} of the log in batch {1} of lane {0}");
        all.put("NoFault()", "what is shown breaks no rule");
        all.put("WindowOver(uint256)", "it is too late to prove that: the time was over at {0:time}");
        all.put("PunishedAlready()", "that was punished before");
        all.put(
                "SameLeaf(uint64,uint64)",
                "the second one has to be the later one, and the two stand at {0} and at {1}");
        all.put("OtherLane(uint64,uint64)", "what is shown is of two lanes, {0} and {1}");
        all.put("OtherRequest(uint64,uint64)", "what is shown is of two requests, number {0} and number {1}");
        all.put("WrongKind()", "that leaf is of another kind than this needs, or it is no leaf");
        all.put(
                "NotTheLanesKey(uint64,address)",
                "{1} is no key of lane {0}, or was none at that time, or has promised for longer than the vault allows");
        all.put("BadSignature()", "that is no signature of 65 bytes with a low s");
        all.put("NotDueYet(uint64)", "the promise can be kept until {0:time}");
        all.put("WrongBond(uint256)", "the bond has to be at least {0:ether}");
        all.put("GameExists(bytes32)", "game {0} is there already, or was");
        all.put("NoSuchGame(bytes32)", "there is no game {0}, or it has ended");
        all.put("TooLate(uint64)", "the time for an answer was over at {0:time}");
        all.put("DoesNotAnswer()", "that is not what was asked for");
        // Of a vault for a token.
        all.put("BadToken(address)", "there is no token at {0} that a vault can hold");
        all.put("Busy()", "the vault is in the middle of another transfer");
        // Of the registry, about gates.
        all.put("NotOwner(uint64,address)", "{1} does not own lane {0}");
        all.put("GateWithoutCode(address)", "there is no contract at {0}");
        all.put("GateHolds(uint64,address)", "the gate {1} does not let lane {0} go");
        // Of answers to many games.
        all.put("NoVault(address)", "there is no contract at {0}");
        all.put("NotAnAnswer(uint256)", "call {0} of those that were sent together is no answer");
        // Of the language.
        all.put("Panic(uint256)", "the contract failed at a check of its own, number {0}");
        return all;
    }

    /** The signatures of the errors that have one. */
    static List<String> signatures() {
        return List.copyOf(ALL.keySet());
    }

    /**
     * The sentence of an error.
     *
     * @param signature one of {@link #signatures}
     * @param values its arguments, addresses and hashes in hexadecimal, numbers in decimal digits
     */
    static String of(String signature, List<String> values) {
        return PLACE.matcher(ALL.getOrDefault(signature, signature)).replaceAll(place -> {
            String value = values.get(Integer.parseInt(place.group(1)));
            return switch (String.valueOf(place.group(2))) {
                case ":time" -> time(new BigInteger(value));
                case ":ether" -> Ether.text(new BigInteger(value));
                default -> value;
            };
        });
    }

    private static String time(BigInteger seconds) {
        return seconds.compareTo(LAST_DATE) > 0
                ? "Unix second " + seconds
                : Instant.ofEpochSecond(seconds.longValueExact()).toString();
    }
}
