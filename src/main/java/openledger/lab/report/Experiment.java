package openledger.lab.report;

/** An experiment of the lab. The same seeds give the same section. */
public interface Experiment {
    /** One lower-case word: what it is called on the command line, and where its figures are in the JSON. */
    String name();

    /** What it tries, in a few words. */
    String about();

    /** Tries it. */
    Section run(Seeds seeds, Progress progress);
}
