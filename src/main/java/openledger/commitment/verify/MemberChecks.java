package openledger.commitment.verify;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.verify.ReceiptContent.Kind;
import openledger.commitment.verify.ReceiptContent.Value;
import openledger.commitment.verify.ReceiptTable.Row;
import openledger.commitment.verify.ReceiptVerification.Check;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Finding.Failed;
import openledger.commitment.verify.ReceiptVerification.Finding.Passed;
import openledger.commitment.verify.ReceiptVerification.Finding.Skipped;
import openledger.commitment.verify.ReceiptVerification.Finding.Unchecked;
import openledger.commitment.verify.ReceiptVerification.Subject;
import org.jspecify.annotations.Nullable;

/** Checks that each member of a receipt is known, and finds the result for it. Long because a result depends on the checks of all parts. */
final class MemberChecks {
    /** Without these nothing that a leaf says is shown to be of the chain and the lane that the verifier means. */
    private static final Set<Subject> FOUNDATION = Set.of(
            Subject.LEAF,
            Subject.COMMITMENT,
            Subject.BATCH,
            Subject.PROOF,
            Subject.HEADER,
            Subject.CHAIN,
            Subject.REGISTRY,
            Subject.LANE,
            Subject.RECORDED,
            Subject.REGISTRY_PROOF);

    /** If one of these is there, the outcome's leaf is said to be in a batch, and all of it has to be there. */
    private static final List<String> OF_THE_END = List.of(
            "leaf", "proof", "batch", "transaction", "history", "urls", "followed_plan", "witnessed.checkpoint");

    private static final String PLANNED = "planned.";
    private static final String WITNESSED = "witnessed.";
    private static final String LEVEL = "level";
    private static final String PLANNED_LEVEL = "planned.level";
    private static final String PLANNED_TRANSACTION = "planned.transaction.";
    private static final String PLANNED_STAKE = "planned.stake.";

    private final ReceiptContent content;
    private final Map<String, List<String>> places = new HashMap<>();

    MemberChecks(ReceiptContent content) {
        this.content = content;
        content.values()
                .keySet()
                .forEach(path -> places.computeIfAbsent(ReceiptContent.pattern(path), all -> new ArrayList<>())
                        .add(path));
    }

    Finding finding() {
        if (content.isEmpty()) {
            return new Skipped("There is no record beside the leaf.");
        }
        for (Map.Entry<String, Value> member : content.values().entrySet()) {
            Row row = row(member.getKey());
            if (row == null) {
                return new Unchecked("The receipt has a member that this verifier does not know: " + member.getKey()
                        + ". It is not judged.");
            }
            if (!row.takes(member.getValue().kind())) {
                return new Unchecked(member.getKey() + " must be " + row.kind().words() + ".");
            }
        }
        for (Row row : ReceiptTable.ROWS.values()) {
            for (String path : needed(row)) {
                if (!content.has(path)) {
                    return new Unchecked(path + " is missing.");
                }
            }
        }
        return new Passed("Each of the receipt's members is known, and none is missing.");
    }

    private static @Nullable Row row(String path) {
        return ReceiptTable.ROWS.get(ReceiptContent.pattern(path));
    }

    private List<String> needed(Row row) {
        return switch (row.need()) {
            case ALWAYS -> isElement(row) ? List.of() : inEachParent(row);
            case ENDED -> hasEnded() ? inEachParent(row) : List.of();
            case OPTIONAL, TOLD -> List.of();
        };
    }

    private static boolean isElement(Row row) {
        return row.path().endsWith("[]");
    }

    private boolean hasEnded() {
        return OF_THE_END.stream().anyMatch(content::has);
    }

    private List<String> inEachParent(Row row) {
        List<String> parents = row.parent().isEmpty() ? List.of("") : places.getOrDefault(row.parent(), List.of());
        return parents.stream()
                .map(parent -> parent.isEmpty() ? row.name() : parent + "." + row.name())
                .toList();
    }

