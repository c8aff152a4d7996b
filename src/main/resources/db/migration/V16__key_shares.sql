-- How the limits of keys stand among all routers of a cluster, if PostgreSQL keeps that (openledger.cluster). Unlogged: a crash of the
-- database empties them all, and then nothing is granted but what a bucket that was empty at that moment has got since. Times are
-- nanoseconds of Unix time, by the clock of the database. Without a cluster nobody reads or writes these.
create unlogged table share_epoch (
    one        boolean primary key default true check (one),
    rates_born bigint not null,
    slots_born bigint not null
);
comment on column share_epoch.rates_born is 'all buckets were empty then';
comment on column share_epoch.slots_born is 'nobody was known to have a place then';

create unlogged table key_rate (
    name         bytea primary key check (octet_length(name) = 16),
    full_at      bigint not null,
    seen_full_at bigint not null
) with (fillfactor = 50);
comment on column key_rate.full_at is 'when the bucket will be full if nothing more is taken';
comment on column key_rate.seen_full_at is 'when it was last found full: what was granted before has come back by itself';

create unlogged table key_slots (
    name    bytea  not null check (octet_length(name) = 16),
    router  uuid   not null,
    slots   int    not null check (slots > 0),
    expires bigint not null,
    primary key (name, router)
) with (fillfactor = 50);

create function share_now() returns bigint language sql volatile as
    $$ select (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000 $$;

-- Nobody has taken anything before this, so buckets are full.
insert into share_epoch (rates_born, slots_born) values (share_now() - 3600000000000, share_now() - 3600000000000);

create function share_born() returns share_epoch language plpgsql volatile as $$
declare
    known share_epoch;
begin
    select * into known from share_epoch;
    if not found then
        insert into share_epoch (rates_born, slots_born) values (share_now(), share_now()) on conflict do nothing;
        select * into strict known from share_epoch;
    end if;
    return known;
end
$$;

-- Grants tokens of rates, a row for each wish; the first row has the epoch and nothing else. What each argument means is said by the records
-- Question and RateWish. Names are given in order, so that two routers that lock the same rows lock them in the same order.
create function take_rates(
    of_epoch bigint, was_alone boolean, names bytea[], shares bigint[], wholes bigint[], firsts bigint[], needs bigint[], aheads bigint[],
    lows bigint[], debts bigint[], backs bigint[], sinces bigint[])
returns table (born bigint, granted bigint, missing bigint, at bigint) language plpgsql volatile as $$
declare
    w record;
    clock bigint;
    full_moment bigint;
    seen bigint;
    free bigint;
begin
    if was_alone then
        update share_epoch e set rates_born = share_now() where e.rates_born = of_epoch;
    end if;
    born := (share_born()).rates_born;
    return next;
    for w in
        select * from unnest(names, shares, wholes, firsts, needs, aheads, lows, debts, backs, sinces)
            as wish (name, share, whole, least_need, need, ahead, low, debt, back, since)
    loop
        insert into key_rate (name, full_at, seen_full_at) values (w.name, 0, 0) on conflict do nothing;
        select r.full_at, r.seen_full_at into full_moment, seen from key_rate r where r.name = w.name for update;
        clock := share_now();
        full_moment := greatest(coalesce(full_moment, clock + w.whole), born + w.whole);
        if full_moment <= clock then
            full_moment := clock;
            seen := clock;
        end if;
        if of_epoch = born then
            full_moment := full_moment + w.debt * w.share;
        end if;
        if w.back > 0 and greatest(seen, born) <= w.since then
            full_moment := greatest(clock, full_moment - w.back * w.share);
        end if;
        free := greatest(0, w.whole - (full_moment - clock)) / w.share;
        granted := case when free < w.least_need then 0 else least(w.need, free) end;
        if granted = w.need and free - granted >= w.low then
            granted := granted + least(w.ahead, free - granted);
        end if;
        full_moment := full_moment + granted * w.share;
        update key_rate r set full_at = full_moment, seen_full_at = seen where r.name = w.name;
        missing := full_moment - clock;
        at := clock;
        return next;
    end loop;
end
$$;

-- Grants places, and keeps those that a router has. What each argument means is said by the records Question and SlotWish. After a birth
-- routers say what they have, before anybody gets more.
create function take_slots(
    of_router uuid, was_alone boolean, term bigint, names bytea[], mosts int[], kepts int[], wants int[], aheads int[], lows int[])
returns table (granted int) language plpgsql volatile as $$
declare
    w record;
    clock bigint;
    born bigint;
    free int;
begin
    if was_alone then
        update share_epoch set slots_born = share_now();
    end if;
    born := (share_born()).slots_born;
    for w in
        select * from unnest(names, mosts, kepts, wants, aheads, lows) as wish (name, most, kept, want, ahead, low)
    loop
        perform pg_advisory_xact_lock(('x' || encode(substr(w.name, 1, 8), 'hex'))::bit(64)::bigint);
        clock := share_now();
        delete from key_slots s where s.name = w.name and (s.router = of_router or s.expires <= clock);
        select greatest(0, w.most - coalesce(sum(s.slots), 0))::int into free from key_slots s where s.name = w.name;
        if clock < born + 5000000000 then
            granted := w.kept;
        else
            granted := greatest(w.kept, least(w.want, free));
            if granted = w.want and free - granted >= w.low then
                granted := granted + least(w.ahead, free - granted);
            end if;
        end if;
        if granted > 0 then
            insert into key_slots (name, router, slots, expires) values (w.name, of_router, granted, clock + term);
        end if;
        return next;
    end loop;
end
$$;
