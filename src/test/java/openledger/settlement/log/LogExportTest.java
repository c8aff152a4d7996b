package openledger.settlement.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import openledger.commitment.BatchHeader;
import openledger.commitment.LeafBytes;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.EntryBundle;
import openledger.commitment.log.LogHasher;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;
import openledger.commitment.log.SignedNote;
import openledger.commitment.log.Tile;
import openledger.commitment.log.TilePath;
import openledger.commitment.log.TiledLog;
import openledger.identity.NoteSecret;
import openledger.settlement.CutBatches;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.log.BatchData.Data;
import openledger.settlement.log.MemoryArchive.Moment;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import org.junit.jupiter.api.Test;

/** An export is a whole log wherever it was ended, and notices what is not. Long because each way to damage one is. */
final class LogExportTest {
    private static final LaneId LANE = CutBatches.LANE;
    private static final String FOLDER = LANE.value() + "/";
    private static final NoteSigner KEY =
            NoteSecret.signer("log.example/7", NoteKey.Kind.NOTE, "0d".repeat(NoteSigner.SEED_BYTES));
    private static final LogExport.Signer SIGNER = (size, root) -> {
        String text = new Checkpoint(KEY.key().name(), size, root).toString();
        return new SignedNote(text, List.of(KEY.sign(text, 0)));
    };

    private final CutBatches lane = new CutBatches();
    private final MemoryArchive archive = new MemoryArchive();

    @Test
    void isALogThatLeadsToItsSignedRoot() throws IOException {
        cut();
        export(archive, lane.all());

        SignedNote note = SignedNote.parse(text(archive, "checkpoint"));
        assertThat(note.standing(KEY.key())).isEqualTo(SignedNote.Standing.SIGNED);
        Checkpoint checkpoint = Checkpoint.parse(note.text());
        long size = lane.all().getLast().header().size();
        assertThat(checkpoint.size()).isEqualTo(size);
        TiledLog log = new TiledLog(size, path -> archive.at(FOLDER + path));
        assertThat(log.root(size)).isEqualTo(checkpoint.root());
        for (long i = 0; i * TilePath.FULL < size; i++) {
            TilePath path = TilePath.of(TilePath.ENTRIES, i, size).orElseThrow();
            List<byte[]> entries = EntryBundle.entries(archive.at(FOLDER + path), path.width());
            for (int j = 0; j < entries.size(); j++) {
                assertThat(log.inclusion(i * TilePath.FULL + j, size).root(new LogHasher().entry(entries.get(j))))
                        .contains(checkpoint.root());
            }
        }
        for (CutBatch batch : lane.all()) {
            byte[] there = archive.at(ArchiveNames.batch(LANE, batch.header().sequence()));
            ArchivedBatch read = ArchivedBatch.read(batch.header(), there);
            assertThat(read.records()).isEqualTo(batch.records());
            assertThat(read.snapshots()).usingElementComparator(Arrays::compare).isEqualTo(batch.snapshots());
        }
    }

    /** Before and after every write: the next one ends with the same objects, and none is written over. */
    @Test
    void canBeKilledAnywhereAndGoesOn() throws IOException {
        cut();
        MemoryArchive whole = new MemoryArchive();
        whole.killAt(Integer.MAX_VALUE, Moment.BEFORE);
        export(whole, lane.all());
        for (Moment moment : Moment.values()) {
            for (int at = 1; at <= whole.writes(); at++) {
                MemoryArchive killed = new MemoryArchive();
                killed.killAt(at, moment);
                assertThatThrownBy(() -> export(killed, lane.all())).hasMessage("killed");
                killed.killAt(Integer.MAX_VALUE, moment);
                export(killed, lane.all());

                assertThat(killed.objects.keySet()).isEqualTo(whole.objects.keySet());
                whole.objects.forEach(
                        (name, bytes) -> assertThat(killed.at(name)).as(name).isEqualTo(bytes));
            }
        }
    }

    @Test
    void copiesOnlyWhatIsNew() throws IOException {
        cut();
        List<CutBatch> all = lane.all();
        export(archive, all.subList(0, 3));
        Map<String, byte[]> before = new HashMap<>(archive.objects);
        LogExport.Copied more = export(archive, all);

        assertThat(more.found()).isLessThanOrEqualTo(2);
        before.keySet().removeIf(name -> name.endsWith("exported") || name.endsWith("checkpoint"));
        before.forEach((name, bytes) -> assertThat(archive.at(name)).as(name).isEqualTo(bytes));
        int objects = archive.objects.size();
        assertThat(export(archive, all).objects()).isZero();
        assertThat(archive.objects).hasSize(objects);
    }

