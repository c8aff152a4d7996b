package openledger.verifier;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import openledger.commitment.stake.StakeClaim;
import openledger.unit.Address;
import openledger.unit.Hash32;

/** The members of one object of a receipt: each is checked for type and bounds, and a wrong one is named. */
public final class ReceiptMembers {
    private static final String HEX = "0x";

    private final JsonNode object;
    private final String path;

    /**
     * An object's members.
     *
     * @param path of the object, with a dot at its end; empty for the outermost
     */
    ReceiptMembers(JsonNode object, String path) {
        this.object = object;
        this.path = path;
    }

    boolean has(String name) {
        JsonNode value = object.get(name);
        return value != null && !value.isNull();
    }

    ReceiptMembers object(String name) throws UnreadableReceipt {
        JsonNode value = value(name);
        require(value.isObject(), name, "must be an object");
        return new ReceiptMembers(value, path + name + ".");
    }

    public Optional<ReceiptMembers> objectIfThere(String name) throws UnreadableReceipt {
        return has(name) ? Optional.of(object(name)) : Optional.empty();
    }

    public long number(String name, long least, long most) throws UnreadableReceipt {
        JsonNode value = value(name);
        boolean fits = value.isIntegralNumber()
                && value.canConvertToLong()
                && value.longValue() >= least
                && value.longValue() <= most;
        require(fits, name, "must be a whole number from " + least + " to " + most);
        return value.longValue();
    }

    boolean truth(String name) throws UnreadableReceipt {
        JsonNode value = value(name);
        require(value.isBoolean(), name, "must be true or false");
        return value.booleanValue();
    }

    /** An amount in wei. */
    BigInteger amount(String name) throws UnreadableReceipt {
        Optional<BigInteger> amount = Optional.of(value(name))
                .filter(JsonNode::isTextual)
                .flatMap(value -> StakeClaim.amount(value.textValue()));
        require(amount.isPresent(), name, "must be a string of decimal digits, below 2^128");
        return amount.get();
    }

    String text(String name, int mostBytes) throws UnreadableReceipt {
        return text(value(name), name, mostBytes);
    }

    byte[] bytes(String name, int length) throws UnreadableReceipt {
        return bytes(value(name), name, length);
    }

    public Hash32 hash(String name) throws UnreadableReceipt {
        return Hash32.of(bytes(name, Hash32.BYTES));
    }

    Address address(String name) throws UnreadableReceipt {
        return Address.of(bytes(name, Address.BYTES));
    }

    List<Hash32> hashes(String name, int most) throws UnreadableReceipt {
        List<Hash32> hashes = new ArrayList<>();
        for (JsonNode item : array(name, most)) {
            hashes.add(Hash32.of(bytes(item, name + "[" + hashes.size() + "]", Hash32.BYTES)));
        }
        return hashes;
    }

    public List<ReceiptMembers> objects(String name, int most) throws UnreadableReceipt {
        List<ReceiptMembers> objects = new ArrayList<>();
        for (JsonNode item : array(name, most)) {
            String place = name + "[" + objects.size() + "]";
            require(item.isObject(), place, "must be an object");
            objects.add(new ReceiptMembers(item, path + place + "."));
        }
        return objects;
    }

    /** Bytes of any length up to {@code mostBytes}. */
    byte[] bytesUpTo(String name, int mostBytes) throws UnreadableReceipt {
        return bytesUpTo(value(name), name, mostBytes);
    }

    /** The same for each element of an array. */
    List<byte[]> listOfBytes(String name, int most, int mostBytes) throws UnreadableReceipt {
        List<byte[]> list = new ArrayList<>();
        for (JsonNode item : array(name, most)) {
            list.add(bytesUpTo(item, name + "[" + list.size() + "]", mostBytes));
        }
        return list;
    }

    private byte[] bytesUpTo(JsonNode value, String name, int mostBytes) throws UnreadableReceipt {
        int length = value.isTextual() ? (value.textValue().length() - HEX.length()) / 2 : 0;
        require(length > 0 && length <= mostBytes, name, "must be 0x and 1 to " + mostBytes + " bytes in hexadecimal");
        return bytes(value, name, length);
    }

    /** Names of the members, in their order. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    List<String> texts(String name, int most, int mostBytes) throws UnreadableReceipt {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : array(name, most)) {
            texts.add(text(item, name + "[" + texts.size() + "]", mostBytes));
        }
        return texts;
    }

    UnreadableReceipt wrong(String name, String message) {
        return new UnreadableReceipt(path + name, message);
    }

    private JsonNode array(String name, int most) throws UnreadableReceipt {
        JsonNode value = value(name);
        require(value.isArray() && value.size() <= most, name, "must be an array of at most " + most);
        return value;
    }

    private String text(JsonNode value, String name, int mostBytes) throws UnreadableReceipt {
        boolean fits = value.isTextual() && value.textValue().getBytes(StandardCharsets.UTF_8).length <= mostBytes;
        require(fits, name, "must be a string of at most " + mostBytes + " bytes");
        return value.textValue();
    }

    private byte[] bytes(JsonNode value, String name, int length) throws UnreadableReceipt {
        String text = value.isTextual() ? value.textValue() : "";
        boolean fits = text.length() == HEX.length() + 2 * length
                && text.startsWith(HEX)
                && text.chars().skip(HEX.length()).allMatch(ReceiptMembers::isLowerHex);
        require(fits, name, "must be 0x and " + 2 * length + " lower-case hexadecimal digits");
        return HexFormat.of().parseHex(text, HEX.length(), text.length());
    }

    private static boolean isLowerHex(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }

    private JsonNode value(String name) throws UnreadableReceipt {
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            throw wrong(name, "is missing");
        }
        return value;
    }

    private void require(boolean holds, String name, String message) throws UnreadableReceipt {
        if (!holds) {
            throw wrong(name, message);
        }
    }
}
