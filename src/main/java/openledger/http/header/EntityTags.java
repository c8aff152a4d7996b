package openledger.http.header;

/** Lists of entity tags (RFC 9110, section 8.8.3), as conditional requests send them. */
public final class EntityTags {
    private EntityTags() {}

    /** Whether {@code text} is {@code *}, or tags between commas; empty places count for nothing. */
    public static boolean isList(String text) {
        String whole = text.strip();
        if (whole.equals("*")) {
            return true;
        }
        int at = 0;
        while (at < whole.length()) {
            char c = whole.charAt(at);
            if (c == ' ' || c == '\t' || c == ',') {
                at++;
                continue;
            }
            int open = whole.startsWith("W/", at) ? at + 2 : at;
            int close = open < whole.length() && whole.charAt(open) == '"' ? whole.indexOf('"', open + 1) : -1;
            if (close < 0 || !whole.substring(open + 1, close).chars().allMatch(EntityTags::isTagCharacter)) {
                return false;
            }
            at = close + 1;
            if (at < whole.length() && ", \t".indexOf(whole.charAt(at)) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isTagCharacter(int c) {
        return c > ' ' && c != 0x7f;
    }
}
