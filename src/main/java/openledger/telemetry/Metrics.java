package openledger.telemetry;

import static openledger.telemetry.Dimensions.ACCOUNT_FAULT;
import static openledger.telemetry.Dimensions.ANNOUNCED;
import static openledger.telemetry.Dimensions.ATTRIBUTION;
import static openledger.telemetry.Dimensions.CHANGE;
import static openledger.telemetry.Dimensions.CONDITION;
import static openledger.telemetry.Dimensions.CUT;
import static openledger.telemetry.Dimensions.DIFFERENCE;
import static openledger.telemetry.Dimensions.EFFECT;
import static openledger.telemetry.Dimensions.ERROR;
import static openledger.telemetry.Dimensions.GATE;
import static openledger.telemetry.Dimensions.LEVEL;
import static openledger.telemetry.Dimensions.LIMIT;
import static openledger.telemetry.Dimensions.MODE;
import static openledger.telemetry.Dimensions.ON_UNCONFIRMED;
import static openledger.telemetry.Dimensions.OPERATION;
import static openledger.telemetry.Dimensions.PLACE;
import static openledger.telemetry.Dimensions.PROFILE;
import static openledger.telemetry.Dimensions.PROVIDER;
import static openledger.telemetry.Dimensions.REFUSAL;
import static openledger.telemetry.Dimensions.RELEASED;
import static openledger.telemetry.Dimensions.REQUEST_MODEL;
import static openledger.telemetry.Dimensions.RESEND;
import static openledger.telemetry.Dimensions.RESPONSE_MODEL;
import static openledger.telemetry.Dimensions.ROUTE;
import static openledger.telemetry.Dimensions.SENDING;
import static openledger.telemetry.Dimensions.STATUS;
import static openledger.telemetry.Dimensions.TARGET;
import static openledger.telemetry.Dimensions.TIER;
import static openledger.telemetry.Dimensions.TOKEN_TYPE;
import static openledger.telemetry.Dimensions.TRIGGER;
import static openledger.telemetry.Metric.counter;
import static openledger.telemetry.Metric.gauge;
import static openledger.telemetry.Metric.histogram;

import java.util.List;
import java.util.stream.Stream;

/**
 * Every metric there is, those of {@link FairnessMetrics} included: the only place with their names. Long because it is a list, and {@code
 * docs/reference/metrics.md} is made from it.
 */
final class Metrics {
    /** Of whole requests and calls; those of the GenAI conventions. */
    private static final List<Double> SECONDS =
            List.of(.01, .02, .04, .08, .16, .32, .64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);
    /** Of what we add ourselves; 10 ms is what the objective allows. */
    private static final List<Double> SMALL_SECONDS =
            List.of(.00025, .0005, .001, .002, .003, .005, .01, .02, .05, .1, .25, .5, 1.);
    /** Of waits for the chain; its targets are among the edges. */
    private static final List<Double> CHAIN_SECONDS =
            List.of(.05, .1, .15, .2, .25, .3, .35, .4, .45, .5, .75, 1., 2., 5., 10., 30., 60., 600., 1800., 3600.);

    private static final List<Double> TOKENS = List.of(
            1., 4., 16., 64., 256., 1024., 4096., 16384., 65536., 262144., 1048576., 4194304., 16777216., 67108864.);
    private static final List<Double> LEAVES =
            List.of(1., 2., 5., 10., 20., 50., 100., 200., 500., 1000., 1199., 1200.);

