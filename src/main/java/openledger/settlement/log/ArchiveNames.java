package openledger.settlement.log;

import java.util.Locale;
import openledger.commitment.log.TilePath;
import openledger.unit.LaneId;

/**
 * What the objects of an export are called. The folder of a lane is a log as C2SP tlog-tiles has one ({@code checkpoint}, {@code tile/…}),
 * and beside it {@code batch/…} ({@link ArchivedBatch}) and {@code exported} ({@link ExportedLog}).
 */
final class ArchiveNames {
    private static final int GROUP = 1_000;

    private ArchiveNames() {}

    static String tile(LaneId lane, TilePath path) {
        return lane.value() + "/" + path;
    }

    /** A batch by its number, in groups of three digits as tiles are, so that no folder has more than a thousand entries of a kind. */
    static String batch(LaneId lane, long sequence) {
        StringBuilder groups = new StringBuilder(String.format(Locale.ROOT, "%03d", sequence % GROUP));
        for (long left = sequence / GROUP; left > 0; left /= GROUP) {
            groups.insert(0, String.format(Locale.ROOT, "x%03d/", left % GROUP));
        }
        return lane.value() + "/batch/" + groups;
    }

    static String exported(LaneId lane) {
        return lane.value() + "/exported";
    }

    static String checkpoint(LaneId lane) {
        return lane.value() + "/checkpoint";
    }
}
