-- Keys of tenants. Only a key's SHA-256 is here, and its first characters, by which a person tells it from others.
create table api_key (
    id                  bigint generated always as identity primary key,
    tenant              text        not null check (tenant ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
    digest              bytea       not null unique check (octet_length(digest) = 32),
    prefix              text        not null,
    label               text        not null check (char_length(label) <= 100 and label !~ '[[:cntrl:]]'),
    created             timestamptz not null default now(),
    expires             timestamptz check (isfinite(expires)),
    revoked             timestamptz check (isfinite(revoked)),
    requests_per_minute int check (requests_per_minute between 1 and 1000000),
    concurrent_requests int check (concurrent_requests between 1 and 1000000),
    default_mode        smallint
);
create index api_key_by_tenant on api_key (tenant, id desc);

-- One row that changes with every change of the keys, so that routers need not read all of them to see that none has.
create table api_key_version (
    version bigint not null
);
insert into api_key_version values (1);

-- A trigger, so that a change by hand is seen by the routers as well.
create function api_key_changed() returns trigger language plpgsql as $$
begin
    update api_key_version set version = version + 1;
    notify openledger_keys;
    return null;
end
$$;
create trigger api_key_changed after insert or update or delete or truncate on api_key
    for each statement execute function api_key_changed();
