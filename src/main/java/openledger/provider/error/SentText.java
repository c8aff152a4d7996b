package openledger.provider.error;

/** Checks whether a client has sent certain words, which a provider may then be repeating. */
enum SentText {
    PRESENT,
    ABSENT,
    /** The body is long. */
    UNKNOWN;

    /** What is searched on an event loop; whether a longer body has the words is not known. */
    private static final int MOST_SEARCHED = 1 << 20;
    /** Characters of one that is written as its number. */
    private static final int ESCAPE = 6;

    /**
     * Looks for words in a JSON text, whatever stands between their letters.
     *
     * @param words letters and digits of US-ASCII, in lower case, without anything between them
     */
    static SentText of(byte[] json, byte[] words) {
        Search search = new Search(words);
        int end = Math.min(json.length, MOST_SEARCHED);
        int i = 0;
        while (i < end) {
            boolean escaped = json[i] == '\\' && i + 1 < end;
            boolean coded = escaped && json[i + 1] == 'u' && i + ESCAPE <= end;
            byte letter = coded ? letter(json, i + 2) : escaped ? 0 : json[i];
            if (search.ends(letter)) {
                return PRESENT;
            }
            i += coded ? ESCAPE : escaped ? 2 : 1;
        }
        return end < json.length ? UNKNOWN : ABSENT;
    }

    /** The character of US-ASCII that four hexadecimal digits name; 0 if it is none. */
    private static byte letter(byte[] json, int at) {
        int code = 0;
        for (int i = at; i < at + 4; i++) {
            int digit = Character.digit(json[i], 16);
            if (digit < 0) {
                return 0;
            }
            code = code << 4 | digit;
        }
        return code < 0x80 ? (byte) code : 0;
    }

    /** Knuth, Morris and Pratt's, over letters and digits only: one pass, whatever the text. */
    private static final class Search {
        private final byte[] words;
        private final int[] back;
        private int matched;

        Search(byte[] words) {
            this.words = words;
            this.back = new int[words.length];
            for (int i = 1, k = 0; i < words.length; i++) {
                while (k > 0 && words[i] != words[k]) {
                    k = back[k - 1];
                }
                k += words[i] == words[k] ? 1 : 0;
                back[i] = k;
            }
        }

        /** True if this byte ends the words. */
        boolean ends(byte b) {
            int c = b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) {
                return false;
            }
            while (matched > 0 && words[matched] != c) {
                matched = back[matched - 1];
            }
            matched += words[matched] == c ? 1 : 0;
            if (matched < words.length) {
                return false;
            }
            matched = back[matched - 1];
            return true;
        }
    }
}
