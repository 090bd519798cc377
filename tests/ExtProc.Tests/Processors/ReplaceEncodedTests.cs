using System.Text;
using ExtProc.Abilities;
using ExtProc.Pipeline;
using ExtProc.Testing;

namespace ExtProc.Tests.Processors;

/// <summary>A content-encoding is no way round a redactor, however it is written and whatever follows its end.</summary>
public sealed class ReplaceEncodedTests
{
    public static TheoryData<string, string> LeftOver
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string coding in ContentCodings.All)
            {
                data.Add(coding, "secret");
                data.Add(coding, "\0\0\0\0secret");
                data.Add(coding, "\0");
            }

            return data;
        }
    }

    /// <summary>Some recipients read on behind the end, over zeros for one, and find the next body there.</summary>
    [Theory]
    [MemberData(nameof(LeftOver))]
    public Task What_follows_the_end_of_an_encoded_body_never_goes_on(string coding, string rest)
    {
        byte[] body = [.. ContentCodings.Encode(coding, "hi"u8.ToArray()), .. Encoding.UTF8.GetBytes(rest)];
        return Sent(body, coding).EverywhereAsync(
            seen =>
            {
                string left = Redacting.Shown(seen.Upstream.BodyBytes.Span);
                Assert.False(left.EndsWith(rest, StringComparison.Ordinal) && rest.Length > 1, $"{seen.Outcome} {left}");
                Assert.DoesNotContain("secret", left, StringComparison.Ordinal);
                if (seen.Outcome is PlayOutcome.Passed)
                {
                    Assert.Equal("hi", Encoding.UTF8.GetString(ContentCodings.Decode(coding, seen.Upstream.BodyBytes.ToArray())));
                }
            },
            alwaysCounted: true);
    }

    [Theory]
    [InlineData("gzip", "Identity", "GZip")]
    [InlineData("gzip", "gzip, identity")]
    [InlineData("deflate", "", "identity", "deflate")]
    [InlineData("br", "identity , br")]
    [InlineData("", "IDENTITY")]
    [InlineData("", "identity, identity")]
    public async Task An_encoding_is_undone_in_whatever_line_it_stands(string coding, params string[] lines)
    {
        byte[] plain = "my secret"u8.ToArray();
        Seen seen = await Sent(coding.Length == 0 ? plain : ContentCodings.Encode(coding, plain), lines).RunAsync();

        byte[] left = seen.Upstream.BodyBytes.ToArray();
        Assert.Equal("my [redacted]", Encoding.UTF8.GetString(coding.Length == 0 ? left : ContentCodings.Decode(coding, left)));
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("identity", "zstd")]
    [InlineData("gzip, br")]
    [InlineData("aws-chunked")]
    public async Task One_that_cannot_be_undone_never_goes_on(params string[] lines)
    {
        Seen seen = await Sent("my secret"u8.ToArray(), lines).RunAsync();

        Assert.Equal((415, Reasons.BodyUnreadable, ""), (seen.Client.Status, seen.Completion.Reason, seen.Upstream.Body));
    }

    [Fact]
    public async Task Skipped_it_passes_and_the_other_body_is_still_searched()
    {
        Seen seen = await Redacting.With(OnError.Skip).Request("POST", "/", "my secret", [("content-type", "text/plain"), ("content-encoding", "zstd")])
            .Response(200, "my secret", [("content-type", "text/plain")]).RunAsync();

        Assert.Equal(("my secret", "my [redacted]"), (seen.Upstream.Body, seen.Client.Body));
        Assert.Contains("content-encoding \"zstd\"", Assert.Single(seen.Notes), StringComparison.Ordinal);
    }

    private static Play Sent(byte[] body, params string[] codings) =>
        Redacting.With().Request("POST", "/", "", [("content-type", "text/plain"), .. codings.Select(coding => ("content-encoding", coding))]).Body(Direction.Request, body);
}
