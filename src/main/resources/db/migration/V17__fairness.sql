-- What makes cohorts of tenants, the same for all lanes of a cluster. Made once.
create table cohort_secret (
    one    boolean primary key default true check (one),
    secret bytea not null check (octet_length(secret) = 32)
);

-- From which request on a lane's cohorts are those of the cluster: leaves of requests before keep what they say. Set once, and never
-- changed, or a leaf that was promised would be another.
alter table lane_secret
    add column cohorts      bytea check (octet_length(cohorts) = 32),
    add column cohorts_from bigint,
    add check ((cohorts is null) = (cohorts_from is null));

comment on column lane_secret.cohorts is 'the secret of cohorts of the cluster, as it was when the lane joined; null if it never did';
comment on column lane_secret.cohorts_from is 'counter of the first request whose cohort comes from it';

-- What routers have counted in stretches of ten seconds, for figures of all of them. Of the last minutes only, and each router has read
-- what is here: after a crash of the database it is gone and comes back with time, so it is not logged. Without a cluster nobody reads or
-- writes it.
create unlogged table fairness_part (
    lane    bigint  not null,
    fence   bigint  not null,
    part    bigint  not null,
    is_last boolean not null,
    counts  bytea   not null check (octet_length(counts) <= 4194304),
    primary key (part, lane, fence)
);
alter table fairness_part set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);

comment on column fairness_part.fence is 'which hold on the lane has counted it';
comment on column fairness_part.part is 'the database''s Unix time in tens of seconds';
comment on column fairness_part.is_last is 'the router stops, and counts nothing after this';