    /**
     * What became of each member.
     *
     * @param checks all of them
     * @param names of a target or a tier that the published policy proves
     * @param reached how far the leaf has come
     * @param plan the plan beside it as a receipt of its own
     */
    MemberAccount account(
            List<Check> checks,
            Set<String> names,
            Optional<ConfirmationLevel> reached,
            Optional<ReceiptVerification> plan) {
        Optional<ConfirmationLevel> ofPlan = plan.flatMap(ReceiptVerification::reached);
        Map<Subject, Finding> findings = new EnumMap<>(Subject.class);
        checks.forEach(check -> findings.put(check.subject(), check.finding()));
        boolean isRefuted = findings.values().stream().anyMatch(Failed.class::isInstance);
        boolean isFounded = !isRefuted
                && FOUNDATION.stream().allMatch(subject -> findings.get(subject) instanceof Passed)
                && findings.get(Subject.MEMBERS) instanceof Passed;
        Map<String, Value> proved = new LinkedHashMap<>();
        List<String> unchecked = new ArrayList<>();
        Map<String, Optional<Value>> word = new LinkedHashMap<>();
        content.values().forEach((path, value) -> {
            boolean isContainer = value.kind() == Kind.OBJECT || value.kind() == Kind.ARRAY;
            Row row = row(path);
            Optional<Subject> how = row == null ? Optional.empty() : how(row, findings.keySet());
            boolean isListOfWords = value.kind() == Kind.ARRAY && row != null && how.isEmpty();
            if (isContainer && !"0".equals(value.text()) && !isListOfWords) {
                return;
            }
            if (row == null || !row.takes(value.kind())) {
                unchecked.add(path);
                return;
            }
            Standing standing = how.isEmpty() || (isContainer && how.get() == Subject.PLAN)
                    ? Standing.WORD
                    : standing(findings.get(how.get()));
            Optional<ConfirmationLevel> planReached = hasEnded() ? ofPlan : reached;
            if (standing == Standing.PROVED
                    && (isUncounted(row)
                            || isWithoutTransaction(row, plan)
                            || isWithoutStake(row, plan)
                            || !isProvedFor(path, value, row, names, reached, planReached))) {
                standing = Standing.WORD;
            }
            switch (standing) {
                case PROVED -> {
                    if (isFounded) {
                        proved.put(path, value);
                    } else {
                        unchecked.add(path);
                    }
                }
                case UNCHECKED -> unchecked.add(path);
                case WORD -> word.put(path, value.kind() == Kind.OBJECT ? Optional.empty() : Optional.of(value));
            }
        });
        for (Row row : ReceiptTable.ROWS.values()) {
            if (saysNothingIfAbsent(row, findings.keySet())) {
                inEachParent(row).stream()
                        .filter(path -> !content.has(path))
                        .forEach(path -> word.put(path, Optional.empty()));
            }
        }
        return new MemberAccount(proved, unchecked, word);
    }

    /** Of what may be absent without a check that would notice, a receipt that lacks it is told to lack it. */
    private boolean saysNothingIfAbsent(Row row, Set<Subject> checked) {
        boolean isNoticed =
                how(row, checked).filter(how -> how != Subject.NAMES).isPresent();
        return switch (row.need()) {
            case ALWAYS, TOLD -> false;
            case ENDED -> !hasEnded();
            case OPTIONAL -> !isElement(row) && (!isNoticed || !hasEnded());
        };
    }

    /** Before the end nothing tells how many places the plan has that the record names. */
    private boolean isUncounted(Row row) {
        return "plan[]".equals(row.path()) && !hasEnded();
    }

    /** From a state a plan can be proved, and its transaction cannot. */
    private static boolean isWithoutTransaction(Row row, Optional<ReceiptVerification> plan) {
        return row.path().startsWith(PLANNED_TRANSACTION)
                && plan.flatMap(ReceiptVerification::state).isPresent();
    }

    /** A plan can be proved where nothing is known of its vault. */
    private static boolean isWithoutStake(Row row, Optional<ReceiptVerification> plan) {
        return row.path().startsWith(PLANNED_STAKE)
                && plan.stream()
                        .flatMap(of -> of.checks().stream())
                        .anyMatch(check -> check.subject() == Subject.STAKE && check.finding() instanceof Skipped);
    }

    /**
     * Before the end the leaf is the plan's, so all checks are about it. Where no witness is named, none is about cosignatures.
     *
     * @param checked what was
     */
    private Optional<Subject> how(Row row, Set<Subject> checked) {
        boolean isOfWitnesses = row.path().startsWith(WITNESSED) || row.path().startsWith(PLANNED + WITNESSED);
        if (isOfWitnesses && !checked.contains(Subject.WITNESSES)) {
            return Optional.empty();
        }
        boolean isTheLeaf =
                row.how().equals(Optional.of(Subject.PLAN)) && row.path().startsWith(PLANNED) && !hasEnded();
        return isTheLeaf
                ? Objects.requireNonNull(ReceiptTable.ROWS.get(row.path().substring(PLANNED.length())))
                        .how()
                : row.how();
    }

    private enum Standing {
        PROVED,
        UNCHECKED,
        WORD
    }

    /** A misroute is genuine, so what it says is proved. */
    private static Standing standing(@Nullable Finding finding) {
        return switch (finding) {
            case Passed _, Finding.Misroute _ -> Standing.PROVED;
            case Failed _, Unchecked _ -> Standing.UNCHECKED;
            case Skipped _ -> Standing.WORD;
            case null -> Standing.UNCHECKED;
        };
    }

    private static boolean isProvedFor(
            String path,
            Value value,
            Row row,
            Set<String> names,
            Optional<ConfirmationLevel> reached,
            Optional<ConfirmationLevel> ofPlan) {
        if (row.how().equals(Optional.of(Subject.NAMES))) {
            return names.contains(path);
        }
        // A level below the one that is reached was true once; when, nothing proves.
        return switch (path) {
            case LEVEL ->
                reached.filter(level -> level.name().equals(value.text())).isPresent();
            case PLANNED_LEVEL ->
                ofPlan.filter(level -> level.name().equals(value.text())).isPresent();
            default -> true;
        };
    }
}
