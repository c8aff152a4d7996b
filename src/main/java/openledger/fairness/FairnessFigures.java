package openledger.fairness;

import java.util.Optional;

/**
 * What a window says about fairness. What too few requests say nothing about is empty.
 *
 * @param requests in the window
 * @param cohorts that have had a request
 * @param compared cohorts with enough requests to be compared
 * @param fellBack requests served below the best tier, of all
 * @param exhausted requests whose budget was spent and that nobody served, of all
 * @param cancelled requests whose client left before content; they stay in {@code requests}
 * @param slow of those that fell back or were exhausted: nobody later got the best tier, and no view showed room
 * @param selective of those: a later request got the best tier meanwhile
 * @param missed of those: a view showed room
 * @param overtakes later requests that got the best tier, over all of those
 * @param meanAttempts attempts of a request, at most {@link FairnessWindow#MOST_ATTEMPTS} counted
 * @param disparity times
 * @param attemptsDistance attempts
 * @param congestionParity points of a hundred
 * @param jain 1/n to 1
 * @param variance shares of the variance of [fell back]
 */
public record FairnessFigures(
        long requests,
        int cohorts,
        int compared,
        long fellBack,
        long exhausted,
        long cancelled,
        long slow,
        long selective,
        long missed,
        long overtakes,
        double meanAttempts,
        Optional<AgainstChance> disparity,
        Optional<AgainstChance> attemptsDistance,
        Optional<AgainstChance> congestionParity,
        Optional<JainIndex> jain,
        Optional<VarianceSplit> variance) {}
