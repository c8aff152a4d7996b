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
