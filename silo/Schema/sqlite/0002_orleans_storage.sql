-- Cold grain state. The primary key is the grain's whole identity, so that of two first writers one loses; the loser gets no row back,
-- which Orleans reports as InconsistentStateException. Orleans reads the texts of its queries from OrleansQuery.

create table OrleansQuery (
    QueryKey  text primary key,
    QueryText text not null
) strict;

create table grain_state (
    service     text    not null,
    grain_type  text    not null,
    grain_n0    integer not null,
    grain_n1    integer not null,
    grain_text  text    not null,
    payload     blob,
    version     integer not null,
    modified_at integer not null default (cast(unixepoch('subsec') * 1000000 as integer)),
    primary key (service, grain_type, grain_text, grain_n0, grain_n1)
) strict;

insert into OrleansQuery (QueryKey, QueryText) values
('ReadFromStorageKey', '
    select payload as PayloadBinary, version as Version
    from grain_state
    where service = @ServiceId and grain_type = @GrainTypeString
        and grain_n0 = @GrainIdN0 and grain_n1 = @GrainIdN1 and grain_text = coalesce(@GrainIdExtensionString, '''')
'),
-- A first write inserts; a later one is let through to the conflict only if its row is there, and changes it only at its version.
('WriteToStorageKey', '
    insert into grain_state (service, grain_type, grain_n0, grain_n1, grain_text, payload, version)
    select @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''''), @PayloadBinary, 1
    where @GrainStateVersion is null or exists (
        select 1 from grain_state
        where service = @ServiceId and grain_type = @GrainTypeString
            and grain_n0 = @GrainIdN0 and grain_n1 = @GrainIdN1 and grain_text = coalesce(@GrainIdExtensionString, ''''))
    on conflict (service, grain_type, grain_text, grain_n0, grain_n1) do update
        set payload = excluded.payload, version = grain_state.version + 1,
            modified_at = cast(unixepoch(''subsec'') * 1000000 as integer)
        where grain_state.version = @GrainStateVersion
    returning version as NewGrainStateVersion
'),
('ClearStorageKey', '
    update grain_state
    set payload = null, version = version + 1, modified_at = cast(unixepoch(''subsec'') * 1000000 as integer)
    where service = @ServiceId and grain_type = @GrainTypeString
        and grain_n0 = @GrainIdN0 and grain_n1 = @GrainIdN1 and grain_text = coalesce(@GrainIdExtensionString, '''')
        and version = @GrainStateVersion
    returning version as NewGrainStateVersion
'),
('DeleteStorageKey', '
    delete from grain_state
    where service = @ServiceId and grain_type = @GrainTypeString
        and grain_n0 = @GrainIdN0 and grain_n1 = @GrainIdN1 and grain_text = coalesce(@GrainIdExtensionString, '''')
        and version = @GrainStateVersion
    returning version + 1 as NewGrainStateVersion
');
