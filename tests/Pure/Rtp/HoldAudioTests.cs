using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Tests.Rtp;

public sealed class HoldAudioTests
{
    [Fact]
    public void The_loop_runs_on_across_its_end()
    {
        var audio = new HoldAudio(AudioClip.FromSamples([.. Enumerable.Range(0, 200).Select(i => (byte)i)], G711Law.Mu));
        Assert.Equal(Enumerable.Range(190, 160).Select(i => (byte)(i % 200)), audio.Frame(G711Law.Mu, 190 + (200 * 7), 160).ToArray());
    }

    [Fact]
    public void The_same_audio_is_there_in_both_laws()
    {
        var audio = HoldTones.RingBack();
        var converted = audio.Frame(G711Law.Mu, 800, 160).ToArray();
        G711.Convert(converted, G711Law.Mu, G711Law.A);
        Assert.Equal(converted, audio.Frame(G711Law.A, 800, 160).ToArray());
        Assert.Equal(5 * G711.SamplesPerSecond, audio.Samples);
    }

    [Fact]
    public void Ring_back_is_one_second_of_tone_and_four_of_silence()
    {
        var audio = HoldTones.RingBack();
        Assert.Contains(audio.Frame(G711Law.Mu, 4000, 160).ToArray(), code => Math.Abs((int)G711.Decode(code, G711Law.Mu)) > 4000);
        Assert.All(audio.Frame(G711Law.Mu, 2 * G711.SamplesPerSecond, 160).ToArray(), code => Assert.Equal(0, G711.Decode(code, G711Law.Mu)));
    }
}
