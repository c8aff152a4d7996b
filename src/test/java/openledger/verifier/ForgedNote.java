package openledger.verifier;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import openledger.commitment.log.SignedNote;

/** Notes whose signatures somebody has tampered with. */
final class ForgedNote {
    /** The order of the group (RFC 8032). */
    private static final BigInteger ORDER =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    private ForgedNote() {}

    static SignedNote without(SignedNote note, int place) {
        var left = new ArrayList<>(note.signatures());
        left.remove(place);
        return new SignedNote(note.text(), left);
    }

    /** A note with other bytes behind the name in one of its signature lines. */
    static String changed(SignedNote note, int place, Consumer<byte[]> change) {
        return line(note, place, raw -> {
            change.accept(raw);
            return raw;
        });
    }

    static String cut(SignedNote note) {
        return line(note, 1, raw -> Arrays.copyOf(raw, raw.length - 1));
    }

    private static String line(SignedNote note, int place, UnaryOperator<byte[]> change) {
        String line = note.signatures().get(place).toString();
        int at = line.lastIndexOf(' ') + 1;
        byte[] raw = change.apply(Base64.getDecoder().decode(line.substring(at)));
        return note.toString()
                .replace(line, line.substring(0, at) + Base64.getEncoder().encodeToString(raw));
    }

    /** The other s that a verifier takes which does not look at its size. */
    static void addOrder(byte[] raw) {
        byte[] big = new byte[32];
        for (int i = 0; i < 32; i++) {
            big[i] = raw[raw.length - 1 - i];
        }
        byte[] sum = HexFormat.of().parseHex("%064x".formatted(new BigInteger(1, big).add(ORDER)));
        for (int i = 0; i < 32; i++) {
            raw[raw.length - 1 - i] = sum[i];
        }
    }
}
