-- A member, and a number that is rung for a member, is in one live callback only. The keys stand on the callback while it lives; the terminal
-- write empties them. The check in the function is the way there, the unique indexes are what holds between two silos.

alter table callback add column live_member text, add column live_number text;

create unique index callback_live_member on callback (live_member, site) where live_member is not null;
create unique index callback_live_number on callback (live_number, site) where live_number is not null;

-- As in 0004, with the keys w_live_… of each write; a silo of the version before goes on with the function of its own parameters.
-- Outcome 6: another callback of the member or the number is live.
create function ledger_write(
    p_silo text, p_batch bigint,
    w_site text[], w_op smallint[], w_wallet text[], w_epoch bigint[], w_hold text[], w_callback text[], w_slice integer[], w_amount bigint[],
    w_grant_ms bigint[], w_expires_ms bigint[], w_transaction text[], w_currency text[], w_call text[], w_is_new boolean[], w_version bigint[],
    w_live_member text[], w_live_number text[],
    c_item integer[], c_site text[], c_id text[], c_caller text[], c_key text[], c_body_hash text[], c_merchant text[], c_payer text[],
    c_status text[], c_outcome text[], c_end_reason text[], c_state text[], c_charge bigint[], c_last_event bigint[], c_ends boolean[],
    c_member_number text[], c_merchant_number text[],
    a_item integer[], a_site text[], a_callback text[], a_key text[], a_leg text[], a_number integer[], a_trunk text[], a_silo text[],
    a_attempt text[], a_dialog text[], a_answered_at timestamptz[], a_ended text[],
    e_item integer[], e_site text[], e_callback text[], e_number bigint[], e_at timestamptz[], e_status text[], e_outcome text[],
    e_end_reason text[], e_charge bigint[],
    d_item integer[], d_site text[], d_callback text[], d_hold text[], d_wallet text[], d_merchant text[], d_outcome text[],
    d_end_reason text[], d_rate_version text[], d_leg_a text[], d_leg_b text[], d_charge bigint[], d_held bigint[],
    d_created_at timestamptz[], d_ended_at timestamptz[], d_payload text[])
returns table (outcome smallint, wallet_sequence bigint, held_amount bigint)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_material = off
set enable_memoize = off set random_page_cost = 0.01 set cpu_tuple_cost = 1 set cpu_index_tuple_cost = 1 set jit = off
set plan_cache_mode = force_generic_plan
as $$
<<answer>>
declare
    outcomes  smallint[];
    sequences bigint[];
    amounts   bigint[];
