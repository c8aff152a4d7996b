package openledger.cli.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import openledger.audit.usage.ProviderCall;
import openledger.audit.usage.ProviderCall.Result;
import openledger.audit.usage.ProviderTotal;
import openledger.audit.usage.TokenCount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exports as providers write them, and as nobody should. Long because each provider has forms of its own. */
final class UsageFileTest {
    @TempDir
    private Path folder;

    private UsageExport read(String text) throws IOException, UnreadableExport {
        return read(text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    private UsageExport read(byte[] bytes, Map<String, String> columns) throws IOException, UnreadableExport {
        Path file = Files.write(folder.resolve("usage"), bytes);
        UsageExport export = new UsageExport();
        new UsageFile(new ExportForms(export, new CallColumns(columns))).read(file);
        return export;
    }

    private static Instant at(String time) {
        return Instant.parse(time);
    }

    @Test
    void readsCallsOfCsvWithQuotesByteOrderMarkAndBothEndsOfLines() throws Exception {
        UsageExport export = read("\ufeffRequest_ID,timestamp,model,prompt_tokens,completion_tokens,status\r\n"
                + "\"req,1\",2026-11-01T12:00:00Z,\"m \"\"x\"\"\",12,34,200\n"
                + "\r\n"
                + "\"req\n2\",2026-11-01 13:00:00.5+01:00,m,,0,429");

        assertThat(export.calls())
                .containsExactly(
                        new ProviderCall(
                                "req,1",
                                at("2026-11-01T12:00:00Z"),
                                "m \"x\"",
                                Result.SUCCEEDED,
                                new TokenCount(12, 34)),
                        new ProviderCall(
                                "req\n2",
                                at("2026-11-01T12:00:00.5Z"),
                                "m",
                                Result.REFUSED,
                                new TokenCount(TokenCount.UNKNOWN, 0)));
        assertThat(export.isOfCalls()).isTrue();
        assertThat(export.hasRefusals()).isTrue();
    }

    @Test
    void readsJsonLinesWithMembersWithinMembers() throws Exception {
        // As Amazon Bedrock logs invocations.
        UsageExport export = read("""
                {"timestamp":"2026-11-01T12:00:00Z","requestId":"a","modelId":"c","input":{"inputTokenCount":10,"cacheReadInputTokenCount":5},"output":{"outputTokenCount":7}}

                {"timestamp":1793534400,"requestId":"b","modelId":"c","input":{"inputTokenCount":1},"output":{"outputTokenCount":0},"status":"throttled"}
                """);

        assertThat(export.calls())
                .containsExactly(
                        new ProviderCall("a", at("2026-11-01T12:00:00Z"), "c", Result.UNSAID, new TokenCount(15, 7)),
                        new ProviderCall("b", at("2026-11-01T12:00:00Z"), "c", Result.REFUSED, new TokenCount(1, 0)));
    }

    @Test
    void readsAnArrayOfCallsAndTheColumnsThatAreGiven() throws Exception {
        UsageExport export = read(
                "[{\"when\":1793534400123,\"call\":\"a\",\"out\":5}]".getBytes(StandardCharsets.UTF_8),
                Map.of("time", "when", "id", "Call", "output", "out"));

        assertThat(export.calls())
                .containsExactly(new ProviderCall(
                        "a", at("2026-11-01T12:00:00.123Z"), "", Result.UNSAID, new TokenCount(TokenCount.UNKNOWN, 5)));
    }

    @Test
    void readsPagesOfOpenAisUsageAndAddsUpWhatWasGrouped() throws Exception {
        UsageExport export = read("""
                {"object":"page","data":[
                 {"object":"bucket","start_time":1793534400,"end_time":1793538000,"results":[
                  {"object":"organization.usage.completions.result","input_tokens":100,"output_tokens":20,"input_cached_tokens":80,
                   "num_model_requests":5,"project_id":"p1","model":"gpt-4o-2024-08-06"},
                  {"object":"organization.usage.completions.result","input_tokens":10,"output_tokens":2,"num_model_requests":1,
                   "project_id":"p2","model":"gpt-4o-2024-08-06"}]},
                 {"object":"bucket","start_time":1793538000,"end_time":1793541600,"results":[]}],
                 "has_more":false,"next_page":null}
                """);

        assertThat(export.totals())
                .containsExactly(new ProviderTotal(
                        at("2026-11-01T12:00:00Z"),
                        at("2026-11-01T13:00:00Z"),
                        "gpt-4o-2024-08-06",
                        6,
                        new TokenCount(110, 22)));
        assertThat(export.to()).isEqualTo(at("2026-11-01T14:00:00Z"));
        assertThat(export.intervals()).hasSize(2);
        assertThat(export.isCutOff()).isFalse();
    }

    @Test
    void readsTheCsvOfOpenAisUsagePageWithItsEmptyMinutes() throws Exception {
        UsageExport export = read("""
                start_time,end_time,start_time_iso,end_time_iso,project_id,num_model_requests,user_id,api_key_id,model,batch,input_tokens,output_tokens,input_cached_tokens
                1793534400,1793534460,2026-11-01T12:00:00+00:00,2026-11-01T12:01:00+00:00,,,,,,,,,
                1793534460,1793534520,2026-11-01T12:01:00+00:00,2026-11-01T12:02:00+00:00,p,3,u,k,gpt-4o-mini,False,30,6,0
                """);

        assertThat(export.totals()).singleElement().satisfies(total -> {
            assertThat(total.calls()).isEqualTo(3);
            assertThat(total.tokens()).isEqualTo(new TokenCount(30, 6));
        });
        assertThat(export.from()).isEqualTo(at("2026-11-01T12:00:00Z"));
    }

    @Test
    void readsAnthropicsUsageReportWithCachesInTheInput() throws Exception {
        UsageExport export = read("""
                {"data":[{"starting_at":"2026-11-01T00:00:00Z","ending_at":"2026-11-02T00:00:00Z","results":[
                  {"uncached_input_tokens":1500,"cache_creation":{"ephemeral_1h_input_tokens":1000,"ephemeral_5m_input_tokens":500},
                   "cache_read_input_tokens":200,"output_tokens":500,"server_tool_use":{"web_search_requests":10},
                   "api_key_id":null,"workspace_id":null,"model":"claude-opus","service_tier":"standard","context_window":"0-200k"}]}],
                 "has_more":false,"next_page":null}
                """);

        assertThat(export.totals())
                .containsExactly(new ProviderTotal(
                        at("2026-11-01T00:00:00Z"),
                        at("2026-11-02T00:00:00Z"),
                        "claude-opus",
                        TokenCount.UNKNOWN,
                        new TokenCount(3_200, 500)));
        assertThat(export.countsCalls()).isFalse();
    }

    @Test
    void readsTheCsvOfAnthropicsConsoleByDaysAndFillsIdleOnes() throws Exception {
        UsageExport export = read("""
                usage_date_utc,model_version,api_key,workspace,usage_type,context_window,usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens,web_search_count
                2026-11-01,claude-a,key,Default,standard,≤ 200k,100,20,3,4000,50,0
                2026-11-01,claude-a,other,Default,standard,≤ 200k,1,0,0,0,1,0
                2026-11-03,claude-a,key,Default,standard,≤ 200k,1,0,0,0,1,0
                """);

        assertThat(export.totals())
                .contains(new ProviderTotal(
                        at("2026-11-01T00:00:00Z"),
                        at("2026-11-02T00:00:00Z"),
                        "claude-a",
                        TokenCount.UNKNOWN,
                        new TokenCount(4_124, 51)));
        assertThat(export.intervals()).hasSize(3).containsKey(at("2026-11-02T00:00:00Z"));
    }

    @Test
    void countsCallsWithoutIdsByTheHour() throws Exception {
        UsageExport export = read("time,model,input_tokens,output_tokens,status\n"
                + "2026-11-01T12:10:00,m,1,2,ok\n2026-11-01T12:50:00,m,3,4,ok\n2026-11-01T12:55:00,m,0,0,failed\n");

        assertThat(export.isOfCalls()).isFalse();
        assertThat(export.totals())
                .containsExactly(new ProviderTotal(
                        at("2026-11-01T12:00:00Z"),
                        at("2026-11-01T12:00:00Z").plus(Duration.ofHours(1)),
                        "m",
                        2,
                        new TokenCount(4, 6)));
    }

    @ParameterizedTest
    @CsvSource({
        "200, SUCCEEDED",
        "404, REFUSED",
        "503, REFUSED",
        "499, UNSAID",
        "completed, SUCCEEDED",
        "Rate_Limited, REFUSED",
        "who knows, UNSAID"
    })
    void aStatusIsACodeOrAWord(String status, Result result) throws Exception {
        assertThat(read("id,time,status\na,2026-11-01T12:00:00Z," + status + "\n")
                        .calls()
                        .getFirst()
                        .result())
                .isEqualTo(result);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id,time\na,2026-11-01T12:00:00Z,more\n",
                "id,time\na\n",
                "id,id\na,b\n",
                "id,time\n\"a,2026-11-01T12:00:00Z\n",
                "id,time\n\"a\"x,2026-11-01T12:00:00Z\n",
                "id,time\na\"b,2026-11-01T12:00:00Z\n",
                "id,time\na,2026-11-01T12:00:00Z\rid,x\n",
                "id,time\na\u0000,2026-11-01T12:00:00Z\n",
                "id,time\na,yesterday\n",
                "id,time\na,\n",
                "id,time,output_tokens\na,2026-11-01T12:00:00Z,-5\n",
                "id,time,output_tokens\na,2026-11-01T12:00:00Z,1e9\n",
                "id,time,output_tokens\na,2026-11-01T12:00:00Z,99999999999999999999\n",
                "when,what\nnow,that\n",
                "start_time,end_time,amount_value,amount_currency\n1793534400,1793538000,0.5,usd\n",
                "start_time,end_time,num_model_requests\n1793534400,1793534400,1\n",
                "start_time,end_time,num_model_requests\n1793534400,1793538000,1\n1793536000,1793539600,1\n",
                "{\"data\":[{\"start_time\":1793534400,\"end_time\":1793538000,\"results\":[{\"amount\":{\"value\":0.5}}]}]}",
                "[{\"id\":\"a\",\"time\":\"2026-11-01T12:00:00Z\",\"output_tokens\":1e999999999}]",
                "{\"id\":\"a\",\"time\":1e-999999999,\"output_tokens\":1}",
                "{\"object\":\"page\"}",
                "{\"id\":\"a\",\"time\":\"2026-11-01T12:00:00Z\"}\n[]\n",
                "[1]",
                "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
                "{\"id\":\"a\"",
                ""
            })
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(UnreadableExport.class);
    }

    @Test
    void refusesOtherEncodingsAndEndlessFields() {
        assertThatThrownBy(() -> read("id,time\n\u00e4,2026".getBytes(StandardCharsets.ISO_8859_1), Map.of()))
                .isInstanceOf(UnreadableExport.class)
                .hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> read("id,time\n" + "a".repeat(5_000)))
                .isInstanceOf(UnreadableExport.class)
                .hasMessageContaining("4096");
        assertThatThrownBy(() -> read(",".repeat(300))).isInstanceOf(UnreadableExport.class);
        assertThatThrownBy(() -> read("{\"id\":\"a\",\"time\":\"2026-11-01T12:00:00Z\"}\n" + " ".repeat(2 << 20)))
                .isInstanceOf(UnreadableExport.class);
    }

    @Test
    void noticesThatALastPageIsMissing() throws Exception {
        assertThat(read("{\"data\":[],\"has_more\":true,\"next_page\":\"x\"}").isCutOff())
                .isTrue();
    }
}
