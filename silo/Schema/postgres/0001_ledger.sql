-- Money in integer micro-units; enum columns hold wire names; times are the database's clock unless a column says otherwise.
-- Only primary keys begin with the site: in a young table the planner takes any index that does for as good.
-- No foreign keys on what the writer inserts by the thousand: tests/books proves the references instead.

create table wallet (
    site         text   not null,
    id           text   not null,
    posted       bigint not null default 0,
    held         bigint not null default 0 check (held >= 0),
    credit_limit bigint not null default 0 check (credit_limit >= 0),
    currency     text   not null,
    sequence     bigint not null default 0,
    epoch        bigint not null default 0,
    primary key (site, id),
    constraint wallet_floor check (posted + credit_limit - held >= 0)
) with (fillfactor = 50);

create table hold (
    site        text        not null,
    id          text        not null,
    wallet      text        not null,
    callback    text        not null,
    slice       integer     not null check (slice >= 1),
    amount      bigint      not null check (amount >= 0),
    grant_ms    bigint      not null check (grant_ms >= 0),
    state       text        not null default 'pending',
    captured    bigint,
    released    bigint,
    created_at  timestamptz not null default clock_timestamp(),
    expires_at  timestamptz not null,
    resolved_at timestamptz,
    primary key (site, id),
    unique (callback, site),
    constraint hold_resolves_once check (
        state = 'pending' and captured is null and released is null and resolved_at is null
        or state = 'resolved' and captured >= 0 and released >= 0 and captured + released = amount and resolved_at is not null)
) with (fillfactor = 80);

create index hold_pending on hold (expires_at) where state = 'pending';
create index hold_pending_of_wallet on hold (wallet, site) where state = 'pending';

create table entry (
    site           text        not null,
    transaction_id text        not null,
    line           smallint    not null,
    account        text        not null,
    sequence       bigint,
    amount         bigint      not null check (amount <> 0),
    kind           text        not null check (kind in ('top_up', 'charge')),
    callback       text,
    at             timestamptz not null default clock_timestamp(),
    primary key (site, transaction_id, line),
    check ((sequence is not null) = (account like 'wallet:%'))
);

create unique index entry_of_wallet on entry (account, site, sequence) where sequence is not null;

create function entry_never_changes() returns trigger language plpgsql as $$
begin
    raise exception 'an entry is never changed or deleted (%)', tg_op using errcode = 'restrict_violation';
end $$;

create trigger entry_never_changes before update or delete or truncate on entry
    for each statement execute function entry_never_changes();

-- All lines of a transaction come in one statement, so the sum is known when it ends.
create function entry_sums_to_zero() returns trigger language plpgsql as $$
declare
    wrong record;
begin
    select site, transaction_id, sum(amount) as total into wrong
    from line group by site, transaction_id having sum(amount) <> 0 limit 1;
    if found then
        raise exception 'transaction % of site % sums to %', wrong.transaction_id, wrong.site, wrong.total
            using errcode = 'integrity_constraint_violation';
    end if;
    return null;
end $$;

create trigger entry_sums_to_zero after insert on entry
    referencing new table as line for each statement execute function entry_sums_to_zero();

create table callback (
    site            text        not null,
    id              text        not null,
    caller          text        not null,
    idempotency_key text        not null,
    body_hash       text        not null,
    merchant        text        not null,
    payer           text        not null,
    status          text        not null,
    outcome         text,
    end_reason      text,
    state           text        not null,
    version         bigint      not null,
    charge          bigint,
    last_event      bigint      not null default 0,
    created_at      timestamptz not null default clock_timestamp(),
    updated_at      timestamptz not null default clock_timestamp(),
    primary key (site, id),
    unique (caller, idempotency_key, site),
    constraint callback_ends_with_outcome check (status not in ('completed', 'failed', 'canceled') or outcome is not null)
) with (fillfactor = 60);

-- The one table with telephone numbers that stays after a call; rows may be deleted at any time.
create table callback_number (
    site            text not null,
    callback        text not null,
    member_number   text not null,
    merchant_number text,
    primary key (site, callback)
);

-- attempt and dialog hold numbers while the call lives; the terminal write empties them.
create table attempt (
    site        text        not null,
    callback    text        not null,
    key         text        not null,
    leg         text        not null,
    number      integer     not null,
    trunk       text        not null,
    silo        text        not null,
    attempt     text,
    dialog      text,
    answered_at timestamptz,
    ended       text,
    created_at  timestamptz not null default clock_timestamp(),
    primary key (site, callback, key)
) with (fillfactor = 60);

-- at: the session's clock.
create table call_event (
    site       text        not null,
    callback   text        not null,
    number     bigint      not null check (number >= 1),
    at         timestamptz not null,
    status     text        not null,
    outcome    text,
    end_reason text,
    charge     bigint,
    primary key (site, callback, number)
);

-- created_at, ended_at: the session's clock.
create table cdr (
    site         text        not null,
    callback     text        not null,
    hold         text,
    wallet       text        not null,
    merchant     text        not null,
    outcome      text        not null,
    end_reason   text        not null,
    rate_version text        not null,
    leg_a        text,
    leg_b        text,
    charge       bigint      not null check (charge >= 0),
    held         bigint      not null,
    created_at   timestamptz not null,
    ended_at     timestamptz not null,
    recorded_at  timestamptz not null default clock_timestamp(),
    primary key (site, callback)
);

create table outbox (
    id         bigint generated always as identity primary key,
    site       text        not null,
    callback   text        not null,
    kind       text        not null,
    payload    text        not null,
    created_at timestamptz not null default clock_timestamp(),
    sent_at    timestamptz
);

-- One row per writer process. batch: its last transaction, with the answers to each of its writes, from which a writer that lost its
-- connection learns what became of it; no answers: the number was voided.
create table writer (
    silo       text        primary key,
    batch      bigint      not null,
    outcomes   smallint[],
    sequences  bigint[],
    amounts    bigint[],
    updated_at timestamptz not null default clock_timestamp()
) with (fillfactor = 20);
