package openledger;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;

/** The house as its rules see it: floors and classes, without the tests. */
final class House {
    static final String DEMO = "openledger.demo..";
    static final String[] GROUND = {
        "openledger.unit..",
        "openledger.routing..",
        "openledger.budget..",
        "openledger.commitment..",
        "openledger.fairness.."
    };
    static final String[] FIRST = {
        "openledger.access..",
        "openledger.cluster..",
        "openledger.inference..",
        "openledger.settlement..",
        "openledger.stream..",
        "openledger.audit..",
        "openledger.lab.."
    };
    static final String WIRING = "openledger.wiring..";

    static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages("openledger");

    private House() {}

    /** A rule that looks at no class at all fails: a package in it has been misspelt, or is gone. */
    static void check(ArchRule rule) {
        rule.check(HOUSE);
    }
}