    @Test
    void whatIsDamagedIsNoticedAndNotReplaced() throws IOException {
        cut();
        export(archive, lane.all());
        for (String name : List.of("tile/0/000", "tile/entries/001", "tile/1/000.p/7", "batch/002")) {
            byte[] good = archive.at(FOLDER + name);
            byte[] bad = good.clone();
            bad[bad.length / 2] ^= 1;
            for (byte[] there :
                    List.of(bad, Arrays.copyOf(good, good.length - 1), Arrays.copyOf(good, good.length + 1))) {
                archive.objects.put(FOLDER + name, there);
                archive.objects.remove(FOLDER + "exported");
                assertThatThrownBy(() -> export(archive, lane.all()))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining(FOLDER + name);
                assertThat(archive.at(FOLDER + name)).isEqualTo(there);
            }
            archive.objects.put(FOLDER + name, good);
        }
        export(archive, lane.all());
    }

    @Test
    void anotherLogIsRefused() throws IOException {
        cut();
        export(archive, lane.all());
        CutBatches other = new CutBatches(902);
        other.outcomes(3);

        ExportedLog before = LogExport.before(archive, LANE).orElseThrow();
        assertThat(LogExport.isOf(before, lane.all().getLast().header())).isTrue();
        assertThat(LogExport.isOf(before, other.all().getLast().header())).isFalse();
        archive.objects.remove(FOLDER + "exported");
        assertThatThrownBy(() -> export(archive, other.all())).hasMessageContaining("batch/001");
    }

    @Test
    void aTextThatIsNoneOfOursIsRefused() throws IOException {
        cut();
        export(archive, lane.all());
        String good = text(archive, "exported");
        assertThat(good).startsWith("openledger log export 1\nchain 901\nregistry 0x2222");
        for (String bad : List.of(
                "", "hello", good + "\n", good.replace("chain 901", "chain 0901"), good.replace("batch ", ""))) {
            archive.objects.put(FOLDER + "exported", bad.getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> LogExport.before(archive, LANE))
                    .as(bad)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("7/exported");
        }
    }

    /** A database that was changed by hand does not get into an archive. */
    @Test
    void aBatchThatIsNotThatOfItsHeaderIsRefused() {
        cut();
        CutBatch first = lane.all().getFirst();
        BatchHeader header = first.header();
        byte[] leaves = first.leaves().clone();
        leaves[40] ^= 1;
        byte[] records = first.records().clone();
        records[records.length - 1] ^= 1;
        Data good = CutBatches.data(first);
        List<byte[]> one = first.snapshots().subList(1, first.snapshots().size());

        refuses(header, new Data(leaves, good.records(), good.snapshots()), "leaves");
        refuses(header, new Data(Arrays.copyOf(leaves, 96), good.records(), good.snapshots()), "leaves");
        refuses(header, new Data(good.leaves(), records, good.snapshots()), "records");
        refuses(header, new Data(good.leaves(), good.records(), one), "snapshots");
        refuses(lane.all().get(1).header(), CutBatches.data(lane.all().get(1)), "continue");
        assertThat(archive.objects).isEmpty();
    }

