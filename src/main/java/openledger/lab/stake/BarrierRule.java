package openledger.lab.stake;

/** What a lane has to lock before it may commit, and what that costs an operator a year; see {@link Economy}. */
enum BarrierRule {
    FLAT("flat floor") {
        @Override
        double yearly(Economy economy, double size, boolean isBacked, double hours) {
            return economy.capitalCost() * economy.stake(Economy.BACKED_SIZE, hours);
        }
    },
    FLAT_WITH_BACKERS("flat floor with backers") {
        @Override
        double yearly(Economy economy, double size, boolean isBacked, double hours) {
            double cost = isBacked ? economy.backersCost() : economy.capitalCost();
            return cost * economy.stake(Economy.BACKED_SIZE, hours);
        }
    },
    PROPORTIONAL("proportional") {
        @Override
        double yearly(Economy economy, double size, boolean isBacked, double hours) {
            return economy.capitalCost() * economy.stake(size, hours);
        }
    },
    PROPORTIONAL_WITH_FLOOR("proportional, vault's floor") {
        @Override
        double yearly(Economy economy, double size, boolean isBacked, double hours) {
            return economy.capitalCost() * Math.max(Economy.VAULTS_FLOOR, economy.stake(size, hours));
        }
    };

    private final String words;

    BarrierRule(String words) {
        this.words = words;
    }

    /** In tables. */
    String words() {
        return words;
    }

    /**
     * Cost of capital, $ a year.
     *
     * @param size of the operator, requests a second
     * @param isBacked whether somebody else locks the money for it
     * @param hours that the stake has to back
     */
    abstract double yearly(Economy economy, double size, boolean isBacked, double hours);

    /** That cost over the operator's margin. */
    double ofMargin(Economy economy, double size, boolean isBacked, double hours) {
        return yearly(economy, size, isBacked, hours) / economy.yearlyMargin(size);
    }

    /** Whether the operator has no business with it. */
    boolean shutsOut(Economy economy, double size, boolean isBacked, double hours) {
        return ofMargin(economy, size, isBacked, hours) > economy.tolerable();
    }
}
