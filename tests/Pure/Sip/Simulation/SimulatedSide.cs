using OrleansCallback.Sip;

namespace OrleansCallback.Tests.Sip;

/// <summary>What one side knows about one call.</summary>
sealed class SimulatedSide
{
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

    public void Take(CallEvent e)
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
        if (e is not TerminalEvent end) return;
        ends++;
        End = end;
        Stands = false;
    }
}