    private void refuses(BatchHeader header, Data data, String why) {
        assertThatThrownBy(() -> open(archive, List.of()).add(header, data))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why);
    }

    /** An archive that loses what it was given does not pass for one that has it. */
    @Test
    void whatReadsBackOtherwiseIsNotExported() {
        cut();
        LogArchive forgetful = new LogArchive() {
            @Override
            public Optional<byte[]> read(String name, int most) {
                return Optional.empty();
            }

            @Override
            public boolean write(String name, Optional<byte[]> before, byte[] content) {
                return true;
            }
        };
        assertThatThrownBy(() -> export(forgetful, lane.all())).hasMessageContaining("returns something else");
    }

    /** The second one begins before, and ends after, the first: in between at any write, or later. */
    @Test
    void twoAtOnceDoNoHarm() throws IOException {
        cut();
        MemoryArchive whole = new MemoryArchive();
        export(whole, lane.all());
        int writes = whole.writes();
        for (int at = 1; at <= writes; at++) {
            MemoryArchive shared = new MemoryArchive();
            shared.interruptAt(at, () -> export(shared, lane.all()));
            export(shared, lane.all().subList(0, 3));

            shared.interruptAt(0, () -> {});
            export(shared, lane.all());
            whole.objects.forEach(
                    (name, bytes) -> assertThat(shared.at(name)).as(name).isEqualTo(bytes));
        }
        LogExport late = open(archive, List.of());
        export(archive, lane.all());
        byte[] checkpoint = archive.at(FOLDER + "checkpoint");
        byte[] exported = archive.at(FOLDER + "exported");
        for (CutBatch batch : lane.all().subList(0, 3)) {
            late.add(batch.header(), CutBatches.data(batch));
            late.mark();
        }
        late.finish(Optional.of(SIGNER));
        assertThat(archive.at(FOLDER + "checkpoint")).isEqualTo(checkpoint);
        assertThat(archive.at(FOLDER + "exported")).isEqualTo(exported);
    }

    /** What another one has written in between is compared, never replaced. */
    @Test
    void whatIsThereAMomentLaterMustBeTheSame() throws IOException {
        cut();
        String batch = ArchiveNames.batch(LANE, 1);
        archive.interruptAt(1, () -> archive.objects.put(batch, new byte[1]));
        assertThatThrownBy(() -> export(archive, lane.all())).hasMessageContaining(batch + " is in the archive with");
        assertThat(archive.at(batch)).isEqualTo(new byte[1]);
    }

    @Test
    void aCheckpointThatIsNoneIsNotReplaced() throws IOException {
        cut();
        archive.objects.put(FOLDER + "checkpoint", new byte[] {'x'});
        assertThatThrownBy(() -> export(archive, lane.all())).hasMessageContaining("checkpoint of the archive cannot");
        assertThat(text(archive, "checkpoint")).isEqualTo("x");
    }

    @Test
    void withoutAKeyTheCheckpointOfBeforeStays() throws IOException {
        cut();
        export(archive, lane.all());
        String before = text(archive, "checkpoint");
        lane.outcomes(5);
        LogExport export = open(archive, lane.all());
        CutBatch last = lane.all().getLast();
        export.add(last.header(), CutBatches.data(last));
        export.finish(Optional.empty());

        assertThat(text(archive, "checkpoint")).isEqualTo(before);
        assertThat(LogExport.before(archive, LANE).orElseThrow().sequence())
                .isEqualTo(last.header().sequence());
    }

    private void cut() {
        lane.plans(3);
        for (int count : List.of(250, 3, 1, 600, 1_100)) {
            lane.outcomes(count);
        }
    }

    private static String text(MemoryArchive archive, String name) {
        return new String(archive.at(FOLDER + name), StandardCharsets.UTF_8);
    }

    /** All that is not there yet. */
    private static LogExport.Copied export(LogArchive archive, List<CutBatch> batches) throws IOException {
        LogExport export = open(archive, batches);
        long done = LogExport.before(archive, LANE).map(ExportedLog::sequence).orElse(0L);
        for (CutBatch batch : batches.subList((int) done, batches.size())) {
            export.add(batch.header(), CutBatches.data(batch));
            if (batch.header().sequence() % 2 == 0) {
                export.mark();
            }
        }
        export.finish(Optional.of(SIGNER));
        return export.copied();
    }

    /** Where an export goes on, it believes the database as little as anywhere else. */
    @Test
    void goesOnOnlyFromTheLogThatItEndedWith() throws IOException {
        cut();
        List<CutBatch> all = lane.all();
        export(archive, all.subList(0, 4));
        UnaryOperator<byte[]> as = bytes -> bytes;
        UnaryOperator<byte[]> changed = bytes -> {
            byte[] other = bytes.clone();
            other[other.length - 1] ^= 1;
            return other;
        };
        UnaryOperator<byte[]> less = bytes -> Arrays.copyOf(bytes, bytes.length - 1);

        assertThatThrownBy(() -> open(archive, all, changed, as)).hasMessageContaining("lead to the root of batch 4");
        assertThatThrownBy(() -> open(archive, all, less, as)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> open(archive, all, as, changed)).hasMessageContaining("the hashes of its tiles");
        assertThatThrownBy(() -> open(archive, all, as, less)).hasMessageContaining("the hashes of its tiles");
        export(archive, all);
    }

    private static LogExport open(LogArchive archive, List<CutBatch> batches) throws IOException {
        return open(archive, batches, UnaryOperator.identity(), UnaryOperator.identity());
    }

    private static LogExport open(
            LogArchive archive, List<CutBatch> batches, UnaryOperator<byte[]> asTile, UnaryOperator<byte[]> asLeaves)
            throws IOException {
        int done = LogExport.before(archive, LANE)
                .map(ExportedLog::sequence)
                .orElse(0L)
                .intValue();
        List<CutBatch> there = batches.subList(0, Math.min(done, batches.size()));
        List<byte[]> leaves = there.stream()
                .flatMap(batch -> LeafBytes.split(batch.leaves()).stream())
                .toList();
        Map<TilePath, byte[]> tiles = new HashMap<>();
        for (CutBatch batch : there) {
            for (Tile tile : batch.log().tiles()) {
                tiles.put(new TilePath(tile.level(), tile.index(), tile.hashes().length / Hash32.BYTES), tile.hashes());
            }
        }
        int open = leaves.size() % TilePath.FULL;
        byte[] last = new byte[open * LeafEncoding.BYTES];
        for (int i = 0; i < open; i++) {
            System.arraycopy(leaves.get(leaves.size() - open + i), 0, last, i * LeafEncoding.BYTES, LeafEncoding.BYTES);
        }
        Optional<BatchHeader> header =
                there.isEmpty() ? Optional.empty() : Optional.of(there.getLast().header());
        return new LogExport(
                archive,
                LANE,
                header,
                path -> asTile.apply(Objects.requireNonNull(tiles.get(path))),
                asLeaves.apply(last));
    }
}
