package openledger.inference.fairness;

import java.util.Optional;
import openledger.fairness.FairnessPart;

/**
 * What one router has to say of a series.
 *
 * @param totals how it stands; its figures are not looked at
 * @param part what was counted in a stretch of time; empty if nothing was
 */
public record SeriesPart(FairnessSeries totals, Optional<FairnessPart> part) {}
