package openledger.lab.report;

import java.util.List;

/**
 * An experiment's answer to a question.
 *
 * @param question that it answers
 * @param words the answer in a sentence or two, made from the figures
 * @param figures that it is based on; they are in the section of the experiment as well
 */
public record Answer(Question question, String words, List<Figure> figures) {
    public Answer {
        figures = List.copyOf(figures);
    }
}
