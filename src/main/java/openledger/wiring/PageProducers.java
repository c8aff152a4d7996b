package openledger.wiring;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import openledger.http.page.PageNodes;
import openledger.wiring.config.CheckedConfiguration;

/** Makes what the page is told. */
@Singleton
final class PageProducers {
    @Produces
    @Singleton
    Optional<PageNodes> nodes(CheckedConfiguration checked) {
        return checked.page();
    }
}
