package openledger.cli.stake;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import openledger.commitment.stake.TermBounds;
import openledger.commitment.stake.VaultTerms;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The file of a vault's terms; {@code deploy/terms.yaml} documents every key, and what is left out is {@link VaultTerms#USUAL}. Confined to
 * one thread.
 */
public final class TermsFile {
    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,40}(?:\\.\\d{1,18})?) *(ether|gwei|wei)");
    private static final Pattern TIME = Pattern.compile("(\\d{1,10}) *([dhms])");
    private static final int ETHER_DIGITS = 18;
    private static final int GWEI_DIGITS = 9;
    private static final int LONGEST_SHOWN = 40;

    private final Map<String, Object> left;

    private TermsFile(Map<String, Object> keys) {
        this.left = keys;
    }

    /**
     * Reads terms that a vault takes.
     *
     * @throws IllegalArgumentException with the key and the reason if it would not take them
     * @throws IOException if the file cannot be read
     */
    public static VaultTerms read(Path file) throws IOException {
        Map<String, Object> keys = new LinkedHashMap<>();
        try {
            Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
            if (tree != null && !(tree instanceof Map<?, ?>)) {
                throw new IllegalArgumentException("it must be a list of keys and values, such as \"window: 7d\"");
            }
            if (tree instanceof Map<?, ?> map) {
                map.forEach((key, value) -> keys.put(String.valueOf(key), value));
            }
        } catch (YAMLException e) {
            throw new IllegalArgumentException("it is not YAML: " + e.getMessage(), e);
        }
        VaultTerms terms = new TermsFile(keys).terms();
        List<TermBounds.Refusal> refusals = TermBounds.refusals(terms);
        if (!refusals.isEmpty()) {
            throw new IllegalArgumentException(
                    refusals.getFirst().term() + " " + refusals.getFirst().reason());
        }
        return terms;
    }

    private VaultTerms terms() {
        VaultTerms usual = VaultTerms.USUAL;
        VaultTerms terms = new VaultTerms(
                amount("floor", usual.floor()),
                amount("stake-per-leaf", usual.stakePerLeaf()),
                time("volume-window", usual.volumeWindow()),
                amount("leaf-penalty", usual.leafPenalty()),
                amount("promise-penalty", usual.promisePenalty()),
                (int) number("most-per-batch", usual.mostPerBatch(), Character.MAX_VALUE),
                amount("bond", usual.bond()),
                number("bond-gas", usual.bondGas(), 0xffff_ffffL),
                (int) number("reporter-bps", usual.reporterBps(), Character.MAX_VALUE),
                time("window", usual.window()),
                time("response", usual.response()),
                time("anchor-most", usual.anchorMost()),
                time("grace", usual.grace()));
        left.keySet().stream().findFirst().ifPresent(key -> {
            throw new IllegalArgumentException(shown(key) + " is no term; deploy/terms.yaml has them all");
        });
        return terms;
    }

    private BigInteger amount(String key, BigInteger usual) {
        return of(
                key,
                usual,
                text -> amount(text.toLowerCase(Locale.ROOT)),
                "an amount, such as 0.01 ether or 5000000 wei");
    }

    private static Optional<BigInteger> amount(String text) {
        if ("0".equals(text)) {
            return Optional.of(BigInteger.ZERO);
        }
        Matcher parts = AMOUNT.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        int digits = switch (parts.group(2)) {
            case "ether" -> ETHER_DIGITS;
            case "gwei" -> GWEI_DIGITS;
            default -> 0;
        };
        BigDecimal wei = new BigDecimal(parts.group(1)).movePointRight(digits).stripTrailingZeros();
        BigInteger value = wei.scale() <= 0 ? wei.toBigIntegerExact() : BigInteger.ONE.negate();
        return value.signum() >= 0 && value.bitLength() <= 128 ? Optional.of(value) : Optional.empty();
    }

    private Duration time(String key, Duration usual) {
        return of(key, usual, TermsFile::time, "a time, such as 7d, 1h, 30m or 90s");
    }

    private static Optional<Duration> time(String text) {
        Matcher parts = TIME.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        long many = Long.parseLong(parts.group(1));
        Duration value = switch (parts.group(2)) {
            case "d" -> Duration.ofDays(many);
            case "h" -> Duration.ofHours(many);
            case "m" -> Duration.ofMinutes(many);
            default -> Duration.ofSeconds(many);
        };
        return value.toSeconds() <= 0xffff_ffffL ? Optional.of(value) : Optional.empty();
    }

    private long number(String key, long usual, long most) {
        return of(
                key,
                usual,
                text -> text.matches("\\d{1,10}")
                        ? Optional.of(Long.parseLong(text)).filter(value -> value <= most)
                        : Optional.<Long>empty(),
                "a whole number, at most " + most);
    }

    private <T> T of(String key, T usual, Function<String, Optional<T>> reader, String what) {
        if (!left.containsKey(key)) {
            return usual;
        }
        String text = String.valueOf(left.remove(key)).strip();
        return reader.apply(text)
                .orElseThrow(() -> new IllegalArgumentException(key + " must be " + what + ": " + shown(text)));
    }

    private static String shown(String text) {
        String plain = text.replaceAll("[^ -~]", "?");
        return plain.length() <= LONGEST_SHOWN ? plain : plain.substring(0, LONGEST_SHOWN) + "...";
    }
}
