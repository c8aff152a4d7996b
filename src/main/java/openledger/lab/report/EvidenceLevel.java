package openledger.lab.report;

/** What a figure is worth as evidence. */
public enum EvidenceLevel {
    /** The world's parameters were chosen so that it comes out near the reference: its size says nothing by itself. */
    TUNED("tuned"),
    /** Nothing was chosen for it: sign and shape hold over the range of parameters that the report shows. */
    ROBUST("robust");

    private final String word;

    EvidenceLevel(String word) {
        this.word = word;
    }

    /** In reports. */
    public String word() {
        return word;
    }
}
