package openledger.lab.report;

/** Text escaped for HTML. */
final class Text {
    private Text() {}

    /** Safe between tags and in quoted attributes. */
    static String escaped(String words) {
        return words.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
