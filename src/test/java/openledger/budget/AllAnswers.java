package openledger.budget;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Runs something once for each sequence of answers that it could be given: a walk over all that can happen. */
public final class AllAnswers {
    private final List<Integer> chosen = new ArrayList<>();
    private final List<Integer> outOf = new ArrayList<>();
    private int asked;

    private AllAnswers() {}

    /** Runs it until every sequence has come; returns how many there were. */
    public static int walk(Consumer<AllAnswers> run) {
        AllAnswers answers = new AllAnswers();
        int runs = 0;
        do {
            answers.asked = 0;
            run.accept(answers);
            runs++;
        } while (answers.advance());
        return runs;
    }

    /** One of so many answers, from 0. */
    public int of(int count) {
        if (asked == chosen.size()) {
            chosen.add(0);
            outOf.add(count);
        }
        return chosen.get(asked++);
    }

    public boolean yesOrNo() {
        return of(2) == 0;
    }

    /** The next sequence: the last answer that has another one is changed, and what came after it is forgotten. */
    private boolean advance() {
        while (!chosen.isEmpty() && chosen.getLast() == outOf.getLast() - 1) {
            chosen.removeLast();
            outOf.removeLast();
        }
        if (!chosen.isEmpty()) {
            chosen.set(chosen.size() - 1, chosen.getLast() + 1);
        }
        return !chosen.isEmpty();
    }
}
