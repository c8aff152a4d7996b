package openledger.lab.report;

import java.util.List;

/**
 * The results of a run of the lab.
 *
 * @param seeds runs of each row
 * @param sections in the order of the experiments
 */
public record Report(Seeds seeds, List<Section> sections) {
    public Report {
        sections = List.copyOf(sections);
    }

    /** Answers to a question, in the order of the sections. */
    public List<Answer> answers(Question question) {
        return sections.stream()
                .flatMap(section -> section.answers().stream())
                .filter(answer -> answer.question() == question)
                .toList();
    }
}
