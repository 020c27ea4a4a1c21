using OrleansCallback.Load.Processes;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Calls;

/// <summary>A silo does not start with settings that cannot work, and says of each which it is and what to write.</summary>
public sealed class WrongSettingsTests
{
    [Fact]
    public async Task A_silo_names_each_wrong_setting_and_says_what_to_write()
    {
        var plan = new SiloPlan
        {
            Database = "Host=127.0.0.1;Database=unused",
            Trunks = new Dictionary<string, TrunkPlan> { ["edge"] = new(FreePorts.Udp("127.0.0.2"), "+", 0) },
            More = new Dictionary<string, string>
            {
                ["Media__Address"] = "0.0.0.0",
                ["Media__AdvertisedAddress"] = "2001:db8::1",
            },
        };
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => SiloProcess.StartAsync(plan));
        foreach (var words in (string[])["Media:Address is 0.0.0.0", "Media:AdvertisedAddress has 2001:db8::1"])
            Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }
}
