-- Cold grain state. The primary key is the grain's whole identity, so that of two first writers one loses; the loser gets no row back,
-- which Orleans reports as InconsistentStateException.

create table grain_state (
    service     text    not null,
    grain_type  text    not null,
    grain_n0    bigint  not null,
    grain_n1    bigint  not null,
    grain_text  text    not null,
    payload     bytea,
    version     integer not null,
    modified_at timestamptz not null default clock_timestamp(),
    primary key (service, grain_type, grain_text, grain_n0, grain_n1)
);

insert into orleansquery (querykey, querytext) values
('ReadFromStorageKey', '
    select payload as "PayloadBinary", version as "Version"
    from grain_state
    where service = @ServiceId and grain_type = @GrainTypeString
        and grain_n0 = @GrainIdN0 and grain_n1 = @GrainIdN1 and grain_text = coalesce(@GrainIdExtensionString::text, '''')
'),
('WriteToStorageKey', '
    with changed as (
        update grain_state
        set payload = @PayloadBinary, version = version + 1, modified_at = clock_timestamp()
        where service = @ServiceId and grain_type = @GrainTypeString
            and grain_n0 = @GrainIdN0 and grain_n1 = @GrainIdN1 and grain_text = coalesce(@GrainIdExtensionString::text, '''')
            and version = @GrainStateVersion::integer
        returning version),
    made as (
        insert into grain_state (service, grain_type, grain_n0, grain_n1, grain_text, payload, version)
        select @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString::text, ''''), @PayloadBinary, 1
        where @GrainStateVersion::integer is null
        on conflict do nothing
        returning version)
    select version as "NewGrainStateVersion" from changed
    union all
    select version from made
'),
('ClearStorageKey', '
    update grain_state
    set payload = null, version = version + 1, modified_at = clock_timestamp()
    where service = @ServiceId and grain_type = @GrainTypeString
        and grain_n0 = @GrainIdN0 and grain_n1 = @GrainIdN1 and grain_text = coalesce(@GrainIdExtensionString::text, '''')
        and version = @GrainStateVersion::integer
    returning version as "NewGrainStateVersion"
'),
('DeleteStorageKey', '
    delete from grain_state
    where service = @ServiceId and grain_type = @GrainTypeString
        and grain_n0 = @GrainIdN0 and grain_n1 = @GrainIdN1 and grain_text = coalesce(@GrainIdExtensionString::text, '''')
        and version = @GrainStateVersion::integer
    returning version + 1 as "NewGrainStateVersion"
');
