using System.Text;
using Envoy.Runner;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Upstream;

namespace ExtProc.EndToEnd.Lab;

/// <summary>One test's time on one scene; it ends the exchanges that the test left open.</summary>
internal sealed class Visit(
    EnvoyLab lab, EnvoyProcess envoy, ExtProcServerProcess server, Scene scene, string version, CancellationToken cancel) : IAsyncDisposable
{
    private static int lastTestId;
    private readonly StringBuilder transcript = new();
    private readonly List<ClientExchange> exchanges = [];

    public string Version => version;

    /// <summary>Ends with the test's time.</summary>
    public CancellationToken Cancel => cancel;

    public EnvoyProcess Envoy => envoy;

    public ExtProcServerProcess Server => server;

    public UpstreamServer Upstream => lab.Upstream;

    public int Port => envoy.PortOf(scene.Name);

    /// <summary>What the test sent and got, for a failure's message.</summary>
    public string Transcript
    {
        get
        {
            lock (transcript)
            {
                return transcript.ToString();
            }
        }
    }

    public static string NextTestId() => $"t{Interlocked.Increment(ref lastTestId)}";

    public async Task<ClientExchange> OpenAsync(ClientProtocol protocol)
    {
        var exchange = await Caller.OpenAsync(protocol, Port, cancel);
        lock (exchanges)
        {
            exchanges.Add(exchange);
        }

        return exchange;
    }

    /// <summary>Sends a whole request and waits for the whole answer.</summary>
    public async Task<Reply> SendAsync(ClientProtocol protocol, UpstreamProtocol upstream, Call call)
    {
        string testId = NextTestId();
        var exchange = await OpenAsync(protocol);
        var head = call.HeadFor(Topology.AuthorityOf(upstream), testId);
        Note($"{testId}: {protocol} {head.Method} {head.Path} [{head.Headers}] to {upstream}");
        var answer = await Caller.SendAsync(exchange, head, call, cancel);
        Note($"{testId}: {answer}");
        return new Reply(this, testId, answer);
    }

    public void Note(string line)
    {
        lock (transcript)
        {
            transcript.AppendLine(line);
        }
    }

    public async Task CloseExchangesAsync()
    {
        foreach (var exchange in exchanges)
        {
            await exchange.DisposeAsync();
        }

        exchanges.Clear();
    }

    public async ValueTask DisposeAsync() => await CloseExchangesAsync();
}

/// <summary>The client's answer, and the way to what the upstream saw.</summary>
internal sealed record Reply(Visit Visit, string TestId, Answer Answer)
{
    /// <summary>The request as the upstream saw it, once the upstream is done with it.</summary>
    public async Task<SeenRequest> SeenAsync()
    {
        var seen = await Visit.Upstream.SeenAsync(TestId, Visit.Cancel);
        await seen.Ended.WaitAsync(Visit.Cancel);
        Visit.Note($"{TestId}: the upstream saw {seen}");
        return seen;
    }
}
