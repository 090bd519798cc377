using ExtProc.Abilities;
using ExtProc.Configuration;
using ExtProc.EndToEnd.Authors;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Upstream;
using ExtProc.Front;
using ExtProc.Pipeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ExtProc.EndToEnd.Front;

/// <summary>How a lab of the front is set up.</summary>
/// <param name="Modes">The modes of the front, and what is declared of it.</param>
internal sealed record FrontSetup(ProcessingMode Modes)
{
    /// <summary>What the server's one processor does; null: it looks at everything and changes nothing.</summary>
    public Script? Does { get; init; }

    /// <summary>What else is declared to the server.</summary>
    public EnvoyDeclaration Declared { get; init; } = new();

    /// <summary>What differs from the usual settings of the front.</summary>
    public Action<ExtProcFilterOptions> Options { get; init; } = _ => { };

    /// <summary>The app; null: the front, and behind it the upstream's scripts.</summary>
    public Action<WebApplication, FrontLab>? App { get; init; }

    /// <summary>The app's services.</summary>
    public Action<IServiceCollection, FrontLab>? Services { get; init; }

    /// <summary>The same body mode both ways, with all that can be sent.</summary>
    public static FrontSetup In(BodySendMode mode) => new(Ability.ModesOf(mode));
}

/// <summary>A server in this process, an app with the front before it, and an upstream that is the rest of the app or, for a proxy, a server of its own.</summary>
internal sealed class FrontLab : IAsyncDisposable
{
    public const string Authority = "app.test";

    private static readonly Script Looks = new()
    {
        Needs = needs => (needs.RequestBody, needs.ResponseBody) = (Cuttable(needs.RequestBody), Cuttable(needs.ResponseBody)),
        RequestHeaders = (_, _) => Verdict.Continue,
        RequestBody = (_, _, _) => Verdict.Continue,
        RequestTrailers = (_, _) => Verdict.Continue,
        ResponseHeaders = (_, _) => Verdict.Continue,
        ResponseBody = (_, _, _) => Verdict.Continue,
        ResponseTrailers = (_, _) => Verdict.Continue,
    };

    private readonly FrontSetup setup;
    private readonly CancellationTokenSource deadline = new(TimeSpan.FromSeconds(120));
    private FrontHost? host;

    private FrontLab(FrontSetup setup, UpstreamServer upstream, PipelineHost server) => (this.setup, Upstream, Server) = (setup, upstream, server);

    public UpstreamServer Upstream { get; }

    public PipelineHost Server { get; }

    public FrontHost Front => host!;

    /// <summary>Ends with the test's time.</summary>
    public CancellationToken Cancel => deadline.Token;

    public static async Task<FrontLab> StartAsync(FrontSetup setup)
    {
        var pipeline = new PipelineDefinition("front", [new(ProcessorKind.Of<ScriptedProcessor, Script>("scripted"), setup.Does ?? LooksIn(setup.Modes))]);
        var declared = setup.Declared with { ProcessingMode = setup.Modes };
        var lab = new FrontLab(setup, await UpstreamServer.StartAsync(), await PipelineHost.StartAsync(new AuthorScene("front", pipeline, declared)));
        lab.host = await FrontHost.StartAsync(app => (setup.App ?? Plain)(app, lab), services => setup.Services?.Invoke(services, lab));
        return lab;
    }

    /// <summary>The front's settings, for <c>UseExtProc</c>.</summary>
    public void Configure(ExtProcFilterOptions options)
    {
        options.GrpcService = new Uri($"http://127.0.0.1:{Server.Port}");
        options.ProcessingMode = setup.Modes;
        options.MessageTimeout = TimeSpan.FromSeconds(30);
        setup.Options(options);
    }

    public Task<ClientExchange> OpenAsync(ClientProtocol protocol) => Caller.OpenAsync(protocol, Front.PortOf(protocol), Cancel);

    /// <summary>Opens an exchange and sends its headers.</summary>
    public async Task<(ClientExchange Exchange, string TestId)> BeginAsync(ClientProtocol protocol, Call call)
    {
        string testId = Visit.NextTestId();
        ClientExchange exchange = await OpenAsync(protocol);
        await exchange.SendHeadAsync(call.HeadFor(Authority, testId), Cancel);
        return (exchange, testId);
    }

    /// <summary>Sends a whole request and waits for the whole answer.</summary>
    public async Task<(Answer Answer, string TestId)> SendAsync(ClientProtocol protocol, Call call)
    {
        string testId = Visit.NextTestId();
        await using ClientExchange exchange = await OpenAsync(protocol);
        return (await Caller.SendAsync(exchange, call.HeadFor(Authority, testId), call, Cancel), testId);
    }

    /// <summary>The request of a test as the upstream saw it, once the upstream is done with it.</summary>
    public async Task<SeenRequest> SeenAsync(string testId)
    {
        SeenRequest seen = await Upstream.SeenAsync(testId, Cancel);
        await seen.Ended.WaitAsync(Cancel);
        return seen;
    }

    /// <summary>Waits until the server is done with the exchange of a test.</summary>
    public Task<(Completion Completion, IReadOnlyList<string> Notes)> EndOfAsync(string testId) => Server.EndOfAsync(testId, Cancel);

    public async ValueTask DisposeAsync()
    {
        await Front.DisposeAsync();
        await Server.DisposeAsync();
        await Upstream.DisposeAsync();
        deadline.Dispose();
    }

    /// <summary>The front, and behind it the upstream's scripts.</summary>
    public static void Plain(WebApplication app, FrontLab lab)
    {
        app.UseExtProc(lab.Configure);
        app.Run(lab.Upstream.AnswerAsync);
    }

    /// <summary>Looks at no more than is sent: a server refuses at start a processor that wants more.</summary>
    private static Script LooksIn(ProcessingMode modes) => Looks with
    {
        RequestHeaders = modes.SendsHeaders(Direction.Request) ? Looks.RequestHeaders : null,
        RequestBody = modes.RequestBodyMode is BodySendMode.None ? null : Looks.RequestBody,
        RequestTrailers = modes.SendsTrailers(Direction.Request) ? Looks.RequestTrailers : null,
        ResponseHeaders = modes.SendsHeaders(Direction.Response) ? Looks.ResponseHeaders : null,
        ResponseBody = modes.ResponseBodyMode is BodySendMode.None ? null : Looks.ResponseBody,
        ResponseTrailers = modes.SendsTrailers(Direction.Response) ? Looks.ResponseTrailers : null,
    };

    /// <summary>Of a body that is buffered in part, the first part is enough.</summary>
    private static BodyNeed Cuttable(BodyNeed need) => need == BodyNeed.None ? need : need with { OverLimit = OverLimit.Cut };
}
