package openledger.store.decision;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import openledger.store.JdbcLink;
import org.jboss.logging.Logger;

/**
 * One partition a UTC day, made ahead and dropped after the retention. A journal partition stays for as long as a chunk in it has not been
 * derived or, if we settle, is not in a batch; and for a while if it is to be streamed and is not yet. Origins are kept as long as decisions. Batches are kept for ever. By JDBC, since a statement
 * here may wait longer for its lock than a connection of the pool may be silent. Blocks: to be called from a worker.
 */
public final class Partitions {
    private static final Logger LOG = Logger.getLogger(Partitions.class);
    private static final DateTimeFormatter SUFFIX = DateTimeFormatter.BASIC_ISO_DATE;
    private static final Duration JUST_UNDER_A_DAY = Duration.ofDays(1).minusNanos(1);
    private static final int DAYS_BEHIND = 1;
    private static final int DAYS_AHEAD = 3;

    private final DataSource database;
    private final int journalDays;
    private final int decisionDays;
    private final Settlement settlement;
    private final Optional<Duration> longestLag;

    /** Whether decisions go into batches. */
    public enum Settlement {
        OFF,
        ON
    }

    /**
     * Partitions of a router that does not settle.
     *
     * @param journalDays days a chunk is kept, 1 or more
     * @param decisionDays days a decision is kept, 1 or more
     */
    public Partitions(DataSource database, int journalDays, int decisionDays) {
        this(database, journalDays, decisionDays, Settlement.OFF);
    }

    /**
     * Partitions with their retention.
     *
     * @param journalDays days a chunk is kept, 1 or more
     * @param decisionDays days a decision is kept, 1 or more
     * @param settlement whether a chunk has to be in a batch before it may go
     */
    public Partitions(DataSource database, int journalDays, int decisionDays, Settlement settlement) {
        this(database, journalDays, decisionDays, settlement, Optional.empty());
    }

    private Partitions(
            DataSource database,
            int journalDays,
            int decisionDays,
            Settlement settlement,
            Optional<Duration> longestLag) {
        if (journalDays < 1 || decisionDays < 1) {
            throw new IllegalArgumentException("retention is 1 day or more");
        }
        this.database = database;
        this.journalDays = journalDays;
        this.decisionDays = decisionDays;
        this.settlement = settlement;
        this.longestLag = longestLag;
    }

    /**
     * The same where decisions are streamed.
     *
     * @param lag how long after its retention a chunk waits for the stream at most
     */
    public Partitions streamed(Duration lag) {
        return new Partitions(database, journalDays, decisionDays, settlement, Optional.of(lag));
    }

    /** Makes and drops what {@code today} requires; doing it again does nothing. */
    public void maintain(LocalDate today) throws SQLException {
        try (Connection connection = JdbcLink.to(database)) {
            for (LocalDate day = today.minusDays(DAYS_BEHIND);
                    !day.isAfter(today.plusDays(DAYS_AHEAD));
                    day = day.plusDays(1)) {
                create(connection, "journal_chunk", day);
                create(connection, "decision", day);
                create(connection, "answer_origin", day);
            }
            for (LocalDate day : daysBefore(connection, "journal_chunk", today.minusDays(journalDays))) {
                if (isDerived(connection, day)
                        && isSettled(connection, day)
                        && (isStreamed(connection, day) || isPastWaiting(day, today))) {
                    drop(connection, "journal_chunk", day);
                }
            }
            for (LocalDate day : daysBefore(connection, "decision", today.minusDays(decisionDays))) {
                drop(connection, "decision", day);
            }
            for (LocalDate day : daysBefore(connection, "answer_origin", today.minusDays(decisionDays))) {
                drop(connection, "answer_origin", day);
            }
        }
    }

    private static String name(String table, LocalDate day) {
        return table + "_" + SUFFIX.format(day);
    }

    private static void create(Connection connection, String table, LocalDate day) throws SQLException {
        execute(
                connection,
                "create table if not exists " + name(table, day) + " partition of " + table + " for values from ('"
                        + day + "') to ('" + day.plusDays(1) + "')");
    }

    private static void drop(Connection connection, String table, LocalDate day) throws SQLException {
        execute(connection, "drop table " + name(table, day));
        LOG.infof("partition dropped after its retention, table=%s day=%s", table, day);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<LocalDate> daysBefore(Connection connection, String table, LocalDate limit)
            throws SQLException {
        List<LocalDate> days = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                "select inhrelid::regclass::text from pg_inherits where inhparent = ?::regclass")) {
            select.setString(1, table);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    String suffix = rows.getString(1).substring(table.length() + 1);
                    LocalDate day = LocalDate.parse(suffix, SUFFIX);
                    if (day.isBefore(limit)) {
                        days.add(day);
                    }
                }
            }
        } catch (DateTimeParseException e) {
            throw new SQLException("a partition of " + table + " is not one of ours", e);
        }
        return days;
    }

    /**
     * The last batch of a lane says from where on decisions are in none, and from where on plans; a lane without batches has all of
     * them there.
     */
    private boolean isSettled(Connection connection, LocalDate day) throws SQLException {
        return settlement == Settlement.OFF
                || none(
                        connection,
                        day,
                        "select from journal_chunk c left join lateral (select end_chunk, plan_chunk from batch b"
                                + " where b.lane = c.lane order by b.sequence desc limit 1) as last on true"
                                + " where c.day = ? and (c.seq >= coalesce(last.end_chunk, 0)"
                                + " or c.planned > 0 and c.seq >= coalesce(last.plan_chunk, 0))");
    }

    private static boolean isDerived(Connection connection, LocalDate day) throws SQLException {
        return none(
                connection,
                day,
                "select from journal_chunk c left join projection p using (lane)"
                        + " where c.day = ? and c.seq >= coalesce(p.low_water, 0)");
    }

    /** Without a stream nothing waits for it. */
    private boolean isStreamed(Connection connection, LocalDate day) throws SQLException {
        return longestLag.isEmpty()
                || none(
                        connection,
                        day,
                        "select from journal_chunk c left join stream_cursor s using (lane)"
                                + " where c.day = ? and c.seq >= coalesce(s.chunk, 0)");
    }

    private boolean isPastWaiting(LocalDate day, LocalDate today) {
        LocalDate due = day.plusDays(1L
                + journalDays
                + longestLag.orElse(Duration.ZERO).plus(JUST_UNDER_A_DAY).toDays());
        boolean isPast = !due.isAfter(today);
        if (isPast) {
            LOG.errorf("a day of the journal is dropped that is not in the stream, day=%s", day);
        }
        return isPast;
    }

    private static boolean none(Connection connection, LocalDate day, String chunks) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select not exists (" + chunks + ")")) {
            select.setObject(1, day);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }
}