    static final Metric REQUESTS = counter(
            "openledger.requests",
            "{request}",
            "Finished requests",
            ROUTE,
            MODE,
            GATE,
            RELEASED,
            TIER,
            STATUS,
            TRIGGER,
            ATTRIBUTION);
    static final Metric REFUSALS = counter(
            "openledger.refusals", "{request}", "Requests turned away before there was anything to decide", REFUSAL);
    static final Metric DURATION = histogram(
            "openledger.request.duration",
            "s",
            SECONDS,
            "From arrival to the end of the answer",
            ROUTE,
            MODE,
            GATE,
            STATUS);
    static final Metric OVERHEAD = histogram(
            "openledger.request.overhead",
            "s",
            SMALL_SECONDS,
            "Time we added: neither upstream nor a wait on purpose",
            ROUTE,
            MODE,
            GATE,
            STATUS);
    static final Metric JOURNAL_WAIT = histogram(
            "openledger.request.journal",
            "s",
            SMALL_SECONDS,
            "The answer was there and waited for its record to be durable; requests that waited only",
            ROUTE,
            MODE,
            GATE);
    static final Metric HOLD = histogram(
            "openledger.request.hold", "s", SECONDS, "Confirmed requests waited for their plan", ROUTE, MODE, GATE);
    static final Metric CONFIRM = histogram(
            "openledger.request.confirm",
            "s",
            CHAIN_SECONDS,
            "Everything else was ready, and a confirmed request waited for its plan's level",
            ROUTE,
            MODE,
            GATE);
    static final Metric ATTEMPTS = counter(
            "openledger.attempts",
            "{attempt}",
            "Attempts spent, refused slots included; STORM_GUARD are the denials of the storm guard",
            ROUTE,
            MODE,
            TIER,
            TRIGGER);
    static final Metric REROUTES = counter(
            "openledger.reroutes", "{attempt}", "Attempts at another target than the one before", ROUTE, MODE, GATE);
    static final Metric TARGET_CHANGES = counter(
            "openledger.target_changes",
            "{request}",
            "Requests whose serving or last tried target is not the one selected first; announced if it is its place in the plan",
            ROUTE,
            MODE,
            GATE,
            ANNOUNCED);
    static final Metric OVERTAKES = counter(
            "openledger.overtakes",
            "{request}",
            "Later requests that got the best tier while one that fell back or was exhausted lost it",
            ROUTE,
            MODE,
            GATE);
    static final Metric RESENDS = counter(
            "openledger.resends",
            "{request}",
            "Requests that were sent again, those that only seem so included",
            ROUTE,
            RESEND);
    static final Metric PINNED =
            counter("openledger.plans.pinned", "{plan}", "Plans of confirmed requests", ROUTE, GATE);
    static final Metric STALE = counter(
            "openledger.plans.stale",
            "{place}",
            "Places of plans spent without a call: their target was closed or had no free slot any more",
            ROUTE,
            GATE,
            PLACE);
    static final Metric CONFIRMATION = histogram(
            "openledger.plans.confirmation",
            "s",
            CHAIN_SECONDS,
            "From the pin of a plan until it reached the level that was waited for",
            ROUTE,
            GATE,
            LEVEL,
            PROFILE);
    static final Metric UNCONFIRMED = counter(
            "openledger.plans.unconfirmed",
            "{plan}",
            "Plans that did not reach their level in time",
            ROUTE,
            GATE,
            ON_UNCONFIRMED);
    static final Metric THROWN_AWAY = counter(
            "openledger.answers.thrown_away",
            "{answer}",
            "Answers of providers that no client got, because the plan was not confirmed in time",
            ROUTE,
            GATE);

    static final Metric CALL_DURATION = histogram(
            "gen_ai.client.operation.duration",
            "s",
            SECONDS,
            "Calls of providers, to the end of the answer",
            OPERATION,
            PROVIDER,
            REQUEST_MODEL,
            RESPONSE_MODEL,
            ERROR);
    static final Metric FIRST_CHUNK = histogram(
            "gen_ai.client.operation.time_to_first_chunk",
            "s",
            SECONDS,
            "Calls of providers that answered, to the first content",
            OPERATION,
            PROVIDER,
            REQUEST_MODEL,
            RESPONSE_MODEL);
    static final Metric TOKEN_USAGE = histogram(
            "gen_ai.client.token.usage",
            "{token}",
            TOKENS,
            "Tokens of whole answers, as providers count them",
            OPERATION,
            PROVIDER,
            REQUEST_MODEL,
            RESPONSE_MODEL,
            TOKEN_TYPE);
    static final Metric SUBSTITUTIONS = counter(
            "openledger.answers.substituted",
            "{answer}",
            "Answers of another model than was asked for, as the provider says itself",
            ROUTE,
            TARGET);
    static final Metric SERVER_FIRST_TOKEN = histogram(
            "gen_ai.server.time_to_first_token",
            "s",
            SECONDS,
            "From arrival until a served request's answer could go out",
            OPERATION,
            REQUEST_MODEL,
            MODE,
            GATE);

    static final Metric SLOT_LIMIT =
            gauge("openledger.target.slots", "{call}", "Calls that may be in flight to a target", TARGET);
    static final Metric SLOTS_USED = gauge(
            "openledger.target.in_flight", "{call}", "Calls in flight to a target, claimed slots included", TARGET);
    static final Metric TARGET_OPEN =
            gauge("openledger.target.open", "1", "1 if a target may be called, 0 while it is closed", TARGET);
    static final Metric TARGET_LATENCY =
            gauge("openledger.target.latency", "s", "Smoothed time to the first content of a target's answers", TARGET);
    static final Metric LIMIT_LEFT = gauge(
            "openledger.target.limit.remaining",
            "{unit}",
            "What the target's provider said last that is left of its own limit: requests or tokens",
            TARGET,
            LIMIT);
    static final Metric LIMIT_RESET = gauge(
            "openledger.target.limit.reset",
            "s",
            "Until the target's provider fills its own limit again, as it said last; 0 once that is over",
            TARGET,
            LIMIT);
    static final Metric ACCOUNT_FAULTS = counter(
            "openledger.provider.account.faults",
            "{call}",
            "Calls that a provider refused because of the operator's account there: key, balance, quota, suspension",
            PROVIDER,
            ACCOUNT_FAULT);
    static final Metric RETRIES_LEFT =
            gauge("openledger.storm_guard.left", "1", "What is left of a route's retries in mode fast, 0 to 1", ROUTE);
    static final Metric HELD = gauge("openledger.held", "{request}", "Confirmed requests that wait for their plan");
    static final Metric KEPT = gauge(
            "openledger.resends.kept",
            "{request}",
            "Requests that can be sent again: with an idempotency key, or whose client has gone");
    static final Metric KEPT_BYTES =
            gauge("openledger.resends.kept.size", "By", "Answers that are kept for those who send again");
    static final Metric JOURNAL_PENDING = gauge("openledger.journal.pending", "By", "Records that are not durable yet");
    static final Metric JOURNAL_OPEN =
            gauge("openledger.journal.open", "1", "1 if the journal takes intents and reaches its database");
    static final Metric LANES_UNATTENDED = gauge(
            "openledger.lanes.unattended.age",
            "s",
            "For how long a lane of this database with unfinished records has had no router; 0 if there is none such");

