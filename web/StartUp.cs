using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace OrleansCallback.Web;

/// <summary>Runs the server and says in a sentence why it could not start.</summary>
public static class StartUp
{
    const int WrongSetting = 2;
    const int AddressTaken = 3;

    /// <summary>Builds and runs until the server is told to stop.</summary>
    public static async Task<int> RunAsync(Func<WebApplication> build)
    {
        try
        {
            await using var app = build();
            await app.RunAsync();
            return 0;
        }
        catch (OptionsValidationException wrong)
        {
            foreach (var failure in wrong.Failures)
                await Console.Error.WriteLineAsync(failure);
            return WrongSetting;
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"{taken.Message} Write another address: ASPNETCORE_URLS=http://localhost:5080");
            return AddressTaken;
        }
    }
}
