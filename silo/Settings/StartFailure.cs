using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Npgsql;

namespace OrleansCallback.Silo.Settings;

/// <summary>A failed start in words for whoever wrote the settings, instead of a stack trace.</summary>
public static class StartFailure
{
    /// <summary>Runs a program; a failure that has to do with its settings or surroundings ends it with a message and exit code 1.</summary>
    public static async Task<int> ExplainAsync(Func<Task<int>> program)
    {
        try
        {
            return await program();
        }
        catch (Exception error) when (Explain(error) is { } message)
        {
            await Console.Error.WriteLineAsync($"This program did not start. {message}");
            return 1;
        }
    }

    static string? Explain(Exception error) => error switch
    {
        OptionsValidationException invalid => string.Join(Environment.NewLine, invalid.Failures),
        AggregateException several => several.InnerExceptions.Select(Explain).FirstOrDefault(text => text is not null),
        InvalidOperationException { InnerException: ArgumentException or FormatException } unreadable => unreadable.Message,
        SettingException setting => setting.Message,
        NpgsqlException database => $"The database that ConnectionStrings:Ledger names does not answer: {database.Message}",
        SocketException socket => $"An address or port of the settings cannot be used: {socket.Message}",
        IOException { InnerException: not null } io => io.Message,
        _ => null,
    };
}

/// <summary>The surroundings do not fit the settings; the message says what to do.</summary>
public sealed class SettingException(string message) : Exception(message);
