-- The journal: one row is one commit, its records in one binary value. Rows of decisions are derived from it later.
create table journal_chunk (
    day          date   not null,
    lane         bigint not null,
    seq          bigint not null,
    writer       uuid   not null,
    last_counter bigint not null,
    records      int    not null,
    data         bytea  not null,
    primary key (lane, seq, day)
) partition by range (day);
alter table journal_chunk alter column data set storage external;

-- How far decisions have been derived, and the first chunk that a request without a decision stands in.
create table projection (
    lane         bigint primary key,
    seq          bigint not null,
    low_water    bigint not null,
    last_counter bigint not null
);

create table decision (
    day               date     not null,
    lane              bigint   not null,
    counter           bigint   not null,
    arrival           bigint   not null,
    tenant            text     not null,
    route             int      not null,
    mode              smallint not null,
    status            smallint not null,
    last_trigger      smallint not null,
    attribution       smallint not null,
    served_tier       smallint not null,
    served_target     int      not null,
    attempts          smallint not null,
    total_micros      bigint   not null,
    record            bytea    not null,
    primary key (lane, counter, day)
) partition by range (day);
create index decision_by_tenant on decision (tenant, arrival desc, lane desc, counter desc);

-- Which route version and which target a number stands for. Append-only: an id names one version for ever.
create table catalog_entry (
    lane      bigint   not null,
    kind      char(1)  not null check (kind in ('R', 'T')),
    id        int      not null check (id between 0 and 65534),
    canonical text     not null,
    body      text     not null,
    primary key (lane, kind, id)
);
create unique index catalog_entry_canonical on catalog_entry (lane, kind, md5(canonical));

create table policy_version (
    lane       bigint      not null,
    hash       bytea       not null,
    canonical  bytea       not null,
    first_seen timestamptz not null default now(),
    primary key (lane, hash)
);
