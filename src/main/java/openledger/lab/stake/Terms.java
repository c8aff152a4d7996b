package openledger.lab.stake;

/**
 * What an operator has to expect of a vault and of those who look; see {@code docs/explanation/0026-stakes-and-barrier.md}.
 *
 * @param auditShare of the batches that somebody with money checks, 0 to 1
 * @param penalty taken for each proved leaf, in mean gains at a load of one half
 * @param reporterShare of the penalty that its reporter gets, 0 to 1; the rest is burned
 */
record Terms(double auditShare, double penalty, double reporterShare) {
    Terms {
        if (!(auditShare >= 0 && auditShare <= 1 && penalty >= 0 && reporterShare >= 0 && reporterShare <= 1)) {
            throw new IllegalArgumentException("terms: shares from 0 to 1, a penalty from 0 on");
        }
    }

    /** The vault's default, beside a small auditor. */
    static final Terms DEFAULT = new Terms(0.02, 70, 0.3);

    /** What of a penalty nobody gets, an operator that reports itself included; in mean gains. */
    double burned() {
        return burnedOf(penalty);
    }

    /** The same of another amount. */
    double burnedOf(double amount) {
        return (1 - reporterShare) * amount;
    }

    /** What the reporter gets. */
    double reward() {
        return reporterShare * penalty;
    }

    /** The same with so many checks. */
    Terms audited(double share) {
        return new Terms(share, penalty, reporterShare);
    }

    /** The same with another penalty. */
    Terms taking(double amount) {
        return new Terms(auditShare, amount, reporterShare);
    }

    /** The same with another share for the reporter. */
    Terms rewarding(double share) {
        return new Terms(auditShare, penalty, share);
    }
}