begin
    update writer set batch = p_batch, updated_at = clock_timestamp() where silo = p_silo and batch = p_batch - 1;
    if not found then
        raise exception 'batch % of writer % is not the next', p_batch, p_silo using errcode = 'OC001';
    end if;

    -- Locks in key order: wallets, holds, calls. What is read below is then the last word on each row.
    perform from (select distinct site, id from unnest(w_site, w_wallet) u(site, id) where id is not null order by site, id) k
        cross join lateral (select from wallet w where w.site = k.site and w.id = k.id for no key update) locked;
    perform from (select site, id from unnest(w_site, w_hold) u(site, id) where id is not null order by site, id) k
        cross join lateral (select from hold h where h.site = k.site and h.id = k.id for no key update) locked;
    perform from (select site, id from unnest(w_site, w_call) u(site, id) where id is not null order by site, id) k
        cross join lateral (select from callback c where c.site = k.site and c.id = k.id for no key update) locked;

    -- What is there already wins over a fence: it tells a repeat that its first try was durable.
    with seen as (
        select u.n, u.op, u.site, u.wallet, u.amount, h.amount as held, w.sequence, w.posted + w.credit_limit - w.held as available,
            case
                when u.op = 1 and h.id is not null
                    or u.op = 2 and (h.state = 'resolved' or h.slice >= u.slice)
                    or u.op = 4 and h.state = 'resolved'
                    or u.is_new and c.id is not null then 3
                when u.op = 1 and (select true from hold o where o.site = u.site and o.callback = u.callback)
                    or u.op = 3 and (select true from entry e where e.site = u.site and e.transaction_id = u.transaction and e.line = 1)
                    or u.op in (4, 5) and (select true from cdr d where d.site = u.site and d.callback = u.callback) then 3
                when not u.is_new and c.version is distinct from u.version then 2
                when u.live_member is not null and (select true from callback l where l.live_member = u.live_member and l.site = u.site)
                    or u.live_number is not null and (select true from callback l where l.live_number = u.live_number and l.site = u.site) then 6
                -- A second one in the same batch does not know yet what becomes of the first: it is tried again after it.
                when u.live_member is not null and u.n <> min(u.n) over (partition by u.site, u.live_member)
                    or u.live_number is not null and u.n <> min(u.n) over (partition by u.site, u.live_number) then 1
                when u.op in (1, 2) and w.epoch is distinct from u.epoch
                    or u.op = 2 and (h.slice is distinct from u.slice - 1 or h.wallet <> u.wallet)
                    or u.op = 3 and w.currency <> u.currency
                    or u.op = 4 and (h.id is null or h.wallet <> u.wallet or u.amount > h.amount) then 1
                else 0
            end as verdict
        from unnest(w_site, w_op, w_wallet, w_epoch, w_hold, w_callback, w_slice, w_amount, w_transaction, w_currency, w_call, w_is_new,
                w_version, w_live_member, w_live_number) with ordinality
            u(site, op, wallet, epoch, hold, callback, slice, amount, transaction, currency, call, is_new, version, live_member, live_number, n)
        left join lateral (select * from wallet where site = u.site and id = u.wallet limit 1) w on true
        left join lateral (select * from hold where site = u.site and id = u.hold limit 1) h on true
        left join lateral (select * from callback where site = u.site and id = u.call limit 1) c on true),
    -- A hold that would break the floor also counts against those after it: their wallet's memory is as wrong.
    floored as (
        select n, op, site, wallet, sequence, case when op = 4 then held end as held,
            case when verdict = 0 and op in (1, 2) and available + sum(
                case when verdict <> 0 then 0 when op in (1, 2) then -amount when op = 3 then amount when op = 4 then held - amount else 0 end)
                over (partition by site, wallet order by n) < 0 then 1 else verdict end as verdict
        from seen),
    numbered as (
        select n, verdict, held,
            case when op between 1 and 4 then coalesce(sequence, 0) + sum(case when verdict = 0 and op between 1 and 4 then 1 else 0 end)
                over (partition by site, wallet order by n) else 0 end as sequence
        from floored)
    select array_agg(verdict::smallint order by n), array_agg(sequence::bigint order by n), array_agg(coalesce(held, 0) order by n)
    into outcomes, sequences, amounts
    from numbered;

    update wallet w
    set posted = w.posted + d.posted, held = w.held + d.held, sequence = w.sequence + d.writes
    from (
        select u.site, u.wallet, count(*) as writes,
            sum(case u.op when 3 then u.amount when 4 then -u.amount else 0 end)::bigint as posted,
            sum(case when u.op in (1, 2) then u.amount when u.op = 4 then -amounts[u.n] else 0 end)::bigint as held
        from unnest(w_site, w_wallet, w_op, w_amount) with ordinality u(site, wallet, op, amount, n)
        where u.op between 1 and 4 and outcomes[u.n] = 0
        group by u.site, u.wallet) d
    where w.site = d.site and w.id = d.wallet;

    if 3 = any (w_op) then
        insert into wallet (site, id, posted, currency, sequence)
        select u.site, u.wallet, u.amount, u.currency, 1
        from unnest(w_site, w_wallet, w_op, w_amount, w_currency) with ordinality u(site, wallet, op, amount, currency, n)
        where u.op = 3 and outcomes[u.n] = 0 and not exists (select from wallet w where w.site = u.site and w.id = u.wallet);
    end if;

    if 1 = any (w_op) then
        insert into hold (site, id, wallet, callback, slice, amount, grant_ms, expires_at)
        select u.site, u.hold, u.wallet, u.callback, 1, u.amount, u.grant_ms, clock_timestamp() + u.expires_ms * interval '1 millisecond'
        from unnest(w_site, w_op, w_hold, w_wallet, w_callback, w_amount, w_grant_ms, w_expires_ms) with ordinality
            u(site, op, hold, wallet, callback, amount, grant_ms, expires_ms, n)
        where u.op = 1 and outcomes[u.n] = 0;
    end if;

    if 2 = any (w_op) then
        update hold h
        set slice = u.slice, amount = h.amount + u.amount, grant_ms = u.grant_ms,
            expires_at = clock_timestamp() + u.expires_ms * interval '1 millisecond'
        from unnest(w_site, w_op, w_hold, w_slice, w_amount, w_grant_ms, w_expires_ms) with ordinality
            u(site, op, hold, slice, amount, grant_ms, expires_ms, n)
        where u.op = 2 and outcomes[u.n] = 0 and h.site = u.site and h.id = u.hold;
    end if;

    if 4 = any (w_op) then
        update hold h
        set state = 'resolved', captured = u.amount, released = h.amount - u.amount, resolved_at = clock_timestamp()
        from unnest(w_site, w_op, w_hold, w_amount) with ordinality u(site, op, hold, amount, n)
        where u.op = 4 and outcomes[u.n] = 0 and h.site = u.site and h.id = u.hold and h.captured is null;
    end if;

    if 3 = any (w_op) or 4 = any (w_op) then
        insert into entry (site, transaction_id, line, account, sequence, amount, kind, callback)
        select u.site, u.transaction, l.line,
            case l.line when 1 then 'wallet:' || u.wallet else case u.op when 3 then 'cash' else 'revenue' end end,
            case l.line when 1 then sequences[u.n] end,
            case when (l.line = 1) = (u.op = 3) then u.amount else -u.amount end,
            case u.op when 3 then 'top_up' else 'charge' end,
            u.callback
        from unnest(w_site, w_op, w_transaction, w_wallet, w_amount, w_callback) with ordinality
            u(site, op, transaction, wallet, amount, callback, n)
        cross join (values (1), (2)) l(line)
        where u.op in (3, 4) and u.amount > 0 and outcomes[u.n] = 0;
    end if;

    if cardinality(d_item) > 0 then
        insert into cdr (site, callback, hold, wallet, merchant, outcome, end_reason, rate_version, leg_a, leg_b, charge, held, created_at, ended_at)
        select u.site, u.callback, u.hold, u.wallet, u.merchant, u.outcome, u.end_reason, u.rate_version, u.leg_a, u.leg_b, u.charge, u.held,
            u.created_at, u.ended_at
        from unnest(d_item, d_site, d_callback, d_hold, d_wallet, d_merchant, d_outcome, d_end_reason, d_rate_version, d_leg_a, d_leg_b, d_charge,
                d_held, d_created_at, d_ended_at)
            u(item, site, callback, hold, wallet, merchant, outcome, end_reason, rate_version, leg_a, leg_b, charge, held, created_at, ended_at)
        where outcomes[u.item] = 0;

        insert into outbox (site, callback, kind, payload)
        select u.site, u.callback, 'callback_ended', u.payload
        from unnest(d_item, d_site, d_callback, d_payload) u(item, site, callback, payload)
        where outcomes[u.item] = 0;
    end if;

    if cardinality(c_item) > 0 then
        perform ledger_write_calls(outcomes, w_is_new, w_live_member, w_live_number, c_item, c_site, c_id, c_caller, c_key, c_body_hash, c_merchant, c_payer, c_status,
            c_outcome, c_end_reason, c_state, c_charge, c_last_event, c_ends, c_member_number, c_merchant_number);
    end if;

    if cardinality(a_item) > 0 then
        insert into attempt (site, callback, key, leg, number, trunk, silo, attempt, dialog, answered_at, ended)
        select u.site, u.callback, u.key, u.leg, u.number, u.trunk, u.silo, u.attempt, u.dialog, u.answered_at, u.ended
        from unnest(a_item, a_site, a_callback, a_key, a_leg, a_number, a_trunk, a_silo, a_attempt, a_dialog, a_answered_at, a_ended)
            u(item, site, callback, key, leg, number, trunk, silo, attempt, dialog, answered_at, ended)
        where outcomes[u.item] = 0
        on conflict (site, callback, key) do update
        set trunk = excluded.trunk, silo = excluded.silo, attempt = excluded.attempt, dialog = excluded.dialog,
            answered_at = excluded.answered_at, ended = excluded.ended;
    end if;

    if cardinality(e_item) > 0 then
        insert into call_event (site, callback, number, at, status, outcome, end_reason, charge)
        select u.site, u.callback, u.number, u.at, u.status, u.outcome, u.end_reason, u.charge
        from unnest(e_item, e_site, e_callback, e_number, e_at, e_status, e_outcome, e_end_reason, e_charge)
            u(item, site, callback, number, at, status, outcome, end_reason, charge)
        where outcomes[u.item] = 0;
    end if;

    -- The answers stay with the batch's number for a writer that lost its connection before it read them.
    update writer w set outcomes = answer.outcomes, sequences = answer.sequences, amounts = answer.amounts
    where w.silo = p_silo;
    return query select * from unnest(outcomes, sequences, amounts);
