package openledger.provider.error;

/**
 * A text in which phrases are looked for, whatever stands between their words. A phrase that a quotation or another sign cuts in two is
 * none: {@code Tool 'api_key' not found} contains a client's word, and does not mean that an API key was not found. Immutable.
 */
final class Prose {
    private final String text;
    private final String letters;
    /** For each letter where it stands in the text. */
    private final int[] places;

    Prose(String text) {
        this.text = text;
        this.places = new int[text.length()];
        StringBuilder only = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isLetter(c)) {
                places[only.length()] = i;
                only.append(c >= 'A' && c <= 'Z' ? (char) (c + 'a' - 'A') : c);
            }
        }
        this.letters = only.toString();
    }

    /** Its letters and digits of US-ASCII, in lower case. */
    String letters() {
        return letters;
    }

    /** True if it has a phrase, given by its letters. */
    boolean has(String phrase) {
        for (int at = letters.indexOf(phrase); at >= 0; at = letters.indexOf(phrase, at + 1)) {
            if (isOnePiece(places[at], places[at + phrase.length() - 1])) {
                return true;
            }
        }
        return false;
    }

    /** Words with blanks or dashes between them, or one name with underscores. */
    private boolean isOnePiece(int first, int last) {
        boolean hasBlank = false;
        boolean hasUnderscore = false;
        for (int i = first; i <= last; i++) {
            char c = text.charAt(i);
            if (c == '_') {
                hasUnderscore = true;
            } else if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                hasBlank = true;
            } else if (!isLetter(c) && c != '-') {
                return false;
            }
        }
        return !(hasBlank && hasUnderscore);
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
