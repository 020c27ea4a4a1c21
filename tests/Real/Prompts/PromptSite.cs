using OrleansCallback.Calls;
using OrleansCallback.Tests.Calls;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Prompts;

/// <summary>One silo whose English recordings are short noises, each unlike all others, so that a call of these tests takes no longer than it must.</summary>
public sealed class PromptSite(PostgresServer server) : IAsyncLifetime
{
    /// <summary>The member must press 1.</summary>
    public const string AsksMember = "asks-member";

    /// <summary>The merchant hears a whisper and must press 1.</summary>
    public const string AsksMerchant = "asks-merchant";

    /// <summary>The merchant hears a whisper.</summary>
    public const string Whispers = "whispers";

    /// <summary>The member must press 1; all is said in Chinese, by the program's own recordings.</summary>
    public const string Chinese = "chinese";

    /// <summary>How long a recording is.</summary>
    public static readonly TimeSpan ClipLength = TimeSpan.FromSeconds(0.4);

    /// <summary>How long each time after the request 1 may be pressed; it is said twice.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(1.5);

    CallSite? site;

    /// <summary>The site.</summary>
    public CallSite Site => site ?? throw new InvalidOperationException("The site has not been started.");

    /// <summary>A recording of this site as it sounds.</summary>
    public static double[] Sound(string name) => SpokenClips.MuLaw(Noise(name));

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var folder = TestFolder.NewFile("prompts");
        Directory.CreateDirectory(Path.Combine(folder, "en"));
        foreach (var name in Clips.All) await File.WriteAllBytesAsync(Path.Combine(folder, "en", $"{name}.ulaw"), Noise(name));
        site = await CallSite.StartAsync(await server.CreateDatabaseAsync(), new Dictionary<string, string>
        {
            ["Media__Prompts"] = folder,
            ["Calls__RefusalPrompt"] = "true",
            ["Calls__Slice"] = "00:00:08",
            ["Calls__RenewWhenLeft"] = "00:00:06",
        });
        var once = new { seconds = Limit.TotalSeconds, repeats = 1 };
        await PutAsync(AsksMember, new { confirm_member = once });
        await PutAsync(AsksMerchant, new { confirm_merchant = once, whisper = true });
        await PutAsync(Whispers, new { whisper = true });
        await PutAsync(Chinese, new { confirm_member = once, language = "zh" });
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => site?.DisposeAsync() ?? ValueTask.CompletedTask;

    async Task PutAsync(string id, object prompts)
    {
        var body = System.Text.Json.JsonSerializer.SerializeToNode(prompts)!.AsObject();
        (body["name"], body["number"], body["payer"]) = (id, CallSite.MerchantNumber, "member");
        var answer = await Site.Admin.PutAsync($"/v1/admin/merchants/{id}", body);
        Assert.True(answer.Code == System.Net.HttpStatusCode.OK, $"{answer.Code} {answer.Body}");
    }

    /// <summary>Codes of middle loudness in an order that only the name decides.</summary>
    static byte[] Noise(string name)
    {
        var state = name.Aggregate(0x9E3779B97F4A7C15, (hash, letter) => (hash ^ letter) * 6364136223846793005);
        var noise = new byte[(int)(ClipLength.TotalSeconds * 8_000)];
        for (var i = 0; i < noise.Length; i++)
        {
            state = state * 6364136223846793005 + 1442695040888963407;
            noise[i] = (byte)(0x20 | (state >> 59) | ((state >> 51) & 0x80));
        }

        return noise;
    }
}

/// <summary>The scenarios on <see cref="PromptSite"/>, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class PromptScenarios : ICollectionFixture<PromptSite>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "scenarios with prompts";
}
