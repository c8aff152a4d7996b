package openledger.provider;

/** Tells whether a client has sent some words, which a provider may then be repeating. */
enum SentText {
    PRESENT,
    ABSENT,
    /** The body has characters written as {@code \\u…}, so it may, in other letters; or it is long. */
    UNKNOWN;

    /** What is searched on an event loop; whether a longer body has the words is not known. */
    private static final int MOST_SEARCHED = 1 << 20;

    /**
     * Looks for words in a JSON text, whatever stands between their letters.
     *
     * @param words letters and digits of US-ASCII, in lower case, without anything between them
     */
    static SentText of(byte[] json, byte[] words) {
        Search search = new Search(words);
        int end = Math.min(json.length, MOST_SEARCHED);
        boolean escapes = end < json.length;
        for (int i = 0; i < end; i++) {
            if (json[i] == '\\' && i + 1 < end) {
                i++;
                escapes |= json[i] == 'u';
            } else if (search.ends(json[i])) {
                return PRESENT;
            }
        }
        return escapes ? UNKNOWN : ABSENT;
    }

    /** True if the words stand in {@code text}. */
    static boolean has(byte[] text, byte[] words) {
        Search search = new Search(words);
        for (byte b : text) {
            if (search.ends(b)) {
                return true;
            }
        }
        return false;
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
