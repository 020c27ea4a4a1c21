using CsCheck;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Tests.Rtp;

public sealed class G711Tests
{
    [Theory]
    [InlineData(G711Law.Mu)]
    [InlineData(G711Law.A)]
    public void Every_code_survives_decoding_and_encoding(G711Law law)
    {
        for (var code = 0; code < 256; code++)
        {
            // Mu-law has two zeros; the negative one (0x7F) comes back as the positive one.
            var expected = law == G711Law.Mu && code == 0x7F ? 0xFF : code;
            Assert.Equal(expected, G711.Encode(G711.Decode((byte)code, law), law));
        }
    }

    [Theory]
    [InlineData(G711Law.Mu, 0xFF, 0)]
    [InlineData(G711Law.Mu, 0x80, 32124)]
    [InlineData(G711Law.Mu, 0x00, -32124)]
    [InlineData(G711Law.A, 0xD5, 8)]
    [InlineData(G711Law.A, 0x55, -8)]
    [InlineData(G711Law.A, 0xAA, 32256)]
    [InlineData(G711Law.A, 0x2A, -32256)]
    public void Known_codes_have_the_values_of_the_recommendation(G711Law law, byte code, short sample) =>
        Assert.Equal(sample, G711.Decode(code, law));

    [Theory]
    [InlineData(G711Law.Mu)]
    [InlineData(G711Law.A)]
    public void A_sample_loses_no_more_than_half_a_step_of_its_segment(G711Law law) =>
        Gen.Short[-32000, 32000].Sample(sample =>
            Math.Abs(G711.Decode(G711.Encode(sample, law), law) - sample) <= Math.Max(8, Math.Abs((int)sample) / 24));

    [Fact]
    public void From_law_to_law_and_back_moves_no_code_by_more_than_one_step() =>
        Gen.Byte.Array[0, 200].Sample(payload =>
        {
            var there = payload.ToArray();
            G711.Convert(there, G711Law.Mu, G711Law.A);
            G711.Convert(there, G711Law.A, G711Law.Mu);
            return there.Zip(payload).All(pair => Math.Abs(
                G711.Decode(pair.First, G711Law.Mu) - G711.Decode(pair.Second, G711Law.Mu)) <= Math.Max(16, Math.Abs((int)G711.Decode(pair.Second, G711Law.Mu)) / 12));
        });

    [Fact]
    public void The_same_law_leaves_the_payload_alone()
    {
        byte[] payload = [1, 2, 3];
        G711.Convert(payload, G711Law.A, G711Law.A);
        Assert.Equal<byte>([1, 2, 3], payload);
    }
}
