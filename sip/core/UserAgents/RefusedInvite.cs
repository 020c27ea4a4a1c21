namespace OrleansCallback.Sip;

/// <summary>An INVITE within a dialog that was refused at once: nobody waits for its ACK.</summary>
sealed class RefusedInvite : IInviteUser
{
    public static readonly RefusedInvite Instance = new();

    public void OnNoAck(InviteServerTransaction transaction, TimeSpan now) { }

    public void OnServerTerminated(InviteServerTransaction transaction, TimeSpan now) { }
}
