using ExtProc.Abilities;
using ExtProc.Configuration;
using ExtProc.Pipeline;

namespace ExtProc.Tests.Pipeline.Encodings;

/// <summary>Decoder and encoder are there from the first byte that needs them to the last, and counted.</summary>
public sealed class CodedMemoryTests
{
    public static TheoryData<string> Codings => [.. ContentCodings.All];

    [Theory]
    [MemberData(nameof(Codings))]
    public async Task Nothing_is_made_before_the_first_byte_and_no_encoder_before_the_first_byte_out(string coding)
    {
        using CountedFlow flow = Reading(coding, BodyNeed.Whole(1 << 20));
        await flow.HeadersAsync();
        Assert.Equal((0, 0), (flow.UsedBytes, flow.Run.Plan.DecodingPlaces.Taken));
        byte[] encoded = ContentCodings.Encode(coding, Text(100_000));

        await flow.BodyAsync(encoded.AsMemory(0, 1));
        long decoding = flow.UsedBytes;
        Assert.InRange(decoding, 57 << 10, 128 << 10);
        Assert.Equal(1, flow.Run.Plan.DecodingPlaces.Taken);

        await flow.BodyAsync(encoded.AsMemory(1, encoded.Length - 2));
        Assert.InRange(flow.UsedBytes, decoding, decoding + (384 << 10)); // what is gathered, and a window

        await flow.BodyAsync(encoded.AsMemory(encoded.Length - 1), isLast: true);
        Assert.Equal((0, 0), (flow.UsedBytes, flow.Run.Plan.DecodingPlaces.Taken));
        Assert.InRange(flow.PeakBytes, decoding + (288 << 10), 1 << 20);
        Assert.Equal(Text(100_000), ContentCodings.Decode(coding, flow.Left));
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public async Task A_body_that_leaves_as_it_came_needs_no_encoder(string coding)
    {
        using CountedFlow flow = Reading(coding, BodyNeed.Stream());
        await flow.HeadersAsync();
        byte[] encoded = ContentCodings.Encode(coding, Text(10_000));

        await flow.BodyAsync(encoded, isLast: true);

        Assert.Equal(encoded, flow.Left);
        Assert.InRange(flow.PeakBytes, 57 << 10, 200 << 10);
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public async Task A_large_body_in_one_part_leaves_as_it_came_or_whole_as_it_was_changed(string coding)
    {
        byte[] plain = Text(1_000_000), encoded = ContentCodings.Encode(coding, plain);
        using CountedFlow same = Reading(coding, BodyNeed.Stream()), other = new(Scripted.UpperRequest(), headers: ("content-encoding", coding));
        foreach (CountedFlow flow in (CountedFlow[])[same, other])
        {
            await flow.HeadersAsync();
            await flow.BodyAsync(encoded, isLast: true);
        }

        Assert.Equal(encoded, same.Left);
        Assert.Equal(System.Text.Encoding.ASCII.GetString(plain).ToUpperInvariant(), System.Text.Encoding.ASCII.GetString(ContentCodings.Decode(coding, other.Left)));
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public async Task A_body_that_grows_a_thousandfold_is_never_here_all_at_once(string coding)
    {
        using CountedFlow flow = Reading(coding, BodyNeed.Stream(), new() { DecodedRatio = int.MaxValue });
        await flow.HeadersAsync();

        await flow.BodyAsync(ContentCodings.Encode(coding, new byte[30 << 20]), isLast: false);

        Assert.InRange(flow.PeakBytes, 1, coding == "br" ? 20 << 20 : 2 << 20); // br decodes within a window of up to 16 MiB
    }

    [Fact]
    public async Task What_is_broken_behind_its_first_pieces_passes_as_it_came_where_that_is_let_pass()
    {
        byte[] encoded = ContentCodings.Encode("gzip", Text(300_000));
        encoded[^5] ^= 1; // the checksum
        using CountedFlow flow = new(Holding(), OnError.Skip, headers: ("content-encoding", "gzip"));
        await flow.HeadersAsync();

        await flow.BodyAsync(encoded, isLast: true);

        Assert.Equal(encoded, flow.Left);
        Assert.Contains(flow.Run.Refusals, refusal => refusal.Reason is Reasons.EncodingFailed);
    }

    [Theory]
    [InlineData(1 << 20)]
    [InlineData(32 << 10)]
    public async Task By_default_a_body_grows_a_hundredfold_at_most(int bytes)
    {
        using CountedFlow flow = Reading("gzip", BodyNeed.Stream());
        await flow.HeadersAsync();

        ProcessorFailedException refused = await Assert.ThrowsAsync<ProcessorFailedException>(() => flow.BodyAsync(ContentCodings.Encode("gzip", new byte[bytes]), isLast: true));

        Assert.Equal(Reasons.EncodingFailed, refused.Reason);
        Assert.Contains("limits.decodedRatio", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Compresses to about a third.</summary>
    private static byte[] Text(int bytes)
    {
        var random = new Random(1);
        byte[] text = new byte[bytes];
        for (int at = 0; at < bytes; at++)
        {
            text[at] = (byte)('a' + random.Next(8));
        }

        return text;
    }

    private static CountedFlow Reading(string coding, BodyNeed need, ExchangeLimits? limits = null) => new(
        new Scripted { Needs = needs => needs.RequestBody = need, RequestBody = (_, _, _) => Verdict.Continue }, limits: limits, headers: ("content-encoding", coding));

    private static Scripted Holding() => new()
    {
        Needs = needs => needs.RequestBody = BodyNeed.Stream(10),
        RequestBody = (_, body, _) =>
        {
            body.Hold(Math.Min(10, body.Length));
            return Verdict.Continue;
        },
    };
}
