-- Money in integer micro-units; enum columns hold wire names; times are microseconds since 1970 UTC on this machine's clock.
-- No writer table: a file's connection is not lost between COMMIT and its answer without the process.

create table wallet (
    site         text    not null,
    id           text    not null,
    posted       integer not null default 0,
    held         integer not null default 0 check (held >= 0),
    credit_limit integer not null default 0 check (credit_limit >= 0),
    currency     text    not null,
    sequence     integer not null default 0,
    epoch        integer not null default 0,
    primary key (site, id),
    constraint wallet_floor check (posted + credit_limit - held >= 0)
) strict, without rowid;

create table hold (
    site        text    not null,
    id          text    not null,
    wallet      text    not null,
    callback    text    not null,
    slice       integer not null check (slice >= 1),
    amount      integer not null check (amount >= 0),
    grant_ms    integer not null check (grant_ms >= 0),
    state       text    not null default 'pending',
    captured    integer,
    released    integer,
    created_at  integer not null default (cast(unixepoch('subsec') * 1000000 as integer)),
    expires_at  integer not null,
    resolved_at integer,
    primary key (site, id),
    unique (site, callback),
    constraint hold_resolves_once check (
        state = 'pending' and captured is null and released is null and resolved_at is null
        or state = 'resolved' and captured >= 0 and released >= 0 and captured + released = amount and resolved_at is not null)
) strict, without rowid;

create index hold_pending on hold (expires_at) where state = 'pending';
create index hold_pending_of_wallet on hold (site, wallet) where state = 'pending';

create table entry (
    site           text    not null,
    transaction_id text    not null,
    line           integer not null,
    account        text    not null,
    sequence       integer,
    amount         integer not null check (amount <> 0),
    kind           text    not null check (kind in ('top_up', 'charge')),
    callback       text,
    at             integer not null default (cast(unixepoch('subsec') * 1000000 as integer)),
    primary key (site, transaction_id, line),
    check ((sequence is not null) = (account like 'wallet:%'))
) strict, without rowid;

create unique index entry_of_wallet on entry (site, account, sequence) where sequence is not null;

create trigger entry_never_updated before update on entry
begin
    select raise(abort, 'an entry is never changed');
end;

create trigger entry_never_deleted before delete on entry
begin
    select raise(abort, 'an entry is never deleted');
end;

create table callback (
    site            text    not null,
    id              text    not null,
    caller          text    not null,
    idempotency_key text    not null,
    body_hash       text    not null,
    merchant        text    not null,
    payer           text    not null,
    status          text    not null,
    outcome         text,
    end_reason      text,
    state           text    not null,
    version         integer not null,
    charge          integer,
    last_event      integer not null default 0,
    created_at      integer not null default (cast(unixepoch('subsec') * 1000000 as integer)),
    updated_at      integer not null default (cast(unixepoch('subsec') * 1000000 as integer)),
    primary key (site, id),
    unique (site, caller, idempotency_key),
    constraint callback_ends_with_outcome check (status not in ('completed', 'failed', 'canceled') or outcome is not null)
) strict;

-- The one table with telephone numbers that stays after a call; rows may be deleted at any time.
create table callback_number (
    site            text not null,
    callback        text not null,
    member_number   text not null,
    merchant_number text,
    primary key (site, callback)
) strict, without rowid;

-- attempt and dialog hold numbers while the call lives; the terminal write empties them.
create table attempt (
    site        text    not null,
    callback    text    not null,
    key         text    not null,
    leg         text    not null,
    number      integer not null,
    trunk       text    not null,
    silo        text    not null,
    attempt     text,
    dialog      text,
    answered_at integer,
    ended       text,
    created_at  integer not null default (cast(unixepoch('subsec') * 1000000 as integer)),
    primary key (site, callback, key)
) strict;

-- at: the session's clock.
create table call_event (
    site       text    not null,
    callback   text    not null,
    number     integer not null check (number >= 1),
    at         integer not null,
    status     text    not null,
    outcome    text,
    end_reason text,
    charge     integer,
    primary key (site, callback, number)
) strict, without rowid;

-- created_at, ended_at: the session's clock.
create table cdr (
    site         text    not null,
    callback     text    not null,
    hold         text,
    wallet       text    not null,
    merchant     text    not null,
    outcome      text    not null,
    end_reason   text    not null,
    rate_version text    not null,
    leg_a        text,
    leg_b        text,
    charge       integer not null check (charge >= 0),
    held         integer not null,
    created_at   integer not null,
    ended_at     integer not null,
    recorded_at  integer not null default (cast(unixepoch('subsec') * 1000000 as integer)),
    primary key (site, callback)
) strict;

create table outbox (
    id         integer primary key autoincrement,
    site       text    not null,
    callback   text    not null,
    kind       text    not null,
    payload    text    not null,
    created_at integer not null default (cast(unixepoch('subsec') * 1000000 as integer)),
    sent_at    integer
) strict;
