package openledger.wiring.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import openledger.http.page.PageNodes;
import openledger.wiring.config.OpenLedgerConfig.PageKeys;
import openledger.wiring.config.SettlementReader.SettlementSettings;

/** Reads whether there is a page, and which nodes it may query. */
final class PageReader {
    private static final String KEY = "openledger.page.rpc-urls";
    private static final Pattern HERE = Pattern.compile("localhost|127(\\.\\d{1,3}){3}");

    private final ConfigurationProblems problems;

    PageReader(ConfigurationProblems problems) {
        this.problems = problems;
    }

    /** Empty if there is to be no page, or if something was found wrong and noted. */
    Optional<PageNodes> read(PageKeys keys, Optional<SettlementSettings> settlement) {
        if (!keys.enabled()) {
            return Optional.empty();
        }
        return keys.rpcUrls()
                .map(texts -> problems.build(
                        KEY,
                        () -> new PageNodes(
                                texts.stream().map(PageReader::address).toList())))
                .orElseGet(() -> Optional.of(new PageNodes(here(settlement))));
    }

    private static URI address(String text) {
        try {
            return URI.create(text.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("this is not an address", e);
        }
    }

    /** Other nodes' addresses may hold a key of the operator's, and the page is for everybody. */
    private static List<URI> here(Optional<SettlementSettings> settlement) {
        return settlement.stream()
                .flatMap(known -> known.chain().rpc().nodes().stream())
                .filter(node ->
                        node.getHost() != null && HERE.matcher(node.getHost()).matches())
                .toList();
    }
}