    static final Metric BATCHES = counter("openledger.settlement.batches", "{batch}", "Batches that were cut", CUT);
    static final Metric BATCHED_LEAVES =
            counter("openledger.settlement.leaves", "{leaf}", "Leaves in batches that were cut", CUT);
    static final Metric BATCH_SIZE =
            histogram("openledger.settlement.batch.size", "{leaf}", LEAVES, "Leaves of a batch that was cut", CUT);
    static final Metric GAS = counter("openledger.settlement.gas", "{gas}", "Gas that our transactions used", EFFECT);
    static final Metric FEES = counter("openledger.settlement.fees", "Gwei", "What our transactions cost", EFFECT);
    static final Metric REORGS =
            counter("openledger.settlement.reorgs", "{reorg}", "Times that a reorg put batches back");
    static final Metric DEMOTIONS =
            counter("openledger.settlement.demotions", "{batch}", "Batches that a reorg put back");
    static final Metric SENDINGS =
            counter("openledger.settlement.sendings", "{transaction}", "Transactions sent", SENDING);
    static final Metric LANE_CHANGES =
            counter("openledger.settlement.lane.changes", "{change}", "Times the lane changed hands", CHANGE);
    static final Metric AUDIT_DIFFERENCES = counter(
            "openledger.audit.differences",
            "{difference}",
            "What the router's audit of its own lane found, leaves that cannot be read included",
            DIFFERENCE);
    static final Metric LEVELS = histogram(
            "openledger.settlement.level.duration",
            "s",
            CHAIN_SECONDS,
            "From the last leaf of a batch until it reached a level",
            LEVEL,
            PROFILE);
    static final Metric BACKLOG_LEAVES =
            gauge("openledger.settlement.backlog.leaves", "{leaf}", "Leaves that are not on chain");
    static final Metric BACKLOG_AGE =
            gauge("openledger.settlement.backlog.age", "s", "How long the oldest leaf that is not on chain has waited");
    static final Metric CONDITION_NOW =
            gauge("openledger.settlement.condition", "1", "1 for what settlement does now, 0 for all else", CONDITION);
    static final Metric CHAIN_BLOCK = gauge("openledger.chain.block", "{block}", "Number of the newest block seen");
    static final Metric CHAIN_LAG = gauge(
            "openledger.chain.lag",
            "s",
            "For how long what was sent has waited, or the chain has said nothing; 0 if all is as it should be");

    private static final List<Metric> OWN = List.of(
            REQUESTS,
            REFUSALS,
            DURATION,
            OVERHEAD,
            JOURNAL_WAIT,
            HOLD,
            CONFIRM,
            ATTEMPTS,
            REROUTES,
            TARGET_CHANGES,
            OVERTAKES,
            RESENDS,
            PINNED,
            STALE,
            CONFIRMATION,
            UNCONFIRMED,
            THROWN_AWAY,
            CALL_DURATION,
            FIRST_CHUNK,
            TOKEN_USAGE,
            SUBSTITUTIONS,
            SERVER_FIRST_TOKEN,
            ACCOUNT_FAULTS,
            LIMIT_LEFT,
            LIMIT_RESET,
            SLOT_LIMIT,
            SLOTS_USED,
            TARGET_OPEN,
            TARGET_LATENCY,
            RETRIES_LEFT,
            HELD,
            KEPT,
            KEPT_BYTES,
            JOURNAL_PENDING,
            JOURNAL_OPEN,
            LANES_UNATTENDED,
            BATCHES,
            BATCHED_LEAVES,
            BATCH_SIZE,
            GAS,
            FEES,
            REORGS,
            DEMOTIONS,
            SENDINGS,
            LANE_CHANGES,
            AUDIT_DIFFERENCES,
            LEVELS,
            BACKLOG_LEAVES,
            BACKLOG_AGE,
            CONDITION_NOW,
            CHAIN_BLOCK,
            CHAIN_LAG);

    /** All of them, as docs/reference/metrics.md has them. */
    static final List<Metric> ALL =
            Stream.concat(OWN.stream(), FairnessMetrics.ALL.stream()).toList();

    private Metrics() {}
}
