package openledger.provider.translation;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An image in a data URL (RFC 2397).
 *
 * @param mediaType in lower case, e.g. {@code image/png}
 * @param base64 the image itself
 */
public record DataUrl(String mediaType, String base64) {
    private static final Pattern HEAD = Pattern.compile("(?i)data:([a-z]+/[a-z0-9.+-]+);base64,");
    private static final int LONGEST_HEAD = 64;

    /** The beginning of an address, in lower case: the whole may be megabytes. */
    public static String beginning(String address) {
        return address.substring(0, Math.min(address.length(), LONGEST_HEAD)).toLowerCase(Locale.ROOT);
    }

    /** Reads a member whose text begins with {@code data:}. */
    public static DataUrl read(SourceMember url) throws UntranslatableMember {
        String address = url.text();
        Matcher head = HEAD.matcher(beginning(address));
        if (!head.lookingAt()) {
            throw url.refused("must begin with data:<media type>;base64, if it is a data: URL");
        }
        String data = address.substring(head.end());
        if (!isBase64(data)) {
            throw url.refused("must be base64");
        }
        return new DataUrl("image/jpg".equals(head.group(1)) ? "image/jpeg" : head.group(1), data);
    }

    private static boolean isBase64(String data) {
        int end = data.length();
        while (end > 0 && data.length() - end < 2 && data.charAt(end - 1) == '=') {
            end--;
        }
        for (int i = 0; i < end; i++) {
            char c = data.charAt(i);
            boolean digit = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (!digit && c != '+' && c != '/') {
                return false;
            }
        }
        return end > 0 && data.length() % 4 == 0;
    }
}
