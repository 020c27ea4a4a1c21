-- Decks of rates. A version is complete once it is stored: nothing adds to it, changes it or takes lines out of it. It is marked as used before the
-- first call can name it; what is used can never be deleted.

-- A number is never given twice, not even that of a version that was deleted.
create table rate_deck (
    site         text    not null,
    id           text    not null,
    last_version integer not null,
    primary key (site, id)
) strict, without rowid;

create table rate_version (
    site        text    not null,
    deck        text    not null,
    number      integer not null check (number >= 1),
    currency    text    not null,
    time_zone   text    not null,
    valid_from  integer not null,
    valid_to    integer check (valid_to > valid_from),
    lines       integer not null check (lines >= 1),
    imported_by text    not null,
    imported_at integer not null default (cast(unixepoch('subsec') * 1000000 as integer)),
    stored_at   integer,
    used_at     integer,
    primary key (site, deck, number)
) strict, without rowid;

-- Money in micro-units of the version's currency, increments and free time in seconds. days: Monday 1, Tuesday 2, Wednesday 4 to Sunday 64;
-- from_minute, to_minute: minutes of the day in the version's time zone, over midnight where the end is not after the beginning. No days: always.
create table rate (
    site            text    not null,
    deck            text    not null,
    version         integer not null,
    prefix          text    not null,
    line            integer not null,
    destination     text    not null,
    per_minute      integer not null check (per_minute >= 0),
    connect_fee     integer not null check (connect_fee >= 0),
    first_increment integer not null check (first_increment >= 1),
    next_increment  integer not null check (next_increment >= 1),
    minimum         integer not null check (minimum >= 0),
    free_seconds    integer not null check (free_seconds >= 0),
    attempt_fee     integer not null check (attempt_fee >= 0),
    days            integer,
    from_minute     integer,
    to_minute       integer,
    valid_from      integer,
    valid_to        integer,
    primary key (site, deck, version, line),
    check ((days is null) = (from_minute is null) and (days is null) = (to_minute is null))
) strict, without rowid;

-- Finance looks a charge's prefix up.
create index rate_of_prefix on rate (site, deck, version, prefix);

-- trunk: an id, 'all' or 'terminals'; payer: member, merchant, sponsor or 'all'.
create table rate_assignment (
    site  text not null,
    trunk text not null,
    payer text not null,
    deck  text not null,
    primary key (site, trunk, payer)
) strict, without rowid;

-- Rises with each change of the tables above: silos ask for it every second.
create table rate_revision (
    site     text    primary key,
    revision integer not null
) strict, without rowid;

create trigger rate_never_changed before update on rate
begin
    select raise(abort, 'a line of a rate deck is never changed');
end;

create trigger rate_takes_no_more_lines before insert on rate
when not exists (
    select 1 from rate_version where site = new.site and deck = new.deck and number = new.version and stored_at is null)
begin
    select raise(abort, 'a version of a rate deck takes no more lines once it is stored');
end;

create trigger rate_of_stored_version_stays before delete on rate
when exists (
    select 1 from rate_version where site = old.site and deck = old.deck and number = old.version and stored_at is not null)
begin
    select raise(abort, 'lines of a rate deck go with their version alone');
end;

create trigger rate_version_never_changed before update on rate_version
when new.site <> old.site or new.deck <> old.deck or new.number <> old.number or new.currency <> old.currency or new.time_zone <> old.time_zone
    or new.valid_from <> old.valid_from or new.valid_to is not old.valid_to or new.lines <> old.lines or new.imported_by <> old.imported_by
    or new.imported_at <> old.imported_at
    or old.stored_at is not null and new.stored_at is not old.stored_at
    or old.used_at is not null and new.used_at is not old.used_at
    or new.used_at is not null and new.stored_at is null
begin
    select raise(abort, 'a version of a rate deck is never changed');
end;

create trigger rate_version_never_deleted before delete on rate_version
when old.used_at is not null
begin
    select raise(abort, 'a used version of a rate deck is never deleted');
end;
