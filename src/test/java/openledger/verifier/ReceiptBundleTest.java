package openledger.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import openledger.cli.VerifyCommand;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.state.RegistrySlots;
import openledger.commitment.verify.Receipt;
import openledger.commitment.verify.ReceiptVerification;
import openledger.commitment.verify.ReceiptVerification.Check;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Own;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.commitment.verify.ReceiptVerification.Pins.OtherLanes;
import openledger.commitment.verify.ReceiptVerification.Subject;
import openledger.commitment.verify.ReceiptVerification.Verdict;
import openledger.support.ChangedMembers;
import openledger.support.ChangedMembers.Changed;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Bundles of recorded receipts with states that are made for them: what each part of a state proves, and what nothing proves.
 * Long because each part can be missing, wrong or too old.
 */
final class ReceiptBundleTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Three attempts of the best tier and one of the other, as the recorded router published them. */
    private static final long UP_TO = 0x0403;

    @TempDir
    Path folder = Path.of("");

    private final JsonNode recorded;

    ReceiptBundleTest() throws IOException {
        recorded = JSON.readTree(Path.of("clients/vectors/receipts.json").toFile());
    }

    @Test
    void everyRecordedReceiptHoldsByTheStateOfABlock() throws UnreadableReceipt {
        for (JsonNode one : recorded.path("genuine")) {
            String receipt = one.path("receipt").asText();

            ReceiptVerification found = verify(receipt, state -> {}, lane(receipt));

            assertThat(found.verdict())
                    .as("%s: %s", one.path("name"), found.checks())
                    .isEqualTo(Verdict.HOLDS);
            assertThat(found.reached()).contains(ConfirmationLevel.SEQUENCED);
            assertThat(found.members().unchecked()).isEmpty();
            assertThat(found.members().proved()).containsKeys("status", "leaf", "batch.committed_at", "budget");
            assertThat(found.members().word())
                    .containsKeys(
                            "transaction.hash", "transaction.block_hash", "level", "route", "attempt_list[0].tier");
            assertThat(found.members().proved().keySet())
                    .noneMatch(path -> path.contains("transaction."))
                    .noneMatch(path -> path.endsWith("level"));
        }
    }

    @Test
    void nothingIsProvedWithoutTheHashOfTheBlock() throws UnreadableReceipt {
        String receipt = receipt("signed");
        ReceiptBundle bundle = bundle(receipt, state -> {});

        ReceiptVerification open =
                BundleVerifier.without("nobody was asked.").verify(bundle, lane(receipt), Own.NOTHING);
        ReceiptVerification refuted = BundleVerifier.of(Hash32.ZERO).verify(bundle, lane(receipt), Own.NOTHING);

        assertThat(open.verdict()).isEqualTo(Verdict.OPEN);
        assertThat(open.members().proved()).isEmpty();
        assertThat(finding(open, Subject.BLOCK))
                .isInstanceOf(Finding.Unchecked.class)
                .asString()
                .contains(bundle.proof().block().hash().toString(), "block 77");
        assertThat(finding(open, Subject.RECORDED)).isInstanceOf(Finding.Unchecked.class);
        assertThat(refuted.verdict()).isEqualTo(Verdict.BROKEN);
        assertThat(finding(refuted, Subject.BLOCK)).isInstanceOf(Finding.Failed.class);
        assertThat(refuted.members().proved()).isEmpty();
    }

    @Test
    void aStateWithoutTheBatchRefutesUnlessItIsOlder() throws UnreadableReceipt {
        String receipt = receipt("fast, retried");

        ReceiptVerification without = verify(receipt, ReceiptBundleTest::forget, lane(receipt));
        ReceiptVerification older = verify(
                receipt,
                state -> {
                    forget(state);
                    state.time = 1;
                },
                lane(receipt));

        assertThat(without.verdict()).isEqualTo(Verdict.BROKEN);
        assertThat(finding(without, Subject.RECORDED)).isInstanceOf(Finding.Failed.class);
        assertThat(older.verdict()).isEqualTo(Verdict.OPEN);
        assertThat(finding(older, Subject.RECORDED)).asString().contains("older than the batch");
        assertThat(older.members().proved()).isEmpty();
    }

    private static void forget(MadeState state) {
        state.slots.put(
                RegistrySlots.record(
                        state.receipt.header().lane(), state.receipt.header().sequence()),
                Hash32.ZERO);
    }

    /** What a slot means is known of one code only, so even a registry that is insisted on proves nothing with another. */
    @Test
    void anotherContractProvesNothing() throws UnreadableReceipt {
        String receipt = receipt("fast, retried");
        Pins named = new Pins(
                OptionalLong.empty(),
                Optional.of(bundle(receipt, state -> {}).receipt().header().registry()),
                lane(receipt).lane(),
                Optional.empty(),
                OtherLanes.UNCHECKED);
        Consumer<MadeState> other = state -> state.code = Hash32.parse("0x" + "11".repeat(32));

        assertThat(verify(receipt, other, lane(receipt)).verdict()).isEqualTo(Verdict.BROKEN);
        ReceiptVerification pinned = verify(receipt, other, named);
        assertThat(pinned.verdict()).isEqualTo(Verdict.OPEN);
        assertThat(pinned.members().proved()).isEmpty();
        ReceiptVerification none = verify(receipt, state -> state.hasRegistry = false, named);
        assertThat(none.verdict()).isEqualTo(Verdict.BROKEN);
        assertThat(finding(none, Subject.REGISTRY)).asString().contains("in the state of block 77");
    }

    @Test
    void theVerifiersOwnAnchorsDecide() throws UnreadableReceipt {
        String receipt = receipt("fast, retried");
        Pins lane = lane(receipt);
        Optional<Address> someone = Optional.of(Address.parse("0x" + "99".repeat(20)));

        assertThat(verify(receipt, state -> {}, Pins.NONE).verdict()).isEqualTo(Verdict.OPEN);
        assertThat(verify(receipt, state -> {}, Pins.ofLane(new LaneId(5))).verdict())
                .isEqualTo(Verdict.BROKEN);
        assertThat(verify(receipt, state -> {}, pins(OptionalLong.of(10), Optional.empty(), lane, Optional.empty()))
                        .verdict())
                .isEqualTo(Verdict.BROKEN);
        assertThat(verify(receipt, state -> {}, pins(OptionalLong.of(901), Optional.empty(), lane, Optional.empty()))
                        .verdict())
                .isEqualTo(Verdict.HOLDS);
        assertThat(verify(receipt, state -> {}, pins(OptionalLong.empty(), someone, lane, Optional.empty()))
                        .verdict())
                .isEqualTo(Verdict.BROKEN);
        assertThat(verify(receipt, state -> {}, pins(OptionalLong.empty(), Optional.empty(), lane, someone))
                        .verdict())
                .isEqualTo(Verdict.BROKEN);
        assertThat(verify(
                                receipt,
                                state -> {},
                                pins(OptionalLong.empty(), Optional.empty(), lane, Optional.of(MadeState.OWNER)))
                        .verdict())
                .isEqualTo(Verdict.HOLDS);
    }

    private static Pins pins(OptionalLong chain, Optional<Address> registry, Pins lane, Optional<Address> owner) {
        return new Pins(chain, registry, lane.lane(), owner, OtherLanes.UNCHECKED);
    }

    @Test
    void aPromiseIsCheckedAgainstTheKeysOfTheState() throws UnreadableReceipt {
        String receipt = receipt("signed");
        Receipt read = bundle(receipt, state -> {}).receipt();
        long signedAt = read.promised().orElseThrow().promise().signedAt();
        Hash32 slot = RegistrySlots.signer(
                read.header().lane(), read.promised().orElseThrow().signer());

        assertThat(promise(receipt, state -> {})).isInstanceOf(Finding.Passed.class);
        assertThat(promise(receipt, state -> state.slots.put(slot, MadeState.number(signedAt))))
                .isInstanceOf(Finding.Passed.class);
        assertThat(promise(receipt, state -> state.slots.put(slot, MadeState.number(signedAt - 1))))
                .isInstanceOf(Finding.Failed.class);
        assertThat(promise(receipt, state -> state.slots.put(slot, Hash32.ZERO)))
                .isInstanceOf(Finding.Failed.class);
        // Until it was signed, the key can have been retired.
        assertThat(promise(receipt, state -> state.time = signedAt - 1)).isInstanceOf(Finding.Unchecked.class);
    }

    @Test
    void aSignedHeadIsCheckedAgainstTheKeysOfTheState() throws UnreadableReceipt {
        String receipt = receipt("fast, retried");
        Receipt read = bundle(receipt, state -> {}).receipt();
        Hash32 slot = RegistrySlots.signer(
                read.header().lane(), read.signedHead().orElseThrow().signer());

        assertThat(head(receipt, state -> {})).isInstanceOf(Finding.Passed.class);
        assertThat(head(receipt, state -> state.slots.put(slot, MadeState.number(17))))
                .isInstanceOf(Finding.Passed.class);
        // It can be a key of later.
        assertThat(head(receipt, state -> state.slots.put(slot, Hash32.ZERO))).isInstanceOf(Finding.Unchecked.class);
    }

    private Finding head(String receipt, Consumer<MadeState> change) throws UnreadableReceipt {
        return finding(verify(receipt, change, lane(receipt)), Subject.SIGNED_HEAD);
    }

    private Finding promise(String receipt, Consumer<MadeState> change) throws UnreadableReceipt {
        return finding(
                verify(
                        receipt,
                        state -> {
                            state.time = Math.max(
                                    state.time,
                                    state.receipt
                                            .promised()
                                            .orElseThrow()
                                            .promise()
                                            .signedAt());
                            change.accept(state);
                        },
                        lane(receipt)),
                Subject.PROMISE);
    }

    @Test
    void noChangeOfABundleIsVerifiedInSilence() throws IOException, UnreadableReceipt {
        for (String name : List.of("confirmed, gate dispatch", "signed")) {
            String receipt = receipt(name);
            ReceiptBundle genuine = bundle(receipt, state -> state.time += 1_000);
            List<Changed> all = ChangedMembers.of(new String(write(receipt, genuine), StandardCharsets.UTF_8));
            assertThat(all).hasSizeGreaterThan(500);

            List<JsonNode> said = verified(all, genuine);

            for (int i = 0; i < all.size(); i++) {
                Changed inReceipt =
                        new Changed(all.get(i).name(), all.get(i).path().replaceFirst("^receipt\\.", ""), "");
                assertThat(inReceipt.betrays(said.get(i)))
                        .as("%s of %s: %s", all.get(i).name(), name, said.get(i))
                        .isFalse();
            }
        }
    }

    private List<JsonNode> verified(List<Changed> all, ReceiptBundle genuine) throws IOException {
        for (int i = 0; i < all.size(); i++) {
            Files.writeString(
                    folder.resolve("b%05d.json".formatted(i)), all.get(i).receipt());
        }
        StringWriter out = new StringWriter();
        new CommandLine(new VerifyCommand())
                .setOut(new PrintWriter(out))
                .execute(
                        "--json",
                        "--block-hash",
                        genuine.proof().block().hash().toString(),
                        "--lane",
                        Long.toString(genuine.receipt().header().lane().value()),
                        folder.toString());
        List<JsonNode> said = new ArrayList<>();
        for (String line : out.toString().lines().toList()) {
            JsonNode one = JSON.readTree(line);
            if (one.has("file")) {
                said.add(one);
            }
        }
        return said;
    }

    @Test
    void isReadAsStrictlyAsAReceipt() throws UnreadableReceipt {
        String receipt = receipt("signed");
        String text = new String(write(receipt, bundle(receipt, state -> {})), StandardCharsets.UTF_8);

        assertThat(ReceiptBundle.read(receipt.getBytes(StandardCharsets.UTF_8))).isEmpty();
        for (String changed : List.of(
                text.replace("\"openledger_bundle\":1", "\"openledger_bundle\":2"),
                text.replace("\"openledger_bundle\":1", "\"openledger_bundle\":1,\"more\":0"),
                text.replace("\"block\":\"0x", "\"block\":\"0xc0"),
                text.replace("\"account\":[\"0x", "\"account\":[\"0x0"),
                text.replace("\"account\":[", "\"account\":[" + "\"0x00\",".repeat(66)),
                text.replace("\"account\":[\"0x", "\"account\":[\"0x" + "00".repeat(1_024)),
                text.replace("\"storage\":[", "\"storage\":[{\"slot\":\"" + Hash32.ZERO + "\",\"proof\":[]},"),
                text.substring(0, text.lastIndexOf(",{\"slot\"")) + "]}",
                text.substring(0, text.length() - 3))) {
            assertThatThrownBy(() -> ReceiptBundle.read(changed.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(UnreadableReceipt.class);
        }
    }

    private ReceiptVerification verify(String receipt, Consumer<MadeState> change, Pins pins) throws UnreadableReceipt {
        ReceiptBundle bundle = bundle(receipt, change);
        return BundleVerifier.of(bundle.proof().block().hash()).verify(bundle, pins, Own.NOTHING);
    }

    private static ReceiptBundle bundle(String receipt, Consumer<MadeState> change) throws UnreadableReceipt {
        MadeState state = new MadeState(ReceiptReader.read(receipt.getBytes(StandardCharsets.UTF_8)), UP_TO);
        change.accept(state);
        return ReceiptBundle.read(ReceiptBundle.write(receipt.getBytes(StandardCharsets.UTF_8), state.proof()))
                .orElseThrow();
    }

    private static byte[] write(String receipt, ReceiptBundle bundle) {
        return ReceiptBundle.write(receipt.getBytes(StandardCharsets.UTF_8), bundle.proof());
    }

    private String receipt(String name) {
        for (JsonNode one : recorded.path("genuine")) {
            if (name.equals(one.path("name").asText())) {
                return one.path("receipt").asText();
            }
        }
        throw new IllegalArgumentException(name);
    }

    private static Pins lane(String receipt) throws UnreadableReceipt {
        return Pins.ofLane(ReceiptReader.read(receipt.getBytes(StandardCharsets.UTF_8))
                .header()
                .lane());
    }

    private static Finding finding(ReceiptVerification verification, Subject subject) {
        return verification.checks().stream()
                .filter(check -> check.subject() == subject)
                .map(Check::finding)
                .findFirst()
                .orElseThrow();
    }
}
