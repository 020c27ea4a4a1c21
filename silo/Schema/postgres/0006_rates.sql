-- Decks of rates. A version is written by one transaction and complete from then on: nothing adds to it, changes it or takes lines out of it. A
-- silo marks a version as used before its first call can name it; what is used can never be deleted.

-- A number is never given twice, not even that of a version that was deleted.
create table rate_deck (
    site         text    not null,
    id           text    not null,
    last_version integer not null,
    primary key (site, id)
);

create table rate_version (
    site        text        not null,
    deck        text        not null,
    number      integer     not null check (number >= 1),
    currency    text        not null,
    time_zone   text        not null,
    valid_from  timestamptz not null,
    valid_to    timestamptz check (valid_to > valid_from),
    lines       integer     not null check (lines >= 1),
    imported_by text        not null,
    imported_at timestamptz not null default clock_timestamp(),
    stored_at   timestamptz,
    used_at     timestamptz,
    primary key (site, deck, number)
);

-- Money in micro-units of the version's currency, increments and free time in seconds. days: Monday 1, Tuesday 2, Wednesday 4 to Sunday 64;
-- from_minute, to_minute: minutes of the day in the version's time zone, over midnight where the end is not after the beginning. No days: always.
create table rate (
    site            text        not null,
    deck            text        not null,
    version         integer     not null,
    prefix          text        not null,
    line            integer     not null,
    destination     text        not null,
    per_minute      bigint      not null check (per_minute >= 0),
    connect_fee     bigint      not null check (connect_fee >= 0),
    first_increment integer     not null check (first_increment >= 1),
    next_increment  integer     not null check (next_increment >= 1),
    minimum         bigint      not null check (minimum >= 0),
    free_seconds    integer     not null check (free_seconds >= 0),
    attempt_fee     bigint      not null check (attempt_fee >= 0),
    days            smallint,
    from_minute     smallint,
    to_minute       smallint,
    valid_from      timestamptz,
    valid_to        timestamptz,
    primary key (site, deck, version, line),
    check ((days is null) = (from_minute is null) and (days is null) = (to_minute is null))
);

-- Finance looks a charge's prefix up.
create index rate_of_prefix on rate (deck, version, prefix, site);

-- trunk: an id, 'all' or 'terminals'; payer: member, merchant, sponsor or 'all'.
create table rate_assignment (
    site  text not null,
    trunk text not null,
    payer text not null,
    deck  text not null,
    primary key (site, trunk, payer)
);

-- Rises with each change of the tables above: silos ask for it every second.
create table rate_revision (
    site     text   primary key,
    revision bigint not null
);

create function rate_never_changes() returns trigger language plpgsql as $$
begin
    raise exception 'a line of a rate deck is never changed (%)', tg_op using errcode = 'restrict_violation';
end $$;

create trigger rate_never_changes before update or truncate on rate
    for each statement execute function rate_never_changes();

create function rate_takes_no_more_lines() returns trigger language plpgsql as $$
begin
    if exists (
        select from (select distinct site, deck, version from added) a
        left join rate_version v on v.site = a.site and v.deck = a.deck and v.number = a.version
        where v.number is null or v.stored_at is not null) then
        raise exception 'a version of a rate deck takes no more lines once it is stored' using errcode = 'restrict_violation';
    end if;
    return null;
end $$;

create trigger rate_takes_no_more_lines after insert on rate
    referencing new table as added for each statement execute function rate_takes_no_more_lines();

create function rate_of_stored_version_stays() returns trigger language plpgsql as $$
begin
    if exists (
        select from (select distinct site, deck, version from gone) g
        join rate_version v on v.site = g.site and v.deck = g.deck and v.number = g.version) then
        raise exception 'lines of a rate deck go with their version alone' using errcode = 'restrict_violation';
    end if;
    return null;
end $$;

create trigger rate_of_stored_version_stays after delete on rate
    referencing old table as gone for each statement execute function rate_of_stored_version_stays();

create function rate_version_never_changes() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if old.used_at is not null then
            raise exception 'version % of deck % is used and is never deleted', old.number, old.deck using errcode = 'restrict_violation';
        end if;
        return old;
    end if;
    if (new.site, new.deck, new.number, new.currency, new.time_zone, new.valid_from, new.lines, new.imported_by, new.imported_at)
        is distinct from (old.site, old.deck, old.number, old.currency, old.time_zone, old.valid_from, old.lines, old.imported_by, old.imported_at)
        or new.valid_to is distinct from old.valid_to
        or old.stored_at is not null and new.stored_at is distinct from old.stored_at
        or old.used_at is not null and new.used_at is distinct from old.used_at
        or new.used_at is not null and new.stored_at is null then
        raise exception 'version % of deck % is never changed', old.number, old.deck using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger rate_version_never_changes before update or delete on rate_version
    for each row execute function rate_version_never_changes();

create function rate_version_never_truncated() returns trigger language plpgsql as $$
begin
    raise exception 'versions of rate decks are never truncated' using errcode = 'restrict_violation';
end $$;

create trigger rate_version_never_truncated before truncate on rate_version
    for each statement execute function rate_version_never_truncated();
