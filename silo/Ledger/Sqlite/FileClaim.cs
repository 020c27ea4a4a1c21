using OrleansCallback.Silo.Settings;

namespace OrleansCallback.Silo.Ledger.Sqlite;

/// <summary>
/// A SQLite ledger belongs to one process: at its start that process settles every hold of the file as left over by a dead one, which must not
/// happen to the calls of a living one. The system lets go of the claim however the process ends.
/// </summary>
sealed class FileClaim : IDisposable
{
    readonly FileStream file;

    FileClaim(FileStream file) => this.file = file;

    /// <summary>Claims the ledger file.</summary>
    /// <exception cref="SettingException">Another process has it, or it cannot be written to.</exception>
    public static FileClaim Of(string ledger)
    {
        var path = Path.GetFullPath(ledger);
        try
        {
            return new(new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new SettingException($"The ledger file '{path}' cannot be written to: {denied.Message} Write another path (Sqlite:File, or Data for web).");
        }
        catch (IOException)
        {
            throw new SettingException($"Another process has the ledger file '{path}': end it, or write another path (Sqlite:File, or Data for web).");
        }
    }

    public void Dispose() => file.Dispose();
}
