using System.Buffers.Binary;
using System.Text;
using ExtProc.Pipeline;
using ExtProc.Processors;
using ExtProc.Testing;

namespace ExtProc.Tests.Processors;

/// <summary>Exchanges through <c>replace</c>, which takes the word <c>secret</c> out, in the modes in which bodies are shown.</summary>
internal static class Redacting
{
    public static readonly BodySendMode[] Modes = [BodySendMode.Streamed, BodySendMode.Buffered, BodySendMode.BufferedPartial, BodySendMode.FullDuplexStreamed];

    public static Play With(OnError onError = OnError.Fail, Func<ReplaceOptions, ReplaceOptions>? options = null)
    {
        var plain = new ReplaceOptions { Text = "secret", By = "[redacted]" };
        return Play.Through(() => new ReplaceProcessor(options is null ? plain : options(plain))).OnError(onError);
    }

    /// <summary>Both bodies are the same, of the same type.</summary>
    public static Play Both(this Play play, string? contentType, ReadOnlyMemory<byte> body)
    {
        (string, string)[] headers = contentType is null ? [] : [("content-type", contentType)];
        return play.Request("POST", "/", "", headers).Response(200, "", headers).Body(Direction.Request, body).Body(Direction.Response, body);
    }

    /// <summary>Plays it in all modes and splits that serve it; both bodies must come to the same.</summary>
    public static async Task MustBecomeAsync(this Play play, string contentType, byte[] body, byte[] expected)
    {
        PlayCount count = await play.Both(contentType, body).ForEveryModeAndSplit(seen =>
        {
            Assert.Equal(PlayOutcome.Passed, seen.Outcome);
            Assert.Equal((Shown(expected), true), (Shown(seen.Upstream.BodyBytes.Span), seen.Upstream.EndedCleanly));
            Assert.Equal((Shown(expected), true), (Shown(seen.Client.BodyBytes.Span), seen.Client.EndedCleanly));
        });
        Assert.True(count is { Played: > 0, Refused: > 0 });
    }

    /// <summary>Plays it in all modes, cut at every place of both bodies, with content-length and, unless it always has that, without.</summary>
    public static async Task EverywhereAsync(this Play play, Action<Seen> expect, bool alwaysCounted = false)
    {
        int length = Math.Max(play.Settings.Request?.Body?.Length ?? 0, play.Settings.Response?.Body?.Length ?? 0);
        foreach (BodySendMode mode in Modes)
        {
            for (int cut = 0; cut < length; cut++)
            {
                Play counted = play.In(mode).WithContentLength().CutAt(cut).Pipelined();
                foreach (Play one in alwaysCounted ? (Play[])[counted] : [counted, play.In(mode).CutAt(cut)])
                {
                    Seen seen = await one.RunAsync();
                    Assert.True(seen.Violations.Count == 0, seen.ToString());
                    expect(seen);
                }
            }
        }
    }

    public static byte[] Enveloped(string message, byte flags = 0) => Enveloped(Encoding.UTF8.GetBytes(message), flags);

    public static byte[] Enveloped(byte[] message, byte flags = 0)
    {
        byte[] framed = new byte[5 + message.Length];
        framed[0] = flags;
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
        message.CopyTo(framed, 5);
        return framed;
    }

    /// <summary>Bytes as text that shows them all.</summary>
    public static string Shown(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
