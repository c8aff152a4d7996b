package openledger.commitment.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import openledger.commitment.PublishedPolicy;
import openledger.commitment.PublishedPolicy.Budget;
import openledger.commitment.PublishedPolicy.Route;
import openledger.commitment.PublishedPolicy.Tier;
import openledger.commitment.verify.ReceiptContent.Kind;
import openledger.commitment.verify.ReceiptContent.Value;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.unit.RouteId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names in a record against the texts of policies: route 3, served by the best tier's target 2 with attempt 2 of 4. */
final class NameChecksTest {
    private final ReceiptFixture fixture = new ReceiptFixture();
    private final Map<String, Value> members = new LinkedHashMap<>();

    NameChecksTest() {
        put("route", "assistant");
        put("tier", "best");
        put("target", "b/two");
        members.put("attempt_list", new Value(Kind.ARRAY, "2"));
        attempt(0, "a/one", "SERVER_ERROR");
        attempt(1, "b/two", "NONE");
    }

    @Test
    void namesOfThePublishedPolicyPassAndOneOfOneIsProved() {
        NameChecks.Names names = names();

        assertThat(names.finding()).isInstanceOf(Finding.Passed.class);
        assertThat(names.proved())
                .contains("route", "tier", "attempt_list[1].tier")
                .doesNotContain("target");
    }

    @ParameterizedTest
    @CsvSource({
        "route, other, published as assistant",
        "tier, other, but tier 0 of the published route is best",
        "target, c/three, 'has only a/one, b/two'",
        "target, a/one, is another target",
        "attempt_list[0].target, b/two, is another target",
        "attempt_list[1].target, a/one, is another target",
        "attempt_list[0].tier, other, but tier 0",
    })
    void aFalseNameIsRefuted(String path, String name, String reason) {
        put(path, name);

        assertThat(names().finding())
                .isInstanceOfSatisfying(
                        Finding.Failed.class, failed -> assertThat(failed.why()).contains(reason));
    }

    /** A router that does not know a name says so; that is no lie. */
    @ParameterizedTest
    @CsvSource({"route", "tier", "target", "attempt_list[1].tier", "attempt_list[1].target"})
    void aNameThatIsMissingOrNotKnownIsUnchecked(String path) {
        put(path, "?");
        assertThat(names().finding()).isInstanceOf(Finding.Unchecked.class);
        members.remove(path);
        assertThat(names().finding()).isInstanceOf(Finding.Unchecked.class);
    }

    @Test
    void withoutThePolicyNamesAreTheRoutersWord() {
        fixture.policies = new NodeTestimony.Silent<>("the node keeps no events");
        assertThat(names().finding()).isInstanceOf(Finding.Unchecked.class);
        fixture.policies = new NodeTestimony.Said<>(List.of());
        assertThat(names().finding()).isInstanceOf(Finding.Unchecked.class);
        assertThat(names().proved()).isEmpty();
    }

    /** Numbers and texts stand in one order, so routes with equal budgets are told apart; policies of before may have another. */
    @Test
    void routesOfEqualBudgetsAreToldApartByTheirPlace() {
        Budget mine = new Budget(new RouteId(3), List.of(3, 4));
        Budget other = new Budget(new RouteId(2), List.of(3, 4));
        Route assistant = ReceiptFixture.policy("assistant").routes().getFirst();
        Route twin = ReceiptFixture.policy("twin").routes().getFirst();

        publish(List.of(mine, other), assistant, twin);
        assertThat(names().finding()).isInstanceOf(Finding.Passed.class);
        publish(List.of(other, mine), assistant, twin);
        assertThat(names().finding()).isInstanceOf(Finding.Unchecked.class);
        publish(List.of(other, mine), new Route("third", List.of(new Tier("t", 4, List.of()))), assistant);
        assertThat(names().finding()).isInstanceOf(Finding.Passed.class);
    }

    private void publish(List<Budget> budgets, Route... routes) {
        fixture.policies = new NodeTestimony.Said<>(List.of(new PublishedPolicy(budgets, List.of(routes))));
    }

    private NameChecks.Names names() {
        fixture.content = new ReceiptContent(members);
        return NameChecks.of(fixture.receipt(), fixture.policies);
    }

    private void attempt(int place, String target, String trigger) {
        String attempt = "attempt_list[" + place + "].";
        put(attempt + "tier", "best");
        put(attempt + "target", target);
        put(attempt + "trigger", trigger);
    }

    private void put(String path, String text) {
        members.put(path, new Value(Kind.TEXT, text));
    }
}
