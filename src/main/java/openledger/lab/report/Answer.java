package openledger.lab.report;

import java.util.List;

/**
 * What an experiment has to say to a question.
 *
 * @param question that it answers
 * @param words the answer in a sentence or two, made from the figures
 * @param figures that it stands on; they are in the section of the experiment as well
 */
public record Answer(Question question, String words, List<Figure> figures) {
    public Answer {
        figures = List.copyOf(figures);
    }
}
