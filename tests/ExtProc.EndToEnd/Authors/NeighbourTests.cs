using Envoy.Runner;
using ExtProc.Configuration;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Wire;
using ExtProc.Pipeline;

namespace ExtProc.EndToEnd.Authors;

/// <summary>
/// All exchanges of an Envoy's thread share one connection to the server. What one of them makes the server say must not cost the
/// others theirs: from 1.37 on Envoy closes the connection over a block of headers that is too large for it.
/// </summary>
public sealed class NeighbourTests
{
    private const string Header = "x-broken";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Of each of these letters, which are no UTF-8 on the wire, a status could have nine: 81,000 in all.</summary>
    private static readonly string Value = new('\u00E4', 9_000);

    public static TheoryData<string, string> Failures => Cases.With<string>(["exception", "refusal", "reason", "details", "text"]);

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_failure_about_a_long_value_leaves_the_neighbours_exchange_whole(string version, string failure)
    {
        using var deadline = new CancellationTokenSource(Patience);
        await using var lab = await AuthorLab.StartAsync(version, [SceneOf(failure)]);
        await using var neighbour = await Caller.OpenAsync(ClientProtocol.Http1, lab.Envoy.PortOf(failure), deadline.Token);
        await neighbour.SendHeadAsync(Call.Post("/echo", "half"u8.ToArray()).HeadFor(Topology.AuthorityOf(UpstreamProtocol.Http1), Visit.NextTestId()), deadline.Token);
        await neighbour.WriteAsync("half "u8.ToArray(), deadline.Token);

        for (int times = 0; times < 5; times++)
        {
            Assert.True((await BreakAsync(lab, failure, deadline.Token)).Status >= 400);
        }

        await neighbour.WriteLastAsync("and half"u8.ToArray(), deadline.Token);
        Answer answer = await Caller.CollectAsync(neighbour, deadline.Token);
        Assert.True((200, "half and half", null) == (answer.Status, answer.Text, answer.CutShort), $"{answer}\n{lab.Envoy.Log.Tail(20)}");
        Assert.Equal(1, (await lab.Envoy.Admin.StatsAsync($"cluster.extproc-{failure}.upstream_cx_total", deadline.Token)).Values.Single());
    }

    private static async Task<Answer> BreakAsync(AuthorLab lab, string scene, CancellationToken cancel)
    {
        bool isGrpc = scene == "text";
        var call = Call.Post("/echo", "x"u8.ToArray()) with { Headers = new Fields { { Header, Value }, { "content-type", isGrpc ? "application/grpc" : "text/plain" } } };
        await using var exchange = await Caller.OpenAsync(ClientProtocol.Http1, lab.Envoy.PortOf(scene), cancel);
        Answer answer = await Caller.SendAsync(exchange, call.HeadFor(Topology.AuthorityOf(UpstreamProtocol.Http1), Visit.NextTestId()), call, cancel);
        return isGrpc ? answer with { Status = answer.Headers["grpc-status"] == "7" ? 403 : answer.Status } : answer;
    }

    private static AuthorScene SceneOf(string failure)
    {
        ProcessorKind kind = new("breaking", typeof(Breaking), null, IsShared: false) { Create = () => new Breaking(failure) };
        return new AuthorScene(failure, new PipelineDefinition(failure, [new(kind)]), new EnvoyDeclaration
        {
            ProcessingMode = new()
            {
                RequestBodyMode = BodySendMode.FullDuplexStreamed, ResponseBodyMode = BodySendMode.FullDuplexStreamed,
                RequestTrailerMode = HeaderSendMode.Send, ResponseTrailerMode = HeaderSendMode.Send,
            },
        });
    }

    private sealed class Breaking(string failure) : Processor
    {
        public override ValueTask<Verdict> OnRequestHeadersAsync(Exchange exchange, CancellationToken cancellation) =>
            exchange.RequestHeaders[Header] is { } value ? Break(value) : Verdict.Continue;

        private Verdict Break(string value) => failure switch
        {
            "exception" => throw new InvalidDataException($"cannot read {value}"),
            "refusal" => throw new ExchangeRefusedException("denied", value),
            "reason" => throw new ExchangeRefusedException(value, "no"),
            "details" => Verdict.Respond(new LocalResponse(403) { Details = value }),
            _ => Verdict.Respond(403, value),
        };
    }
}
