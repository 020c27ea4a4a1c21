using OrleansCallback.Sip;

namespace OrleansCallback.Tests.Sip;

/// <summary>What one side knows about one call.</summary>
sealed class SimulatedSide
{
    readonly List<string> story = [];
    int ends;
    bool wentOn;

    /// <summary>True from the moment at which both directions may speak, until the end.</summary>
    public bool Stands { get; set; }

    public string CallId { get; set; } = "";

    public TerminalEvent? End { get; private set; }

    /// <summary>The descriptions as the last event told them.</summary>
    public (string Local, string Remote) Media { get; private set; }

    /// <summary>What is wrong with the order of its events; null when nothing is.</summary>
    public string? Fault => ends != 1 ? $"ended {ends} times" : wentOn ? "went on after its end" : null;

    public void Take(CallEvent e, TimeSpan now)
    {
        wentOn |= ends > 0;
        var dialog = e switch
        {
            Answered answered => answered.Dialog,
            Confirmed confirmed => confirmed.Dialog,
            MediaChanged changed => changed.Dialog,
            ReinviteDone done => done.Dialog,
            UpdateDone done => done.Dialog,
            _ => null,
        };
        if (dialog is not null) Media = (dialog.LocalSdp, dialog.RemoteSdp);
        var code = e switch { ReinviteDone done => done.Code, UpdateDone done => done.Code, _ => 0 };
        story.Add($"{now.TotalSeconds:F3} {e.GetType().Name} {code} {(dialog is null ? "" : $"{Port(dialog.LocalSdp)}/{Port(dialog.RemoteSdp)}")}");
        if (e is not TerminalEvent end) return;
        ends++;
        End = end;
        Stands = false;
    }

    /// <summary>The exchange that was completed by our ACK, of which no event tells.</summary>
    public void Agree(ReadOnlySpan<byte> local, ReadOnlySpan<byte> remote) =>
        Media = (System.Text.Encoding.UTF8.GetString(local), System.Text.Encoding.UTF8.GetString(remote));

    /// <summary>What happened to it, with both ports after each change.</summary>
    public override string ToString() => string.Join(", ", story);

    static string Port(string sdp) => sdp.Split("m=audio ") is [_, var rest, ..] ? rest.Split(' ')[0] : "-";
}
