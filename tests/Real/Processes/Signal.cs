using System.ComponentModel;
using System.Runtime.InteropServices;

namespace OrleansCallback.Tests.Processes;

/// <summary>Signals to one process by its id (signal(7), numbers of Linux).</summary>
public static class Signal
{
    const int Kill = 9, User1 = 10, Terminate = 15, Continue = 18, Stop = 19;
    const int NoSuchProcess = 3;

    /// <summary>SIGKILL: gone at once, nothing is tidied up.</summary>
    public static void KillAtOnce(int pid) => Send(pid, Kill);

    /// <summary>SIGTERM: asked to end.</summary>
    public static void AskToEnd(int pid) => Send(pid, Terminate);

    /// <summary>SIGSTOP: hangs, with all its sockets open.</summary>
    public static void Freeze(int pid) => Send(pid, Stop);

    /// <summary>SIGCONT: goes on.</summary>
    public static void Thaw(int pid) => Send(pid, Continue);

    /// <summary>SIGUSR1: SIPp ends after its running calls.</summary>
    public static void FinishCalls(int pid) => Send(pid, User1);

    static void Send(int pid, int signal)
    {
        if (pid <= 1) throw new ArgumentOutOfRangeException(nameof(pid), pid, "Not a process of ours.");
        if (NativeKill(pid, signal) != 0 && Marshal.GetLastPInvokeError() is var error and not NoSuchProcess) throw new Win32Exception(error);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int NativeKill(int pid, int signal);
}
