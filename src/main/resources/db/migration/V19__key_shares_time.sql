-- Tokens of requests and answers are limited as requests are.
alter table api_key add column tokens_per_minute int check (tokens_per_minute between 1 and 100000000);

-- The limits of keys among all routers of a cluster get a time of their own. It follows the clock of the database, goes back by half a second
-- at most, and on by three seconds at most between two questions. So a clock that is set back holds nobody up, one that is set forward gives
-- away three seconds' worth at most, and no place ends while nobody could have renewed it. And nothing is granted without these tables any
-- more, so nobody has to tell them what was.
drop function take_slots(uuid, boolean, bigint, bytea[], int[], int[], int[], int[], int[]);
drop function take_rates(
    bigint, boolean, bytea[], bigint[], bigint[], bigint[], bigint[], bigint[], bigint[], bigint[], bigint[], bigint[]);
drop function share_born();
alter function share_now() rename to share_clock;

alter table share_epoch drop column slots_born;
alter table share_epoch rename column rates_born to born;
alter table share_epoch add column noted bigint, add column clock bigint;
update share_epoch set noted = share_clock(), clock = share_clock();
alter table share_epoch alter column noted set not null, alter column clock set not null;
comment on column share_epoch.born is 'all buckets were empty then, and nobody was known to have a place';
comment on column share_epoch.noted is 'the own time of the limits when it was noted last; all other times of these tables are of it';
comment on column share_epoch.clock is 'the clock of the database at that moment, nanoseconds of Unix time';

create function share_time(known share_epoch) returns bigint language sql volatile as
    $$ select known.noted + greatest(0, least(share_clock() - known.clock, 3000000000)) $$;

-- Notes the time twice a second. Whoever does so keeps nobody else waiting.
create function share_noted() returns share_epoch language plpgsql volatile as $$
declare
    known share_epoch;
    newest share_epoch;
    now bigint := share_clock();
begin
    select * into known from share_epoch;
    if not found then
        insert into share_epoch (born, noted, clock) values (now, now, now) on conflict do nothing;
        select * into strict known from share_epoch;
    end if;
    if now - known.clock not between 0 and 500000000 then
        select * into newest from share_epoch for update skip locked;
        if found then
            now := share_clock();
            update share_epoch
                set noted = newest.noted + greatest(0, least(now - newest.clock, 3000000000)), clock = now
                returning * into known;
        end if;
    end if;
    return known;
end
$$;

-- Grants tokens of rates, a row for each wish; the first row has the epoch and nothing else. What each argument means is said by the records
-- Question and RateWish. Names are given in order, so that two routers that lock the same rows lock them in the same order. Nobody owes
-- more than an hour's worth, and what was granted longer than a minute ago is not given back: whoever reserves much and uses little could
-- save it up.
create function take_rates(
    of_epoch bigint, names bytea[], shares bigint[], wholes bigint[], firsts bigint[], needs bigint[], aheads bigint[], lows bigint[],
    debts bigint[], backs bigint[], sinces bigint[])
returns table (born bigint, granted bigint, missing bigint, at bigint) language plpgsql volatile as $$
declare
    w record;
    known share_epoch := share_noted();
    moment bigint;
    full_moment bigint;
    seen bigint;
    free bigint;
begin
    born := known.born;
    return next;
    for w in
        select * from unnest(names, shares, wholes, firsts, needs, aheads, lows, debts, backs, sinces)
            as wish (name, share, whole, least_need, need, ahead, low, debt, back, since)
    loop
        insert into key_rate (name, full_at, seen_full_at) values (w.name, 0, 0) on conflict do nothing;
        select r.full_at, r.seen_full_at into full_moment, seen from key_rate r where r.name = w.name for update;
        moment := share_time(known);
        full_moment := greatest(coalesce(full_moment, moment + w.whole), born + w.whole);
        if full_moment <= moment then
            full_moment := moment;
            seen := moment;
        end if;
        if of_epoch = born then
            full_moment := full_moment + w.debt * w.share;
        end if;
        full_moment := least(full_moment, moment + w.whole + 3600000000000);
        if w.back > 0 and w.since between greatest(seen, born, moment - 60000000000) and moment then
            full_moment := greatest(moment, full_moment - w.back * w.share);
        end if;
        free := greatest(0, w.whole - (full_moment - moment)) / w.share;
        granted := case when free < w.least_need then 0 else least(w.need, free) end;
        if granted = w.need and free - granted >= w.low then
            granted := granted + least(w.ahead, free - granted);
        end if;
        full_moment := full_moment + granted * w.share;
        update key_rate r set full_at = full_moment, seen_full_at = seen where r.name = w.name;
        missing := full_moment - moment;
        at := moment;
        return next;
    end loop;
end
$$;

-- Grants places, and keeps those that a router has. What each argument means is said by the records Question and SlotWish. After a birth
-- routers say what they have, before anybody gets more.
create function take_slots(
    of_router uuid, term bigint, names bytea[], mosts int[], kepts int[], wants int[], aheads int[], lows int[])
returns table (granted int) language plpgsql volatile as $$
declare
    w record;
    known share_epoch := share_noted();
    moment bigint;
    free int;
begin
    for w in
        select * from unnest(names, mosts, kepts, wants, aheads, lows) as wish (name, most, kept, want, ahead, low)
    loop
        perform pg_advisory_xact_lock(('x' || encode(substr(w.name, 1, 8), 'hex'))::bit(64)::bigint);
        moment := share_time(known);
        delete from key_slots s where s.name = w.name and (s.router = of_router or s.expires <= moment);
        select greatest(0, w.most - coalesce(sum(s.slots), 0))::int into free from key_slots s where s.name = w.name;
        if moment < known.born + 5000000000 then
            granted := w.kept;
        else
            granted := greatest(w.kept, least(w.want, free));
            if granted = w.want and free - granted >= w.low then
                granted := granted + least(w.ahead, free - granted);
            end if;
        end if;
        if granted > 0 then
            insert into key_slots (name, router, slots, expires) values (w.name, of_router, granted, moment + term);
        end if;
        return next;
    end loop;
end
$$;
