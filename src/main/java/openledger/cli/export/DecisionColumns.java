package openledger.cli.export;

import java.util.List;
import openledger.cli.export.ParquetColumn.ColumnType;
import openledger.cli.export.ParquetColumn.Form;

/** The columns of a table of decisions: the members of {@code docs/schemas/decision.v1.json}, those that are lists as JSON. */
final class DecisionColumns {
    static final List<Form> ALL = List.of(
            always("request", ColumnType.TEXT),
            always("lane", ColumnType.INT64),
            always("counter", ColumnType.INT64),
            always("tenant", ColumnType.TEXT),
            always("status", ColumnType.TEXT),
            new Form("arrival", ColumnType.TIME, false, "/arrival_ms"),
            always("route", ColumnType.TEXT),
            always("route_id", ColumnType.INT64),
            always("mode", ColumnType.TEXT),
            sometimes("gate", ColumnType.TEXT),
            sometimes("released", ColumnType.BOOLEAN),
            always("operation", ColumnType.TEXT),
            always("form", ColumnType.TEXT),
            always("budget", ColumnType.INT64),
            always("attempts", ColumnType.INT64),
            sometimes("resends", ColumnType.INT64),
            sometimes("tier", ColumnType.TEXT),
            sometimes("target", ColumnType.TEXT),
            sometimes("fallback_reason", ColumnType.TEXT),
            always("attribution", ColumnType.TEXT),
            sometimes("overtakes", ColumnType.INT64),
            sometimes("snapshot", ColumnType.INT64),
            sometimes("turn", ColumnType.INT64),
            sometimes("plan", ColumnType.JSON),
            sometimes("client_request_id", ColumnType.TEXT),
            always("body_sha256", ColumnType.TEXT),
            sometimes("nonce", ColumnType.TEXT),
            sometimes("response_sha256", ColumnType.TEXT),
            time("admit", false),
            time("hold", true),
            time("backoff", false),
            time("upstream", false),
            time("journal", false),
            time("confirm", true),
            time("stream", false),
            time("total", false),
            always("attempt_list", ColumnType.JSON));

    private DecisionColumns() {}

    private static Form always(String name, ColumnType type) {
        return new Form(name, type, false, "/" + name);
    }

    private static Form sometimes(String name, ColumnType type) {
        return new Form(name, type, true, "/" + name);
    }

    private static Form time(String name, boolean optional) {
        return new Form("time_ms_" + name, ColumnType.DOUBLE, optional, "/time_ms/" + name);
    }
}
