using Envoy.Runner;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;

namespace ExtProc.EndToEnd;

/// <summary>Server-sent events: an item that has been sent must not wait for the next.</summary>
public sealed class ServerSentEventTests(EnvoyLab lab) : LabTests(lab)
{
    private const int Items = 5;

    public static TheoryData<string, BodyMode> FlowingModes => Cases.With(Cases.Flowing);

    [Theory]
    [MemberData(nameof(FlowingModes))]
    public Task Events_arrive_one_by_one(string version, BodyMode mode) => VisitAsync(version, Scenes.PassThrough(mode), async visit =>
    {
        foreach (var (client, upstream) in Cases.Protocols)
        {
            string testId = Visit.NextTestId();
            var exchange = await visit.OpenAsync(client);
            await exchange.SendHeadAsync(Call.Get($"/sse?n={Items}").HeadFor(Topology.AuthorityOf(upstream), testId), visit.Cancel);
            var steps = visit.Upstream.StepsOf(testId);

            // 1.39 holds the response's headers until the first body answer.
            steps.Allow();
            Assert.Equal("text/event-stream", (await exchange.ReadHeadAsync(visit.Cancel)).Headers["content-type"]);
            for (int item = 0; item < Items; item++)
            {
                Assert.Equal($"data: item{item}\n\n", await ReadTextAsync(exchange, $"data: item{item}\n\n".Length, visit));
                steps.Allow();
            }

            Assert.Null(await exchange.ReadAsync(visit.Cancel));
        }
    });

    private static async Task<string> ReadTextAsync(ClientExchange exchange, int lengthBytes, Visit visit)
    {
        string read = "";
        while (read.Length < lengthBytes && await exchange.ReadAsync(visit.Cancel) is { } piece)
        {
            read += System.Text.Encoding.UTF8.GetString(piece);
        }

        return read;
    }
}
