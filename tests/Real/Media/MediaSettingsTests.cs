using OrleansCallback.Silo.Settings;
using OrleansCallback.Sip.Net.Media;
using OrleansCallback.Trunks;

namespace OrleansCallback.Tests.Media;

/// <summary>What a wrong limit of the media plane says at start.</summary>
public sealed class MediaSettingsTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.True(new MediaSettingsValidation().Validate(null, new()).Succeeded);

    [Theory]
    [InlineData(nameof(MediaSettings.Threads), 0)]
    [InlineData(nameof(MediaSettings.Threads), 65)]
    [InlineData(nameof(MediaSettings.MaxLegs), 0)]
    [InlineData(nameof(MediaSettings.SharedPorts), -1)]
    [InlineData(nameof(MediaSettings.SharedPorts), 5000)]
    [InlineData(nameof(MediaSettings.SourceRate), 49)]
    public void A_limit_out_of_range_is_named(string setting, int value)
    {
        var settings = new MediaSettings();
        typeof(MediaSettings).GetProperty(setting)!.SetValue(settings, value);
        var failure = Assert.Single(new MediaSettingsValidation().Validate(null, settings).Failures!);
        Assert.StartsWith($"Media:{setting} is {value}; write ", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trunk_has_ports_of_a_kind_that_there_is()
    {
        var trunk = new TrunkOptions { Address = "192.0.2.10:5060", RatePerSecond = 1, MediaPorts = "common" };
        Assert.Single(TrunkRules.Of(trunk, time => $"{time}"), wrong => wrong.StartsWith("MediaPorts is 'common'; write shared", StringComparison.Ordinal));
        foreach (var kind in new[] { "shared", "connected" })
        {
            trunk.MediaPorts = kind;
            Assert.Empty(TrunkRules.Of(trunk, time => $"{time}"));
            Assert.True(Enum.TryParse<MediaPorts>(kind, ignoreCase: true, out _));
        }
    }
}
