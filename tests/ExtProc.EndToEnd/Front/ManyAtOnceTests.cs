using System.Net;
using ExtProc.Abilities;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Upstream;

namespace ExtProc.EndToEnd.Front;

/// <summary>A thousand exchanges at once, each with a body of its own, every byte compared; the server changes each byte both ways.</summary>
public sealed class ManyAtOnceTests
{
    private const int Exchanges = 1000;
    private const int MostBytes = 30_000;

    private static readonly Script Adds = new() { RequestBody = (_, body, _) => AddOne(body), ResponseBody = (_, body, _) => AddOne(body) };

    [Theory]
    [InlineData(BodySendMode.None, false)]
    [InlineData(BodySendMode.Streamed, true)]
    [InlineData(BodySendMode.Buffered, true)]
    [InlineData(BodySendMode.FullDuplexStreamed, true)]
    public async Task No_exchange_sees_a_byte_of_another(BodySendMode mode, bool changes)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode) with { Does = changes ? Adds : null });
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 250, EnableMultipleHttp2Connections = true });
        string[] ids = await Task.WhenAll(Enumerable.Range(0, Exchanges).Select(number => EchoAsync(lab, client, (ClientProtocol)(number % 2), number, changes)));
        foreach (string testId in ids)
        {
            await lab.EndOfAsync(testId);
        }

        await InApp.App.UntilAsync(() => lab.Front.OpenExchanges == 0, lab.Cancel);
    }

    private static async Task<string> EchoAsync(FrontLab lab, HttpClient client, ClientProtocol protocol, int number, bool changes)
    {
        byte[] body = Pattern.Bytes(new Random(number).Next(1, MostBytes), number);
        string testId = Visit.NextTestId();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{lab.Front.PortOf(protocol)}/echo")
        {
            Content = new ByteArrayContent(body), Headers = { { "x-test-id", testId } },
            Version = protocol == ClientProtocol.Http1 ? HttpVersion.Version11 : HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using HttpResponseMessage response = await client.SendAsync(request, lab.Cancel);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{protocol} {response.StatusCode}: {string.Join('\n', lab.Front.Log.All.Where(line => line.Contains(" threw ", StringComparison.Ordinal)).Take(2))}");
        Check.Same(changes ? [.. body.Select(one => (byte)(one + 2))] : body, await response.Content.ReadAsByteArrayAsync(lab.Cancel));
        return testId;
    }

    private static Verdict AddOne(Body body)
    {
        body.Replace([.. body.Span.ToArray().Select(one => (byte)(one + 1))]);
        return Verdict.Continue;
    }
}