end $$;

-- The calls' own rows of a batch.
create function ledger_write_calls(
    outcomes smallint[], w_is_new boolean[], w_live_member text[], w_live_number text[],
    c_item integer[], c_site text[], c_id text[], c_caller text[], c_key text[], c_body_hash text[], c_merchant text[], c_payer text[],
    c_status text[], c_outcome text[], c_end_reason text[], c_state text[], c_charge bigint[], c_last_event bigint[], c_ends boolean[],
    c_member_number text[], c_merchant_number text[])
returns void
language plpgsql
as $$
begin
    if true = any (w_is_new) then
        insert into callback (site, id, caller, idempotency_key, body_hash, merchant, payer, status, outcome, end_reason, state, version, charge,
            last_event, live_member, live_number)
        select u.site, u.id, u.caller, u.key, u.body_hash, u.merchant, u.payer, u.status, u.outcome, u.end_reason, u.state, 1, u.charge, u.last_event,
            w_live_member[u.item], w_live_number[u.item]
        from unnest(c_item, c_site, c_id, c_caller, c_key, c_body_hash, c_merchant, c_payer, c_status, c_outcome, c_end_reason, c_state, c_charge,
                c_last_event)
            u(item, site, id, caller, key, body_hash, merchant, payer, status, outcome, end_reason, state, charge, last_event)
        where outcomes[u.item] = 0 and u.caller is not null;

        insert into callback_number (site, callback, member_number, merchant_number)
        select u.site, u.id, u.member_number, u.merchant_number
        from unnest(c_item, c_site, c_id, c_caller, c_member_number, c_merchant_number) u(item, site, id, caller, member_number, merchant_number)
        where outcomes[u.item] = 0 and u.caller is not null;
    end if;

    if false = any (w_is_new) then
        update callback c
        set status = u.status, outcome = coalesce(u.outcome, c.outcome), end_reason = coalesce(u.end_reason, c.end_reason), state = u.state,
            version = c.version + 1, charge = coalesce(u.charge, c.charge), last_event = greatest(c.last_event, u.last_event),
            updated_at = clock_timestamp(),
            live_member = case when u.ends then null else c.live_member end, live_number = case when u.ends then null else c.live_number end
        from unnest(c_item, c_site, c_id, c_caller, c_status, c_outcome, c_end_reason, c_state, c_charge, c_last_event, c_ends)
            u(item, site, id, caller, status, outcome, end_reason, state, charge, last_event, ends)
        where outcomes[u.item] = 0 and u.caller is null and c.site = u.site and c.id = u.id;
    end if;

    if true = any (c_ends) then
        update attempt a set attempt = null, dialog = null
        from unnest(c_item, c_site, c_id, c_ends) u(item, site, id, ends)
        where outcomes[u.item] = 0 and u.ends and a.site = u.site and a.callback = u.id and a.attempt is not null;
    end if;
end $$;
