-- The stream of decisions in ClickHouse: docs/how-to/stream-decisions.md. Put the addresses of your brokers in place of kafka:9092, and run
-- it once: clickhouse-client --multiquery < clickhouse.sql. It was tried by hand with ClickHouse 26.9 and a broker 4.3; no test runs it.
--
-- The tables of the engine Kafka read committed records only, which is the default of their client, each at least once: a record that is
-- read twice is the same row, and is merged. Select with FINAL where that has to be so at once.

create database if not exists openledger;

create table openledger.decisions_topic (raw String) engine = Kafka
settings kafka_broker_list = 'kafka:9092', kafka_topic_list = 'openledger.decisions.v1', kafka_group_name = 'openledger-clickhouse',
    kafka_format = 'JSONAsString';

create table openledger.decisions (
    request         FixedString(32),
    lane            UInt64,
    counter         UInt64,
    tenant          LowCardinality(String),
    status          LowCardinality(String),
    arrival         DateTime64(3, 'UTC'),
    route           LowCardinality(String),
    mode            LowCardinality(String),
    operation       LowCardinality(String),
    budget          UInt16,
    attempts        UInt16,
    tier            LowCardinality(String),
    target          LowCardinality(String),
    fallback_reason LowCardinality(String),
    attribution     LowCardinality(String),
    total_ms        Float64,
    upstream_ms     Float64,
    -- All of it, members of later versions included.
    record          String codec (ZSTD(3)),
    streamed        DateTime default now()
) engine = ReplacingMergeTree(streamed) partition by toYYYYMM(arrival) order by (tenant, arrival, request);

create materialized view openledger.decisions_from_topic to openledger.decisions as
select
    JSONExtractString(raw, 'request') as request,
    JSONExtractUInt(raw, 'lane') as lane,
    JSONExtractUInt(raw, 'counter') as counter,
    JSONExtractString(raw, 'tenant') as tenant,
    JSONExtractString(raw, 'status') as status,
    fromUnixTimestamp64Milli(JSONExtractInt(raw, 'arrival_ms'), 'UTC') as arrival,
    JSONExtractString(raw, 'route') as route,
    JSONExtractString(raw, 'mode') as mode,
    JSONExtractString(raw, 'operation') as operation,
    JSONExtractUInt(raw, 'budget') as budget,
    JSONExtractUInt(raw, 'attempts') as attempts,
    JSONExtractString(raw, 'tier') as tier,
    JSONExtractString(raw, 'target') as target,
    JSONExtractString(raw, 'fallback_reason') as fallback_reason,
    JSONExtractString(raw, 'attribution') as attribution,
    JSONExtractFloat(raw, 'time_ms', 'total') as total_ms,
    JSONExtractFloat(raw, 'time_ms', 'upstream') as upstream_ms,
    raw as record
from openledger.decisions_topic
where JSONExtractString(raw, 'record') = 'decision';

-- What the stream says is missing.
create table openledger.gaps (
    lane       UInt64,
    from_chunk UInt64,
    to_chunk   UInt64,
    at         DateTime64(3, 'UTC')
) engine = ReplacingMergeTree order by (lane, from_chunk);

create materialized view openledger.gaps_from_topic to openledger.gaps as
select
    JSONExtractUInt(raw, 'lane') as lane,
    JSONExtractUInt(raw, 'from_chunk') as from_chunk,
    JSONExtractUInt(raw, 'to_chunk') as to_chunk,
    parseDateTime64BestEffort(JSONExtractString(raw, 'at'), 3, 'UTC') as at
from openledger.decisions_topic
where JSONExtractString(raw, 'record') = 'gap';

create table openledger.levels_topic (raw String) engine = Kafka
settings kafka_broker_list = 'kafka:9092', kafka_topic_list = 'openledger.levels.v1', kafka_group_name = 'openledger-clickhouse',
    kafka_format = 'JSONAsString';

-- The newest level of each batch; a request is in the batch of its lane whose counters have its own, which its receipt says for certain.
create table openledger.levels (
    lane          UInt64,
    sequence      UInt64,
    level         LowCardinality(String),
    at            DateTime64(3, 'UTC'),
    block_number  UInt64,
    first_counter UInt64,
    last_counter  UInt64,
    head          String,
    policy_hash   String
) engine = ReplacingMergeTree(at) order by (lane, sequence);

create materialized view openledger.levels_from_topic to openledger.levels as
select
    JSONExtractUInt(raw, 'lane') as lane,
    JSONExtractUInt(raw, 'sequence') as sequence,
    JSONExtractString(raw, 'level') as level,
    parseDateTime64BestEffort(JSONExtractString(raw, 'at'), 3, 'UTC') as at,
    JSONExtractUInt(raw, 'block_number') as block_number,
    JSONExtractUInt(raw, 'first_counter') as first_counter,
    JSONExtractUInt(raw, 'last_counter') as last_counter,
    JSONExtractString(raw, 'head') as head,
    JSONExtractString(raw, 'policy_hash') as policy_hash
from openledger.levels_topic;
