using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Tests.Rtp;

public sealed class AudioClipTests
{
    static readonly AudioClip Clip = AudioClip.FromSamples([1, 2, 3, 4, 5], G711Law.Mu);

    [Fact]
    public void The_last_frame_is_filled_up_with_silence()
    {
        var frame = new byte[4];
        Clip.CopyFrame(G711Law.Mu, 3, frame);
        var silence = G711.Encode(0, G711Law.Mu);
        Assert.Equal([4, 5, silence, silence], frame);
        Clip.CopyFrame(G711Law.A, 9, frame);
        Assert.All(frame, sample => Assert.Equal(G711.Encode(0, G711Law.A), sample));
    }

    [Fact]
    public void Clips_follow_each_other_in_both_laws()
    {
        var joined = AudioClip.Join([Clip, AudioClip.FromSamples([6], G711Law.Mu)]);
        Assert.Equal([1, 2, 3, 4, 5, 6], joined.In(G711Law.Mu).ToArray());
        byte[] converted = [1, 2, 3, 4, 5, 6];
        G711.Convert(converted, G711Law.Mu, G711Law.A);
        Assert.Equal(converted, joined.In(G711Law.A).ToArray());
        Assert.Equal(TimeSpan.FromSeconds(6 / 8_000.0), joined.Length);
    }
}
