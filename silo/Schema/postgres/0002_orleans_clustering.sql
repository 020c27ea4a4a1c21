-- Membership of the silos. Orleans reads the texts of its queries from OrleansQuery and binds the parameters by name.

create table orleansquery (
    querykey  text primary key,
    querytext text not null
);

create table cluster_version (
    deployment text    primary key,
    version    integer not null default 0
);

create table cluster_silo (
    deployment    text           not null,
    address       text           not null,
    port          integer        not null,
    generation    integer        not null,
    silo_name     text           not null,
    host_name     text           not null,
    status        integer        not null,
    proxy_port    integer        not null,
    suspect_times text,
    start_time    timestamptz(3) not null,
    alive_time    timestamptz(3) not null,
    primary key (deployment, address, port, generation)
);

insert into orleansquery (querykey, querytext) values
('GatewaysQueryKey', '
    select address as "Address", proxy_port as "ProxyPort", generation as "Generation"
    from cluster_silo
    where deployment = @DeploymentId and status = @Status and proxy_port > 0
'),
('MembershipReadRowKey', '
    select s.address as "Address", s.port as "Port", s.generation as "Generation", s.silo_name as "SiloName",
           s.host_name as "HostName", s.status as "Status", s.proxy_port as "ProxyPort", s.suspect_times as "SuspectTimes",
           s.start_time as "StartTime", s.alive_time as "IAmAliveTime", v.version as "Version"
    from cluster_version v
    left join cluster_silo s
        on s.deployment = v.deployment and s.address = @Address and s.port = @Port and s.generation = @Generation
    where v.deployment = @DeploymentId
'),
('MembershipReadAllKey', '
    select s.address as "Address", s.port as "Port", s.generation as "Generation", s.silo_name as "SiloName",
           s.host_name as "HostName", s.status as "Status", s.proxy_port as "ProxyPort", s.suspect_times as "SuspectTimes",
           s.start_time as "StartTime", s.alive_time as "IAmAliveTime", v.version as "Version"
    from cluster_version v
    left join cluster_silo s on s.deployment = v.deployment
    where v.deployment = @DeploymentId
'),
('InsertMembershipVersionKey', '
    with made as (
        insert into cluster_version (deployment) values (@DeploymentId)
        on conflict do nothing
        returning 1)
    select exists (select from made)
'),
('UpdateIAmAlivetimeKey', '
    update cluster_silo set alive_time = @IAmAliveTime
    where deployment = @DeploymentId and address = @Address and port = @Port and generation = @Generation
'),
-- The version row is the lock: of two silos that expect the same version one waits for the other and then finds it raised.
('InsertMembershipKey', '
    with raised as (
        update cluster_version v set version = v.version + 1
        where v.deployment = @DeploymentId and v.version = @Version and not exists (
            select from cluster_silo s
            where s.deployment = @DeploymentId and s.address = @Address and s.port = @Port and s.generation = @Generation)
        returning v.deployment),
    made as (
        insert into cluster_silo
            (deployment, address, port, generation, silo_name, host_name, status, proxy_port, start_time, alive_time)
        select deployment, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
        from raised
        returning 1)
    select exists (select from made)
'),
('UpdateMembershipKey', '
    with raised as (
        update cluster_version v set version = v.version + 1
        where v.deployment = @DeploymentId and v.version = @Version and exists (
            select from cluster_silo s
            where s.deployment = @DeploymentId and s.address = @Address and s.port = @Port and s.generation = @Generation)
        returning v.deployment),
    changed as (
        update cluster_silo s
        set status = @Status, suspect_times = @SuspectTimes::text, alive_time = @IAmAliveTime
        from raised
        where s.deployment = raised.deployment and s.address = @Address and s.port = @Port and s.generation = @Generation
        returning 1)
    select exists (select from changed)
'),
('DeleteMembershipTableEntriesKey', '
    with silos as (delete from cluster_silo where deployment = @DeploymentId)
    delete from cluster_version where deployment = @DeploymentId
'),
('CleanupDefunctSiloEntriesKey', '
    delete from cluster_silo
    where deployment = @DeploymentId and status = 6 and alive_time < @IAmAliveTime and start_time < @IAmAliveTime
'),
-- Deletes a dead silo only while it is still as it was read.
('CleanupDefunctSiloEntryKey', '
    delete from cluster_silo
    where deployment = @DeploymentId and address = @Address and port = @Port and generation = @Generation and status = 6
        and alive_time = @IAmAliveTime and start_time = @StartTime and suspect_times is not distinct from @SuspectTimes::text
');
