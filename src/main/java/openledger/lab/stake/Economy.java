package openledger.lab.stake;

/**
 * What operators earn and what money costs them, by guess; see {@code docs/explanation/0026-stakes-and-barrier.md}. Amounts are in US
 * dollars.
 *
 * @param stakePerDecision what backs one decision a second for a second
 * @param capitalCost of locked money, a share of it a year
 * @param backersCost the same for a backer
 * @param margin of a request
 * @param tolerable share of the margin
 */
record Economy(double stakePerDecision, double capitalCost, double backersCost, double margin, double tolerable) {
    /** Requests a second that a flat floor backs: the lane of the stake experiment at a load of 0.8. */
    static final double BACKED_SIZE = StakeLane.perSecond(0.8);

    /** 0.01 ETH. */
    static final double VAULTS_FLOOR = 30;

    private static final double SECONDS_A_YEAR = 365 * 86_400;
    private static final double SECONDS_AN_HOUR = 3_600;

    /** The guesses, over what a lane tempts its operator with. */
    static Economy guessed(Temptation lane) {
        double burned = Terms.DEFAULT.burnedOf(1);
        return new Economy(lane.gainPerDecision() * Prices.GAIN / burned, 0.1, 0.05, 0.0005, 0.05);
    }

    /** The same where a stake costs so many times as much of what is tolerable. */
    Economy dearer(double factor) {
        return new Economy(stakePerDecision, capitalCost * factor, backersCost * factor, margin, tolerable);
    }

    /** What backs a lane of a size, requests a second. */
    double stake(double size, double hours) {
        return stakePerDecision * size * hours * SECONDS_AN_HOUR;
    }

    /** What an operator of a size earns a year. */
    double yearlyMargin(double size) {
        return margin * size * SECONDS_A_YEAR;
    }

    /** Size, requests a second, from which an operator can afford a cost that is the same for all. */
    double leastSize(double yearly) {
        return yearly / (tolerable * margin * SECONDS_A_YEAR);
    }

    /** What a million requests cost at such a cost a year. */
    double perMillion(double yearly, double size) {
        return yearly / (size * SECONDS_A_YEAR) * 1e6;
    }
}
