package openledger.commitment.verify;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.commitment.verify.ReceiptContent.Value;

/**
 * The result for each member of a receipt, by its path: a member is in one of the three, or the receipt is refuted. Immutable.
 *
 * @param proved shown by the chain, or equal to something that is
 * @param unchecked could not be checked, or rests on something that could not
 * @param word nothing proves it, whatever the result of the checks; empty for a member that may be there and is not; of a list, how many it
 *     has
 */
public record MemberAccount(Map<String, Value> proved, List<String> unchecked, Map<String, Optional<Value>> word) {
    public MemberAccount {
        proved = Collections.unmodifiableMap(new LinkedHashMap<>(proved));
        unchecked = List.copyOf(unchecked);
        word = Collections.unmodifiableMap(new LinkedHashMap<>(word));
    }
}
